"""Invented people in every state, for the tests that look at pages."""

from __future__ import annotations

import re

import pytest

from tests.live import Live


@pytest.fixture(scope="session")
def people(live: Live) -> dict[str, str]:
    """The paths of the private links of invented people, by what each of them shows."""
    printed = live.manage("make_demo")
    links = re.findall(rf"{re.escape(live.url)}(/a/\S+)\s+(\S.*)$", printed, re.MULTILINE)
    return {name: path for path, name in links}


@pytest.fixture(scope="session")
def admin(live: Live, people: dict[str, str]) -> tuple[str, str]:
    """E-mail address and password of the invented admin."""
    [(email, password)] = re.findall(
        r"^\s+(\S+@\S+)\s+(\S+)", live.manage("make_demo"), re.MULTILINE
    )
    return email, password
