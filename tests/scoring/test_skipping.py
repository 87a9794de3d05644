"""What leaving an answer out can do to the level of quality, and what it cannot.

A flag other than `missing` rests on the answers that show it. Take one of them away and the flag
may go, and the level rise: there is less to see. So it is *not* true that skipping never raises
the level. What is true is here.
"""

from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import AnswerSheet
from assessments.scoring.report import Report
from tests.scoring.documents import CLUSTER_OF, full_size
from tests.scoring.reports import flags, report_on
from tests.scoring.takers import sheet, sheets, with_answers, without

DOCUMENT = full_size()
LEVELS = ("low", "medium", "high")
EVIDENCE = {
    "pair": {"same_position", "contradiction"},
    "rating": {"yes_saying"},
    "scenario": {"yes_saying"},
}
"""The flags, besides `speed`, that an answer to an item can be evidence of."""


@st.composite
def removals(draw: st.DrawFn) -> tuple[AnswerSheet, str]:
    """A sheet with at least one answer, and an answered item of it."""
    form = draw(st.sampled_from(("full", "short")))
    answers = draw(sheets(DOCUMENT, form))
    keys = [key for key in DOCUMENT.form[form].item_keys if key in answers.answers]
    if not keys:
        keys = [DOCUMENT.form[form].item_keys[0]]
        answers = AnswerSheet(form, {keys[0]: 0})
    return answers, draw(st.sampled_from(keys))


def height(report: Report) -> int:
    return LEVELS.index(report.quality.level)


@given(removals())
def test_a_level_rises_only_when_the_answer_was_evidence_of_a_flag_that_goes_or_softens(removal):
    answers, key = removal
    before = report_on(DOCUMENT, answers)
    after = report_on(DOCUMENT, without(answers, [key]))
    if height(after) > height(before):
        evidence = EVIDENCE[DOCUMENT.item[key].kind] | {*_timed(answers, key)}
        changed = {
            code for code, level in flags(before).items() if flags(after).get(code) != level
        }
        assert changed & evidence


@given(removals())
def test_a_removed_answer_leaves_every_flag_that_it_is_no_evidence_of(removal):
    answers, key = removal
    before = flags(report_on(DOCUMENT, answers))
    after = flags(report_on(DOCUMENT, without(answers, [key])))
    # A flat profile can be made or unmade by any pair; it does not count towards the level.
    concerned = EVIDENCE[DOCUMENT.item[key].kind] | {*_timed(answers, key)} | {"missing", "flat"}
    assert {code: level for code, level in before.items() if code not in concerned} == {
        code: level for code, level in after.items() if code not in concerned
    }


@given(removals())
def test_skipping_more_never_takes_the_missing_flag_away(removal):
    answers, key = removal
    if "missing" in flags(report_on(DOCUMENT, answers)):
        assert "missing" in flags(report_on(DOCUMENT, without(answers, [key])))


def test_whoever_leaves_out_over_a_fifth_is_low_whatever_the_rest():
    answers = sheet(DOCUMENT, pairs=1, ratings=2, scenarios="three")
    for count in range(64):
        report = report_on(DOCUMENT, without(answers, list(answers.answers)[:count]))
        assert (report.quality.level == "low") is (count > 12)


def test_leaving_out_a_contradiction_can_raise_the_level():
    answers = sheet(DOCUMENT, pairs=1, ratings=2, scenarios="three")
    for key in list(CLUSTER_OF)[:9]:
        answers = with_answers(answers, {f"{key}-pair-1": 2, f"{key}-pair-2": 0})
    assert report_on(DOCUMENT, answers).quality.level == "low"  # 18 / 14
    fewer = without(answers, [f"{key}-pair-1" for key in list(CLUSTER_OF)[:1]])
    assert report_on(DOCUMENT, fewer).quality.level == "medium"  # 16 / 13
    fewer = without(answers, [f"{key}-pair-1" for key in list(CLUSTER_OF)[:4]])
    assert report_on(DOCUMENT, fewer).quality.level == "high"  # 10 / 10


def _timed(answers: AnswerSheet, key: str) -> tuple[str, ...]:
    return ("speed",) if key in answers.seconds else ()
