"""Question analysis in the admin: what it shows of stored sums, its table, and calibrations."""

from __future__ import annotations

import csv
import io
import re
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.analysis.counts import Entry, FormKey
from assessments.analysis.models import Calibration, CountedAs
from assessments.analysis.services import change_sums
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.questionnaires.rows import Item
from assessments.questionnaires.services import publish
from assessments.scoring import AnswerSheet
from tests.cast import finished_attempt, holder_of, published
from tests.editing.desks import address, editor, published_desk, publisher
from tests.instrument.small import small_data
from tests.takers import steady_taker

pytestmark = pytest.mark.django_db
QUERIES = 13


@pytest.fixture
def desk() -> Questionnaire:
    desk, _edition = published_desk()
    return desk


def count(edition: Edition, people: int, *, turned: str = "") -> None:
    """Put so many made-up people into the sums; one pair may be keyed the wrong way."""
    rng, entries = Random(3), []
    for _person in range(people):
        answers = steady_taker(small_data(), "full", rng)
        if turned:
            answers[turned] = -int(answers[turned] or 0)
        entries.append(
            Entry(FormKey(edition.pk, "full"), CountedAs.IN, AnswerSheet("full", answers))
        )
    change_sums(added=entries)


def a_pair(desk: Questionnaire) -> str:
    key: str = Item.objects.filter(questionnaire=desk, kind="pair")[0].key
    return key


def said(browser: Client, desk: Questionnaire, **asked: str | int) -> str:
    """What the page says, without its tags."""
    reply = browser.get(address("analysis", desk), asked)
    assert reply.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", reply.content.decode()).split())


def test_before_the_first_edition_there_is_nothing_to_analyse():
    empty = Questionnaire.objects.create(slug="new", title="New", changed_at=timezone.now())
    assert "no edition has been published" in said(editor(), empty)
    assert editor().get(address("analysis-csv", empty)).status_code == 302


def test_under_thirty_people_the_page_says_from_when_on_it_tells(desk):
    count(desk.editions.get(), 29)
    page = said(editor(), desk).partition("How to read this")[0]
    assert "Figures appear from 30 people on" in page
    assert not re.search(r"\.\d\d\b", page)


def test_the_worst_question_stands_first_with_the_reason_and_a_link(desk):
    key = a_pair(desk)
    count(desk.editions.get(), 150, turned=key)
    html = editor().get(address("analysis", desk)).content.decode()
    worst = html.partition('id="worst"')[2].partition("</section>")[0]
    first = " ".join(
        re.sub(r"<[^>]+>", " ", worst.partition("<li>")[2].partition("</li>")[0]).split()
    )
    assert re.fullmatch(r"Question \d+ runs against its scale \(-0\.\d\d\)\. Check .*", first)
    assert f'href="#item-{key}"' in worst
    assert f'id="item-{key}"' in html


def test_the_page_of_a_question_says_how_it_is_answered(desk):
    key = a_pair(desk)
    item = Item.objects.get(questionnaire=desk, key=key)
    place = reverse("admin:assessments_item_change", args=[item.pk])
    assert "people answered it" not in editor().get(place).content.decode()
    count(desk.editions.get(), 40)
    assert "40 people answered it in edition 1" in editor().get(place).content.decode()


def test_filters_narrow_the_page_and_the_table(desk):
    count(desk.editions.get(), 40)
    dimension = desk.dimension_set.all()[0]
    page = said(editor(), desk, edition=1, form="full", dimension=dimension.key)
    other = desk.dimension_set.all()[1]
    assert f"{dimension.name} Scale" in page
    assert f"{other.name} Scale" not in page
    reply = editor().get(address("analysis-csv", desk), {"dimension": dimension.key})
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert {row["Dimension"] for row in rows} == {dimension.key}
    assert "maker-manager-1-full-analysis.csv" in reply["Content-Disposition"]


@pytest.mark.parametrize(
    "asked", [{"edition": 9}, {"edition": "x"}, {"form": "none"}, {"dimension": "none"}]
)
def test_what_is_not_there_shows_what_is_offered_first(desk, asked):
    count(desk.editions.get(), 40)
    assert said(editor(), desk, **asked).startswith(said(editor(), desk)[:200])


def test_editions_are_put_together_where_their_questions_are_the_same(desk):
    count(desk.editions.get(), 20)
    Questionnaire.objects.filter(pk=desk.pk).update(licence="Another")
    count(publish(questionnaire=desk, at=timezone.now(), note="Again"), 20)
    assert "first attempts of 40 people" in said(editor(), desk)
    assert "first attempts of 20 people" in said(editor(), desk, edition=2)
    assert "first attempts of 40 people" in said(editor(), desk, edition=1, across="on")


def test_the_page_costs_the_same_whatever_was_counted(desk):
    browser, edition = editor(), desk.editions.get()
    browser.get(address("analysis", desk))
    for people in (31, 200):
        count(edition, people)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address("analysis", desk))
        assert len(queries) == QUERIES


def test_an_editor_counts_what_is_new(desk):
    edition = published(None)
    finished_attempt(edition)
    reply = editor().post(address("analysis-refresh", desk), follow=True)
    assert "1 attempt was counted." in reply.content.decode()
    assert Edition.objects.get(pk=edition.pk).tallies.get().finished == {"in": 1}
    again = editor().post(address("analysis-refresh", desk), follow=True)
    assert "0 attempts were counted." in again.content.decode()


def test_only_publishers_freeze_a_calibration_and_new_results_say_so(desk):
    edition = desk.editions.get()
    place = address("calibrate", desk, 1, "full")
    count(edition, 99)
    assert "needs the answers of 100 people" in (
        publisher().post(place, follow=True).content.decode()
    )
    count(edition, 1)
    assert editor().post(place).status_code == 403
    assert "Freeze" not in said(editor(), desk)
    assert not Calibration.objects.exists()
    assert "Freeze a calibration" in publisher().get(address("analysis", desk)).content.decode()
    reply = publisher().post(place, follow=True)
    assert "Calibration 1 is frozen" in reply.content.decode()
    made = Calibration.objects.get()
    assert (made.edition, made.number, made.made_by.email) == (
        edition, 1, "publishers@example.org",
    )  # fmt: skip


def test_a_result_says_which_calibration_its_ranges_rest_on(desk):
    edition = published(None)
    before = finished_attempt(edition)
    rng = Random(7)
    document = edition.document.model_dump(mode="json", by_alias=True)
    change_sums(
        added=[
            Entry(
                FormKey(edition.pk, "full"),
                CountedAs.IN,
                AnswerSheet("full", steady_taker(document, "full", rng)),
            )
            for _person in range(100)
        ]
    )
    shipped = Edition.objects.get(pk=edition.pk).questionnaire
    publisher().post(address("calibrate", shipped, edition.number, "full"))
    after = finished_attempt(edition)
    pages = [
        holder_of(one).get(reverse("reports:result", args=[one.pk])).content.decode()
        for one in (before, after)
    ]
    assert ["on an assumption" in page for page in pages] == [True, False]
    assert ["calibration 1 of this edition" in page for page in pages] == [False, True]


def test_nobody_else_sees_any_of_it(desk):
    guest = Client()
    for name, args in (("analysis", []), ("analysis-csv", []), ("calibrate", [1, "full"])):
        assert guest.get(address(name, desk, *args)).status_code == 302
