"""The coach's own view: before the result, beside it, and shown to the client."""

from collections.abc import Mapping

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.coaching.models import Client, SecondView
from assessments.coaching.second_view import (
    FACETS,
    Closeness,
    Comparison,
    compare_views,
    second_view_page,
)
from assessments.coaching.services import NotSharing, show_second_view
from assessments.people.consents import AccessEvent, Consent, Deed, Look
from assessments.people.models import CoachProfile, User
from assessments.people.services import end_consents
from assessments.scoring import AnswerSheet, Report, write_report
from tests.cast import (
    client_who_shares,
    coach,
    shipped_questionnaire,
    signed_in,
    some_answers,
)

DOCUMENT = shipped_questionnaire()
KEYS = list(DOCUMENT.dimension)
Ratings = Mapping[str, Mapping[str, int]]


def report_of(answers: Mapping[str, object] | None = None, form: str = "full") -> Report:
    sheet = AnswerSheet(form, answers or some_answers(DOCUMENT, form))  # type: ignore[arg-type]
    return write_report(DOCUMENT, sheet, edition=1, edition_digest="sha256:x")


REPORT = report_of()
LOWEST = {"preference": -2, "readiness_a": 0, "readiness_b": 0}
rating_of_a_dimension = st.fixed_dictionaries(
    {},
    optional={
        "preference": st.integers(-2, 2),
        "readiness_a": st.integers(0, 4),
        "readiness_b": st.integers(0, 4),
    },
)
ratings_of_all = st.dictionaries(st.sampled_from(KEYS), rating_of_a_dimension)


def all_differences(comparison: Comparison) -> list[tuple[str, str, int]]:
    return [
        (d.dimension, d.facet, d.coach) for topic in comparison.topics for d in topic.differences
    ]


@given(ratings=ratings_of_all)
def test_it_holds_every_rating_once_and_no_number_that_the_coach_did_not_give(
    ratings: Ratings,
) -> None:
    comparison = compare_views(DOCUMENT, REPORT, ratings)
    given_ones = {(key, facet): n for key, said in ratings.items() for facet, n in said.items()}
    shown = all_differences(comparison)
    assert len(shown) == len(set(shown))
    assert {(key, facet): coach for key, facet, coach in shown} == given_ones
    every = {(key, facet) for key in KEYS for facet in FACETS}
    assert set(comparison.not_rated) == every - given_ones.keys()


@given(ratings=ratings_of_all)
def test_the_order_is_apart_then_within_then_agreement_each_by_size(ratings: Ratings) -> None:
    topics = compare_views(DOCUMENT, REPORT, ratings).topics
    order: list[Closeness] = ["apart", "within", "agrees"]
    places = [(order.index(topic.closeness), -topic.size) for topic in topics]
    assert places == sorted(places)
    for topic in topics:
        sizes = [difference.size for difference in topic.differences]
        assert sizes == sorted(sizes, reverse=True)


def mirrored_report(report: Report) -> Report:
    """The same person with the two poles exchanged."""
    rows = tuple(
        row.model_copy(
            update={
                "preference": None if row.preference is None else -row.preference,
                "low": None if row.high is None else -row.high,
                "high": None if row.low is None else -row.low,
                "readiness_a": row.readiness_b,
                "readiness_b": row.readiness_a,
                "trace": tuple(
                    part.model_copy(update={"facet": MIRROR[part.facet]}) for part in row.trace
                ),
            }
        )
        for row in report.dimensions
    )
    return report.model_copy(update={"dimensions": rows})


MIRROR = {
    "preference": "preference", "readiness_a": "readiness_b", "readiness_b": "readiness_a",
}  # fmt: skip


def mirrored(ratings: Ratings) -> Ratings:
    return {
        key: {MIRROR[f]: -n if f == "preference" else n for f, n in said.items()}
        for key, said in ratings.items()
    }


@given(ratings=ratings_of_all)
def test_exchanging_the_poles_changes_no_size_and_no_closeness(ratings: Ratings) -> None:
    one = compare_views(DOCUMENT, REPORT, ratings)
    other = compare_views(DOCUMENT, mirrored_report(REPORT), mirrored(ratings))

    def sizes(comparison: Comparison) -> dict[tuple[str, str], tuple[float, str]]:
        return {
            (d.dimension, d.facet): (round(d.size, 9), d.closeness)
            for topic in comparison.topics
            for d in topic.differences
        }

    assert sizes(one) == {(key, MIRROR[f]): v for (key, f), v in sizes(other).items()}


def test_a_difference_inside_the_likely_range_is_called_within() -> None:
    row = next(row for row in REPORT.dimensions if row.preference == 2.0)
    assert row.low is not None
    kinds = {
        number: compare_views(DOCUMENT, REPORT, {row.key: {"preference": number}})
        .topics[0]
        .closeness
        for number in range(-2, 3)
    }
    # Two answers: the range reaches 0.76 to each side, so one step is already outside of it.
    assert kinds == {-2: "apart", -1: "apart", 0: "apart", 1: "apart", 2: "agrees"}
    one_and_a_half = next(row for row in REPORT.dimensions if row.preference == 1.5)
    near = compare_views(DOCUMENT, REPORT, {one_and_a_half.key: {"preference": 2}})
    assert near.topics[0].closeness == "agrees"
    # A readiness rests on one rating: its range is wider than a step.
    step = compare_views(DOCUMENT, REPORT, {row.key: {"readiness_b": 2}}).topics[0]
    assert (step.closeness, step.differences[0].client) == ("within", 1.0)


def test_the_top_three_come_with_two_questions_each() -> None:
    page = second_view_page(DOCUMENT, REPORT, dict.fromkeys(KEYS[:6], LOWEST))
    assert [len(topic.questions) for topic in page.apart[:4]] == [2, 2, 2, 0]
    assert all(question.endswith("?") for topic in page.apart[:3] for question in topic.questions)


def test_the_words_have_no_minus_and_say_how_far_apart() -> None:
    page = second_view_page(DOCUMENT, REPORT, {KEYS[0]: LOWEST})
    words = {seen.about: seen for seen in page.apart[0].seen}
    seen = words["Preference"]
    assert seen.coach == "100 to B2C"
    assert seen.apart.endswith("towards B2C")
    assert "−" not in seen.range + seen.client
    assert "-" not in seen.range + seen.client


def test_a_result_without_rows_leaves_nothing_to_compare() -> None:
    short = report_of(form="short")
    page = second_view_page(DOCUMENT, short, {KEYS[0]: LOWEST})
    assert (page.has_rows, page.apart, page.within, page.agrees) == (False, [], [], [])


# --- The pages ----------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom() -> User:
    return coach(rates_first=True)


@pytest.fixture
def priya(tom: User) -> Client:
    return client_who_shares(tom)


def page_of(client: Client) -> str:
    return reverse("coaching:second-view", args=[client.pk])


def field(key: str, facet: str = "preference") -> str:
    return f"{key}-{facet}"


def test_one_thing_said_is_enough_and_is_kept_as_it_was_said(tom: User, priya: Client) -> None:
    said = {field("metrics"): "-1", field("design", "readiness_b"): "0"}
    response = signed_in(tom).post(page_of(priya), said)
    assert response.status_code == 302
    view = SecondView.objects.get()
    assert view.ratings == {"metrics": {"preference": -1}, "design": {"readiness_b": 0}}
    shown = signed_in(tom).get(response["Location"])
    assert shown.status_code == 200
    assert "Seen differently" in shown.content.decode()


def test_nothing_said_is_told_and_opens_nothing(tom: User, priya: Client) -> None:
    response = signed_in(tom).post(page_of(priya), {field("metrics"): ""})
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>" in html
    assert html.split("<title>")[1].strip().startswith("Error:")
    assert f'href="#id_{KEYS[0]}-preference"' in html
    assert SecondView.objects.count() == AccessEvent.objects.count() == 0


def test_what_was_typed_stays_where_something_else_is_wrong(tom: User, priya: Client) -> None:
    said = {field("metrics"): "-1", field("design"): "9"}
    response = signed_in(tom).post(page_of(priya), said)
    assert response.status_code == 422
    assert '<option value="-1" selected>' in response.content.decode()


def test_a_saved_view_is_not_written_again(tom: User, priya: Client) -> None:
    browser = signed_in(tom)
    browser.post(page_of(priya), {field("metrics"): "-1"})
    told = browser.post(page_of(priya), {field("metrics"): "2"}, follow=True)
    assert "already" in told.content.decode()
    assert SecondView.objects.get().ratings == {"metrics": {"preference": -1}}


def test_after_a_look_at_the_result_no_view_from_before_can_be_given() -> None:
    tom = coach()
    priya = client_who_shares(tom)
    browser = signed_in(tom)
    browser.get(reverse("coaching:brief", args=[priya.pk]))
    page = browser.get(page_of(priya))
    assert "You have read this result already" in page.content.decode()
    browser.post(page_of(priya), {field("metrics"): "-1"})
    assert SecondView.objects.count() == 0


def test_a_page_of_the_result_leads_to_the_form_until_the_view_is_saved(
    tom: User, priya: Client
) -> None:
    browser, brief = signed_in(tom), reverse("coaching:brief", args=[priya.pk])
    before = browser.get(brief)
    assert priya.attempt is not None
    assert before["Location"] == f"{page_of(priya)}?attempt={priya.attempt.pk}"
    browser.post(before["Location"], {field("metrics"): "-1"})
    assert browser.get(brief).status_code == 200


def test_going_straight_is_for_all_results_and_said(tom: User, priya: Client) -> None:
    browser = signed_in(tom)
    response = browser.post(page_of(priya), {"go": "straight"})
    assert response["Location"] == reverse("coaching:client-result", args=[priya.pk])
    assert not CoachProfile.objects.get(user=tom).rates_first
    assert "settings of your desk" in browser.get(reverse("coaching:cohorts")).content.decode()
    assert browser.get(reverse("coaching:brief", args=[priya.pk])).status_code == 200


def test_the_comparison_is_written_down_as_a_look(tom: User, priya: Client) -> None:
    browser = signed_in(tom)
    browser.post(page_of(priya), {field("metrics"): "-1"})
    assert AccessEvent.objects.count() == 0
    browser.get(page_of(priya))
    assert [line.look for line in AccessEvent.objects.all()] == [Look.SECOND_VIEW]


def shown_to_priya(tom: User, priya: Client) -> str:
    browser = signed_in(tom)
    browser.post(page_of(priya), {field("metrics"): "-2"})
    browser.post(reverse("coaching:second-view-share", args=[priya.pk]))
    return reverse("coaching:own-second-view", args=[SecondView.objects.get().pk])


def test_the_client_sees_it_once_it_is_shown_and_nobody_else_does(
    tom: User, priya: Client
) -> None:
    browser = signed_in(tom)
    browser.post(page_of(priya), {field("metrics"): "-2"})
    own = reverse("coaching:own-second-view", args=[SecondView.objects.get().pk])
    assert priya.person is not None
    person, other = signed_in(priya.person), signed_in(User.objects.create_user("o@example.org"))
    assert person.get(own).status_code == 404
    told = browser.post(reverse("coaching:second-view-share", args=[priya.pk]), follow=True)
    assert "can now see your view" in told.content.decode()
    page = person.get(own)
    assert page.status_code == 200
    assert "how Tom Adeyemi saw you" in " ".join(page.content.decode().split())
    assert other.get(own).status_code == browser.get(own).status_code == 404


def test_the_client_keeps_seeing_what_was_shown_after_the_end(tom: User, priya: Client) -> None:
    own = shown_to_priya(tom, priya)
    withdraw_all()
    assert priya.person is not None
    assert signed_in(priya.person).get(own).status_code == 200


def withdraw_all() -> None:
    end_consents(consents=Consent.objects.all(), deed=Deed.WITHDRAWN, at=timezone.now())


def test_withdrawn_between_the_form_and_its_post_nothing_is_kept(tom: User, priya: Client) -> None:
    browser = signed_in(tom)
    assert browser.get(page_of(priya)).status_code == 200
    withdraw_all()
    assert browser.post(page_of(priya), {field("metrics"): "-1"}).status_code == 404
    assert browser.get(page_of(priya)).status_code == 404
    assert SecondView.objects.count() == 0


def test_withdrawn_before_it_is_shown_it_is_not_shown(tom: User, priya: Client) -> None:
    browser = signed_in(tom)
    browser.post(page_of(priya), {field("metrics"): "-1"})
    withdraw_all()
    share = reverse("coaching:second-view-share", args=[priya.pk])
    assert browser.post(share).status_code == 404
    with pytest.raises(NotSharing):
        show_second_view(view=SecondView.objects.get(), at=timezone.now())
    assert SecondView.objects.get().shared_at is None


def test_another_coach_and_a_stranger_find_nothing(tom: User, priya: Client) -> None:
    other = signed_in(coach("other@example.org"))
    stranger = signed_in(User.objects.create_user("s@example.org"))
    for browser in (other, stranger):
        for name in ("second-view", "brief"):
            assert browser.get(reverse(f"coaching:{name}", args=[priya.pk])).status_code == 404


@pytest.mark.parametrize("asked", ["x", "00000000-0000-4000-8000-000000000000"])
def test_an_attempt_that_is_not_shared_cannot_be_asked_for(
    tom: User, priya: Client, asked: str
) -> None:
    assert signed_in(tom).get(f"{page_of(priya)}?attempt={asked}").status_code == 404
