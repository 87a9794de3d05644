"""A backup taken while people take the assessment restores in a new place (trust 3: R15)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.live import Live, fresh_database
from tests.site.client import report_of
from tests.site.writers import Ledger, Writers, lost

ACKNOWLEDGED_BEFORE = 200


@pytest.mark.soak
def test_a_backup_under_load_restores_to_all_that_was_acknowledged_before(
    live: Live, tmp_path: Path
):
    backups = tmp_path / "backups"
    backups.mkdir()
    with Writers(live) as writers:
        writers.wait_for(ACKNOWLEDGED_BEFORE)
        before = Ledger(
            sent=writers.ledger.sent,
            acknowledged=dict(writers.ledger.acknowledged),
            finished=set(writers.ledger.finished),
        )
        file = json.loads(live.manage("backup", str(backups)))["file"]
        # They were not kept waiting: the same processes go on.
        writers.wait_for(writers.ledger.count + 20)
    assert not writers.faults
    assert [reply.text for reply in writers.ledger.refused] == []

    new = tmp_path / "new"
    new.mkdir()
    with fresh_database(new, like=os.environ["DATABASE_URL"]) as url:
        place = Live(new, url)
        assert json.loads(place.manage("restore", file))["restored"] == file
        place.manage("migrate", "--verbosity=0")
        result = json.loads(place.manage("verify"))
        assert result["differences"] == []
        assert lost(place, before) == []
        assert before.finished
        assert [one for one in before.finished if not report_of(place, one)] == []
        assert place.manage("verify") == json.dumps(result, indent=2, ensure_ascii=False) + "\n"
