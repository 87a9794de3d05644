"""One client's pages: who may open them, what they hold, and what ends with the sharing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from assessments.coaching.client_page import client_page
from assessments.coaching.client_views import plan_of
from assessments.coaching.models import Assignment, Note
from assessments.coaching.models import Client as CoachedClient
from assessments.coaching.reading import Reading
from assessments.coaching.services import NotSharing, assign, change_note, end_coaching, write_note
from assessments.instrument.document import Questionnaire, Value
from assessments.instrument.wording import answer_words
from assessments.people.consents import AccessEvent, Consent, Look, Scope
from assessments.people.models import CoachProfile, User
from assessments.questionnaires.editions import PublishedEdition
from assessments.reports.models import StudyPlan
from assessments.reports.page import result_page, without_answers
from assessments.reports.pdf import pdf_available
from assessments.responses import services
from assessments.responses.models import Attempt
from assessments.scoring import Report
from tests.cast import (
    answer,
    coach,
    finished_attempt,
    headers_of,
    new_attempt,
    published,
    shares_with,
    signed_in,
    some_answers,
    stops_sharing,
)

pytestmark = pytest.mark.django_db
ALL = tuple(scope.value for scope in Scope)
SECRET = "PRIVATE-PLAN-NOTE"
MARKUP = "<script>alert(1)</script>&amp;{{7|add:42}}"
READING = {
    "client": Look.CLIENT_PAGE,
    "client-result": Look.RESULT,
    "client-answers": Look.ANSWERS,
    "client-plan": Look.PLAN,
    "client-pdf": Look.PDF,
    "client-csv": Look.TABLE,
}
# All but the PDF, which has tests of its own.
SHOWN = [name for name in READING if name != "client-pdf"]
needs_pango = pytest.mark.skipif(not pdf_available(), reason="no Pango")


@dataclass
class Desk:
    """A coach with one client who shares everything, and what hangs on the client."""

    tom: User
    browser: Client
    edition: PublishedEdition
    attempt: Attempt
    client: CoachedClient
    note: Note
    assignment: Assignment

    def at(self, name: str) -> str:
        more = {
            "note": [self.note.pk],
            "note-delete": [self.note.pk],
            "assignment-withdraw": [self.assignment.pk],
        }
        return reverse(f"coaching:{name}", args=[self.client.pk, *more.get(name, [])])

    def get(self, name: str, **query: str) -> Any:
        return self.browser.get(self.at(name), query)

    def page(self, name: str, **query: str) -> str:
        return " ".join(self.get(name, **query).content.decode().split())

    def only(self, *scopes: str) -> None:
        """From now on the consent names these scopes."""
        Consent.objects.update(**{scope: scope in scopes for scope in ALL})


def sharing_desk(scopes: tuple[str, ...] = ALL, *, name: str = "Priya Raman") -> Desk:
    edition = published()
    tom = coach()
    priya = User.objects.create_user("priya@example.org", name=name)
    attempt = finished_attempt(edition, owner=priya)
    Attempt.objects.filter(pk=attempt.pk).update(goal="b2b-enterprise-saas")
    attempt.refresh_from_db()
    rating = next(item for item in edition.document.items if item.kind == "rating")
    StudyPlan.objects.create(
        attempt=attempt,
        started_on=timezone.localdate(),
        note=SECRET,
        rerated={rating.key: 4},
    )
    client = shares_with(tom, attempt, *scopes)
    at = timezone.now()
    note = write_note(client=client, text="First note", is_shared=False, at=at)
    assignment = assign(client=client, kind=Assignment.Kind.RETAKE, key="", due_on=None, at=at)
    return Desk(tom, signed_in(tom), edition, attempt, client, note, assignment)


@pytest.fixture
def desk() -> Desk:
    return sharing_desk()


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# --- Who may ------------------------------------------------------------------------------------

GETS = [
    "client", "client-edit", "end", "note", "note-delete",
    "client-result", "client-answers", "client-plan", "client-csv",
    pytest.param("client-pdf", marks=needs_pango),
]  # fmt: skip
POSTS: dict[str, dict[str, str]] = {
    "client-edit": {"name": "Other"},
    "remind": {},
    "end": {},
    "note-add": {"text": "Sent by somebody else"},
    "note": {"text": "Sent by somebody else"},
    "note-delete": {},
    "assign": {"what": "retake:"},
    "assignment-withdraw": {},
}


def strangers(desk: Desk) -> dict[str, Client]:
    other = coach("other@example.org")
    unapproved = coach("waits@example.org", is_approved=False)
    return {
        "another coach": signed_in(other),
        "a coach whose desk waits": signed_in(unapproved),
        "the client": signed_in(User.objects.get(email="priya@example.org")),
        "somebody without a desk": signed_in(User.objects.create_user("who@example.org")),
        "a superuser": signed_in(User.objects.create_superuser("root@example.org")),
    }


def rows() -> list[Any]:
    models = (CoachedClient, Note, Assignment, Consent)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("name", GETS)
def test_only_the_coach_shared_with_opens_a_page(desk: Desk, name: str):
    asked = {}
    if name == "client-pdf":
        # The short form's takes a fifth of the time.
        short = finished_attempt(desk.edition, "short", desk.client.person)
        asked = {"attempt": str(short.pk)}
    assert desk.get(name, **asked).status_code == 200
    AccessEvent.objects.all()._raw_delete("default")
    for who, browser in strangers(desk).items():
        assert (who, browser.get(desk.at(name)).status_code) == (who, 404)
    assert Client().get(desk.at(name)).status_code == 302
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize("name", POSTS)
def test_only_the_coach_of_the_client_does_anything(desk: Desk, name: str):
    before = rows()
    for who, browser in strangers(desk).items():
        assert (who, browser.post(desk.at(name), POSTS[name]).status_code) == (who, 404)
    assert Client().post(desk.at(name), POSTS[name]).status_code == 302
    assert rows() == before


def test_a_desk_that_loses_its_approval_opens_nothing(desk: Desk):
    CoachProfile.objects.filter(user=desk.tom).update(is_approved=False)
    for name in ("client", "client-result", "note"):
        assert desk.get(name).status_code == 404


@pytest.mark.parametrize("name", ["client-result", "client-answers", "client-plan", "client-csv"])
def test_what_is_shared_no_longer_looks_like_what_does_not_exist(desk: Desk, name: str):
    stops_sharing(desk.client)
    ended = desk.get(name)
    unknown = desk.browser.get(desk.at(name).replace(str(desk.client.pk), str(uuid4())))
    assert (ended.status_code, ended.content) == (404, unknown.content)
    assert headers_of(ended) == headers_of(unknown)


@pytest.mark.parametrize("name", ["note", "note-delete", "assignment-withdraw"])
def test_a_child_of_another_client_is_not_found_under_this_one(desk: Desk, name: str):
    other = shares_with(
        desk.tom,
        finished_attempt(desk.edition, "short", User.objects.create_user("x@example.org")),
    )
    address = desk.at(name).replace(str(desk.client.pk), str(other.pk))
    assert desk.browser.post(address, {"text": "Changed"}).status_code == 404
    desk.note.refresh_from_db()
    assert desk.note.text == "First note"


# --- Withdrawal ---------------------------------------------------------------------------------

END: list[Callable[[Desk], object]] = [
    lambda desk: stops_sharing(desk.client),
    lambda desk: Consent.objects.update(
        given_at=timezone.now() - timedelta(days=2), expires_at=timezone.now()
    ),
    lambda desk: end_coaching(client=desk.client, at=timezone.now()),
]


@pytest.mark.parametrize("end", END, ids=["withdrawn", "run out", "ended by the coach"])
@pytest.mark.parametrize("name", ["note-add", "note", "assign", "assignment-withdraw"])
def test_a_post_after_the_end_of_the_sharing_is_refused(
    desk: Desk, end: Callable[[Desk], object], name: str
):
    desk.page("client")
    end(desk)
    before = rows()
    sent = {"text": "Typed <b>with</b> care", "what": "retake:"}
    response = desk.browser.post(desk.at(name), sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert rows() == before
    assert "does not share a result with you. Nothing was changed." in page
    assert re.search(r"<title>\s*Error:", page)
    assert ("Typed &lt;b&gt;with&lt;/b&gt; care</textarea>" in page) == (name.startswith("note"))
    assert "Sharing ended on" in page


def test_an_empty_note_after_the_end_is_refused_too(desk: Desk):
    stops_sharing(desk.client)
    assert desk.browser.post(desk.at("note-add"), {"text": ""}).status_code == 409


def test_after_the_end_the_page_stays_with_ones_own_notes_and_nothing_of_the_result(desk: Desk):
    stops_sharing(desk.client)
    looks = AccessEvent.objects.count()
    response = desk.get("client")
    page = " ".join(response.content.decode().split())
    consent = Consent.objects.get()
    assert response.status_code == 200
    assert "Priya Raman no longer shares a result with you. Sharing ended on" in page
    assert "First note" in page
    assert f"They stay until {consent.notes_kept_until:%-d %b %Y}" in page
    assert "In short" not in page
    assert desk.edition.document.poles.b.name not in page
    assert f'action="{desk.at("note-add")}"' not in page
    assert AccessEvent.objects.count() == looks
    # To read and to delete, and no longer to change.
    assert desk.get("note").headers["Location"] == desk.at("client")
    assert desk.browser.post(desk.at("note-delete")).status_code == 302
    assert not Note.objects.exists()


# --- Reads and their lines ----------------------------------------------------------------------


@pytest.mark.parametrize("name", SHOWN)
def test_every_read_is_a_line_and_every_refusal_none(desk: Desk, name: str):
    for number in (1, 2):
        assert desk.get(name).status_code == 200
        said = list(AccessEvent.objects.values_list("reader", "client", "attempt", "look"))
        line = (desk.tom.pk, desk.client.person_id, desk.attempt.pk, READING[name].value)
        assert said == number * [line]
    stops_sharing(desk.client)
    desk.get(name)
    assert AccessEvent.objects.count() == 2


@pytest.mark.parametrize("name", READING)
def test_nothing_is_read_before_ones_own_view(desk: Desk, name: str):
    CoachProfile.objects.filter(user=desk.tom).update(rates_first=True)
    response = desk.get(name)
    second_view = reverse("coaching:second-view", args=[desk.client.pk])
    assert response.status_code == 302
    assert response.headers["Location"] == f"{second_view}?attempt={desk.attempt.pk}"
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("client-answers", "answers"),
        ("client-plan", "plan"),
        ("client-csv", "export"),
        ("client-pdf", "export"),
    ],
)
def test_what_the_consent_does_not_name_does_not_exist(desk: Desk, name: str, scope: str):
    desk.only(*(other for other in ALL if other != scope))
    assert desk.get(name).status_code == 404
    assert not AccessEvent.objects.exists()
    assert desk.at(name) not in desk.page("client") + desk.page("client-result")


def test_the_page_shows_ones_own_looks_and_not_those_of_other_coaches(desk: Desk):
    other = coach("other@example.org")
    theirs = shares_with(other, desk.attempt)
    signed_in(other).get(reverse("coaching:client-result", args=[theirs.pk]))
    page = desk.page("client")
    assert "You opened this page" in page
    assert "You opened the result" not in page
    assert "Priya Raman sees the same list." in page


# --- Answers, and what tells of them ------------------------------------------------------------


def odd_answers(document: Questionnaire) -> dict[str, Value]:
    """Answers of all kinds, so that every label would show."""
    found: dict[str, Value] = {}
    for number, item in enumerate(document.items_of(document.form["full"])):
        if item.kind == "pair":
            found[item.key] = (2, 1, 2, 0, -1)[number % 5]
        elif item.kind == "rating":
            found[item.key] = number % 5
        else:
            found[item.key] = item.options[number % len(item.options)].key
    return found


def given_away(desk: Desk, text: str) -> list[str]:
    """Every question, answer or pull of the client's that the text holds."""
    document = desk.edition.document
    sheet = services.answer_sheet(attempt=desk.attempt, items=document.item)
    report = Report.parse(desk.attempt.report.document)
    words = [report.answers_digest, "Pulls your score by", "Digest of your answers"]
    for item in document.items_of(document.form["full"]):
        words.append(item.left.text if item.kind == "pair" else item.text)
        if item.kind == "scenario":
            words.append(str(answer_words(document, item, sheet.answers[item.key])))
    page = result_page(document, report, sheet.answers)
    for row in page.rows:
        words.append(row.rests_on)
        for pull in [*row.pulls, *(p for side in row.readiness for p in side.pulls)]:
            words += [pull.question, f">{escape(pull.answer)}<"]
    flat = " ".join(text.split())
    return sorted({word for word in words if word in flat or escape(word) in flat})


@pytest.fixture
def odd_desk(desk: Desk) -> Desk:
    """The same with answers of all kinds."""
    owner = desk.client.person
    attempt = new_attempt(desk.edition, owner=owner)
    answer(attempt, odd_answers(desk.edition.document))
    services.finish(attempt=attempt, at=timezone.now())
    attempt.refresh_from_db()
    StudyPlan.objects.filter(attempt=desk.attempt).update(attempt=attempt)
    Consent.objects.update(attempt=attempt)
    desk.attempt = attempt
    return desk


def test_the_probe_for_answers_finds_them_where_they_are_shared(odd_desk: Desk):
    document = odd_desk.edition.document
    for name in ("client", "client-result", "client-answers", "client-csv"):
        found = given_away(odd_desk, odd_desk.get(name).content.decode())
        assert len(found) > len(document.form["full"].item_keys) / 2, name


@pytest.mark.parametrize("name", ["client", "client-result", "client-plan", "client-csv"])
def test_without_the_scope_no_answer_is_given_away(odd_desk: Desk, name: str):
    odd_desk.only("plan", "export", "later_attempts")
    response = odd_desk.get(name)
    assert response.status_code == 200
    assert given_away(odd_desk, response.content.decode()) == []


@needs_pango
def test_without_the_scope_no_answer_is_in_the_pdf(odd_desk: Desk):
    digest = Report.parse(odd_desk.attempt.report.document).answers_digest
    shared = pdf_text(odd_desk.get("client-pdf").content)
    assert "Your answers, all of them" in shared
    assert digest in shared.replace(" ", "")
    assert "Your next weeks" in shared
    # The notes in the study plan stay the client's.
    assert SECRET not in shared
    odd_desk.only("export")
    text = pdf_text(odd_desk.get("client-pdf").content)
    assert given_away(odd_desk, text) == []
    assert digest not in text.replace(" ", "")
    assert "Your answers, all of them" not in text
    # The plan is a scope of its own.
    assert "Your next weeks" not in text


def test_a_page_without_answers_keeps_scores_and_loses_the_rest():
    edition = published()
    attempt = finished_attempt(edition)
    report = Report.parse(attempt.report.document)
    page = result_page(edition.document, report, some_answers(edition.document))
    bare = without_answers(page)
    assert bare.answers == []
    for row in [*bare.rows, *bare.table]:
        assert (row.pulls, row.answers, row.rests_on) == ((), 0, "")
        assert [side.pulls for side in row.readiness] == [(), ()]
    assert [row.score for row in bare.rows] == [row.score for row in page.rows]
    assert (bare.headline, bare.gaps, bare.roles) == (page.headline, page.gaps, page.roles)


@pytest.mark.parametrize("name", [*SHOWN, "end", "client-edit", "note"])
def test_the_notes_in_the_study_plan_stay_the_clients(desk: Desk, name: str):
    response = desk.get(name)
    assert response.status_code == 200
    assert SECRET not in response.content.decode()


# --- What the pages say -------------------------------------------------------------------------


def test_the_page_says_in_short_what_is_shared(desk: Desk):
    page = desk.page("client")
    for words in ("In short", "Strongly B2B", "Ready for B2B", "of 100", "0 of", "steps done"):
        assert words in page
    assert "Open the single answers" in page
    desk.only()
    page = desk.page("client")
    assert "steps done" not in page
    assert "Open the single answers" not in page
    assert "<details" not in page


def test_the_result_stands_under_a_banner_and_without_an_owners_action(desk: Desk):
    page = desk.page("client-result")
    assert "This is Priya Raman’s result, in the words Priya Raman reads." in page
    own = [
        reverse(f"reports:{name}", args=[desk.attempt.pk])
        for name in ("plan", "pdf", "csv", "report-json", "result")
    ]
    own += [reverse(f"responses:{name}", args=[desk.attempt.pk]) for name in ("delete", "later")]
    assert [address for address in own if address in page] == []


def test_another_role_can_be_compared_with(desk: Desk):
    role = desk.edition.document.roles[2]
    assert f'value="{role.key}" selected' in desk.page("client-result", role=role.key)
    assert role.name in desk.get("client-csv", role=role.key).content.decode("utf-8-sig")


def test_the_coach_chooses_among_the_attempts_that_the_consent_opens(desk: Desk):
    assert 'name="attempt"' not in desk.page("client-result")
    owner = desk.client.person
    later = finished_attempt(desk.edition, "short", owner)
    page = desk.page("client-result")
    assert f'value="{later.pk}" selected' in page
    assert f'value="{desk.attempt.pk}"' in page
    page = desk.page("client-result", attempt=str(desk.attempt.pk))
    assert f'value="{desk.attempt.pk}" selected' in page
    assert "Your profile" in page
    desk.only()
    assert desk.get("client-result", attempt=str(later.pk)).status_code == 404
    assert desk.get("client-result", attempt="nonsense").status_code == 404
    strange = finished_attempt(desk.edition, "short")
    assert desk.get("client-result", attempt=str(strange.pk)).status_code == 404


def low(document: Questionnaire) -> dict[str, Value]:
    return dict(list(some_answers(document).items())[:20])


def flat(document: Questionnaire) -> dict[str, Value]:
    return {
        item.key: 0 if item.kind == "pair" else 2 if item.kind == "rating" else item.options[0].key
        for item in document.items_of(document.form["full"])
    }


@pytest.mark.parametrize(
    ("answers", "said"),
    [(low, "No clear result"), (flat, "At home on both sides")],
)
def test_results_that_say_little_read_well(
    desk: Desk, answers: Callable[[Questionnaire], dict[str, Value]], said: str
):
    attempt = new_attempt(desk.edition, owner=desk.client.person)
    answer(attempt, answers(desk.edition.document))
    services.finish(attempt=attempt, at=timezone.now())
    page = desk.page("client")
    assert said in page
    assert "None" not in page
    for name in ("client-result", "client-plan", "client-answers", "client-csv"):
        assert desk.get(name).status_code == 200


def test_the_short_form_gives_areas_and_no_profile(desk: Desk):
    finished_attempt(desk.edition, "short", desk.client.person)
    page = desk.page("client")
    assert "Areas, in the words Priya Raman reads" in page
    assert '<h2 id="profile">' not in page


# --- Notes and suggestions ----------------------------------------------------------------------


def test_a_note_is_kept_changed_and_deleted(desk: Desk):
    desk.browser.post(desk.at("note-add"), {"text": "Second", "is_shared": "on"})
    second = Note.objects.exclude(pk=desk.note.pk).get()
    assert (second.text, second.is_shared) == ("Second", True)
    assert "The note is saved, and Priya Raman can read it." in desk.page("client")
    desk.browser.post(desk.at("note"), {"text": "First, reworded"})
    desk.note.refresh_from_db()
    assert (desk.note.text, desk.note.is_shared) == ("First, reworded", False)
    assert "Delete this note?" in desk.page("note-delete")
    desk.browser.post(desk.at("note-delete"))
    assert list(Note.objects.all()) == [second]


@pytest.mark.parametrize("text", ["", 10_001 * "x", "with \0 in it"])
def test_a_faulty_note_is_sent_back_with_what_was_typed(desk: Desk, text: str):
    for name in ("note-add", "note"):
        response = desk.browser.post(desk.at(name), {"text": text})
        assert response.status_code == 422
        assert re.search(r"<title>\s*Error:", response.content.decode())
        assert text[:100] in response.content.decode()
    assert Note.objects.get().text == "First note"


def test_a_note_is_not_changed_by_a_withdrawal_that_came_first(desk: Desk):
    """The form was looked at while there was a consent, and the deed came after its end."""
    stops_sharing(desk.client)
    with pytest.raises(NotSharing):
        change_note(note=desk.note, text="Changed", is_shared=True, at=timezone.now())
    desk.note.refresh_from_db()
    assert desk.note.text == "First note"


def test_a_note_says_who_can_read_it(desk: Desk):
    said = "Only you can read notes, unless you share one. Priya Raman’s copy of all data holds"
    assert said in desk.page("client")


@pytest.mark.parametrize("kind", ["role", "step", "retake"])
def test_a_role_a_step_and_a_retake_can_be_suggested(desk: Desk, kind: str):
    document = desk.edition.document
    step = document.study.recommendations[0]
    keys = {"role": document.roles[0].key, "step": step.key, "retake": ""}
    sent = {"what": f"{kind}:{keys[kind]}", "by": "2099-03-01"}
    assert desk.browser.post(desk.at("assign"), sent).status_code == 302
    made = Assignment.objects.exclude(pk=desk.assignment.pk).get()
    assert (made.kind, made.key, f"{made.due_on}") == (kind, keys[kind], "2099-03-01")
    assert "by 1 Mar 2099" in desk.page("client")


@pytest.mark.parametrize("what", ["", "role:no-such-role", "step:", "delete:", "role"])
def test_nothing_else_can_be_suggested(desk: Desk, what: str):
    assert desk.browser.post(desk.at("assign"), {"what": what}).status_code == 422
    assert (
        desk.browser.post(desk.at("assign"), {"what": "retake:", "by": "2001-01-01"}).status_code
        == 422
    )
    assert Assignment.objects.count() == 1


def test_a_suggestion_is_taken_back(desk: Desk):
    assert "Take the assessment again" in desk.page("client").split("What to suggest")[0]
    desk.browser.post(desk.at("assignment-withdraw"))
    desk.page("client")  # the message, which names nothing
    assert "Nothing suggested yet." in desk.page("client")


# --- Words of others ----------------------------------------------------------------------------


def test_stored_markup_is_shown_as_text(desk: Desk):
    User.objects.update(name=MARKUP)
    CoachProfile.objects.update(practice=MARKUP)
    CoachedClient.objects.update(name=MARKUP, message=MARKUP, email=MARKUP)
    Note.objects.update(text=MARKUP, is_shared=True)
    desk.browser.post(desk.at("client-edit"), {"name": MARKUP, "new_group": MARKUP[:60]})
    names = ["client", "client-result", "client-answers", "client-plan", "client-edit", "end",
             "note", "note-delete"]  # fmt: skip
    pages = {name: desk.get(name).content.decode() for name in names}
    pages["desk"] = desk.browser.get(reverse("coaching:desk")).content.decode()
    pages["settings"] = desk.browser.get(reverse("coaching:settings")).content.decode()
    pages["faulty"] = desk.browser.post(
        desk.at("note-add"), {"text": MARKUP + 10_000 * "x"}
    ).content.decode()
    stops_sharing(desk.client)
    pages["ended"] = desk.get("client").content.decode()
    for name, page in pages.items():
        assert "alert(1)" in page, name
        assert "<script>alert" not in page, name
        assert "&amp;lt;script" not in page, name
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in page, name


def test_an_invitations_page_shows_markup_as_text(desk: Desk):
    response = desk.browser.post(
        reverse("coaching:invite"), {"name": MARKUP, "message": MARKUP, "new_group": MARKUP[:60]}
    )
    assert "<script>alert" not in response.content.decode()
    client = CoachedClient.objects.get(person=None)
    page = desk.browser.get(reverse("coaching:client", args=[client.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- What they cost, and what robots are told ---------------------------------------------------

# Session and user, desk, client, consent, attempt and report, view first, the line; then what
# the page is for.
COSTS = {
    "client": 13, "client-result": 9, "client-answers": 8, "client-plan": 9, "client-csv": 8,
}  # fmt: skip


@pytest.mark.parametrize("number", [1, 10])
@pytest.mark.parametrize("name", COSTS)
def test_a_page_asks_as_many_questions_whatever_the_size(desk: Desk, name: str, number: int):
    at = timezone.now()
    for _number in range(number):
        write_note(client=desk.client, text="x", is_shared=False, at=at)
        assign(client=desk.client, kind=Assignment.Kind.RETAKE, key="", due_on=None, at=at)
        desk.get("client-answers")
    with CaptureQueriesContext(connection) as asked:
        desk.get(name)
    said = [q["sql"] for q in asked if not re.match(r"(SAVEPOINT|RELEASE|BEGIN|COMMIT)", q["sql"])]
    assert len(said) == COSTS[name], "\n".join(said)


@pytest.mark.parametrize("name", ["client", "client-result", "client-csv", "note"])
def test_robots_are_told_to_stay_away(desk: Desk, name: str):
    response = desk.get(name)
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Cache-Control"] == "no-store"


# --- The client's preview -----------------------------------------------------------------------


@pytest.mark.parametrize("form", ["full", "short"])
def test_the_same_part_can_be_laid_out_before_anything_is_shared(form: str):
    edition = published()
    priya = User.objects.create_user("priya@example.org", name="Priya Raman")
    attempt = finished_attempt(edition, form, priya)
    tom = coach()
    reading = Reading(
        client=CoachedClient(coach=tom, person=priya, name=priya.name),
        consent=Consent(client=priya, coach=tom, attempt=attempt, plan=True),
        attempt=attempt,
        edition=edition,
        report=Report.parse(attempt.report.document),
        sheet=None,
    )
    plan = plan_of(reading, timezone.localdate())
    page = client_page(reading, plan, lines=["Ask about <b>this</b>."])
    # Not for the template alone to leave out.
    assert [row.pulls for row in page.rows] == len(page.rows) * [()]
    html = render_to_string("assessments/coaching/client_result.html", {"page": page})
    assert "In short" in html
    assert "steps" in html
    assert "Ask about &lt;b&gt;this&lt;/b&gt;." in html
    assert "href" not in html
    assert not CoachedClient.objects.exists()
