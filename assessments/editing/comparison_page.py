"""What a comparison of two documents shows: groups of entries in an editor's words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.editing.words import (
    KINDS,
    MODELS,
    Change,
    change_words,
    field_words,
    part_words,
)
from assessments.instrument.comparison import Comparison, PartChange
from assessments.instrument.document import Item
from assessments.instrument.item_changes import ItemChange, Move, Spot
from assessments.instrument.wording import item_words


@dataclass(frozen=True, slots=True)
class Entry:
    """One part that differs: what it is, what it says, and how it differs."""

    name: str
    text: str
    kind: str
    changes: tuple[Change, ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one sort; never empty."""

    title: str
    entries: list[Entry]


def groups(found: Comparison) -> list[Group]:
    """Everything that differs: the questions by what happened to them, then the other parts."""
    told = {
        *(change.key for change in found.added + found.reworded + found.rekeyed),
        *(change.key for change in found.moved + found.retired),
    }
    rest = [change for change in found.items if change.key not in told]
    by_title = [
        (_("Questions added"), [_whole(c, c.after) for c in found.added]),
        (_("Questions reworded"), [_reworded(c) for c in found.reworded]),
        (_("Questions keyed otherwise"), [_rekeyed(c) for c in found.rekeyed]),
        (_("Questions moved"), [_moved(c) for c in found.moved]),
        (_("Questions retired"), [_whole(c, c.before) for c in found.retired]),
        (_("Sources of questions"), [_sources(c) for c in rest]),
        *((title, [_part(c) for c in parts]) for title, parts in _parts(found)),
    ]
    return [Group(title, entries) for title, entries in by_title if entries]


def _parts(found: Comparison) -> Iterable[tuple[str, tuple[PartChange, ...]]]:
    yield _("Questionnaire"), found.of("questionnaire")
    for collection, model in MODELS.items():
        if collection != ("items",):
            yield capfirst(str(model._meta.verbose_name_plural)), found.of(*collection)
    yield _("Study plan"), tuple(c for c in found.of("study") if c.part == ("study",))


def _whole(change: ItemChange, item: Item | None) -> Entry:
    return Entry(change.key, item_words(item) if item else "", "", sentences=_places(change))


def _reworded(change: ItemChange) -> Entry:
    changes = tuple(
        Change(field_words(one.field.split(".")), str(KINDS["changed"]), "", "", one.runs)
        for one in change.rewordings
    )
    return Entry(change.key, "", "", changes)


def _rekeyed(change: ItemChange) -> Entry:
    return Entry(change.key, _text(change), "", sentences=change.keying)


def _moved(change: ItemChange) -> Entry:
    return Entry(change.key, _text(change), "", sentences=_places(change))


def _sources(change: ItemChange) -> Entry:
    removed, added = ", ".join(change.sources_removed), ", ".join(change.sources_added)
    sources = Change(field_words(["source_refs"]), str(KINDS["changed"]), removed, added)
    return Entry(change.key, _text(change), "", (sources,))


def _text(change: ItemChange) -> str:
    item = change.after or change.before
    return item_words(item) if item else ""


def _places(change: ItemChange) -> tuple[str, ...]:
    return tuple(map(_place, change.moves))


def _place(move: Move) -> str:
    said = {"form": move.form, "before": _spot(move.before), "after": _spot(move.after)}
    if move.before is None:
        return _("Form %(form)s: now %(after)s.") % said
    if move.after is None:
        return _("Form %(form)s: it was %(before)s, and is gone from it.") % said
    return _("Form %(form)s: from %(before)s to %(after)s.") % said


def _spot(spot: Spot | None) -> str:
    if spot is None:
        return ""
    return _("number %(number)d, in “%(section)s”") % {
        "number": spot.number,
        "section": spot.section,
    }


def _part(change: PartChange) -> Entry:
    changes = tuple(
        change_words(one.field, one.kind, one.before, one.after, one.runs)
        for one in change.changes
    )
    return Entry(part_words(change.part), change.name, str(KINDS[change.kind]), changes)
