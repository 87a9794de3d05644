"""The plan page: what it keeps, what it moves, and what it never moves."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from assessments.reports.models import HOURS_PER_WEEK_MAX, WEEKS_MAX, StudyPlan
from assessments.reports.services import weeks_until
from assessments.responses.models import Attempt, Report
from tests.cast import answer, finished_attempt, holder_of, new_attempt, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


@pytest.fixture
def done() -> Attempt:
    return finished_attempt(published())


@pytest.fixture
def browser(done: Attempt) -> Client:
    return holder_of(done)


def at(name: str, attempt: Attempt) -> str:
    return reverse(f"reports:{name}", args=[attempt.pk])


def shown(browser: Client, attempt: Attempt):
    response = browser.get(at("plan", attempt))
    assert response.status_code == 200
    return response.context["page"]


def size(**more: object) -> dict[str, object]:
    return {"goal": "plg-saas", "hours_per_week": 4, "weeks": 6, "interview_on": "", **more}


def test_looking_at_a_plan_stores_nothing(browser: Client, done: Attempt) -> None:
    shown(browser, done)
    assert StudyPlan.objects.count() == 0


def test_hours_and_weeks_come_from_what_the_person_said_at_the_start(
    browser: Client, done: Attempt
) -> None:
    Attempt.objects.filter(pk=done.pk).update(background={"hours": "6", "weeks": "8"})
    page = shown(browser, done)
    assert (page.hours_per_week, page.weeks_count) == (6, 8)


def test_another_role_changes_the_plan_and_no_score(browser: Client, done: Attempt) -> None:
    before = Report.objects.get(pk=done.pk).document
    browser.post(at("plan-size", done), size(goal="consumer-core"))
    first = shown(browser, done)
    browser.post(at("plan-size", done), size(goal="b2b-regulated-vertical"))
    second = shown(browser, done)
    assert (first.goal_key, second.goal_key) == ("consumer-core", "b2b-regulated-vertical")
    assert first.themes != second.themes
    assert Report.objects.get(pk=done.pk).document == before


def test_ticks_survive_a_change_of_goal_where_the_step_stays(
    browser: Client, done: Attempt
) -> None:
    browser.post(at("plan-size", done), size(goal="b2b-enterprise-saas", hours_per_week=8))
    before = set(shown(browser, done).shown_keys)
    browser.post(at("plan-size", done), size(goal="b2b-regulated-vertical", hours_per_week=8))
    after = set(shown(browser, done).shown_keys)
    stays, goes = sorted(before & after)[0], sorted(before - after)[0]
    browser.post(at("plan-size", done), size(goal="b2b-enterprise-saas", hours_per_week=8))
    browser.post(at("plan", done), {"shown": sorted(before), "done": [stays, goes], "note": ""})
    browser.post(at("plan-size", done), size(goal="b2b-regulated-vertical", hours_per_week=8))
    ticked = [t.key for w in shown(browser, done).weeks for t in w.tasks if t.done and t.has_box]
    assert ticked == [stays]
    # And it is still known when the first goal comes back.
    browser.post(at("plan", done), {"shown": sorted(after), "done": [stays], "note": ""})
    assert StudyPlan.objects.get().done == sorted([stays, goes])


def test_a_box_can_be_cleared_and_notes_are_kept(browser: Client, done: Attempt) -> None:
    keys = shown(browser, done).shown_keys
    browser.post(at("plan", done), {"shown": keys, "done": keys[:2], "note": "Ask <b>Ana</b>"})
    assert shown(browser, done).tasks_done == 2
    response = browser.get(at("plan", done))
    assert "Ask &lt;b&gt;Ana&lt;/b&gt;" in response.content.decode()
    browser.post(at("plan", done), {"shown": keys, "done": [], "note": ""})
    assert shown(browser, done).tasks_done == 0


def test_ticked_hours_come_off_the_hours_left(browser: Client, done: Attempt) -> None:
    page = shown(browser, done)
    task = next(t for w in page.weeks for t in w.tasks if t.has_box)
    browser.post(at("plan", done), {"shown": page.shown_keys, "done": [task.key], "note": ""})
    assert shown(browser, done).hours_left == page.hours_left - task.whole_hours


def test_a_date_sets_the_weeks_up_to_it(browser: Client, done: Attempt) -> None:
    today = timezone.localdate()
    browser.post(at("plan-size", done), size(interview_on=str(today + timedelta(days=20))))
    assert shown(browser, done).weeks_count == 2


def test_a_date_stays_when_the_plan_is_made_again(browser: Client, done: Attempt) -> None:
    day = str(timezone.localdate() + timedelta(days=24))
    browser.post(at("plan-size", done), size(interview_on=day))
    # A browser's date field is empty in any other notation, and the next post would lose the day.
    assert f'value="{day}"' in browser.get(at("plan", done)).content.decode()


@pytest.mark.parametrize(
    ("days", "said", "weeks"),
    [
        (20, "Your interview is on", 2),
        (1, "It comes before the week is over: start with the drills.", 1),
        (-1, "", 1),
    ],
)
def test_the_page_says_how_the_weeks_lie_to_the_interview(
    browser: Client, done: Attempt, days: int, said: str, weeks: int
) -> None:
    today = timezone.localdate()
    browser.post(
        at("plan-size", done), size(interview_on=str(today + timedelta(days=max(1, days))))
    )
    StudyPlan.objects.update(interview_on=today + timedelta(days=days))
    page = shown(browser, done)
    assert (said in page.timing, bool(page.timing), page.weeks_count) == (True, bool(said), weeks)
    # A day that has passed is not offered again.
    initial = browser.get(at("plan", done)).context["size"].initial["interview_on"]
    assert (initial is None) == (days < 0)


def test_a_plan_whose_weeks_are_over_says_so_and_starts_anew(
    browser: Client, done: Attempt
) -> None:
    browser.post(at("plan-size", done), size())
    StudyPlan.objects.update(started_on=timezone.localdate() - timedelta(weeks=6))
    page = shown(browser, done)
    assert "starts from today" in page.timing
    assert not any(week.is_current for week in page.weeks)
    browser.post(at("plan-size", done), size(weeks=4))
    page = shown(browser, done)
    assert (page.timing, page.weeks[0].starts) == ("", timezone.localdate())


@pytest.mark.parametrize(
    ("days", "weeks"), [(1, 1), (7, 1), (13, 1), (14, 2), (21, 3), (5000, WEEKS_MAX), (-3, 1)]
)
def test_weeks_until_a_day(days: int, weeks: int) -> None:
    assert weeks_until(DAY + timedelta(days=days), DAY) == weeks


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours_per_week": 0},
        {"hours_per_week": HOURS_PER_WEEK_MAX + 1},
        {"weeks": WEEKS_MAX + 1},
        {"weeks": "many"},
        {"goal": "astronaut"},
        {"interview_on": "2001-01-01"},
        {"interview_on": "soon"},
    ],
)
def test_a_size_that_cannot_be_is_told_and_changes_nothing(
    browser: Client, done: Attempt, wrong: dict[str, object]
) -> None:
    response = browser.post(at("plan-size", done), size(**wrong))
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert StudyPlan.objects.count() == 0


def test_an_unknown_step_and_an_endless_note_are_told(browser: Client, done: Attempt) -> None:
    for wrong in ({"done": ["no-such-step"]}, {"note": "x" * 10_001}):
        response = browser.post(at("plan", done), wrong)
        assert response.status_code == 422
    assert StudyPlan.objects.count() == 0


def test_the_checkpoint_opens_half_way_and_moves_the_plan_but_no_score(
    browser: Client, done: Attempt
) -> None:
    browser.post(at("plan-size", done), size())
    page = shown(browser, done)
    assert not page.checkpoint_open
    half = [t.key for w in page.weeks for t in w.tasks if t.has_box]
    browser.post(at("plan", done), {"shown": half, "done": half, "note": ""})
    assert shown(browser, done).checkpoint_open
    form = browser.get(at("checkpoint", done)).context["form"]
    assert 1 <= len(form.fields) <= 3
    before = Report.objects.get(pk=done.pk).document
    browser.post(at("checkpoint", done), dict.fromkeys(form.fields, "4"))
    moved = shown(browser, done)
    assert moved.themes != page.themes
    assert [move.after for move in moved.movements] == ["Led it"] * len(form.fields)
    assert Report.objects.get(pk=done.pk).document == before


def test_a_checkpoint_plans_the_weeks_that_are_left_and_forgets_nothing_done(
    browser: Client, done: Attempt
) -> None:
    browser.post(at("plan-size", done), size())
    before = shown(browser, done)
    first_half = [t.key for w in before.weeks[:3] for t in w.tasks if t.has_box]
    browser.post(at("plan", done), {"shown": first_half, "done": first_half, "note": ""})
    StudyPlan.objects.update(started_on=timezone.localdate() - timedelta(weeks=3))
    form = browser.get(at("checkpoint", done)).context["form"]
    browser.post(at("checkpoint", done), dict.fromkeys(form.fields, "2"))
    page = shown(browser, done)
    assert [week.number for week in page.weeks] == [4, 5, 6]
    assert page.weeks[0].is_current
    assert sum(week.hours for week in page.weeks) <= 3 * 4
    assert all(week.hours <= 4 for week in page.weeks)
    planned = {task.key for week in page.weeks for task in week.tasks}
    assert {task.key for task in page.done_earlier} == set(first_half) - planned
    assert page.tasks_done == len(first_half)
    # A tick on a step that is no longer planned can still be taken back.
    browser.post(at("plan", done), {"shown": page.shown_keys, "done": [], "note": ""})
    assert shown(browser, done).tasks_done == 0


def test_a_small_movement_is_called_chance(browser: Client, done: Attempt) -> None:
    browser.post(at("plan-size", done), size())
    form = browser.get(at("checkpoint", done)).context["form"]
    # The cast's ratings of this side are 1.
    browser.post(at("checkpoint", done), dict.fromkeys(form.fields, "2"))
    assert {move.words for move in shown(browser, done).movements} == {
        "One rating moves this much by chance too, so take it as a hint."
    }


def test_the_calendar_file_has_an_entry_a_week(browser: Client, done: Attempt) -> None:
    page = shown(browser, done)
    response = browser.get(at("plan-ics", done))
    assert response["Content-Type"].startswith("text/calendar")
    entries = list(Calendar.from_ical(response.content).walk("VEVENT"))
    assert len(entries) == len(page.weeks)
    first = page.weeks[0].tasks[0]
    assert first.heading in str(entries[0]["description"])
    told = [line for entry in entries for line in str(entry["description"]).splitlines()]
    for week in page.weeks:
        for task in week.tasks:
            ends = f" {task.done_when}" if task.has_box else ""
            assert f"{task.hours} h  {task.heading}.{ends}" in told
    assert max(map(len, response.content.split(b"\r\n"))) <= 75


def test_answers_that_cannot_be_read_get_the_foundation_pack(db: None) -> None:
    edition = published()
    attempt = new_attempt(edition)
    answers = {
        item.key: item.value_of({"pair": "2", "rating": "1"}.get(item.kind, ""))
        for item in edition.document.items_of(edition.document.form["full"])
        if item.kind != "scenario"
    }
    answer(attempt, answers)
    browser = holder_of(attempt)
    browser.post(reverse("responses:check", args=[attempt.pk]), {"goal": ""})
    page = shown(browser, attempt)
    assert page.themes == []
    assert [task.key for task in page.foundation] == list(edition.document.study.foundation)
    assert "choose a role" not in browser.get(at("plan", attempt)).content.decode().lower()
    # Nor would a role help: every step is there once, and none is dated.
    browser.post(at("plan-size", attempt), size())
    page = shown(browser, attempt)
    assert (page.weeks, page.tasks_count) == ([], len(edition.document.study.foundation))
    assert browser.get(at("plan-ics", attempt)).status_code == 404
    assert browser.get(at("checkpoint", attempt)).status_code == 404
