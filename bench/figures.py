"""From turns to figures: medians with their spread, ratios to the floor, budgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median, quantiles
from typing import Any

from bench.measure import Measured, Turn

Round = dict[str, Turn]

# Of which subject the times of a kind of request are shown.
KINDS = {
    "page": "floor",
    "upsert": "upserts",
    "autosave": "autosaved",
    "section": "sections",
    "section post": "sections",
    "finish": "sections",
    "result": "sections",
}
# What a kind of request is compared with; all others with the floor's page.
COMPARED = {"autosave": "upsert"}


@dataclass(frozen=True, slots=True)
class Budget:
    """What DESIGN 7 allows at most of one figure."""

    what: str
    figure: str
    limit: float


BUDGETS = (
    Budget("whole assessment by section posts, CPU", "sections cpu", 3.0),
    Budget("the same with every answer autosaved, CPU", "autosaved cpu", 10.0),
    Budget("autosave p50 to the floor's upsert", "autosave p50", 1.5),
    Budget("first visit, kB", "first visit kB", 60.0),
    Budget("first visit, requests", "first visit requests", 5.0),
    Budget("heaviest later page, kB", "heaviest later page kB", 15.0),
)


def figures(measured: Measured) -> dict[str, Any]:
    """All figures of one database, ready for JSON; times in ms, sizes in kB of 1024 bytes."""
    by_round = [_ratios(one) for one in measured.rounds]
    ratios = {name: _spread([one[name] for one in by_round]) for name in by_round[0]}
    weights = _weights(measured)
    found = {**{name: spread["median"] for name, spread in ratios.items()}, **weights}
    return {
        "assessments": {
            subject: _costs([one[subject] for one in measured.rounds])
            for subject in ("floor", "sections", "autosaved")
        },
        "requests": {
            kind: {
                f"p{share}_ms": _spread([_of_kind(one, kind, share) for one in measured.rounds])
                for share in (50, 95)
            }
            for kind in KINDS
        },
        "ratios": ratios,
        "weights": weights,
        "budgets": [
            {
                "what": budget.what,
                "value": found[budget.figure],
                "limit": budget.limit,
                "holds": found[budget.figure] <= budget.limit,
            }
            for budget in BUDGETS
        ],
    }


def _costs(turns: Sequence[Turn]) -> dict[str, dict[str, float]]:
    return {
        "cpu_ms": _spread([1000 * (turn.web + turn.database) / turn.takers for turn in turns]),
        "web_ms": _spread([1000 * turn.web / turn.takers for turn in turns]),
        "database_ms": _spread([1000 * turn.database / turn.takers for turn in turns]),
        "per_second": _spread([turn.takers / turn.seconds for turn in turns]),
        "requests": _spread([len(turn.requests) / turn.takers for turn in turns]),
        "kB": _spread([_kilobytes(turn) / turn.takers for turn in turns]),
    }


def _kilobytes(turn: Turn) -> float:
    return sum(timed.size for timed in turn.requests) / 1024


def _ratios(one: Round) -> dict[str, float]:
    """Of one round, so that what slows the machine down slows both sides."""
    ratios = {}
    for subject in ("sections", "autosaved"):
        ratios[f"{subject} cpu"] = _cpu(one[subject]) / _cpu(one["floor"])
        ratios[f"{subject} per second"] = _per_second(one[subject]) / _per_second(one["floor"])
    for kind in ("autosave", "section", "section post", "finish", "result"):
        floor = COMPARED.get(kind, "page")
        for share in (50, 95):
            ratios[f"{kind} p{share}"] = _of_kind(one, kind, share) / _of_kind(one, floor, share)
    return ratios


def _cpu(turn: Turn) -> float:
    return (turn.web + turn.database) / turn.takers


def _per_second(turn: Turn) -> float:
    return turn.takers / turn.seconds


def _of_kind(one: Round, kind: str, share: int) -> float:
    return _time(one[KINDS[kind]], kind, share)


def _time(turn: Turn, kind: str, share: int) -> float:
    """The time within which so many per cent of the requests were answered, in ms."""
    times = sorted(timed.seconds for timed in turn.requests if timed.kind == kind)
    return 1000 * times[ceil(len(times) * share / 100) - 1]


def _weights(measured: Measured) -> dict[str, float]:
    heaviest = max(measured.later_pages, key=lambda page: page.size)
    return {
        "first visit requests": measured.first_visit.requests,
        "first visit kB": round(measured.first_visit.size / 1024, 1),
        "heaviest later page kB": round(heaviest.size / 1024, 1),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    """Median and quartiles, to three significant places of anything above a thousandth."""
    low, high = values[0], values[0]
    if len(values) > 1:
        low, _middle, high = quantiles(values, n=4, method="inclusive")
    return {"median": round(median(values), 3), "q1": round(low, 3), "q3": round(high, 3)}
