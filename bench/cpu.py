"""What processes have cost: processor time of a process and all that descend from it."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# The kernel's number for "the processor time of process ~n" (clock_getcpuclockid of POSIX).
CLOCK_OF_PROCESS = 2


def cpu_seconds(roots: Collection[int]) -> float:
    """Processor time that the trees of these processes have used since they began, in seconds.

    To the nanosecond for those alive; children that ended and were waited for count through
    their parents, to the tick (proc(5): cutime, cstime). Linux only.
    """
    stats = _stats()
    trees = _trees(set(roots), {pid: parent for pid, (parent, _reaped) in stats.items()})
    return sum(_own(pid) + stats[pid][1] / TICKS_PER_SECOND for pid in trees)


def _own(pid: int) -> float:
    try:
        return time.clock_gettime(~pid << 3 | CLOCK_OF_PROCESS)
    except OSError:
        return 0.0  # it ended since we looked: the next reading has it with its parent


def _trees(roots: set[int], parents: dict[int, int]) -> set[int]:
    found = roots & parents.keys()
    while new := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= new
    return found


def _stats() -> dict[int, tuple[int, int]]:
    """Of every process its parent, and the ticks of the children that it has waited for."""
    stats = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            # The name before ")" may hold anything.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        stats[int(folder.name)] = (int(fields[1]), int(fields[13]) + int(fields[14]))
    return stats
