"""The result page says what the report says, in the right words, and no more."""

from collections.abc import Callable
from math import isclose

import pytest

from assessments.instrument.document import Questionnaire, Value
from assessments.reports.page import ResultPage, result_page
from assessments.reports.words import PREFERENCE_UNIT, headline, headline_detail, plain_number
from assessments.scoring import AnswerSheet, Report, write_report
from tests.cast import shipped_questionnaire, some_answers

# What is shown of rows is the same on both databases.
pytestmark = pytest.mark.one_database

DOCUMENT = shipped_questionnaire()
STOPWORDS = {"it", "is", "to", "a", "the", "on", "its", "and", "you", "your", "are", "not"}


def steady(
    document: Questionnaire, preference: Callable[[int], float], ready_a: int, ready_b: int
) -> dict[str, Value]:
    """Answers with this preference per dimension, by its place, and one readiness a side."""
    place = {key: number for number, key in enumerate(document.dimension)}
    answers: dict[str, Value] = {}
    seen: set[str] = set()
    for item in document.items_of(document.form["full"]):
        if item.kind == "pair":
            value = preference(place[item.dimension])
            second = item.dimension in seen
            answers[item.key] = int(value + 0.5) if second else -int(-value + 0.5)
            seen.add(item.dimension)
        elif item.kind == "rating":
            answers[item.key] = ready_a if item.side == "a" else ready_b
    return answers


def scored(answers: dict[str, Value], form: str = "full") -> Report:
    sheet = AnswerSheet(form, answers)
    return write_report(DOCUMENT, sheet, edition=1, edition_digest="sha256:x")


def shown(answers: dict[str, Value], form: str = "full", goal: str = "") -> ResultPage:
    return result_page(DOCUMENT, scored(answers, form), answers, chosen_goal=goal)


def test_a_lean_names_its_side_and_how_sure_it_is():
    page = shown(steady(DOCUMENT, lambda n: 1.5, 1, 3))
    assert page.headline == "You lean strongly towards B2B"
    assert page.sureness.startswith("Very sure of the side")


def test_both_comes_out_in_the_right_words():
    answers = steady(DOCUMENT, lambda n: 0.5 if n % 2 else -0.5, 3, 4)
    assert scored(answers).overall.readiness_pattern == "both"
    assert "You are ready for both" in shown(answers).readiness_sentence


def test_neither_yet_comes_out_in_the_right_words():
    answers = steady(DOCUMENT, lambda n: 1.5, 1, 0)
    assert scored(answers).overall.readiness_pattern == "neither_yet"
    page = shown(answers)
    assert "neither side yet" in page.readiness_sentence
    first = DOCUMENT.dimensions[0]
    row = next(row for row in page.rows if row.key == first.key)
    assert first.texts.neither_yet in row.notes


def test_interest_ahead_of_practice_is_said():
    page = shown(steady(DOCUMENT, lambda n: 1.5, 4, 1))
    assert page.readiness_sentence.endswith("So your interest is ahead of your practice.")


def test_even_and_too_close_share_no_word_that_carries_meaning():
    even = scored(steady(DOCUMENT, lambda n: 0.5 if n % 2 else -0.5, 2, 2))
    close = scored(
        steady(DOCUMENT, lambda n: {0: 1.5, 4: 0.0}.get(n, 0.5 if n % 2 else -0.5), 2, 2)
    )
    assert (even.overall.verdict, close.overall.verdict) == ("even", "too_close")
    said = []
    for report in (even, close):
        opening = headline_detail(report, DOCUMENT).split("Dimensions")[0]
        text = f"{headline(report, DOCUMENT.poles)} {opening}"
        said.append({word.strip(".,").lower() for word in text.split()} - STOPWORDS)
    assert said[0] & said[1] == set()


def test_mixed_names_both_lists():
    page = shown(steady(DOCUMENT, lambda n: 2 if n % 2 else -2, 2, 2))
    assert page.detail.startswith("To B2C: ")
    assert all(dimension.name in page.detail for dimension in DOCUMENT.dimensions)


def test_answers_that_cannot_be_read_get_no_ranking_no_rows_and_no_blame():
    answers: dict[str, Value] = {}
    for item in DOCUMENT.items_of(DOCUMENT.form["full"]):
        choice = {"pair": "1", "rating": "2"}.get(item.kind)
        answers[item.key] = item.value_of(choice or item.options[0].key)
    page = shown(answers, goal="plg-saas")
    assert (page.rows, page.roles, page.goal, page.gaps, page.bars) == ([], None, None, [], [])
    assert page.quality_reasons
    text = " ".join([page.headline, page.detail, page.quality, *page.quality_reasons]).lower()
    assert not any(word in text for word in ("careless", "dishonest", "fail", "weak", "wrong"))


def test_a_flat_profile_is_ranked_nowhere_but_keeps_a_chosen_role():
    answers = steady(DOCUMENT, lambda n: 0, 3, 1)
    assert shown(answers).roles is None
    assert shown(answers).goal is None
    goal = shown(answers, goal="plg-saas").goal
    assert goal is not None
    assert (goal.want, goal.can) != (None, None)


def test_another_role_moves_diamonds_and_gaps_but_no_score():
    answers = some_answers(DOCUMENT)
    first, second = (shown(answers, goal=goal) for goal in ("consumer-core", "plg-saas"))
    assert [row.score for row in first.table] == [row.score for row in second.table]
    assert [row.goal for row in first.table] != [row.goal for row in second.table]
    assert first.gaps != second.gaps


def test_the_pulls_of_a_row_add_up_to_the_score_it_shows():
    page, report = shown(some_answers(DOCUMENT)), scored(some_answers(DOCUMENT))
    by_key = {row.key: row for row in report.dimensions}
    for row in page.rows:
        trace = [t for t in by_key[row.key].trace if t.facet == "preference"]
        total = sum(line.contribution for line in trace) * PREFERENCE_UNIT
        assert row.score.split()[0].rstrip(",") == plain_number(abs(total))
        signed = [(-1 if p.side == "a" else 1) * float(p.words.split()[0].rstrip(","))
                  for p in row.pulls]  # fmt: skip
        assert isclose(sum(signed), total, abs_tol=1e-9)


def test_the_words_of_the_rows_agree_with_the_table_and_the_count():
    page = shown(some_answers(DOCUMENT))
    assert sorted(page.rows, key=id) == sorted(page.table, key=id)
    to_b = sum("B2B" in row.verdict for row in page.rows)
    assert f"lean to B2B: {to_b}," in page.detail


def test_rows_go_from_most_a_to_most_b_and_unscored_ones_come_last():
    answers = steady(DOCUMENT, lambda n: n / 7 - 1, 2, 2)
    answers["metrics-pair-1"] = None
    page = shown(answers)
    xs = [row.track.x for row in page.rows if row.track]
    assert xs == sorted(xs)
    assert [row.key for row in page.rows if not row.track] == ["metrics"]
    assert page.rows[-1].verdict == "Not enough answers"
    assert page.rows[-1].score == ""


def test_no_number_on_the_page_has_a_minus_sign():
    page = shown(steady(DOCUMENT, lambda n: -1.5, 4, 1))
    texts = [page.preference_words, page.preference_range]
    for row in page.rows:
        texts += [row.score, row.range, row.goal, *(pull.words for pull in row.pulls)]
    assert not any("-" in text or "−" in text for text in texts)


def test_the_short_form_shows_three_roles_without_numbers_and_no_rows():
    page = shown(some_answers(DOCUMENT, "short"), form="short")
    assert page.rows == []
    assert page.clusters
    assert page.other_form is not None
    assert page.other_form.key == "full"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6])
def test_any_number_of_answers_gives_a_page(share: float) -> None:
    answers = some_answers(DOCUMENT)
    kept = dict(list(answers.items())[: int(len(answers) * share)])
    assert shown(kept).headline
