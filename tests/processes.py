"""The processes of this machine: who is whose child, and who is gone."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Collection


def children_of(parent: int) -> list[int]:
    """The ids of the processes that a process started and that still run."""
    return [pid for pid, its_parent, _state in _processes() if its_parent == parent]


def wait_until_gone(pids: Collection[int], seconds: float) -> bool:
    """Whether all of them are gone within that time; returns as soon as they are."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # A zombie holds nothing any more; whoever inherited it may never wait for it.
        if not {pid for pid, _parent, state in _processes() if state[0] != "Z"} & set(pids):
            return True
        time.sleep(0.02)
    return False


def resident_bytes(pids: Collection[int]) -> int:
    """The memory that these processes hold together; what they share counts for each."""
    listed = subprocess.run(
        ["ps", "-o", "rss=", *(f"-p{pid}" for pid in pids)], capture_output=True, text=True
    )
    return 1024 * sum(map(int, listed.stdout.split()))


def _processes() -> list[tuple[int, int, str]]:
    """Process id, parent's id and state of every process."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [(int(pid), int(parent), state) for pid, parent, state in rows]
