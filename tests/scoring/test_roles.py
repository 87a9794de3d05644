import pytest

from assessments.instrument.document import Role
from assessments.scoring import AnswerSheet, needs, role_fit
from assessments.scoring.report import RoleFit
from assessments.scoring.roles import Standing, equally_close, fit_of, ranked
from tests.scoring.documents import questionnaire, rating, role
from tests.scoring.reports import report_on
from tests.scoring.takers import clicking, sheet, with_profile


def a_role(*targets: tuple[int, int], key: str = "role") -> Role:
    keyed = {f"d{number}": target for number, target in enumerate(targets)}
    document = questionnaire(["d0"], [rating("d0", "a")], roles=[role(key, keyed)])
    return document.roles[0]


def standing(
    number: int, preference: float | None, a: float | None = None, b: float | None = None
) -> Standing:
    return Standing(f"d{number}", preference, {"a": a, "b": b})


@pytest.mark.parametrize(
    ("position", "by_weight"),
    [
        (-2, [(0, 0), (2, 0), (3, 0), (3, 0)]),
        (-1, [(0, 0), (2, 0), (3, 1), (3, 1)]),
        (0, [(0, 0), (1, 1), (2, 2), (2, 2)]),
        (1, [(0, 0), (0, 2), (1, 3), (1, 3)]),
        (2, [(0, 0), (0, 2), (0, 3), (0, 3)]),
    ],
)
def test_needs_follow_weight_and_position(position, by_weight):
    found = [needs(a_role((position, weight)), "d0") for weight in range(4)]
    assert found == by_weight


def test_a_dimension_without_a_target_needs_nothing():
    assert needs(a_role((2, 3)), "other") == (0, 0)


def test_want_is_100_on_target_and_0_at_the_far_end():
    assert fit_of(a_role((2, 3)), [standing(0, 2.0)]).want == 100.0
    assert fit_of(a_role((2, 3)), [standing(0, -2.0)]).want == 0.0


def test_want_weighs_dimensions_and_leaves_out_those_without_a_preference():
    fit = fit_of(
        a_role((2, 3), (-2, 1), (0, 2)), [standing(0, 2.0), standing(1, 2.0), standing(2, None)]
    )
    assert (fit.want, fit.used_want) == (75.0, 2)


def test_can_counts_gaps_below_the_need_and_nothing_above_it():
    # Needs (1, 3): a gap of none and of 2, of 4 in all.
    fit = fit_of(a_role((1, 2)), [standing(0, 0.0, a=4.0, b=1.0)])
    assert (fit.can, fit.used_can) == (50.0, 2)


def test_can_leaves_out_cells_without_a_readiness():
    fit = fit_of(a_role((1, 2)), [standing(0, 0.0, a=0.5, b=None)])
    assert (fit.can, fit.used_can) == (50.0, 1)


def test_a_dimension_that_a_role_has_no_target_for_does_not_count():
    fit = fit_of(a_role((2, 3)), [standing(0, 2.0, 0.0, 3.0), standing(1, -2.0, 0.0, 0.0)])
    assert (fit.want, fit.can, fit.overall) == (100.0, 100.0, 100.0)


def test_without_preference_or_need_there_is_no_number():
    fit = fit_of(a_role((-2, 3)), [standing(0, None, b=4.0)])
    assert fit == RoleFit(key="role", want=None, can=None, overall=None, used_want=0, used_can=1)


def test_roles_rank_by_the_mean_of_want_and_can_and_by_want_when_ready_on_both_sides():
    roles = [a_role((2, 3), key="wanted"), a_role((0, 3), key="able")]
    standings = [standing(0, 2.0, a=3.0, b=1.0)]
    rank_by, fits = ranked(roles, standings, "undecided")
    assert (rank_by, [fit.key for fit in fits]) == ("overall", ["wanted", "able"])
    standings = [standing(0, 1.0, a=3.0, b=0.0)]
    assert [fit.key for fit in ranked(roles, standings, "a_ready")[1]] == ["able", "wanted"]
    standings = [standing(0, 1.2, a=3.0, b=0.0)]
    rank_by, fits = ranked(roles, standings, "both")
    assert (rank_by, [fit.key for fit in fits]) == ("want", ["wanted", "able"])


def test_ties_keep_the_order_of_the_document_and_a_null_can_comes_last():
    roles = [
        a_role((-2, 0), (1, 1), key="nothing-needed"),
        a_role((1, 3), key="second"),
        a_role((1, 3), key="third"),
    ]
    standings = [standing(0, 1.0, a=0.0, b=0.0), standing(1, 1.0)]
    for pattern in ("undecided", "both"):
        _, fits = ranked(roles, standings, pattern)
        assert [fit.key for fit in fits] == ["second", "third", "nothing-needed"]


def fits(*overall: float | None) -> list[RoleFit]:
    return [
        RoleFit(key=f"r{n}", want=x, can=x, overall=x, used_want=1, used_can=1)
        for n, x in enumerate(overall)
    ]


@pytest.mark.parametrize(
    ("overall", "close"),
    [
        ((81.6, 76.6, 76.5), ("r0", "r1")),
        ((81.6, 76.599999), ()),
        ((81.6, 81.6, 80.0, 10.0), ("r0", "r1", "r2")),
        ((81.6, None), ()),
        ((None, None), ()),
        ((), ()),
    ],
)
def test_roles_within_5_points_of_the_first_are_equally_close(overall, close):
    assert equally_close(fits(*overall), "overall") == close


def test_the_fit_of_a_goal_is_the_one_in_the_report(document):
    report = report_on(document, sheet(document, pairs=1, ratings=2, scenarios="three"))
    for fit in report.roles:
        assert role_fit(document, report, fit.key) == fit


def test_a_flat_report_ranks_no_role_but_any_goal_still_has_its_want_and_can(document):
    profile = {
        key: {"preference": 0, "readiness_a": 2, "readiness_b": 1} for key in document.dimension
    }
    report = report_on(document, with_profile(document, profile))
    assert (report.rank_by, report.roles, report.equally_close) == ("none", (), ())
    assert report.overall.verdict == "even"
    fit = role_fit(document, report, "plg-saas")
    assert (fit.want, fit.used_want, fit.used_can) == (91.129032, 14, 28)
    assert fit.can is not None


def test_a_low_report_ranks_no_role(document):
    report = report_on(document, clicking(document, "5"))
    assert (report.rank_by, report.roles, report.equally_close) == ("none", (), ())


def test_a_role_that_the_edition_does_not_have_is_a_key_error(document):
    report = report_on(document, AnswerSheet("full", {}))
    with pytest.raises(KeyError, match="astronaut"):
        role_fit(document, report, "astronaut")
