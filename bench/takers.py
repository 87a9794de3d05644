"""How an assessment is taken: on the floor, on the site by sections, and answer by answer."""

from __future__ import annotations

import secrets
import uuid

from bench.visitor import Visitor
from tests.site.client import choice, shipped

FORM = "full"
# What the figures of others were measured with: a start and 13 pages.
FLOOR_PAGES = 13
ITEMS = tuple(shipped().form[FORM].item_keys)
SECTIONS = tuple(section.items for section in shipped().form[FORM].sections)


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
    _take(visitor, autosave=False)


def answer_by_answer(visitor: Visitor) -> None:
    """The whole assessment as scripts do it: each answer saved, then each section posted."""
    _take(visitor, autosave=True)


def _take(visitor: Visitor, *, autosave: bool) -> None:
    visitor.get("/start/", "start")
    about = visitor.post("/start/", {"length": FORM, "consent": "on"}, "start post")
    visitor.get(about, "about")
    resume = visitor.post(about, {}, "about post")
    at = visitor.follow(resume, "resume")
    for keys in SECTIONS:
        visitor.get(at, "section")
        at = _answer_section(visitor, at, keys, autosave=autosave)
    visitor.get(at, "check")
    result = visitor.post(at, {}, "finish")
    visitor.get(result, "result")


def _answer_section(visitor: Visitor, at: str, keys: tuple[str, ...], *, autosave: bool) -> str:
    client = secrets.token_urlsafe(12)
    save = f"{at.rstrip('/').rpartition('/')[0]}/save/"
    given = {key: choice(key, ITEMS.index(key)) for key in keys}
    if autosave:
        for seq, (key, chosen) in enumerate(given.items(), start=1):
            fields = {"item": key, "value": chosen, "client": client, "seq": seq,
                      "base_revision": 0, "seconds": "9.5", "edition": 1}  # fmt: skip
            visitor.post(save, fields, "autosave", status=200)
    # The page counts on: what it posts as a whole is newer than what it sent one by one.
    fields = {"client": client, "seq": 1 + len(keys), "edition": 1, "advance": "on", "go": "next"}
    for key, chosen in given.items():
        fields |= {f"q-{key}": chosen, f"revision-{key}": int(autosave)}
    return visitor.post(at, fields, "section post")
