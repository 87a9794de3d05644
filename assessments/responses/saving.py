"""The save protocol: what happens to an answer that a page sends (trust 3).

A page names itself (`client`) and counts its changes (`seq`). Of one page the highest number
wins, in whatever order the network delivers. A page that did not make the stored answer may
replace it only if it has seen it (`base_revision`); otherwise the two disagree, and the person
decides. Clocks play no part.
"""

from dataclasses import dataclass
from enum import Enum

SECONDS_MAX = 300.0


@dataclass(frozen=True, slots=True)
class Stored:
    """What of a stored answer the protocol needs; revision 0 = nothing is stored yet."""

    value: str = ""
    client: str = ""
    seq: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as a page sends it, its choice already turned into a value ("" = taken back)."""

    item_key: str
    value: str
    client: str
    seq: int
    base_revision: int
    seconds: float | None = None


class Outcome(Enum):
    """What to do with a sent answer."""

    STORE = "store"
    KEEP = "keep"
    CONFLICT = "conflict"


def decide(stored: Stored, sent: Sent) -> Outcome:
    """Whether to store it, to keep what is there (it says the same or is newer), or to ask."""
    if not stored.revision:
        # An empty one too: the answer that it takes back may be on its way yet.
        return Outcome.STORE
    if sent.client == stored.client and sent.seq != stored.seq:
        return Outcome.STORE if sent.seq > stored.seq else Outcome.KEEP
    if sent.value == stored.value:
        return Outcome.KEEP
    return Outcome.STORE if sent.base_revision == stored.revision else Outcome.CONFLICT
