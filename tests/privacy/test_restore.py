"""An erasure outlives the restore of an older backup, and every moment at which to crash."""

import json
from collections.abc import Iterator

import pytest

from tests.privacy.own_database import OwnDatabase, own_database
from tests.privacy.rows import gone, holding

# They run on both databases, each on one of its own.
pytestmark = [pytest.mark.database, pytest.mark.soak]
MARK = "zqx7"
POPULATE = f"""
from tests.privacy.people import populate
populate({MARK!r})
"""
ERASE = f"""
from django.utils import timezone
from assessments.people.models import User
from assessments.privacy.services import erase_account
erase_account(user=User.objects.get(email="{MARK}@example.org"), at=timezone.now())
"""
DIE = "import os, signal; die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
DIE_BEFORE_THE_LINE = f"""{DIE}
from assessments.people import erasures
erasures._append = die
{ERASE}"""
DIE_IN_THE_LINE = f"""{DIE}
from assessments.people import erasures
write = os.write
erasures.os.write = lambda fd, data: die(write(fd, data[:40]))
{ERASE}"""
DIE_BEFORE_THE_COMMIT = f"""{DIE}
from assessments.people import erasures
append = erasures._append
erasures._append = lambda content: die(append(content))
{ERASE}"""
DIE_AFTER_THE_COMMIT = f"{ERASE}{DIE}die()"


@pytest.fixture(scope="module")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnDatabase]:
    with own_database(tmp_path_factory.mktemp("restore")) as database:
        database.manage("migrate", "--verbosity=0")
        database.run(POPULATE)
        database.back_up("older")
        yield database
        database.drop_backup("older")


@pytest.fixture
def database(populated: OwnDatabase) -> OwnDatabase:
    populated.erasures_file.unlink(missing_ok=True)
    populated.restore("older")
    return populated


WITHDRAW = f"""
from django.utils import timezone
from assessments.coaching.services import withdraw
from assessments.people.consents import Consent
withdraw(consent=Consent.objects.get(client__email="{MARK}@example.org"), at=timezone.now())
"""
COUNT_OPEN = """
from assessments.people.consents import Consent
print(Consent.objects.filter(ended_at=None).count())
"""


def reapplied(database: OwnDatabase) -> dict[str, object]:
    said = json.loads(database.manage("reapply_erasures"))
    return {key: said[key] for key in ("erasures", "accounts", "attempts", "desk_rows")}


def open_consents(database: OwnDatabase) -> int:
    return int(database.run(COUNT_OPEN))


def test_after_a_restore_a_consent_that_was_withdrawn_stays_withdrawn(
    database: OwnDatabase,
) -> None:
    before = open_consents(database)
    database.run(WITHDRAW)
    database.restore("older")
    assert open_consents(database) == before
    assert json.loads(database.manage("reapply_erasures"))["consents"] == 1
    assert open_consents(database) == before - 1
    assert json.loads(database.manage("reapply_erasures"))["consents"] == 0


def remains(database: OwnDatabase) -> dict[str, list[str]]:
    return holding(database.rows(), MARK)


def test_after_a_restore_nothing_of_an_erased_person_remains(database: OwnDatabase) -> None:
    before = database.rows()
    database.run(ERASE)
    assert remains(database) == {}
    erased = database.rows()
    database.restore("older")
    assert len(remains(database)) >= 10
    assert database.rows() == before
    done = {"erasures": 1, "accounts": 1, "attempts": 2, "desk_rows": 2}
    assert reapplied(database) == done
    assert remains(database) == {}
    # Also not by the numbers that stood for the person, but in the ledger.
    line = json.loads(database.erasures_file.read_text())
    ids = [line["account"], *line["attempts"], *line["desk_rows"]]
    names = [*ids, *(one.replace("-", "") for one in ids)]
    assert set(holding(database.rows(), *names)) == {"assessments_consentevent"}
    # The same as after the erasure, row by row: what is others' was touched by neither.
    again = database.rows()
    assert {t: rows for t, rows in again.items() if "consentevent" not in t} == {
        t: rows for t, rows in erased.items() if "consentevent" not in t
    }
    assert gone(before, again).keys() == gone(before, erased).keys()
    raw = database.raw_bytes()
    assert raw is None or MARK.encode() not in raw
    assert reapplied(database) == {"erasures": 1, "accounts": 0, "attempts": 0, "desk_rows": 0}
    assert database.rows() == again


@pytest.mark.parametrize("code", [DIE_BEFORE_THE_LINE, DIE_IN_THE_LINE], ids=["before", "in"])
def test_a_crash_before_the_line_stands_erases_nothing(database: OwnDatabase, code: str) -> None:
    before = database.rows()
    database.run(code, killed=True)
    assert database.rows() == before
    said = json.loads(database.manage("reapply_erasures"))
    assert (said["erasures"], said["accounts"]) == (0, 0)
    assert said["unreadable"] == ([1] if code == DIE_IN_THE_LINE else [])
    assert database.rows() == before


def test_a_crash_between_line_and_commit_loses_no_erasure(database: OwnDatabase) -> None:
    before = database.rows()
    database.run(DIE_BEFORE_THE_COMMIT, killed=True)
    assert database.rows() == before
    assert reapplied(database)["accounts"] == 1
    assert remains(database) == {}


def test_a_crash_after_the_commit_loses_no_erasure(database: OwnDatabase) -> None:
    database.run(DIE_AFTER_THE_COMMIT, killed=True)
    assert remains(database) == {}
    database.restore("older")
    assert reapplied(database)["accounts"] == 1
    assert remains(database) == {}


def test_an_attempt_deleted_by_itself_stays_deleted(database: OwnDatabase) -> None:
    pk = database.run(
        "from django.utils import timezone\n"
        "from assessments.responses.models import Attempt\n"
        "from assessments.responses.services import delete_attempt\n"
        "attempt = Attempt.objects.get(owner=None)\n"
        "delete_attempt(attempt=attempt, at=timezone.now())\n"
        "print(attempt.pk.hex)"
    ).strip()
    names = (pk, f"{pk[:8]}-{pk[8:12]}-{pk[12:16]}-{pk[16:20]}-{pk[20:]}")
    assert holding(database.rows(), *names) == {}
    database.restore("older")
    assert "assessments_report" in holding(database.rows(), *names)
    done = {"erasures": 1, "accounts": 0, "attempts": 1, "desk_rows": 0}
    assert reapplied(database) == done
    assert holding(database.rows(), *names) == {}


def test_an_attempt_that_the_backup_holds_without_its_owner_goes_too(
    database: OwnDatabase,
) -> None:
    claim = (
        "from assessments.people.models import User\n"
        "from assessments.responses.models import Attempt\n"
        "from assessments.responses.services import claim_attempt\n"
        f"person = User.objects.get(email='{MARK}@example.org')\n"
        "claim_attempt(attempt=Attempt.objects.get(owner=None), owner=person)\n"
    )
    database.run(claim + ERASE)
    database.restore("older")
    done = {"erasures": 1, "accounts": 1, "attempts": 3, "desk_rows": 2}
    assert reapplied(database) == done


def test_without_a_file_the_command_says_so(database: OwnDatabase) -> None:
    said = json.loads(database.manage("reapply_erasures"))
    assert said == {
        "file": str(database.erasures_file), "is_found": False, "erasures": 0, "accounts": 0,
        "consents": 0,
        "attempts": 0, "desk_rows": 0, "unreadable": [],
    }  # fmt: skip
