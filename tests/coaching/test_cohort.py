"""Groups: the map, what it never shows, and who is written down as looked at."""

import csv
import io
from collections.abc import Sequence
from statistics import median
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.coaching.cohort import GROUP_MIN_PEOPLE, Member, heat_map, heat_table
from assessments.coaching.models import Client, Cohort
from assessments.coaching.services import change_group, make_group, set_rates_first
from assessments.errors import DomainError
from assessments.people.consents import AccessEvent, Consent, Deed, Look, Scope
from assessments.people.models import CoachProfile, User
from assessments.people.services import end_consents
from assessments.responses import services
from assessments.responses.models import Attempt
from assessments.scoring import AnswerSheet, write_report
from tests.cast import (
    answer,
    client_who_shares,
    coach,
    consent_of,
    finished_attempt,
    new_attempt,
    published,
    shipped_questionnaire,
    signed_in,
    some_answers,
)

pytestmark = pytest.mark.django_db
DOCUMENT = shipped_questionnaire()
NAMES = ["Zoe", "Adam", "Mei", "Kofi", "Elena", "Yusuf", "Grace", "Bea", "Ida", "Lu"]


@pytest.fixture
def tom() -> User:
    return coach()


def group_of(tom: User, clients: Sequence[Client]) -> Cohort:
    group = make_group(coach=tom, name="Spring 2025")
    change_group(cohort=group, name=group.name, members=clients)
    return group


def sharing(tom: User, count: int, **more: object) -> list[Client]:
    return [client_who_shares(tom, name, **more) for name in NAMES[:count]]  # type: ignore[arg-type]


def at(name: str, group: Cohort) -> str:
    return reverse(f"coaching:{name}", args=[group.pk])


def table_of(browser: Browser, group: Cohort) -> list[list[str]]:
    response = browser.get(at("cohort-csv", group))
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(("people", "enough"), [(4, False), (5, True)])
def test_under_five_people_no_figure_is_shown_and_nobody_was_looked_at(
    tom: User, people: int, enough: bool
) -> None:
    group = group_of(tom, sharing(tom, people))
    browser = signed_in(tom)
    page = browser.get(at("cohort", group))
    html = page.content.decode()
    assert page.status_code == 200
    assert (page.context["page"] is not None, 'class="heat"' in html) == (enough, enough)
    assert ("so that no figure points at one of them" in " ".join(html.split())) is not enough
    assert (" to B2B" in html) is enough
    assert AccessEvent.objects.count() == (people if enough else 0)
    rows = table_of(browser, group)
    assert (len(rows) > len(DOCUMENT.dimensions)) is enough
    if not enough:
        assert rows[0][0].startswith("There is nothing to show")


def test_columns_go_by_name_and_rows_by_the_questionnaire(tom: User) -> None:
    group = group_of(tom, sharing(tom, 6))
    page = signed_in(tom).get(at("cohort", group)).context["page"]
    assert [member.name for member in page.members] == sorted(NAMES[:6])
    assert [row.key for row in page.rows] == list(DOCUMENT.dimension)


def test_each_person_shown_is_written_down_once_and_nobody_else(tom: User) -> None:
    clients = sharing(tom, 6)
    end(clients[0])
    group = group_of(tom, clients)
    browser = signed_in(tom)
    browser.get(at("cohort", group))
    lines = AccessEvent.objects.filter(look=Look.COHORT)
    assert {line.client_id for line in lines} == {client.person_id for client in clients[1:]}
    assert lines.count() == 5
    browser.get(at("cohort-csv", group))
    assert AccessEvent.objects.filter(look=Look.COHORT_TABLE).count() == 5


def end(client: Client) -> None:
    consents = Consent.objects.filter(client=client.person_id)
    end_consents(consents=consents, deed=Deed.WITHDRAWN, at=timezone.now())


def left_out(browser: Browser, group: Cohort) -> dict[str, str]:
    lines = browser.get(at("cohort", group)).context["left_out"]
    return {line.name: line.why for line in lines}


def test_who_is_left_out_is_named_with_the_reason(tom: User) -> None:
    clients = sharing(tom, 6)
    end(clients[0])
    short = client_who_shares(tom, "Short", form="short")
    one_place = {
        item.key: item.value_of("2")
        for item in DOCUMENT.items_of(DOCUMENT.form["full"])
        if item.kind == "pair"
    }
    unread = client_who_shares(tom, "Unread", answers=some_answers(DOCUMENT) | one_place)
    group = group_of(tom, [*clients, short, unread])
    assert left_out(signed_in(tom), group) == {
        "Zoe": "shares no result with you at the moment",
        "Short": "took a short form, which gives no result by dimension",
        "Unread": "gave answers that cannot be read as a profile",
    }


def test_another_questionnaire_is_left_out_and_the_one_of_most_counts(tom: User) -> None:
    clients = sharing(tom, 5)
    other_edition = published(DOCUMENT.model_copy(update={"slug": "another"}))
    person = User.objects.create_user("p@example.org", name="Pia")
    consent_of(person, tom, finished_attempt(other_edition, owner=person))
    pia = Client.objects.get(person=person)
    group = group_of(tom, [*clients, pia])
    assert left_out(signed_in(tom), group) == {"Pia": "took another questionnaire"}


def test_whose_result_waits_for_the_coachs_own_view_is_named_and_linked(tom: User) -> None:
    clients = sharing(tom, 6)
    browser = signed_in(tom)
    group = group_of(tom, clients)
    for client in clients[1:]:
        browser.get(reverse("coaching:brief", args=[client.pk]))
    set_rates_first(desk=CoachProfile.objects.get(user=tom), rates_first=True)
    response = browser.get(at("cohort", group))
    (line,) = response.context["left_out"]
    assert (line.name, line.why) == ("Zoe", "your own view comes first")
    assert line.url.startswith(reverse("coaching:second-view", args=[clients[0].pk]))
    assert len(response.context["page"].members) == 5
    # What the map held back, the line does not tell either.
    assert AccessEvent.objects.filter(client=clients[0].person_id).count() == 0


def test_a_view_saved_opens_the_column(tom: User) -> None:
    set_rates_first(desk=CoachProfile.objects.get(user=tom), rates_first=True)
    clients = sharing(tom, 5)
    browser, group = signed_in(tom), group_of(tom, clients)
    for number, client in enumerate(clients, start=1):
        assert browser.get(at("cohort", group)).context["page"] is None
        address = reverse("coaching:second-view", args=[client.pk])
        assert browser.post(address, {"metrics-preference": "1"}).status_code == 302
        assert len(left_out(browser, group)) == len(clients) - number
    assert browser.get(at("cohort", group)).context["page"] is not None


def test_the_table_needs_the_scope_of_every_person_in_it(tom: User) -> None:
    may = sharing(tom, 5)
    may_not = client_who_shares(tom, "Nora", scopes=[Scope.ANSWERS, Scope.PLAN])
    group = group_of(tom, [*may, may_not])
    browser = signed_in(tom)
    page = browser.get(at("cohort", group))
    assert len(page.context["page"].members) == 6
    assert page.context["not_in_table"] == ["Nora"]
    rows = table_of(browser, group)
    assert rows[0] == ["Dimension", *sorted(NAMES[:5]), "Median"]
    assert rows[-1] == ["Left out", "1", "does not let you take the result out of this site"]
    assert not any("Nora" in cell for row in rows for cell in row)
    end(may[0])
    assert table_of(browser, group)[0][0].startswith("There is nothing to show")
    assert at("cohort-csv", group) not in browser.get(at("cohort", group)).content.decode()


def test_the_newest_shared_attempt_counts_and_none_that_is_not_shared(tom: User) -> None:
    clients = sharing(tom, 5)
    first = clients[0]
    assert first.person is not None
    reversed_answers = {
        key: -value if DOCUMENT.item[key].kind == "pair" else value  # type: ignore[operator]
        for key, value in some_answers(DOCUMENT).items()
    }
    later = new_attempt(published(), owner=first.person)
    answer(later, reversed_answers)
    services.finish(attempt=later, at=timezone.now())
    group, browser = group_of(tom, clients), signed_in(tom)
    assert column_of(browser, group, "Zoe")["metrics"] == "a"
    consent_of(first.person, tom, shared_of(first), [Scope.PLAN])
    assert column_of(browser, group, "Zoe")["metrics"] == "b"


def shared_of(client: Client) -> Attempt:
    assert client.attempt is not None
    return client.attempt


def column_of(browser: Browser, group: Cohort, name: str) -> dict[str, str]:
    page = browser.get(at("cohort", group)).context["page"]
    place = [member.name for member in page.members].index(name)
    return {row.key: row.cells[place].side for row in page.rows}


def test_themes_are_counted_over_the_plans_that_are_shared_and_not_under_five(tom: User) -> None:
    clients = sharing(tom, 5)
    Attempt.objects.update(goal="b2b-enterprise-saas")
    silent = client_who_shares(tom, "Nora", scopes=[])
    group, browser = group_of(tom, [*clients, silent]), signed_in(tom)
    page = browser.get(at("cohort", group)).context["page"]
    assert (page.plans, [theme.plans for theme in page.themes]) == (5, [5, 5, 5])
    assert "In 5 of 5 plans" in " ".join(browser.get(at("cohort", group)).content.decode().split())
    assert clients[0].person is not None
    consent_of(clients[0].person, tom, shared_of(clients[0]), [])
    page = browser.get(at("cohort", group)).context["page"]
    assert (len(page.members), page.themes) == (6, [])


def test_the_map_costs_as_many_queries_for_many_as_for_five(tom: User) -> None:
    browser = signed_in(tom)
    few = group_of(tom, sharing(tom, 5))
    many = make_group(coach=tom, name="Many")
    more = [client_who_shares(tom, f"Client {number:02}") for number in range(30)]
    change_group(cohort=many, name="Many", members=more)
    browser.get(at("cohort", few))  # a process reads an edition once
    costs = {}
    for name in ("cohort", "cohort-csv"):
        for group in (few, many):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(at(name, group)).status_code == 200
            said = [
                q["sql"]
                for q in asked
                if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
            ]
            costs[name, group.name] = len(said)
    assert costs == {
        ("cohort", "Spring 2025"): 10, ("cohort", "Many"): 10,
        ("cohort-csv", "Spring 2025"): 9, ("cohort-csv", "Many"): 9,
    }  # fmt: skip


# --- Making groups ------------------------------------------------------------------------------


def test_a_group_is_made_named_filled_and_deleted(tom: User) -> None:
    clients, browser = sharing(tom, 2), signed_in(tom)
    made = browser.post(reverse("coaching:cohorts"), {"name": "Autumn"})
    group = Cohort.objects.get()
    assert made["Location"] == at("cohort-edit", group)
    browser.post(at("cohort-edit", group), {"name": "Winter", "members": [clients[0].pk]})
    group.refresh_from_db()
    assert (group.name, [c.name for c in group.clients.all()]) == ("Winter", ["Zoe"])
    assert "Winter" in browser.get(reverse("coaching:cohorts")).content.decode()
    assert browser.get(at("cohort-delete", group)).status_code == 200
    assert Cohort.objects.count() == 1
    browser.post(at("cohort-delete", group))
    assert (Cohort.objects.count(), Client.objects.count()) == (0, 2)


def test_two_groups_of_one_name_are_told_apart_at_once(tom: User) -> None:
    browser = signed_in(tom)
    one, two = make_group(coach=tom, name="One"), make_group(coach=tom, name="Two")
    assert browser.post(reverse("coaching:cohorts"), {"name": "One"}).status_code == 422
    renamed = browser.post(at("cohort-edit", two), {"name": one.name})
    assert renamed.status_code == 422
    assert "You have a group of this name" in renamed.content.decode()
    with pytest.raises(DomainError):
        make_group(coach=tom, name="One")
    # Another desk may use the name.
    assert make_group(coach=coach("o@example.org"), name="One").name == "One"


def test_nobody_reaches_or_fills_a_group_with_what_is_anothers(tom: User) -> None:
    other = coach("other@example.org")
    theirs = client_who_shares(other, "Theirs")
    own_group, browser = group_of(tom, []), signed_in(tom)
    answer = browser.post(at("cohort-edit", own_group), {"name": "X", "members": [theirs.pk]})
    assert answer.status_code == 422
    theirs.refresh_from_db()
    assert theirs.cohort is None
    for name in ("cohort", "cohort-edit", "cohort-delete", "cohort-csv"):
        assert signed_in(other).get(at(name, own_group)).status_code == 404


@pytest.mark.parametrize("desk", [None, "not approved"])
def test_without_an_approved_desk_there_are_no_groups(tom: User, desk: str | None) -> None:
    group = group_of(tom, [])
    if desk:
        CoachProfile.objects.filter(user=tom).update(is_approved=False)
        browser = signed_in(tom)
    else:
        browser = signed_in(User.objects.create_user("nobody@example.org"))
    assert browser.get(reverse("coaching:cohorts")).status_code == 404
    assert browser.post(reverse("coaching:cohorts"), {"name": "X"}).status_code == 404
    assert browser.get(at("cohort", group)).status_code == 404
    assert Cohort.objects.count() == 1


def test_a_group_lists_pages_of_25(tom: User) -> None:
    for number in range(27):
        make_group(coach=tom, name=f"Group {number:02}")
    browser, costs = signed_in(tom), []
    for page, shown in ((1, 25), (2, 2)):
        with CaptureQueriesContext(connection) as asked:
            response = browser.get(f"{reverse('coaching:cohorts')}?page={page}")
        costs.append(len(asked))
        assert len(response.context["groups"]) == shown
    assert costs == [5, 5]


# --- The pure map -------------------------------------------------------------------------------

PAIRS = [i for i in DOCUMENT.items_of(DOCUMENT.form["full"]) if i.kind == "pair"]
people_s_pairs = st.lists(
    st.lists(st.integers(-2, 2), min_size=len(PAIRS), max_size=len(PAIRS)),
    min_size=GROUP_MIN_PEOPLE,
    max_size=GROUP_MIN_PEOPLE + 1,
)


def members(all_pairs: Sequence[Sequence[int]], names: Sequence[str] = NAMES) -> list[Member]:
    return [
        Member(UUID(int=place), name, report(values))
        for place, (name, values) in enumerate(zip(names, all_pairs, strict=False))
    ]


def report(values: Sequence[int]):
    pairs = {item.key: value for item, value in zip(PAIRS, values, strict=True)}
    sheet = AnswerSheet("full", some_answers(DOCUMENT) | pairs)
    return write_report(DOCUMENT, sheet, edition=1, edition_digest="sha256:x")


@given(people=people_s_pairs)
def test_a_cell_says_the_number_the_side_and_the_words_of_the_report(
    people: list[list[int]],
) -> None:
    page = heat_map(DOCUMENT, members(people))
    assert page is not None
    for place, member in enumerate(page.members):
        rows = {row.key: row for row in member.report.dimensions}
        for line in page.rows:
            cell, row = line.cells[place], rows[line.key]
            if row.verdict is None:  # answers of low quality have no rows
                assert (cell.number, cell.shade) == ("", "h-x")
                continue
            points = round((row.preference or 0) * 50)
            assert cell.number == str(abs(points))
            assert cell.side == ("" if not points else "b" if points > 0 else "a")
            assert cell.is_open == (row.verdict == "no_lean")
            assert ("no clear lean" in cell.words) == cell.is_open


def test_the_middle_of_the_group_is_the_median() -> None:
    people = [[value] * len(PAIRS) for value in (-1, 0, 0, 1, 1)]
    found = members(people)
    page = heat_map(DOCUMENT, found)
    assert page is not None
    scores = [[r.preference for r in m.report.dimensions if r.verdict] for m in found]
    enough = all(scores)
    for place, row in enumerate(page.rows):
        expected = str(abs(round(median(s[place] or 0 for s in scores) * 50))) if enough else ""
        assert row.median.number == expected


@given(people=people_s_pairs)
def test_no_cell_of_the_table_needs_a_minus_or_runs_as_a_formula(people: list[list[int]]) -> None:
    page = heat_map(DOCUMENT, members(people, ["=1+1", "-Ann", "@x", "+1", "Bea", "Ida"]))
    assert page is not None
    numbers = [cell for row in [*heat_table(DOCUMENT, page)][1:-1] for cell in row[1:]]
    assert not any("-" in cell or "−" in cell for cell in numbers)


def test_a_name_is_never_a_formula_in_the_file(tom: User) -> None:
    clients = sharing(tom, 5)
    Client.objects.filter(pk=clients[0].pk).update(name="=HYPERLINK(1)")
    rows = table_of(signed_in(tom), group_of(tom, clients))
    assert "'=HYPERLINK(1)" in rows[0]


@given(people=people_s_pairs)
def test_the_order_of_people_follows_no_score(people: list[list[int]]) -> None:
    page = heat_map(DOCUMENT, members(people[::-1]))
    assert page is not None
    assert [m.name for m in page.members] == sorted(NAMES[: len(people)])
