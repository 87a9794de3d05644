"""What attempts come to as sums, before anything is stored: adding, merging, taking out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from assessments.analysis.models import GROUPS, CountedAs
from assessments.instrument.document import Questionnaire
from assessments.questionnaires.editions import EDITIONS_KEPT, published_edition
from assessments.scoring import AnswerSheet
from assessments.scoring.scales import Scale, scales_of
from assessments.scoring.sums import ItemSums, ScaleSums, Showing


@dataclass(frozen=True, slots=True)
class Entry:
    """What an attempt adds: how it ended, and for those in `GROUPS` its answers.

    `left_after` is the item that whoever left had got to ("" = answered nothing).
    """

    edition_id: int
    form: str
    counted_as: CountedAs
    sheet: AnswerSheet | None = None
    left_after: str = ""


@dataclass(frozen=True, slots=True)
class GroupSums:
    """Sums of each item and each scale over one group of attempts; nobody's are left out."""

    items: Mapping[str, ItemSums] = field(default_factory=dict)
    scales: Mapping[str, ScaleSums] = field(default_factory=dict)

    @classmethod
    def of(cls, edition_id: int, form: str, sheets: Sequence[AnswerSheet]) -> Self:
        """The sums of many attempts at once."""
        document = published_edition(edition_id).document
        items = {
            key: ItemSums.of(
                [Showing(sheet.answers.get(key), sheet.seconds.get(key)) for sheet in sheets]
            )
            for key in document.form[form].item_keys
        }
        scales = {
            scale.key: ScaleSums.of(
                len(scale.items),
                [row for sheet in sheets if (row := scale.row(sheet.answers)) is not None],
            )
            for scale in form_scales(edition_id, form)
        }
        return cls(
            {key: sums for key, sums in items.items() if sums.shown},
            {key: sums for key, sums in scales.items() if sums.n},
        )

    def merged(self, other: Self) -> Self:
        """The sums of both; raises ValueError if they are of other scales."""
        items, scales = dict(self.items), dict(self.scales)
        for key, item in other.items.items():
            items[key] = items[key].merged(item) if key in items else item
        for key, scale in other.scales.items():
            scales[key] = scales[key].merged(scale) if key in scales else scale
        return type(self)(items, scales)

    def without(self, other: Self) -> Self:
        """What is left; raises ValueError if what is taken out was never all in it."""
        items, scales = dict(self.items), dict(self.scales)
        for key, item in other.items.items():
            items[key] = items.get(key, ItemSums()).without(item)
        for key, scale in other.scales.items():
            scales[key] = scales.get(key, ScaleSums.empty(len(scale.s1))).without(scale)
        return type(self)(
            {key: sums for key, sums in items.items() if sums.shown},
            {key: sums for key, sums in scales.items() if sums.n},
        )


@dataclass(frozen=True, slots=True)
class FormCounts:
    """All that is kept of the attempts at one form of an edition (see `Tally`)."""

    finished: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, GroupSums] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Self:
        """The counts of attempts that are all at the same form of the same edition."""
        finished, left = Counter[str](), Counter[str]()
        sheets: dict[str, list[AnswerSheet]] = {group.value: [] for group in GROUPS}
        for entry in entries:
            if entry.counted_as in (CountedAs.LEFT, CountedAs.BACK):
                left[entry.left_after] += 1
                continue
            finished[entry.counted_as.value] += 1
            if entry.sheet is not None:
                sheets[entry.counted_as.value].append(entry.sheet)
        return cls(
            dict(finished),
            dict(left),
            {
                group: GroupSums.of(entries[0].edition_id, entries[0].form, found)
                for group, found in sheets.items()
                if found
            },
        )

    def merged(self, other: Self) -> Self:
        """The counts of both."""
        groups = dict(self.groups)
        for key, group in other.groups.items():
            groups[key] = groups.get(key, GroupSums()).merged(group)
        return type(self)(
            _added(self.finished, other.finished, 1), _added(self.left, other.left, 1), groups
        )

    def without(self, other: Self) -> Self:
        """What is left; raises ValueError if what is taken out was never all in it."""
        groups = dict(self.groups)
        for key, group in other.groups.items():
            groups[key] = groups.get(key, GroupSums()).without(group)
        return type(self)(
            _added(self.finished, other.finished, -1),
            _added(self.left, other.left, -1),
            {key: group for key, group in groups.items() if group != GroupSums()},
        )


def by_form(entries: Iterable[Entry]) -> dict[tuple[int, str], list[Entry]]:
    """Entries by (edition's id, form), in the order given."""
    found: dict[tuple[int, str], list[Entry]] = {}
    for entry in entries:
        found.setdefault((entry.edition_id, entry.form), []).append(entry)
    return found


@lru_cache(maxsize=2 * EDITIONS_KEPT)
def form_scales(edition_id: int, form: str) -> tuple[Scale, ...]:
    """The scales of a form of an edition, worked out once per process."""
    document: Questionnaire = published_edition(edition_id).document
    return scales_of(document, document.form[form])


def _added(one: Mapping[str, int], other: Mapping[str, int], sign: int) -> dict[str, int]:
    counts = {key: one.get(key, 0) + sign * other.get(key, 0) for key in {**one, **other}}
    if min(counts.values(), default=0) < 0:
        raise ValueError("More is taken out of these counts than was added.")
    return {key: count for key, count in counts.items() if count}
