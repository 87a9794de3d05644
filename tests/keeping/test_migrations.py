"""Each migration goes forward and back on a database in use and loses nothing (trust 3: R14)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from assessments.analysis.models import Calibration
from assessments.keeping.contents import contents
from assessments.keeping.verify import verify_everything
from assessments.responses.models import Report
from tests.keeping.places import clone_of, working_on

pytestmark = pytest.mark.database
OLDEST = "0008_desk_rows"
# What there is no place for in the schema of the oldest: uploads and impacts that an editor looked
# at, and question analysis, which counts attempts again.
LOST = {
    "assessments_calibration", "assessments_impactrun", "assessments_pendingimport",
    "assessments_sums", "assessments_tally",
}  # fmt: skip


def migrations_since(oldest: str) -> list[str]:
    """The names of ours, from that one on, in order."""
    graph = MigrationLoader(connection).graph
    (leaf,) = graph.leaf_nodes("assessments")
    names = [name for app, name in graph.forwards_plan(leaf) if app == "assessments"]
    return names[names.index(oldest) :]


def migrate_to(name: str) -> float:
    """Migrate as people do; the seconds that it took."""
    began = time.monotonic()
    call_command("migrate", "assessments", name, verbosity=0)
    return time.monotonic() - began


@pytest.fixture
def in_use(populated: str, tmp_path: Path) -> Iterator[None]:
    with clone_of(populated, tmp_path / "in-use") as url, working_on(url):
        yield


def test_back_and_forward_again_everything_is_there(in_use: None):
    names, before = migrations_since(OLDEST), contents()
    call_command("migrate", "assessments", names[0], verbosity=0)
    assert migrations_not_applied() == names[1:]
    call_command("migrate", verbosity=0)
    assert set(contents().differences(before)) == LOST
    # Nobody's result says anything else; where a calibration went into one, its proof is lost.
    assert Calibration.objects.count() == 0
    (calibrated,) = Report.objects.filter(document__contains='"calibration":1,')
    assert verify_everything(progress=lambda done, in_all: None).differences == [
        f"Attempt {calibrated.pk}: its report was written with calibration 1, which is gone"
    ]


def migrations_not_applied() -> list[str]:
    loader = MigrationLoader(connection)
    return [
        name
        for name in migrations_since(OLDEST)
        if ("assessments", name) not in loader.applied_migrations
    ]
