"""How each item of two documents differs, in the editor's terms (blueprint 7.7).

Added, reworded, re-keyed, moved, retired: an item may be several of these at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.instrument.alignment import aligned, matched_sections
from assessments.instrument.canonical import item_revision
from assessments.instrument.document import (
    SIDES,
    Form,
    Item,
    Pair,
    Questionnaire,
    Rating,
    Scenario,
    Statement,
)
from assessments.instrument.item_checks import texts
from assessments.instrument.rewording import Run, word_runs


@dataclass(frozen=True, slots=True)
class Rewording:
    """A text of an item; `field` is where it stands now: `left.text`, `options.x.text`."""

    field: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an item stands on a form: its section, and its number on the form from 1."""

    section: str
    number: int


@dataclass(frozen=True, slots=True)
class Move:
    """Another place on a form; None where the item is not on that form."""

    form: str
    before: Spot | None
    after: Spot | None


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that differs; `keying` says in sentences what makes it a new question in effect.

    `same_revision`: what takers see and how it is keyed are as before, stems and anchors too, so
    that answers before and after are compared.
    """

    key: str
    before: Item | None
    after: Item | None
    rewordings: tuple[Rewording, ...] = ()
    keying: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    sources_removed: tuple[str, ...] = ()
    sources_added: tuple[str, ...] = ()
    is_added: bool = False
    is_retired: bool = False
    same_revision: bool = False


def item_changes(before: Questionnaire, after: Questionnaire) -> tuple[ItemChange, ...]:
    """The items that differ: those of the second document in its order, then those gone."""
    moves = _moves(before, after)
    asked_before, asked_after = _asked(before), _asked(after)
    changes = (
        ItemChange(
            key=key,
            before=(old := before.item.get(key)),
            after=(new := after.item.get(key)),
            rewordings=tuple(_rewordings(old, new)) if old and new else (),
            keying=tuple(_keying(before, after, old, new)) if old and new else (),
            moves=tuple(moves.get(key, ())),
            sources_removed=_left(old, new) if old and new else (),
            sources_added=_left(new, old) if old and new else (),
            is_added=old is None or (key in asked_after and key not in asked_before),
            is_retired=new is None or (key in asked_before and key not in asked_after),
            same_revision=bool(old and new)
            and item_revision(before, key) == item_revision(after, key),
        )
        for key in {**after.item, **before.item}
    )
    return tuple(change for change in changes if _differs(change))


def _differs(change: ItemChange) -> bool:
    found = (change.rewordings, change.keying, change.moves)
    sources = (change.sources_removed, change.sources_added)
    return change.is_added or change.is_retired or any((*found, *sources))


def _asked(document: Questionnaire) -> set[str]:
    return {key for form in document.forms for key in form.item_keys}


def _left(item: Item, other: Item) -> tuple[str, ...]:
    return tuple(ref for ref in item.source_refs if ref not in other.source_refs)


def _rewordings(before: Item, after: Item) -> Iterator[Rewording]:
    match before, after:
        case Pair(), Pair():
            texts_of = _in_place if _has_poles_exchanged(before, after) else _by_pole
            old, new = texts_of(before, after)
        case (Rating(), Rating()) | (Scenario(), Scenario()):
            old, new = _named(before), _named(after)
        case _:
            return
    for field, text in new.items():
        if field in old and old[field] != text:
            yield Rewording(field, word_runs(old[field], text))


def _named(item: Item) -> dict[str, str]:
    """An item's texts by field, an option's by its key."""
    named = {}
    for path, text in texts(item):
        if item.kind == "scenario" and path[0] == "options":
            path = ("options", item.options[int(path[1])].key, "text")
        named[".".join(map(str, path))] = text
    return named


def _in_place(before: Pair, after: Pair) -> tuple[dict[str, str], dict[str, str]]:
    return _named(before), _named(after)


def _by_pole(before: Pair, after: Pair) -> tuple[dict[str, str], dict[str, str]]:
    """Both pairs' texts, each statement's by where its pole stands in the second."""
    field = {after.left.pole: "left.text", after.right.pole: "right.text"}
    old = {field[s.pole]: s.text for s in (before.left, before.right) if s.pole in field}
    return old, _named(after)


def _keying(
    first: Questionnaire, second: Questionnaire, before: Item, after: Item
) -> Iterator[str]:
    if before.kind != after.kind:
        yield f"It is a {after.kind} now, no longer a {before.kind}."
    if before.dimension != after.dimension:
        was, now = _name(first, before.dimension), _name(second, after.dimension)
        yield f"It counts for “{now}” now, no longer for “{was}”."
    match before, after:
        case Pair(), Pair():
            yield from _orientation(second, before, after)
        case Rating(), Rating() if before.side != after.side:
            was, now = second.poles[before.side].name, second.poles[after.side].name
            yield f"It counts for {now} now, no longer for {was}."
        case Scenario(), Scenario():
            yield from _scenario(second, before, after)


def _name(document: Questionnaire, key: str) -> str:
    """A dimension's name; its key on a desk where it is not there (yet)."""
    return document.dimension[key].name if key in document.dimension else key


def _orientation(document: Questionnaire, before: Pair, after: Pair) -> Iterator[str]:
    if before.left.pole == after.left.pole:
        return
    if _has_poles_exchanged(before, after):
        a, b = document.poles.a.name, document.poles.b.name
        yield f"Its statements exchanged poles: what counted for {a} counts for {b} and reverse."
    else:
        yield (
            "Left and right changed places. Takers see each statement in the other position, so "
            "answers to it are not compared with earlier ones."
        )


def _has_poles_exchanged(before: Pair, after: Pair) -> bool:
    """Whether the poles changed under statements that stayed where they were."""
    turned = before.left.pole != after.left.pole
    swapped = _same_text(before.left, after.right) or _same_text(before.right, after.left)
    stayed = _same_text(before.left, after.left) or _same_text(before.right, after.right)
    return turned and stayed and not swapped


def _same_text(one: Statement, other: Statement) -> bool:
    return one.text == other.text


def _scenario(document: Questionnaire, before: Scenario, after: Scenario) -> Iterator[str]:
    if before.setting != after.setting:
        poles = document.poles
        name = {"a": poles.a.name, "b": poles.b.name, "mixed": "both sides"}
        yield f"Its setting is {name[after.setting]} now, no longer {name[before.setting]}."
    old = {option.key: option for option in before.options}
    new = {option.key: option for option in after.options}
    for key in old:
        if key not in new:
            yield f"The option “{old[key].text}” is gone."
    for key, option in new.items():
        if key not in old:
            yield f"The option “{option.text}” is new."
            continue
        for side in SIDES:
            fit, fitted = option.fit(side), old[key].fit(side)
            if fit != fitted:
                pole = document.poles[side].name
                yield f"The option “{option.text}” fits {pole} with {fit} now, no longer {fitted}."
    if [key for key in new if key in old] != [key for key in old if key in new]:
        yield "Its options stand in another order."


def _moves(before: Questionnaire, after: Questionnaire) -> dict[str, list[Move]]:
    """For each item the forms on which it stands elsewhere, or on one side only."""
    moves: dict[str, list[Move]] = {}
    for key in {**before.form, **after.form}:
        old, new = before.form.get(key), after.form.get(key)
        was, now = _spots(old), _spots(new)
        left_order = _left_order(old, new) if old and new else set()
        for item in {**now, **was}:
            if item in left_order or (item in was) != (item in now):
                moves.setdefault(item, []).append(Move(key, was.get(item), now.get(item)))
    return moves


def _spots(form: Form | None) -> dict[str, Spot]:
    sections = form.sections if form else ()
    placed = [(section.title, item) for section in sections for item in section.items]
    return {item: Spot(title, number) for number, (title, item) in enumerate(placed, start=1)}


def _left_order(before: Form, after: Form) -> set[str]:
    """What stands in another section, or elsewhere in its own; a section may move as a whole."""
    found = matched_sections(
        *(
            [(section.title, section.items) for section in form.sections]
            for form in (before, after)
        )
    )
    left = set(found.strayed)
    for i, j in found.same:
        old, new = before.sections[i].items, after.sections[j].items
        left |= {new[place] for _, place in aligned(old, new).moved}
    return left
