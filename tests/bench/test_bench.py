"""The bench measures: every figure is there, and it judges by them."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.cpu import cpu_seconds
from bench.figures import figures
from bench.measure import Bench, Measured, Turn, measure, the_floor
from bench.visitor import Timed, Weight
from tests.live import ROOT, Live

RATIOS = {
    "sections cpu", "sections per second", "autosaved cpu", "autosaved per second",
    "autosave p50", "autosave p95", "section p50", "section p95", "section post p50",
    "section post p95", "finish p50", "finish p95", "result p50", "result p95",
}  # fmt: skip
KINDS = {"page", "upsert", "autosave", "section", "section post", "finish", "result"}


def turn(milliseconds: float, *kinds: str) -> Turn:
    """One taker, each of whose requests takes so long and costs so much."""
    requests = [Timed(kind, milliseconds / 1000, 1024) for kind in kinds]
    cost = milliseconds / 1000 * len(kinds)
    return Turn(takers=1, web=cost / 2, database=cost / 2, seconds=cost, requests=requests)


@pytest.fixture
def measured() -> Measured:
    """A site whose requests cost twice the floor's."""
    one = {
        "floor": turn(1, "page"),
        "upserts": turn(1, "upsert"),
        "sections": turn(2, "section", "section post", "finish", "result"),
        "autosaved": turn(1.5, "autosave"),
    }
    weight = Weight("section", requests=2, size=15 * 1024)
    return Measured([one, one], Weight("first visit", requests=5, size=60 * 1024), [weight])


def broken(measured: Measured) -> set[str]:
    return {b["what"] for b in figures(measured)["budgets"] if not b["holds"]}


def test_a_ratio_is_of_the_site_to_the_floor(measured: Measured):
    ratios = figures(measured)["ratios"]
    assert ratios["sections cpu"] == {"median": 8.0, "q1": 8.0, "q3": 8.0}
    assert ratios["autosave p50"] == {"median": 1.5, "q1": 1.5, "q3": 1.5}
    assert ratios["result p95"] == {"median": 2.0, "q1": 2.0, "q3": 2.0}
    assert set(ratios) == RATIOS


def test_a_figure_at_its_limit_holds_and_one_above_breaks(measured: Measured):
    assert broken(measured) == {"whole assessment by section posts, CPU"}
    heavy = Weight("result", requests=1, size=15 * 1024 + 103)
    assert broken(replace(measured, later_pages=[*measured.later_pages, heavy])) == {
        "whole assessment by section posts, CPU",
        "heaviest later page, kB",
    }


def test_the_processor_time_of_children_counts_while_they_live_and_afterwards():
    before = cpu_seconds([os.getpid()])
    spin = "import time\nwhile time.process_time() < .2: pass\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", spin], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        while cpu_seconds([child.pid]) < 0.2:
            pass
        assert cpu_seconds([os.getpid()]) - before >= 0.2
        child.communicate(b"\n")
    assert cpu_seconds([os.getpid()]) - before >= 0.2


@pytest.mark.soak
def test_one_round_of_two_takers_gives_every_figure(live: Live, tmp_path: Path):
    with the_floor(tmp_path / "floor", live.database_url) as floor:
        found = figures(measure(Bench(floor, live, ()), rounds=1, takers=2))
    assert {name for name, spread in found["ratios"].items() if spread["median"] > 0} == RATIOS
    assert set(found["requests"]) == KINDS
    assert set(found["assessments"]) == {"floor", "sections", "autosaved"}
    costs = {"cpu_ms", "web_ms", "database_ms", "per_second", "requests", "kB"}
    assert all(set(one) == costs for one in found["assessments"].values())
    assert found["assessments"]["floor"]["requests"]["median"] == 14


@pytest.mark.soak
@pytest.mark.live
def test_the_command_prints_json_and_a_table_and_judges():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--database=sqlite", "--rounds=1", "--takers=2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    kept = [b["holds"] for b in json.loads(done.stdout)["databases"]["sqlite"]["budgets"]]
    assert done.returncode == (0 if all(kept) else 1)
    assert done.stderr.count("BROKEN") == kept.count(False)
