"""The figures as a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def table(database: str, figures: dict[str, Any]) -> str:
    """Medians, with quartiles in brackets."""
    return "\n".join(_lines(database, figures))


def _lines(database: str, figures: dict[str, Any]) -> Iterator[str]:
    yield f"{database}: median (quartiles)"
    for subject, costs in figures["assessments"].items():
        for name, spread in costs.items():
            yield _line(f"{subject}, {name}", spread)
    for kind, shares in figures["requests"].items():
        for name, spread in shares.items():
            yield _line(f"{kind}, {name}", spread)
    yield "Ratios to the floor"
    for name, spread in figures["ratios"].items():
        yield _line(name, spread)
    yield "Budgets"
    for budget in figures["budgets"]:
        verdict = "holds" if budget["holds"] else "BROKEN"
        yield f"  {budget['what']:<42}{budget['value']:>10.2f} of {budget['limit']:g}: {verdict}"


def _line(name: str, spread: dict[str, float]) -> str:
    return f"  {name:<42}{spread['median']:>10.2f}  ({spread['q1']:.2f} to {spread['q3']:.2f})"
