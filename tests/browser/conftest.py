"""Invented people in every state, for the tests that look at pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest

from tests.live import Live, live_site


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A site of its own with the people of the demo, of which the tests of `live` see nothing."""
    folder = tmp_path_factory.mktemp("populated")
    with live_site(folder, os.environ["DATABASE_URL"], state="populated") as site:
        yield site


@pytest.fixture(scope="session")
def demo(populated: Live) -> str:
    """What the demo says of its people, who are there already."""
    return populated.manage("make_demo")


@pytest.fixture(scope="session")
def people(populated: Live, demo: str) -> dict[str, str]:
    """The paths of the private links of invented people, by what each of them shows."""
    links = re.findall(rf"{re.escape(populated.url)}(/a/\S+)\s+(\S.*)$", demo, re.MULTILINE)
    return {name: path for path, name in links}


@pytest.fixture(scope="session")
def passwords(demo: str) -> dict[str, str]:
    """The passwords of the invented admin, coach and client, by their e-mail addresses."""
    return dict(re.findall(r"^\s+(\S+@\S+)\s+(\S+)", demo, re.MULTILINE))
