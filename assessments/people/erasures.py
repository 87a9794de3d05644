"""What was erased or ended, on file outside the database, so that a restored backup does not
undo it.

`ERASURES_FILE` holds one JSON object a line. Lines are only ever appended, and each is on the
disk before anything else happens. An erasure is named by random references alone: the account's
`ledger_ref` and the ids of attempts, of rows on coaches' desks, and of consents that were ended.
They mean nothing outside the database, do not depend on a key that may be changed, and, unlike
the number of a user, are never given again to somebody else after a restore. The ids of attempts
stand beside the account, since the backup may be older than the day on which the account took
them over.

**The order.** The line is written inside the transaction, as its last act before the commit.

- A crash before the line: nothing is on file, and the database rolls back. Nothing was erased.
- A crash in the middle of the line: it is torn, the database rolls back. Readers skip it, and
  the next line begins on a line of its own. No erasure that was committed has a torn line.
- A crash between line and commit: the database rolls back, the line stays. The person did ask and
  was never told that it failed, so `reapply_erasures` does it.
- A crash after the commit: both stand. `reapply_erasures` finds nothing left to do.
- The line cannot be written (disk full): the database rolls back, and the person is told.
- The commit fails while the process lives on: the person is told so, and may change their mind.
  Where the database says that the rows are still there, a second line makes the first one void.
  Where it does not answer, nobody knows which way the commit went, and the first line stands.

So nothing committed is ever missing from the file, and nothing is on file that nobody asked for.
"""

import contextlib
import errno
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction


def _new_reference() -> str:
    digits = secrets.token_hex(6).upper()
    return "-".join((digits[:4], digits[4:8], digits[8:]))


@dataclass(slots=True)
class Erasure:
    """What is to stay erased; the reference is the number on the receipt."""

    at: datetime
    account: UUID | None = None
    attempts: list[UUID] = field(default_factory=list)
    desk_rows: list[UUID] = field(default_factory=list)
    consents: list[UUID] = field(default_factory=list)
    reference: str = field(default_factory=_new_reference)

    def as_line(self) -> dict[str, object]:
        """What stands in the file."""
        return {
            "erasure": self.reference,
            "at": self.at.isoformat(timespec="seconds"),
            "account": str(self.account) if self.account else None,
            "attempts": [str(pk) for pk in self.attempts],
            "desk_rows": [str(pk) for pk in self.desk_rows],
            "consents": [str(pk) for pk in self.consents],
        }

    @property
    def is_empty(self) -> bool:
        """Whether it names nothing, so that there is nothing to keep."""
        return not (self.account or self.attempts or self.desk_rows or self.consents)

    @classmethod
    def of_line(cls, line: dict[str, Any]) -> Self:
        """The erasure that a line names; raises KeyError, TypeError or ValueError."""
        return cls(
            at=datetime.fromisoformat(line["at"]),
            account=UUID(line["account"]) if line["account"] else None,
            attempts=[UUID(pk) for pk in line["attempts"]],
            desk_rows=[UUID(pk) for pk in line["desk_rows"]],
            consents=[UUID(pk) for pk in line["consents"]],
            reference=str(line["erasure"]),
        )


@contextlib.contextmanager
def put_on_file(*, at: datetime, is_there: Callable[[], bool]) -> Iterator[Erasure]:
    """A transaction that erases; what the block enters into the erasure is put on file with it.

    `is_there` asks the database, after a commit that failed, whether nothing was erased.
    """
    erasure = Erasure(at)
    was_asked = False
    try:
        with transaction.atomic():
            yield erasure
            if not erasure.is_empty:
                was_asked = True
                _append(erasure.as_line())
    except Exception:
        if was_asked:
            # What cannot be asked or written now leaves the line standing.
            with contextlib.suppress(DatabaseError, OSError):
                if is_there():
                    _append({"void": erasure.reference})
        raise


def _append(content: dict[str, object]) -> None:
    """One line more, on the disk when this returns; raises OSError."""
    file = Path(settings.ERASURES_FILE)
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        line = json.dumps(content) + "\n"
        data = (line if _ends_well(descriptor) else "\n" + line).encode()
        if os.write(descriptor, data) != len(data):
            raise OSError(errno.ENOSPC, "The file of erasures takes no more lines")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    _sync_folder(file.parent)


def _ends_well(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _sync_folder(folder: Path) -> None:
    # A new file is only found after a power cut if its folder was written too.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class OnFile:
    """The erasures that stand, and the numbers of the lines that cannot be read."""

    erasures: list[Erasure]
    unreadable: list[int]


def read_file() -> OnFile | None:
    """Everything on file, oldest first; None if there is no file."""
    try:
        text = Path(settings.ERASURES_FILE).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    found: dict[str, Erasure] = {}
    void, unreadable = set(), []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line:
            continue
        try:
            content = json.loads(line)
            if "void" in content:
                void.add(content["void"])
            else:
                erasure = Erasure.of_line(content)
                found[erasure.reference] = erasure
        except (KeyError, TypeError, ValueError):
            unreadable.append(number)
    standing = [erasure for reference, erasure in found.items() if reference not in void]
    return OnFile(standing, unreadable)
