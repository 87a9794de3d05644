"""The session brief: what it notices, what it asks, and what it says without the answers."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.coaching.brief import (
    KINDS,
    LINES_A_KIND,
    RUSHED_RUN,
    WORTH_ASKING,
    BriefLine,
    brief,
    worth_asking,
)
from assessments.coaching.models import Client
from assessments.instrument.document import Pair, Questionnaire, Value
from assessments.people.consents import AccessEvent, Look, Scope
from assessments.people.models import User
from assessments.responses import services
from assessments.responses.saving import Sent
from assessments.scoring import AnswerSheet, Report, write_report
from tests.cast import (
    answer,
    client_who_shares,
    coach,
    consent_of,
    new_attempt,
    published,
    shipped_questionnaire,
    signed_in,
    some_answers,
)

DOCUMENT = shipped_questionnaire()
FORM = DOCUMENT.form["full"]
# Words that begin a question which yes or no would answer.
CLOSED = ("do", "did", "does", "is", "are", "was", "were", "have", "has", "can", "could", "would")


def report_on(sheet: AnswerSheet, document: Questionnaire = DOCUMENT) -> Report:
    return write_report(document, sheet, edition=1, edition_digest="sha256:x")


def lines_for(
    answers: Mapping[str, Value] | None = None,
    *,
    seconds: Mapping[str, float] | None = None,
    changed: list[str] | None = None,
    goal: str = "b2b-enterprise-saas",
    with_answers: bool = True,
) -> list[BriefLine]:
    sheet = AnswerSheet(
        "full", some_answers(DOCUMENT) if answers is None else answers, seconds or {}
    )
    shared = sheet if with_answers else None
    return brief(DOCUMENT, report_on(sheet), shared, changed or [], goal, name="Priya")


def of(lines: list[BriefLine], kind: str) -> list[BriefLine]:
    return [line for line in lines if line.kind == kind]


def pairs_of(dimension: str) -> list[Pair]:
    items = [DOCUMENT.item[key] for key in FORM.item_keys]
    return [item for item in items if item.kind == "pair" and item.dimension == dimension]


def test_the_gaps_are_those_of_the_result_page_with_the_ratings_behind_them() -> None:
    gaps = of(lines_for(), "gap")
    assert len(gaps) == LINES_A_KIND
    for line in gaps:
        assert "Enterprise software PM" in line.reason
        assert line.dimension is not None
        assert DOCUMENT.dimension[line.dimension].name in line.reason
        assert {DOCUMENT.item[key].dimension for key in line.evidence} == {line.dimension}
        assert {DOCUMENT.item[key].kind for key in line.evidence} <= {"rating", "scenario"}


def test_without_a_chosen_role_the_closest_one_counts() -> None:
    closest = DOCUMENT.role[report_on(AnswerSheet("full", some_answers(DOCUMENT))).roles[0].key]
    assert all(closest.name in line.reason for line in of(lines_for(goal=""), "gap"))


@pytest.mark.parametrize(
    ("one", "other", "found"), [(-2, 1, 1), (-1, 2, 1), (-1, 1, 0), (2, 2, 0)]
)
def test_two_answers_of_a_dimension_contradict_from_three_steps_on(
    one: int, other: int, found: int
) -> None:
    first, second = pairs_of("metrics")[:2]
    lines = of(lines_for({**some_answers(DOCUMENT), first.key: one, second.key: other}),
               "contradiction")  # fmt: skip
    assert len(lines) == found
    if found:
        assert set(lines[0].evidence) == {first.key, second.key}
        assert lines[0].dimension == "metrics"


def test_changed_answers_come_in_the_order_given_and_only_those_that_stand() -> None:
    keys = [*FORM.item_keys[:5]]
    answers = {**some_answers(DOCUMENT), keys[1]: None}
    lines = of(lines_for(answers, changed=[keys[4], keys[1], "no-such-item", keys[0]]), "changed")
    assert [line.evidence for line in lines] == [(keys[4],), (keys[0],)]


@pytest.mark.parametrize(("length", "found"), [(RUSHED_RUN - 1, 0), (RUSHED_RUN, 1), (9, 1)])
def test_a_rushed_stretch_is_a_run_of_answers_faster_than_reading(length: int, found: int) -> None:
    fast = FORM.item_keys[10 : 10 + length]
    seconds = {**dict.fromkeys(FORM.item_keys, 6.0), **dict.fromkeys(fast, 1.9)}
    lines = of(lines_for(seconds=seconds), "rushed")
    assert [line.evidence for line in lines] == [fast] * found


def test_a_skipped_or_untimed_question_breaks_a_stretch() -> None:
    fast = FORM.item_keys[10:16]
    seconds = dict.fromkeys(fast, 1.0)
    answers = some_answers(DOCUMENT)
    assert of(lines_for(seconds=seconds), "rushed")
    assert of(lines_for({**answers, fast[3]: None}, seconds=seconds), "rushed") == []
    untimed = {key: s for key, s in seconds.items() if key != fast[3]}
    assert of(lines_for(seconds=untimed), "rushed") == []
    assert of(lines_for(), "rushed") == []


def test_a_wish_is_a_clear_lean_to_a_side_that_is_not_ready() -> None:
    wishes = of(lines_for(), "wish")
    assert len(wishes) == LINES_A_KIND
    report = report_on(AnswerSheet("full", some_answers(DOCUMENT)))
    rows = {row.key: row for row in report.dimensions}
    for line in wishes:
        row = rows[line.dimension or ""]
        assert row.verdict in {"strong_b", "leans_b"}
        assert row.readiness_b is not None
        assert row.readiness_b < 2.5
    sizes = [abs(rows[line.dimension or ""].preference or 0) for line in wishes]
    assert sizes == sorted(sizes, reverse=True)


def test_open_questions_are_named_where_they_cost_a_score() -> None:
    pairs = pairs_of("design")
    answers = {**some_answers(DOCUMENT), **{pair.key: None for pair in pairs}}
    lines = of(lines_for(answers), "unscored")
    assert [set(line.evidence) for line in lines] == [{pair.key for pair in pairs}]


def test_answers_that_cannot_be_read_get_kind_words_and_no_gap() -> None:
    first = {
        key: item.value_of("2") for key in FORM.item_keys
        if (item := DOCUMENT.item[key]).kind == "pair"
    }  # fmt: skip
    lines = lines_for({**some_answers(DOCUMENT), **first})
    assert of(lines, "gap") == of(lines, "wish") == []
    assert "same place" in of(lines, "quality")[0].reason


def every_kind() -> list[BriefLine]:
    one, other = pairs_of("metrics")[:2]
    answers = {**some_answers(DOCUMENT), one.key: -2, other.key: 2}
    answers |= {pair.key: None for pair in pairs_of("design")}
    fast = [key for key in FORM.item_keys if DOCUMENT.item[key].kind != "pair"][:6]
    seconds = {**dict.fromkeys(FORM.item_keys, 6.0), **dict.fromkeys(fast, 1.0)}
    return lines_for(answers, seconds=seconds, changed=list(FORM.item_keys[:4]))


def test_every_line_asks_two_open_questions() -> None:
    lines = [*every_kind(), *lines_for(dict.fromkeys(FORM.item_keys[:5], 1))]
    assert {line.kind for line in lines} == set(KINDS)
    for line in lines:
        for question in line.questions:
            first_word = question.split()[0].lower()
            assert question.endswith("?")
            assert first_word in {"what", "how", "when"}
            assert first_word not in CLOSED


def test_no_kind_has_more_than_three_lines_and_kinds_keep_their_order() -> None:
    kinds = [line.kind for line in every_kind()]
    assert max(kinds.count(kind) for kind in KINDS) <= LINES_A_KIND
    assert kinds == sorted(kinds, key=list(KINDS).index)


def test_without_the_answers_there_is_nothing_that_only_an_answer_shows() -> None:
    answers = some_answers(DOCUMENT)
    one, other = pairs_of("metrics")[:2]
    answers |= {one.key: -2, other.key: 2}
    lines = lines_for(answers, changed=list(FORM.item_keys[:4]), with_answers=False)
    assert {line.kind for line in lines} <= {"gap", "wish", "quality"}
    assert lines
    assert all(line.evidence == () for line in lines)


def test_the_three_worth_asking_are_of_different_kinds_where_there_are_enough() -> None:
    lines = every_kind()
    asked = worth_asking(lines)
    assert len(asked) == WORTH_ASKING
    kinds = [next(line.kind for line in lines if text.startswith(line.reason)) for text in asked]
    assert len(set(kinds)) == WORTH_ASKING
    assert worth_asking([]) == []
    assert worth_asking(lines[:1]) == [f"{lines[0].reason} {lines[0].questions[0]}"]


def test_a_brief_is_the_same_twice() -> None:
    assert every_kind() == every_kind()
    assert replace(every_kind()[0]) == every_kind()[0]


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_line_links_to_the_answers_behind_it() -> None:
    tom = coach()
    client = client_who_shares(tom)
    page = signed_in(tom).get(reverse("coaching:brief", args=[client.pk]))
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex"
    answers = reverse("coaching:client-answers", args=[client.pk])
    for part in page.context["parts"]:
        for shown in part.lines:
            keys = {behind.url.removeprefix(f"{answers}#q-") for behind in shown.behind}
            assert keys == set(shown.line.evidence)


@pytest.mark.django_db
def test_without_the_scope_the_lines_link_to_rows_of_the_result() -> None:
    tom = coach()
    client = client_who_shares(tom, scopes=[Scope.PLAN])
    page = signed_in(tom).get(reverse("coaching:brief", args=[client.pk]))
    assert "does not share single answers" in page.content.decode()
    result = reverse("coaching:client-result", args=[client.pk])
    urls = {
        behind.url
        for part in page.context["parts"]
        for shown in part.lines
        for behind in shown.behind
    }
    assert urls
    assert all(url.startswith(f"{result}#d-") for url in urls)


@pytest.mark.django_db
def test_opening_the_brief_is_written_down_once() -> None:
    tom = coach()
    client = client_who_shares(tom)
    signed_in(tom).get(reverse("coaching:brief", args=[client.pk]))
    line = AccessEvent.objects.get()
    assert (line.client_id, line.reader_id, line.look) == (client.person_id, tom.pk, Look.BRIEF)


@pytest.mark.django_db
def test_the_page_names_answers_that_were_changed_and_none_that_were_only_sent_again() -> None:
    tom, priya = coach(), User.objects.create_user("priya@example.org", name="Priya Raman")
    attempt = new_attempt(published(), owner=priya)
    first = some_answers(DOCUMENT)
    answer(attempt, first)
    # As “Save and continue” does: the whole section once more, with one answer changed.
    keys = FORM.item_keys[:6]
    again = {key: first[key] for key in keys} | {keys[2]: -1}
    sent = [Sent(key, str(value), "cast", 2, 1) for key, value in again.items()]
    services.save_answers(attempt=attempt, sent=sent, at=timezone.now())
    services.finish(attempt=attempt, at=timezone.now())
    attempt.refresh_from_db()
    consent_of(priya, tom, attempt)
    client = Client.objects.get(person=priya)
    page = signed_in(tom).get(reverse("coaching:brief", args=[client.pk]))
    changed = [
        shown.line.evidence
        for part in page.context["parts"]
        for shown in part.lines
        if shown.line.kind == "changed"
    ]
    assert changed == [(keys[2],)]
