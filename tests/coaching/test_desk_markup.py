"""The desk's pages: valid, every reference with its target, headings in order."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.coaching.models import Assignment
from assessments.coaching.services import Wanted, accept_invitation, assign, invite, write_note
from assessments.people.models import User
from tests.cast import coach, finished_attempt, published, shares_with, signed_in, stops_sharing
from tests.test_markup import parsed

pytestmark = pytest.mark.django_db


def pages_of_the_desk() -> dict[str, tuple[Any, int]]:
    """Every page in the states that differ, with the status it is due."""
    edition, at, tom = published(), timezone.now(), coach()
    toms = signed_in(tom)

    def of(client: Any, name: str, *more: object) -> str:
        return reverse(f"coaching:{name}", args=[client.pk, *more])

    def shared(name: str, form: str, *scopes: str) -> Any:
        owner = User.objects.create_user(f"{name.lower()}@example.org", name=name)
        return shares_with(tom, finished_attempt(edition, form, owner), *scopes)

    priya = shared("Priya", "full", "answers", "plan", "export", "later_attempts")
    finished_attempt(edition, "full", priya.person)
    note = write_note(client=priya, text="A note", is_shared=True, at=at)
    assign(client=priya, kind=Assignment.Kind.RETAKE, key="", due_on=None, at=at)
    daniel, short = shared("Daniel", "full", "plan"), shared("Short", "short")
    hannah = shared("Hannah", "full")
    write_note(client=hannah, text="A note", is_shared=False, at=at)
    stops_sharing(hannah)
    ravi, _link = invite(coach=tom, wanted=Wanted(name="Ravi", message="Hello\nyou"), at=at)
    aisha, _link = invite(coach=tom, wanted=Wanted(name="Aisha"), at=at)
    accept_invitation(client=aisha, attempt=finished_attempt(edition), at=at)
    waiting = coach("waits@example.org", is_approved=False)
    new = signed_in(User.objects.create_user("new@example.org"))
    invited = reverse("coaching:invite")
    gets: dict[str, tuple[Client, str]] = {
        "desk": (toms, reverse("coaching:desk")),
        "no match": (toms, reverse("coaching:desk") + "?q=zzz&status=ended"),
        "no clients": (signed_in(coach("empty@example.org")), reverse("coaching:desk")),
        "open": (new, reverse("coaching:open-desk")),
        "waits": (signed_in(waiting), reverse("coaching:open-desk")),
        "settings": (toms, reverse("coaching:settings")),
        "invite": (toms, invited),
        "client": (toms, of(priya, "client")),
        "client without answers": (toms, of(daniel, "client")),
        "client, short form": (toms, of(short, "client")),
        "ended": (toms, of(hannah, "client")),
        "invited": (toms, of(ravi, "client")),
        "finished": (toms, of(aisha, "client")),
        "edit": (toms, of(priya, "client-edit")),
        "end": (toms, of(priya, "end")),
        "take back": (toms, of(ravi, "end")),
        "note": (toms, of(priya, "note", note.pk)),
        "note, delete": (toms, of(priya, "note-delete", note.pk)),
        "result": (toms, of(priya, "client-result")),
        "result without answers": (toms, of(daniel, "client-result")),
        "result, short form": (toms, of(short, "client-result")),
        "answers": (toms, of(priya, "client-answers")),
        "plan": (toms, of(priya, "client-plan")),
    }
    found = {name: (who.get(address), 200) for name, (who, address) in gets.items()}
    posts = {
        "open, faulty": (new, reverse("coaching:open-desk"), {}, 422),
        "settings, faulty": (toms, reverse("coaching:settings"), {}, 422),
        "invite, faulty": (toms, invited, {"email": "x"}, 422),
        "link shown": (toms, invited, {"name": "Zoe"}, 200),
        "note, faulty": (toms, of(priya, "note-add"), {}, 422),
        "suggestion, faulty": (toms, of(priya, "assign"), {}, 422),
        "note refused": (toms, of(hannah, "note-add"), {"text": "Typed"}, 409),
    }
    for name, (who, address, sent, status) in posts.items():
        found[name] = (who.post(address, sent), status)
    return found


def test_every_page_is_well_made() -> None:
    for name, (response, status) in pages_of_the_desk().items():
        assert (name, response.status_code) == (name, status)
        assert (name, response.headers["X-Robots-Tag"]) == (name, "noindex")
        page = parsed(response.content)
        ids = [one.attrib["id"] for one in page.iter() if "id" in one.attrib]
        assert (name, len(ids)) == (name, len(set(ids)))
        meant = {
            target
            for one in page.iter()
            for attribute in ("aria-describedby", "aria-labelledby", "for", "data-copy")
            for target in one.get(attribute, "").split()
        }
        meant |= {a.get("href", "")[1:] for a in page.iter("a") if a.get("href", "")[:1] == "#"}
        assert (name, meant - set(ids)) == (name, set())
        assert (name, [one.tag for one in page.iter() if one.get("style")]) == (name, [])
        title = " ".join(page.findtext("head/title", "").split())
        assert re.fullmatch(r"\S.* – RoleAssess", title), name
        assert (name, title.startswith("Error: ")) == (name, status != 200)
        levels = [int(one.tag[1]) for one in page.iter() if re.fullmatch("h[1-6]", str(one.tag))]
        levels = levels[1:] if levels[0] == 2 else levels
        assert (name, levels.count(1), levels[0]) == (name, 1, 1)
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
