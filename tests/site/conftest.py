"""What the tests of the live site share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.live import Live, live_site
from tests.private_postgres import Cluster, private_postgres

Tell = Callable[[str], None]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Say on the terminal what was seen: the figures of the long tests are for people."""

    def say(sentence: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{sentence}\n")

    return say


@pytest.fixture(scope="session")
def on_private_postgres(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Cluster, Live]]:
    """A PostgreSQL server to stop and to kill, and the site on it; who stops it starts it."""
    if os.environ["DATABASE_URL"].startswith("sqlite"):
        # PostgreSQL's own run has a site ready to be copied; here each worker would migrate one.
        pytest.skip("runs when the tests run on PostgreSQL, as ./run test does after SQLite")
    folder = tmp_path_factory.mktemp("on-private-postgres")
    with private_postgres() as cluster, live_site(folder, cluster.url("postgres")) as site:
        yield cluster, site
