"""Invented people in every state, for the tests that look at pages."""

from __future__ import annotations

import re

import pytest

from tests.live import Live


@pytest.fixture(scope="session")
def demo(live: Live) -> str:
    """What the demo says of the people it made."""
    return live.manage("make_demo")


@pytest.fixture(scope="session")
def people(live: Live, demo: str) -> dict[str, str]:
    """The paths of the private links of invented people, by what each of them shows."""
    links = re.findall(rf"{re.escape(live.url)}(/a/\S+)\s+(\S.*)$", demo, re.MULTILINE)
    return {name: path for path, name in links}


@pytest.fixture(scope="session")
def passwords(demo: str) -> dict[str, str]:
    """The passwords of the invented admin, coach and client, by their e-mail addresses."""
    return dict(re.findall(r"^\s+(\S+@\S+)\s+(\S+)", demo, re.MULTILINE))
