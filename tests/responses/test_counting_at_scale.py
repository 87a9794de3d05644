"""Counting costs what is new, however much has been counted (design 7)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.privacy.own_database import OwnDatabase, own_database

ROUND = 1_000
ROUNDS = 10
TIMES = 100
MEGABYTES_MAX = 300
# A round by itself, and the same on top of a thousand times as many.
RATIO_MAX = 2.0

COMMON = """
import json, resource, time
from django.utils import timezone
from assessments.responses.counting import refresh
from tests.responses.many import make_attempts

def counted():
    "A refresh: attempts, seconds of CPU, and the most memory this process ever held, in MB."
    began = time.process_time()
    done = refresh(at=timezone.now())
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps([sum(done.counted.values()), seconds, peak]))
"""
MERGE = """
from assessments.analysis.reading import all_stored
from assessments.analysis.services import mend

def times(counts, factor):
    whole = counts
    for digit in bin(factor)[3:]:
        whole = whole.merged(whole)
        whole = whole.merged(counts) if digit == "1" else whole
    return whole

found = dict(all_stored())
mend(found=found, right={place: times(counts, %d) for place, counts in found.items()})
print(json.dumps([counts.finished for counts in dict(all_stored()).values()]))
"""


def counted(database: OwnDatabase, seed: int) -> tuple[int, float, int]:
    """Make a round of attempts in one process and count them in another."""
    database.run(COMMON + f"make_attempts({ROUND}, seed={seed})")
    attempts, seconds, megabytes = json.loads(database.run(COMMON + "counted()"))
    return attempts, seconds, megabytes


@pytest.mark.soak
@pytest.mark.database
def test_a_refresh_on_top_of_a_million_costs_what_is_new(tmp_path: Path):
    with own_database(tmp_path) as database:
        database.manage("migrate", "--verbosity=0")
        database.manage("load_questionnaire", "assessments/content/pm-b2b-b2c.yaml", "--publish")
        first = [counted(database, seed) for seed in range(ROUNDS)]
        (finished,) = json.loads(database.run(COMMON + MERGE % TIMES))
        assert sum(finished.values()) == ROUND * ROUNDS * TIMES
        attempts, seconds, megabytes = counted(database, ROUNDS)
        usual = sorted(seconds for _attempts, seconds, _megabytes in first)[ROUNDS // 2]
        sys.stdout.write(
            f"{attempts} on top of {sum(finished.values())}: {seconds:.2f} s CPU, {megabytes} MB;"
            f" by themselves {usual:.2f} s\n"
        )
        assert attempts == ROUND
        assert seconds < RATIO_MAX * usual
        assert megabytes < MEGABYTES_MAX
