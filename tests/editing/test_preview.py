"""A form of the desk is taken as by a taker, and its result read; nothing is stored."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.apps import apps
from django.test import Client

from assessments.editing.samples import SAMPLES, sample_answers
from assessments.editing.trial import Trial
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import BackgroundQuestion, Item, Placement
from assessments.reports.page import result_page
from assessments.scoring import AnswerSheet, write_report
from tests.cast import shipped_questionnaire
from tests.editing.desks import address, desk_with, editor
from tests.instrument.small import small

pytestmark = pytest.mark.django_db
BANNER = "Preview of the desk: nothing is stored."


def rows_stored() -> dict[str, int]:
    """How many rows each table has; a session may be looked at, not written."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def fields(page: bytes) -> dict[str, str]:
    """What the form that goes on carries."""
    found = re.findall(r'<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', page.decode())
    return {name: html.unescape(value) for name, value in found if name != "seen"}


def heading(page: bytes) -> str:
    """The heading of a page."""
    [told] = re.findall(r"<h1[^>]*>(.*?)</h1>", page.decode(), re.DOTALL)
    return html.unescape(" ".join(told.split()))


class Taker:
    """An editor who takes a form of the desk, page after page."""

    def __init__(self, desk: Questionnaire, form: str = "full") -> None:
        self.desk, self.browser = desk, editor()
        self.page = self.browser.post(address("preview-take", desk), {"form": form}).content

    def go(self, **given: str) -> bytes:
        """Post the page on hand with these fields besides its own."""
        reply = self.browser.post(
            address("preview-take", self.desk), {**fields(self.page), **given}
        )
        self.status, self.page = reply.status_code, reply.content
        return self.page

    def state(self) -> dict[str, object]:
        """What travels."""
        return json.loads(fields(self.page)["state"])


def answered(page: bytes, choice: int) -> dict[str, str]:
    """A choice for every question of a section's page: the first or another."""
    names = dict.fromkeys(re.findall(r'type="radio"\s+name="(q-[^"]+)"', page.decode()))
    return {
        name: re.findall(rf'name="{name}"\s+value="([^"]+)"', page.decode())[choice]
        for name in names
    }


def test_a_form_is_taken_through_all_pages_to_its_result_and_plan_and_nothing_is_stored():
    document = small()
    desk = desk_with(document)
    taker = Taker(desk, document.forms[0].key)
    before = rows_stored()
    session = dict(taker.browser.session)
    assert heading(taker.page) == "About you"
    taker.go(hours="4")
    values = {}
    for number, section in enumerate(document.forms[0].sections, start=1):
        assert heading(taker.page) == section.title
        assert BANNER in taker.page.decode()
        given = answered(taker.page, number % 2)
        values |= given
        taker.go(**given, go="next")
    assert heading(taker.page) == "Check your answers"
    assert "have no answer" not in taker.page.decode()
    goal = document.roles[1].key
    shown = taker.go(goal=goal).decode()

    sheet = {key: document.item[key].value_of(values[f"q-{key}"])
             for key in document.forms[0].item_keys}  # fmt: skip
    report = write_report(
        document, AnswerSheet(document.forms[0].key, sheet), edition=1, edition_digest="x"
    )
    page = result_page(document, report, sheet, chosen_goal=goal)
    assert heading(taker.page) == page.headline
    assert BANNER in shown
    plan = taker.browser.post(
        address("preview-result", desk), {**fields(taker.page), "goal": goal, "show": "plan"}
    ).content
    assert heading(plan) == "Your study plan"
    assert "Weeks: 6, hours a week: 4" in " ".join(plan.decode().split())
    assert document.role[goal].name in plan.decode()
    assert rows_stored() == before
    assert dict(taker.browser.session) == session


def test_nothing_on_the_result_leads_to_an_attempt():
    desk = desk_with(shipped_questionnaire())
    browser = editor()
    posted = {"form": "full", "sample": "lean-b", "seed": 1}
    page = browser.post(address("preview-result", desk), posted).content.decode()
    # An attempt has a UUID in its address.
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", page)
    assert set(re.findall(r'<form\s+method="(\w+)"\s+action="([^"]*)"', page)) == {
        ("post", address("preview-result", desk))
    }
    assert page.count("<form") == 1


def test_one_can_go_back_and_clear_an_answer():
    document = small()
    taker = Taker(desk_with(document), document.forms[0].key)
    taker.go()
    first = answered(taker.page, 1)
    taker.go(**first, go="next")
    taker.go(go="back")
    assert heading(taker.page) == document.forms[0].sections[0].title
    assert taker.page.decode().count("checked") - 1 == len(first)  # and the box for digits
    name, *_rest = first
    taker.go(**first, clear=name.removeprefix("q-"))
    assert heading(taker.page) == document.forms[0].sections[0].title
    assert name.removeprefix("q-") not in taker.state()["answers"]
    assert len(taker.state()["answers"]) == len(first) - 1
    taker.go(go="back")
    assert heading(taker.page) == "About you"


def test_without_an_answer_there_is_nothing_to_read():
    document = small()
    taker = Taker(desk_with(document), document.forms[0].key)
    taker.go()
    for _section in document.forms[0].sections:
        taker.go(go="next")
    taker.go(goal="")
    assert taker.status == 409
    assert "There is nothing to read yet." in taker.page.decode()
    taker.go(go="back")
    assert heading(taker.page) == document.forms[0].sections[-1].title


def test_answers_outlive_a_change_of_the_desk_as_far_as_they_fit():
    document = small()
    desk = desk_with(document)
    taker = Taker(desk, document.forms[0].key)
    taker.go()
    taker.go(**answered(taker.page, 0), go="next")
    gone = next(iter(taker.state()["answers"]))
    Placement.objects.filter(item__key=gone).delete()
    Item.objects.filter(key=gone).delete()
    taker.go(**answered(taker.page, 0), go="back")
    assert gone not in taker.state()["answers"]


def test_a_form_without_questions_about_the_person_begins_with_its_first_section():
    document = small()
    desk = desk_with(document)
    BackgroundQuestion.objects.all().delete()
    taker = Taker(desk, document.forms[0].key)
    assert heading(taker.page) == document.forms[0].sections[0].title


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_answers_every_question_of_every_form(name: str):
    for document in (small(), shipped_questionnaire()):
        for form in document.forms:
            answers = sample_answers(document, form, name, seed=3)
            assert list(answers) == list(form.item_keys)
            AnswerSheet(form.key, answers).check(document)
            assert answers == sample_answers(document, form, name, seed=3)


def test_samples_come_out_as_they_are_called():
    document = shipped_questionnaire()
    form = document.form["full"]

    def told(name: str):
        sheet = AnswerSheet("full", sample_answers(document, form, name, seed=1))
        return write_report(document, sheet, edition=1, edition_digest="x")

    assert told("pole-a").overall.verdict == "strong_a"
    assert told("pole-b").overall.verdict == "strong_b"
    assert told("lean-a").overall.verdict in {"leans_a", "strong_a"}
    assert told("lean-b").overall.verdict in {"leans_b", "strong_b"}
    assert told("neither-yet").overall.readiness_pattern == "neither_yet"
    assert told("left").quality.level == "low"
    assert told("middle").overall.preference == 0


def test_a_random_sample_shows_its_seed_and_another_seed_gives_another():
    desk = desk_with()
    browser, form = editor(), small().forms[0]
    pages = [
        browser.post(
            address("preview-result", desk), {"form": form.key, "sample": "random", "seed": seed}
        ).content
        for seed in (17, 18)
    ]
    assert "at random, from the seed 17" in " ".join(pages[0].decode().split())
    assert fields(pages[0])["state"] != fields(pages[1])["state"]


@pytest.mark.parametrize("form", [{"form": "no"}, {"sample": "no"}, {"seed": "-1"}, {"seed": ""}])
def test_what_cannot_be_sampled_is_asked_again(form: dict[str, str]):
    posted = {"form": small().forms[0].key, "sample": "left", "seed": "1"} | form
    reply = editor().post(address("preview-result", desk_with()), posted)
    assert reply.status_code == 422


@pytest.mark.parametrize(
    "state",
    ["", "[]", "{}", "nonsense", '{"form": "no"}', "[" * 2000, "null",
     '{"form": "full", "answers": [], "background": {}, "goal": [], "sample": "", "seed": 0}',
     '{"form": "full", "answers": {}, "background": [], "goal": "", "sample": "", "seed": 0}',
     '{"form": "full", "answers": {}, "background": {}, "goal": "", "sample": "", "seed": 1e999}'],
)  # fmt: skip
def test_a_state_that_cannot_be_read_begins_anew(state: str):
    desk, browser = desk_with(), editor()
    for name in ("preview-take", "preview-result"):
        reply = browser.post(address(name, desk), {"state": state})
        assert (reply.status_code, reply.headers["Location"]) == (302, address("preview", desk))


def test_an_incomplete_desk_leads_to_the_check():
    desk, browser = desk_with(), editor()
    Questionnaire.objects.update(licence="")
    page = browser.get(address("preview", desk)).content.decode()
    assert "it cannot be read" in page
    assert address("check", desk) in page
    for name in ("preview-take", "preview-result"):
        reply = browser.post(address(name, desk), {"form": "full"})
        assert reply.headers["Location"] == address("check", desk)


def test_the_pages_in_between_have_no_address_of_their_own():
    desk, browser = desk_with(), editor()
    for name in ("preview-take", "preview-result"):
        assert browser.get(address(name, desk)).headers["Location"] == address("preview", desk)


def test_a_post_from_elsewhere_is_refused():
    desk = desk_with()
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = editor().cookies
    assert browser.post(address("preview-take", desk), {"form": "full"}).status_code == 403


def test_hours_and_weeks_that_the_questionnaire_does_not_offer_are_not_read():
    document = small()
    told = Trial(document, document.forms[0], {}, {"hours": "9" * 30, "other": "x"}).to_text()
    found = Trial.read(document, told)
    assert found is not None
    assert found.background == {}


def test_what_travels_is_read_back_as_it_was():
    document = small()
    form = document.forms[0]
    texts = {k: str(v) for k, v in sample_answers(document, form, "random", seed=5).items()}
    trial = Trial(document, form, texts, {"hours": "4"}, document.roles[0].key, "random", 5)
    assert Trial.read(document, trial.to_text()) == trial
