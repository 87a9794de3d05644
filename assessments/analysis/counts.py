"""What attempts come to as sums, before anything is stored: adding, merging, taking out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, Self, TypeVar

from assessments.analysis.models import GROUPS, CountedAs
from assessments.questionnaires.editions import published_edition
from assessments.scoring import AnswerSheet
from assessments.scoring.scales import scales_of
from assessments.scoring.sums import ItemSums, ScaleSums, Showing


class FormKey(NamedTuple):
    """One form of one edition."""

    edition_id: int
    form: str


class SumsKey(NamedTuple):
    """An item's or a scale's key, within a group of attempts (see `GROUPS`)."""

    group: str
    key: str


class _Additive(Protocol):
    def merged(self, other: Self) -> Self: ...

    def without(self, other: Self) -> Self: ...


SumsT = TypeVar("SumsT", bound=_Additive)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an attempt adds: how it ended, and for those in `GROUPS` its answers.

    `left_after` is the item that whoever left had got to ("" = answered nothing).
    """

    place: FormKey
    counted_as: CountedAs
    sheet: AnswerSheet | None = None
    left_after: str = ""


@dataclass(frozen=True, slots=True)
class FormCounts:
    """All that is kept of the attempts at one form of an edition; sums of nobody are left out.

    `finished` and `left` are as in `Tally`.
    """

    finished: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[SumsKey, ItemSums] = field(default_factory=dict)
    scales: Mapping[SumsKey, ScaleSums] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Self:
        """The counts of attempts that are all at the same form of the same edition."""
        finished, left = Counter[str](), Counter[str]()
        items: dict[SumsKey, ItemSums] = {}
        scales: dict[SumsKey, ScaleSums] = {}
        for entry in entries:
            if entry.counted_as in (CountedAs.LEFT, CountedAs.BACK):
                left[entry.left_after] += 1
            else:
                finished[entry.counted_as.value] += 1
        for group in GROUPS:
            sheets = [e.sheet for e in entries if e.sheet is not None and e.counted_as == group]
            if sheets:
                items |= _item_sums(group, entries[0].place, sheets)
                scales |= _scale_sums(group, entries[0].place, sheets)
        return cls(dict(finished), dict(left), items, scales)

    def items_of_group(self, group: str) -> dict[str, ItemSums]:
        """The sums of items over one group of attempts, by item."""
        return {key.key: sums for key, sums in self.items.items() if key.group == group}

    def scales_of_group(self, group: str) -> dict[str, ScaleSums]:
        """The sums of scales over one group of attempts, by the scale's key."""
        return {key.key: sums for key, sums in self.scales.items() if key.group == group}

    def merged(self, other: Self) -> Self:
        """The counts of both; raises ValueError if they are of other scales."""
        return type(self)(
            _added(self.finished, other.finished, 1),
            _added(self.left, other.left, 1),
            _merged(self.items, other.items),
            _merged(self.scales, other.scales),
        )

    def without(self, other: Self) -> Self:
        """What is left; raises ValueError if what is taken out was never all in it."""
        items, scales = _without(self.items, other.items), _without(self.scales, other.scales)
        return type(self)(
            _added(self.finished, other.finished, -1),
            _added(self.left, other.left, -1),
            {key: sums for key, sums in items.items() if sums.shown},
            {key: sums for key, sums in scales.items() if sums.n},
        )

    def differences(self, other: Self) -> list[str]:
        """The names of what is not the same in both."""
        names = [
            name for name in ("finished", "left") if getattr(self, name) != getattr(other, name)
        ]
        for kind, mine, theirs in (
            ("item", self.items, other.items),
            ("scale", self.scales, other.scales),
        ):
            differ = (key for key in {**mine, **theirs} if mine.get(key) != theirs.get(key))
            names += sorted(f"{key.group}: {kind} {key.key}" for key in differ)
        return names


def by_form(entries: Iterable[Entry]) -> dict[FormKey, list[Entry]]:
    """Entries by form and edition, in the order given."""
    found: dict[FormKey, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.place, []).append(entry)
    return found


def _item_sums(
    group: str, place: FormKey, sheets: Sequence[AnswerSheet]
) -> dict[SumsKey, ItemSums]:
    document = published_edition(place.edition_id).document
    return {
        SumsKey(group, key): ItemSums.of(
            [Showing(sheet.answers.get(key), sheet.seconds.get(key)) for sheet in sheets]
        )
        for key in document.form[place.form].item_keys
    }


def _scale_sums(
    group: str, place: FormKey, sheets: Sequence[AnswerSheet]
) -> dict[SumsKey, ScaleSums]:
    document = published_edition(place.edition_id).document
    found = {}
    for scale in scales_of(document, document.form[place.form]):
        rows = [row for sheet in sheets if (row := scale.row(sheet.answers)) is not None]
        if rows:
            found[SumsKey(group, scale.key)] = ScaleSums.of(len(scale.items), rows)
    return found


def _merged(one: Mapping[SumsKey, SumsT], other: Mapping[SumsKey, SumsT]) -> dict[SumsKey, SumsT]:
    both = {key: sums.merged(other[key]) if key in other else sums for key, sums in one.items()}
    return {**other, **both}


def _without(one: Mapping[SumsKey, SumsT], other: Mapping[SumsKey, SumsT]) -> dict[SumsKey, SumsT]:
    if not other.keys() <= one.keys():
        raise ValueError("What is taken out of these sums is not in them.")
    return {key: sums.without(other[key]) if key in other else sums for key, sums in one.items()}


def _added(one: Mapping[str, int], other: Mapping[str, int], sign: int) -> dict[str, int]:
    counts = {key: one.get(key, 0) + sign * other.get(key, 0) for key in {**one, **other}}
    if min(counts.values(), default=0) < 0:
        raise ValueError("More is taken out of these counts than was added.")
    return {key: count for key, count in counts.items() if count}
