"""What each page costs: its queries, at two sizes, and its weight over the wire."""

import gzip
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.coaching.models import Client as CoachedClient
from assessments.coaching.services import write_note
from assessments.guide.pages import guide_pages
from assessments.people.actors import HELD_ATTEMPTS
from assessments.people.consents import Look
from assessments.people.services import note_looks
from assessments.reports.pdf import pdf_available
from assessments.responses.models import Attempt
from tests.cast import (
    answer,
    finished_attempt,
    holder_of,
    new_attempt,
    published,
    some_answers,
)
from tests.desk import Desk, desk

FIRST_VISIT_KB, LATER_PAGE_KB, FIRST_VISIT_REQUESTS = 60, 15, 5


@dataclass
class Site:
    """A browser that holds an attempt under way and two finished ones."""

    client: Client
    taken: Attempt
    before: Attempt
    done: Attempt

    def at(self, name: str, *extra: object) -> str:
        attempt = self.done if name.startswith("reports:") else self.taken
        return reverse(name, args=[attempt.pk, *extra])


@pytest.fixture(params=["small", "large"])
def site(request: pytest.FixtureRequest, db: None) -> Site:
    """The same site twice: nothing else in it, and full of answers and other attempts."""
    edition = published()
    taken, before, done = (
        new_attempt(edition),
        finished_attempt(edition),
        finished_attempt(edition),
    )
    held = [taken, before, done]
    if request.param == "large":
        held += [finished_attempt(edition, "short") for _number in range(8)]
        answer(taken, some_answers(edition.document))
    client = holder_of(*held)
    client.get(reverse("guide:landing"))  # a process reads an edition once
    return Site(client, taken, before, done)


def section_post(site: Site) -> Any:
    edition = published()
    keys = edition.document.form["full"].sections[0].items
    site.taken.answers.filter(item_key__in=keys).delete()
    return lambda: site.client.post(site.at("responses:section", 1), section_fields(keys, 0))


def section_post_again(site: Site) -> Any:
    """Other answers than those stored, from a page that has seen them."""
    edition = published()
    keys = edition.document.form["full"].sections[0].items
    site.client.post(site.at("responses:section", 1), section_fields(keys, 0))
    seen = {row.item_key: row.revision for row in site.taken.answers.all()}
    data = section_fields(keys, seen[keys[0]]) | {f"revision-{key}": seen[key] for key in keys}
    return lambda: site.client.post(site.at("responses:section", 1), data)


def section_fields(keys: Sequence[str], revision: int) -> dict[str, Any]:
    chosen = "4" if revision else "5"
    data = {"client": f"test-client-{revision}", "seq": 1, "go": "next", "advance": "on"}
    return (
        data | {f"q-{key}": chosen for key in keys} | {f"revision-{key}": revision for key in keys}
    )


def autosave(site: Site) -> Any:
    key = published().document.form["full"].item_keys[0]
    site.taken.answers.filter(item_key=key).delete()
    data = {"item": key, "value": "5", "client": "test-client", "seq": 1,
            "base_revision": 0, "seconds": "2.5"}  # fmt: skip
    return lambda: site.client.post(site.at("responses:save"), data)


def autosave_again(site: Site) -> Any:
    """Another answer than the one stored, from the same page."""
    first = autosave(site)
    key = published().document.form["full"].item_keys[0]
    data = {"item": key, "value": "4", "client": "test-client", "seq": 2,
            "base_revision": 1, "seconds": "2.5"}  # fmt: skip
    first()
    return lambda: site.client.post(site.at("responses:save"), data)


def page(name: str, *extra: object) -> Callable[[Site], Any]:
    def prepare(site: Site) -> Any:
        address = site.at(name, *extra) if ":" in name and extra != (None,) else reverse(name)
        return lambda: site.client.get(address)

    return prepare


def public(name: str, *args: object) -> Callable[[Site], Any]:
    return lambda site: lambda: site.client.get(reverse(name, args=args))


def two_attempts(site: Site) -> Any:
    address = f"{reverse('reports:compare')}?a={site.done.pk}&b={site.before.pk}"
    return lambda: site.client.get(address)


def only_result(site: Site) -> Any:
    holder = holder_of(site.done)
    return lambda: holder.get(reverse("reports:result", args=[site.done.pk]))


# One is for the session that this browser has.
# Literals: a query more is a decision. The budget of DESIGN 7 is 4, 6 and 8.
COSTS = {
    "landing": (page("guide:landing", None), 2, 200),
    "start": (page("responses:start", None), 2, 200),
    "guide": (public("guide:index"), 2, 200),
    "guide page": (public("guide:page", "interviews"), 1, 200),
    "dimension": (public("guide:dimension", "metrics"), 2, 200),
    "section": (page("responses:section", 1), 3, 200),
    "autosave": (autosave, 3, 200),
    "autosave, another answer": (autosave_again, 4, 200),
    "section post": (section_post, 3, 302),
    "section post, other answers": (section_post_again, 4, 302),
    "check": (page("responses:check"), 3, 200),
    "result": (page("reports:result"), 4, 200),
    "result, of whoever has no other": (only_result, 3, 200),
    "compare": (two_attempts, 5, 200),
    "compare, the choice": (public("reports:compare"), 2, 200),
    "plan": (page("reports:plan"), 4, 200),
    "report.json": (page("reports:report-json"), 3, 200),
    "report.pdf": (page("reports:pdf"), 7, 200 if pdf_available() else 503),
    "table.csv": (page("reports:csv"), 3, 200),
}


@pytest.mark.parametrize("name", COSTS)
def test_a_page_asks_as_many_questions_whatever_the_size(site: Site, name: str) -> None:
    prepare, queries, status = COSTS[name]
    act = prepare(site)
    with CaptureQueriesContext(connection) as asked:
        response = act()
    said = [q["sql"] for q in asked if not re.match(r"(SAVEPOINT|RELEASE|BEGIN|COMMIT)", q["sql"])]
    assert (response.status_code, len(said)) == (status, queries), "\n".join(said)


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def weight_of_page(client: Client, address: str) -> tuple[int, list[str]]:
    """Its compressed bytes, and the static files it names."""
    response = client.get(address)
    assert response.status_code == 200
    html = response.content.decode()
    files = re.findall(rf'(?:src|href)="{settings.STATIC_URL}([^"]+)"', html)
    return compressed(response.content), files


def static_weight(hashed: str) -> int:
    plain = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", hashed)
    found = finders.find(plain)
    assert isinstance(found, str), plain
    return compressed(Path(found).read_bytes())


def test_the_first_visit_is_light(site: Site) -> None:
    page_bytes, files = weight_of_page(site.client, reverse("guide:landing"))
    assert 1 + len(files) <= FIRST_VISIT_REQUESTS
    assert page_bytes + sum(map(static_weight, files)) <= FIRST_VISIT_KB * 1024


@pytest.mark.parametrize("name", ["section", "check", "result", "landing", "start"])
def test_each_later_page_is_light(site: Site, name: str) -> None:
    extra = {"section": (1,)}.get(name, ())
    addresses = {"landing": reverse("guide:landing"), "start": reverse("responses:start")}
    kind = "reports" if name == "result" else "responses"
    address = addresses.get(name) or site.at(f"{kind}:{name}", *extra)
    page_bytes, files = weight_of_page(site.client, address)
    new = sum(static_weight(file) for file in files if "take" in file)
    assert page_bytes + new <= LATER_PAGE_KB * 1024


def test_every_page_of_the_guide_is_light(site: Site) -> None:
    addresses = [reverse("guide:index")]
    addresses += [reverse("guide:page", args=[slug]) for slug in guide_pages()]
    addresses += [reverse("guide:dimension", args=[d]) for d in published().document.dimension]
    heavy = {
        address: weight
        for address in addresses
        if (weight := weight_of_page(site.client, address)[0]) > LATER_PAGE_KB * 1024
    }
    assert heavy == {}


# --- Pages of whoever is signed in, and of an invitation ----------------------------------------


def agrees(person: Desk) -> Any:
    """The words to agree to, and the preview."""
    until = str(timezone.localdate() + timedelta(days=90))
    data = {"email": "coach@example.org", "scopes": ["answers", "plan"], "until": until}
    address = reverse("coaching:share", args=person.args["result"])
    return person.browsers["priya"].post(address, data)


def of_priya(name: str, of: str = "") -> Callable[[Desk], Any]:
    return lambda person: person.browsers["priya"].get(reverse(name, args=person.args.get(of, [])))


PERSONAL: dict[str, tuple[Callable[[Desk], Any], int]] = {
    "my results": (of_priya("reports:mine"), 5),
    "share": (of_priya("coaching:share", "result"), 4),
    "share, the words": (agrees, 10),
    "sharing": (of_priya("coaching:sharing"), 8),
    "account": (of_priya("people:account"), 3),
    "name": (of_priya("people:name"), 2),
    "keep": (of_priya("responses:keep", "held"), 3),
    "invitation": (
        lambda person: person.browsers["visitor"].get(reverse("coaching:invitation")),
        3,
    ),
}


@pytest.mark.parametrize("size", [1, 15])
def test_a_persons_page_asks_as_many_questions_whatever_the_size_and_is_light(
    db: None, size: int
) -> None:
    at, edition = timezone.now(), published()
    person = desk(at)
    client = CoachedClient.objects.get(name="Priya", coach__email="coach@example.org")
    consent = client.consent()
    assert consent is not None
    note_looks(reads=4 * size * [(consent, consent.attempt_id)], look=Look.RESULT, at=at)
    for _number in range(size):
        new_attempt(edition, owner=consent.client)
        write_note(client=client, text="A note.", is_shared=True, at=at)
    held = new_attempt(edition)
    person.args["held"] = [held.pk]
    session = person.browsers["priya"].session
    session[HELD_ATTEMPTS] = [str(held.pk)]
    session.save()
    person.browsers["visitor"].get(person.invitation)
    asked, heavy = {}, {}
    for name, (act, _queries) in PERSONAL.items():
        with CaptureQueriesContext(connection) as queries:
            response = act(person)
        said = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert (name, response.status_code) == (name, 200)
        asked[name] = len(said)
        if (weight := compressed(response.content)) > LATER_PAGE_KB * 1024:
            heavy[name] = weight
    assert asked == {name: queries for name, (_act, queries) in PERSONAL.items()}
    assert heavy == {}
