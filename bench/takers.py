"""How an assessment is taken: on the floor, on the site by sections, and answer by answer."""

from __future__ import annotations

import itertools
import json
import secrets
import uuid
from random import Random

from bench.visitor import Visitor
from tests.live import ROOT
from tests.site.client import choices, shipped

FORM = "full"
# What the figures of others were measured with: a start and 13 pages.
FLOOR_PAGES = 13
ITEMS = tuple(shipped().form[FORM].item_keys)
SECTIONS = tuple(section.items for section in shipped().form[FORM].sections)
EXAMPLE = ROOT / "assessments" / "content" / "examples" / "pm-b2b-b2c.json"


CHANGED_SHARE = 0.4
_people = itertools.count()


def _example() -> dict[str, str]:
    """What the invented person of the example chose: a result with everything on its page."""
    stored = json.loads(EXAMPLE.read_text(encoding="utf-8"))["answers"]
    items = shipped().item
    # The few left out get a choice too, so that all 64 are saved.
    return {key: items[key].choice_of(stored.get(key)) or choices(key)[0] for key in ITEMS}


CHOSEN = _example()


def _another_person() -> dict[str, str]:
    """Much like the example, but no two alike: what is kept from one page must serve others."""
    chance = Random(next(_people))
    return {
        key: _neighbour(key, chosen, chance) if chance.random() < CHANGED_SHARE else chosen
        for key, chosen in CHOSEN.items()
    }


def _neighbour(key: str, chosen: str, chance: Random) -> str:
    place = choices(key).index(chosen) + chance.choice((-1, 1))
    return choices(key)[min(max(place, 0), len(choices(key)) - 1)]


def floor_pages(visitor: Visitor) -> None:
    """A start and 13 posts, each with one INSERT and one template."""
    attempt = uuid.uuid4()
    for number in range(1 + FLOOR_PAGES):
        visitor.post(f"/{attempt}/{number}/", {"value": "3"}, "page", status=200)


def floor_upserts(visitor: Visitor) -> None:
    """As many upserts as the site has questions."""
    attempt = uuid.uuid4()
    for key in ITEMS:
        visitor.post(f"/{attempt}/", {"item": key, "value": "3"}, "upsert", status=200)


def by_sections(visitor: Visitor) -> None:
    """The whole assessment in a browser without scripts: a post for each section."""
    _take(visitor, _another_person(), autosave=False)


def the_example(visitor: Visitor) -> None:
    """By sections, as the invented person of the example answered."""
    _take(visitor, CHOSEN, autosave=False)


def answer_by_answer(visitor: Visitor) -> None:
    """The whole assessment as scripts do it: each answer saved, then each section posted."""
    _take(visitor, _another_person(), autosave=True)


def _take(visitor: Visitor, chosen: dict[str, str], *, autosave: bool) -> None:
    visitor.get("/start/", "start")
    about = visitor.post("/start/", {"length": FORM, "consent": "on"}, "start post")
    visitor.get(about, "about")
    at = visitor.post(about, {}, "about post")
    for keys in SECTIONS:
        visitor.get(at, "section")
        given = {key: chosen[key] for key in keys}
        at = _answer_section(visitor, at, given, autosave=autosave)
    visitor.get(at, "check")
    result = visitor.post(at, {}, "finish")
    visitor.get(result, "result")


def _answer_section(visitor: Visitor, at: str, given: dict[str, str], *, autosave: bool) -> str:
    client = secrets.token_urlsafe(12)
    save = f"{at.rstrip('/').rpartition('/')[0]}/save/"
    if autosave:
        for seq, (key, chosen) in enumerate(given.items(), start=1):
            fields = {"item": key, "value": chosen, "client": client, "seq": seq,
                      "base_revision": 0, "seconds": "9.5", "edition": 1}  # fmt: skip
            visitor.post(save, fields, "autosave", status=200)
    # The page counts on: what it posts as a whole is newer than what it sent one by one.
    fields = {"client": client, "seq": 1 + len(given), "edition": 1, "advance": "on", "go": "next"}
    for key, chosen in given.items():
        fields |= {f"q-{key}": chosen, f"revision-{key}": int(autosave)}
    return visitor.post(at, fields, "section post")
