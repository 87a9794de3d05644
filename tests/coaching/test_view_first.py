"""Before the coach's own view is saved, no response holds anything of the client's result.

Generic over the addresses: a new page of the desk is tried without a word here. A kind of object
that this file cannot make yet fails, so that it gets taught.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments.coaching.models import Assignment, Client, Cohort, Note
from assessments.coaching.services import assign, change_group, make_group, write_note
from assessments.instrument.document import Questionnaire
from assessments.people.consents import AccessEvent
from assessments.people.models import User
from assessments.questionnaires.editions import published_edition
from assessments.reports.page import ResultPage, result_page
from assessments.responses.sheets import answer_sheet
from assessments.scoring import Report
from tests.cast import client_who_shares, coach, signed_in

pytestmark = pytest.mark.django_db
GOAL = "b2b-enterprise-saas"
# Sections of a form that is not theirs, files of the admin, and the accounts' own pages hold no
# result; leaving an account would end the crawl.
NOT_CRAWLED = ("admin:", "account", "mfa", "usersessions", "socialaccount")


@dataclass
class World:
    """A coach who rates first, a client who shares everything, and a group of six like her."""

    tom: User
    priya: Client
    objects: dict[str, Any]

    @property
    def browser(self) -> Browser:
        return signed_in(self.tom)


@pytest.fixture
def world(db: None) -> World:
    tom = coach(rates_first=True)
    others = [client_who_shares(tom, f"Client {number}") for number in range(5)]
    priya = client_who_shares(tom)
    assert priya.attempt is not None
    priya.attempt.goal = GOAL
    priya.attempt.save(update_fields=["goal"])
    group = make_group(coach=tom, name="Spring")
    change_group(cohort=group, name="Spring", members=[priya, *others])
    now = timezone.now()
    note = write_note(client=priya, text="Bring the notes", is_shared=False, at=now)
    asked = assign(client=priya, kind=Assignment.Kind.RETAKE, key="", due_on=None, at=now)
    objects = {
        "client": priya.pk, "cohort": group.pk, "note": note.pk, "assignment": asked.pk,
        "attempt": priya.attempt.pk, "second_view": priya.attempt.pk,
        "consent": priya.person.consents_given.get().pk,  # type: ignore[union-attr]
        "token": "A" * 43, "slug": "faq", "key": "metrics", "dimension": "metrics",
        "form": "full", "number": 1, "section": 1, "role": GOAL,
    }  # fmt: skip
    return World(tom, priya, objects)


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from patterns(pattern, space + inner)


def addresses(world: World) -> dict[str, str]:
    """Every address of the site that may concern a client, by its name."""
    found = {}
    for name, pattern in patterns(get_resolver()):
        if name.startswith(NOT_CRAWLED):
            continue
        wanted = pattern.pattern.regex.groupindex
        unknown = set(wanted) - set(world.objects)
        is_coaching = name.startswith("coaching:")
        assert not (is_coaching and unknown), f"{name}: make one of {unknown} in this file"
        if not unknown:
            found[name] = reverse(name, kwargs={key: world.objects[key] for key in wanted})
    return found


def variants(world: World, address: str) -> list[str]:
    """The same page by whatever may be asked of it."""
    attempt = world.objects["attempt"]
    return [address, f"{address}?role={GOAL}", f"{address}?attempt={attempt}",
            f"{address}?a={attempt}&b={attempt}"]  # fmt: skip


@dataclass(frozen=True)
class Canaries:
    """What only somebody who read the result could write."""

    sentences: frozenset[str]
    numbers: re.Pattern[str]

    def in_(self, text: str) -> list[str]:
        plain = " ".join(unescape(re.sub(r"<[^>]*>", "", text)).split())
        marks = [mark for mark in MARKS if mark in text]
        sentences = [sentence for sentence in self.sentences if sentence in plain]
        return [*marks, *sentences, *self.numbers.findall(plain)]


# What a chart or a report document cannot be without.
MARKS = (
    'class="dot', 'class="iv', 'class="fill', 'class="whisk', 'class="heat"', "<meter",
    '"preference":', '"verdict":', "contribution",
)  # fmt: skip


def canaries_of(client: Client) -> Canaries:
    attempt = client.attempt
    assert attempt is not None
    document = published_edition(attempt.edition_id).document
    sheet = answer_sheet(attempt=attempt, items=document.item)
    report = Report.parse(attempt.report.document)
    page = result_page(document, report, sheet.answers, chosen_goal=GOAL)
    a, b = document.poles.a.name, document.poles.b.name
    return Canaries(
        sentences=frozenset(text for text in sentences_of(document, page) if text),
        # “35 to B2C”, “75 of 100”, “level 3 of 4”, and the bare numbers of a document.
        numbers=re.compile(
            rf"\b\d+(?:\.\d+)? to (?:{a}|{b})\b|\b\d+ of 100\b|\blevel \d|-?\b[0-4]\.\d+\b"
        ),
    )


def sentences_of(document: Questionnaire, page: ResultPage) -> Iterator[str]:
    yield from (page.headline, page.detail, page.readiness_sentence, page.sureness)
    yield from (page.quality, *page.quality_reasons, page.preference_words, page.preference_range)
    for row in page.rows:
        yield from (row.verdict, row.score, row.range, *row.notes)
    for bar in page.bars:
        yield f"{bar.band} for {bar.pole}"
    assert page.roles is not None
    for role in page.roles.all:
        yield role.sentence
    yield from (page.roles.together, *page.roles.tells_apart)
    for point in [*page.strengths, *page.gaps]:
        yield from (point.text, point.caution)
    # A rating's answer is one of five labels, which the form itself shows; the others are whole
    # statements that nobody else would write.
    for line in page.answers:
        if document.item[line.key].kind != "rating":
            yield line.answer


def text_of(response: Any) -> str:
    """The body, the streams of a PDF inflated, and the headers, which may name things too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    parts = [str(dict(response.headers))]
    if body.startswith(b"%PDF"):
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", body, re.DOTALL):
            try:
                parts.append(zlib.decompress(stream).decode("latin-1"))
            except zlib.error:
                continue
    parts.append(body.decode("utf-8", "replace"))
    return "\n".join(parts)


def test_before_the_view_is_saved_no_response_holds_anything_of_the_result(world: World) -> None:
    canaries, browser = canaries_of(world.priya), world.browser
    leaks = {}
    for name, address in addresses(world).items():
        if name == "reports:example" or name.startswith("guide:"):
            continue  # the same for everybody: an invented person, and texts about dimensions
        for variant in variants(world, address):
            response = browser.get(variant)
            assert response.status_code < 500, name
            if found := canaries.in_(text_of(response)):
                leaks[variant] = found[:3]
    assert leaks == {}
    assert AccessEvent.objects.count() == 0


def test_the_crawl_sees_what_opens_once_the_view_is_saved(world: World) -> None:
    """Else the silence above would prove nothing."""
    browser, canaries = world.browser, canaries_of(world.priya)
    second_view = reverse("coaching:second-view", args=[world.priya.pk])
    browser.post(second_view, {"metrics-preference": "1", "design-readiness_b": "2"})
    opened = {
        name
        for name, address in addresses(world).items()
        if canaries.in_(text_of(browser.get(address))) and name.startswith("coaching:")
    }
    assert {"coaching:brief", "coaching:second-view"} <= opened


def test_every_page_of_the_desk_is_in_the_crawl(world: World) -> None:
    coaching = {
        name for name, _pattern in patterns(get_resolver()) if name.startswith("coaching:")
    }
    assert {name for name in addresses(world) if name.startswith("coaching:")} == coaching


def test_a_refused_view_opens_nothing(world: World) -> None:
    canaries, browser = canaries_of(world.priya), world.browser
    second_view = reverse("coaching:second-view", args=[world.priya.pk])
    for wrong in ({}, {"metrics-preference": "7"}, {"go": "somewhere"}):
        response = browser.post(second_view, wrong)
        assert (response.status_code, canaries.in_(text_of(response))) == (422, [])
    assert browser.get(reverse("coaching:brief", args=[world.priya.pk])).status_code == 302


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Likely 35 to B2C", 1),
        ("<td>41<span>›</span> to B2B</td>", 0),  # an arrow between: the words stand beside it
        ("<td>41<span class=x> to B2B</span></td>", 1),
        (json.dumps({"preference": 1}), 1),
        ("Mostly 4 to 6 weeks", 0),
        ("<p>75 of 100</p>", 1),
    ],
)
def test_what_counts_as_a_score(text: str, expected: int) -> None:
    canaries = Canaries(frozenset(), re.compile(r"\b\d+ to (?:B2C|B2B)\b|\b\d+ of 100\b"))
    assert len(canaries.in_(text)) == expected


def test_the_objects_are_those_of_the_client(world: World) -> None:
    assert Note.objects.get().client == world.priya
    assert Cohort.objects.get().clients.count() == 6
