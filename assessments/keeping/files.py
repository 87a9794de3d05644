"""Files that are there whole or not at all."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from assessments.errors import DomainError

PART_PREFIX, PART_SUFFIX = ".", ".part"


@contextlib.contextmanager
def whole_or_not(file: Path) -> Iterator[Path]:
    """A file to fill, for its owner's eyes only. It gets its name once it is on the disk.

    Killed at whatever moment, it leaves nothing under that name, or all of it. What was there
    under that name before is replaced.
    """
    part = file.with_name(f"{PART_PREFIX}{file.name}{PART_SUFFIX}")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        _sync(part)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    # The name too survives a power cut.
    _sync(file.parent)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else who asks works in the folder meanwhile; raises `DomainError` if somebody does.

    The hold ends with the process, however it ends.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DomainError(f"Another backup into {folder} is under way.") from None
        yield
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
