"""The second questionnaire on the site: taken, reported and planned, and never mixed up."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.coaching.models import Assignment, Cohort
from assessments.coaching.models import Client as CoachedClient
from assessments.coaching.services import assign, change_client, make_group
from assessments.instrument.document import SIDES
from assessments.people.consents import Scope
from assessments.people.models import User
from assessments.questionnaires.editions import PublishedEdition
from assessments.questionnaires.models import Questionnaire
from assessments.reports.pdf import pdf_available
from assessments.responses.models import Attempt
from tests.cast import (
    client_who_shares,
    coach,
    consent_of,
    finished_attempt,
    holder_of,
    published,
    shares_with,
    shipped_questionnaire,
    signed_in,
)
from tests.second import FORM, second_questionnaire

pytestmark = pytest.mark.django_db
DOCUMENT, FIRST = second_questionnaire(), shipped_questionnaire()
SLUG = DOCUMENT.slug
# What only the first questionnaire says.
OF_THE_FIRST = re.compile(r"\bB2[BC]\b|product manag|consumer|business product", re.IGNORECASE)


@pytest.fixture
def edition() -> PublishedEdition:
    return published(DOCUMENT)


@pytest.fixture
def done(edition: PublishedEdition) -> Attempt:
    return finished_attempt(edition, FORM)


def shown(browser: Client, address: str) -> str:
    """A page that was found and says nothing of the first questionnaire."""
    response = browser.get(address)
    assert response.status_code == 200, address
    html = response.content.decode()
    assert OF_THE_FIRST.findall(html) == [], address
    return html


def names_both_poles(html: str) -> bool:
    return all(DOCUMENT.poles[side].name in html for side in SIDES)


# --- A whole walk -------------------------------------------------------------------------------


def test_it_is_taken_from_its_own_page_to_result_plan_and_files(edition: PublishedEdition):
    browser = Client()
    start_url = reverse("responses:start", args=[SLUG])
    assert f'href="{start_url}"' in shown(browser, reverse("guide:landing", args=[SLUG]))
    assert DOCUMENT.title in shown(browser, start_url)
    response = browser.post(start_url, {"length": FORM, "consent": "on"})
    about = response.headers["Location"]
    [attempt] = Attempt.objects.filter(edition=edition.pk)
    for asked in DOCUMENT.background:
        assert asked.text in shown(browser, about)
    said = {"hours-a-week": "5", "how-long": "13", "experience": "4-9"}
    assert browser.post(about, said).status_code == 302
    for number, section in enumerate(DOCUMENT.form[FORM].sections, start=1):
        address = reverse("responses:section", args=[attempt.pk, number])
        assert section.title in shown(browser, address)
        assert browser.post(address, section_post(section.items)).status_code == 302
    check = reverse("responses:check", args=[attempt.pk])
    assert all(role.name in shown(browser, check) for role in DOCUMENT.roles)
    browser.post(check, {"goal": "tech-lead"})
    result = shown(browser, reverse("reports:result", args=[attempt.pk]))
    assert names_both_poles(result)
    assert 'data-a="purple"' in result
    assert 'data-b="teal"' in result
    assert all(dimension.name in result for dimension in DOCUMENT.dimensions)
    plan = browser.get(reverse("reports:plan", args=[attempt.pk])).context["page"]
    assert (plan.hours_per_week, plan.weeks_count) == (5, 13)
    assert names_both_poles(shown(browser, reverse("reports:plan", args=[attempt.pk])))
    table = browser.get(reverse("reports:csv", args=[attempt.pk])).content.decode("utf-8-sig")
    assert OF_THE_FIRST.findall(table) == []
    assert len(list(csv.reader(io.StringIO(table)))) > len(DOCUMENT.items)
    assert "Ready for Management" in table


def section_post(keys: Any) -> dict[str, object]:
    data: dict[str, object] = {"client": "test-client", "seq": 1, "go": "next"}
    for number, key in enumerate(keys):
        item = DOCUMENT.item[key]
        choice = item.options[0].key if item.kind == "scenario" else str(number % 4 + 1)
        data |= {f"q-{key}": choice, f"revision-{key}": 0}
    return data


@pytest.mark.skipif(not pdf_available(), reason="no Pango")
@pytest.mark.one_database
def test_its_result_is_made_into_a_pdf(done: Attempt):
    response = holder_of(done).get(reverse("reports:pdf", args=[done.pk]))
    assert response.content.startswith(b"%PDF")


# --- Its own pages ------------------------------------------------------------------------------


def test_the_start_page_names_the_other_questionnaires_and_leads_there(client: Client):
    assert "Other questionnaires" not in client.get(reverse("guide:landing")).content.decode()
    published(DOCUMENT)
    html = client.get(reverse("guide:landing")).content.decode()
    assert f'<a href="/q/{SLUG}/">{DOCUMENT.title}</a>' in html


def test_its_start_page_tells_of_one_form_and_leads_to_its_topics_and_example(
    client: Client, edition: PublishedEdition
):
    html = shown(client, f"/q/{SLUG}/")
    assert "About 4 minutes" in html
    assert "first impression" not in html
    assert "Answer 28 short questions" in re.sub(r"\s+", " ", html)
    for dimension in DOCUMENT.dimensions:
        assert f'href="/q/{SLUG}/topics/{dimension.key}/"' in html
    assert f'href="/q/{SLUG}/example/"' in html
    assert names_both_poles(shown(client, f"/q/{SLUG}/example/"))


def test_a_site_whose_first_questionnaire_is_this_one_has_it_at_the_root(
    client: Client, edition: PublishedEdition, settings: Any
):
    settings.HOME_QUESTIONNAIRE = SLUG
    html = client.get("/").content.decode()
    assert 'href="/start/"' in html
    assert f'href="/q/{FIRST.slug}/"' in html
    assert client.get(f"/q/{SLUG}/").headers["Location"] == "/"


@pytest.mark.parametrize("rest", ["", "start/", "example/", "topics/metrics/"])
def test_there_is_no_page_of_a_questionnaire_that_is_not_published(client: Client, rest: str):
    assert client.get(f"/q/{SLUG}/{rest}").status_code == 404


@pytest.mark.parametrize("key", DOCUMENT.dimension)
def test_every_topic_has_a_page_within_its_own_questionnaire(
    client: Client, edition: PublishedEdition, key: str
):
    html = shown(client, f"/q/{SLUG}/topics/{key}/")
    assert names_both_poles(html)
    within = set(re.findall(r'href="(/q/[^"#]+|/guide/[^"#]+)', html))
    others = {f"/q/{SLUG}/topics/{other}/" for other in DOCUMENT.dimension}
    assert within - others == {f"/q/{SLUG}/"}
    assert len(within & others) in {1, 2}
    assert all(client.get(address).status_code == 200 for address in within)


def test_once_retired_it_is_offered_nowhere_and_its_results_stay_whole(done: Attempt):
    Questionnaire.objects.filter(slug=SLUG).update(retired_at=timezone.now())
    browser = holder_of(done)
    assert f"/q/{SLUG}/" not in browser.get("/").content.decode()
    page, start = browser.get(f"/q/{SLUG}/"), browser.get(f"/q/{SLUG}/start/")
    for response, status in ((page, 200), (start, 404)):
        html = response.content.decode()
        assert (response.status_code, "Results that are there stay" in html) == (status, True)
        assert "/start/" not in html
    begun = browser.post(f"/q/{SLUG}/start/", {"length": FORM, "consent": "on"})
    assert (begun.status_code, Attempt.objects.count()) == (404, 1)
    html = shown(browser, reverse("reports:result", args=[done.pk]))
    topics = set(re.findall(rf'href="(/q/{SLUG}/topics/[\w-]+/)"', html))
    assert len(topics) == len(DOCUMENT.dimensions)
    for address in topics:
        shown(browser, address)


def test_rows_and_steps_of_a_result_lead_to_its_own_topics(done: Attempt):
    browser = holder_of(done)
    for name in ("result", "plan"):
        html = shown(browser, reverse(f"reports:{name}", args=[done.pk]))
        topics = set(re.findall(rf'href="/q/{SLUG}/topics/([\w-]+)/"', html))
        assert topics, name
        assert topics <= set(DOCUMENT.dimension)
        assert "/guide/dimensions/" not in html


def test_so_few_roles_stand_in_one_table(done: Attempt):
    html = shown(holder_of(done), reverse("reports:result", args=[done.pk]))
    assert "Closest first" in html
    assert "Furthest" not in html
    assert "Show all roles" not in html


def test_one_form_is_no_choice_of_how_long(client: Client, edition: PublishedEdition):
    html = shown(client, f"/q/{SLUG}/start/")
    assert "How long do you have?" not in html
    assert "How long it takes" in html


def test_a_new_attempt_is_at_the_same_questionnaire(done: Attempt, edition: PublishedEdition):
    browser, again = holder_of(done), f'href="/q/{SLUG}/start/"'
    response = browser.get(reverse("responses:section", args=[done.pk, 1]))
    assert (response.status_code, again in response.content.decode()) == (409, True)
    assert again in shown(browser, f"/q/{SLUG}/example/")


def test_the_start_page_asks_one_question_however_many_questionnaires_there_are(client: Client):
    assert landing_queries(client) == 1
    published(DOCUMENT)
    published(DOCUMENT.model_copy(update={"slug": "third"}))
    assert landing_queries(client) == 1


def landing_queries(client: Client) -> int:
    client.get(reverse("guide:landing"))  # a process reads an edition once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("guide:landing")).status_code == 200
    return len(asked)


# --- Beside results of the first one ------------------------------------------------------------


def test_two_questionnaires_are_not_compared_and_the_page_says_why(done: Attempt):
    other = finished_attempt(published())
    browser = holder_of(done, other)
    address = reverse("reports:compare")
    refused = browser.get(f"{address}?a={done.pk}&b={other.pk}").content.decode()
    assert DOCUMENT.title in refused
    assert FIRST.title in refused
    assert browser.get(address).context["options"] == []


def test_a_list_of_results_names_each_questionnaire_and_offers_pairs_only(
    edition: PublishedEdition,
):
    person = User.objects.create_user("both@example.org")
    finished_attempt(edition, FORM, person)
    finished_attempt(published(), "full", person)
    browser = signed_in(person)
    html = browser.get(reverse("reports:mine")).content.decode()
    assert DOCUMENT.title in html
    assert FIRST.title in html
    assert "Compare two of them" not in html
    finished_attempt(edition, FORM, person)
    assert "Compare two of them" in browser.get(reverse("reports:mine")).content.decode()
    # Only the two of one questionnaire can be chosen, so no name need tell them apart.
    labels = [label for _pk, label in browser.get(reverse("reports:compare")).context["options"]]
    assert [DOCUMENT.form[FORM].title in label for label in labels] == [True, True]
    assert all(DOCUMENT.title not in label for label in labels)
    finished_attempt(published(), "full", person)
    labels = [label for _pk, label in browser.get(reverse("reports:compare")).context["options"]]
    assert sorted(DOCUMENT.title in label for label in labels) == [False, False, True, True]
    assert sorted(FIRST.title in label for label in labels) == [False, False, True, True]


# --- Coaching -----------------------------------------------------------------------------------


@pytest.fixture
def tom() -> User:
    return coach()


def sharing(tom: User, edition: PublishedEdition, name: str = "Priya") -> CoachedClient:
    owner = User.objects.create_user(f"{name.lower()}@example.org", name=name)
    return shares_with(tom, finished_attempt(edition, FORM, owner), *Scope, name=name)


def coach_pages(client: CoachedClient) -> Iterator[str]:
    for name in ("client", "client-result", "client-answers", "client-plan", "brief"):
        yield reverse(f"coaching:{name}", args=[client.pk])


def test_a_coach_reads_it_in_its_own_words(tom: User, edition: PublishedEdition):
    client, browser = sharing(tom, edition), signed_in(tom)
    for address in coach_pages(client):
        shown(browser, address)
    assert names_both_poles(shown(browser, reverse("coaching:client-result", args=[client.pk])))
    assert DOCUMENT.title in shown(browser, reverse("coaching:client", args=[client.pk]))
    table = browser.get(reverse("coaching:client-csv", args=[client.pk]))
    assert OF_THE_FIRST.findall(table.content.decode()) == []


def test_a_coach_gives_a_view_of_its_topics(tom: User, edition: PublishedEdition):
    tom.coach_profile.rates_first = True
    tom.coach_profile.save(update_fields=["rates_first"])
    client = sharing(tom, edition)
    html = shown(signed_in(tom), reverse("coaching:second-view", args=[client.pk]))
    assert all(dimension.name in html for dimension in DOCUMENT.dimensions)


def test_a_coach_prepares_a_client_for_a_role_of_what_the_client_took(
    tom: User, edition: PublishedEdition
):
    client, browser = sharing(tom, edition), signed_in(tom)
    edit = reverse("coaching:client-edit", args=[client.pk])
    shown(browser, edit)
    browser.post(edit, {"name": "Priya", "role": "tech-lead"})
    client.refresh_from_db()
    assert client.role == "tech-lead"
    assert "Tech lead" in browser.get(reverse("coaching:desk")).content.decode()


def test_a_role_of_another_questionnaire_leaves_the_pages_of_a_client_whole(
    tom: User, edition: PublishedEdition
):
    client = sharing(tom, edition)
    change_client(client=client, name="Priya", cohort=None, role=FIRST.roles[0].key)
    for address in coach_pages(client):
        shown(signed_in(tom), address)
    assert FIRST.roles[0].name not in shown(signed_in(tom), reverse("coaching:desk"))


def test_what_a_coach_asks_to_take_again_is_what_the_client_took(
    tom: User, edition: PublishedEdition
):
    client = sharing(tom, edition)
    assign(client=client, kind=Assignment.Kind.RETAKE, key="", due_on=None, at=timezone.now())
    person = client.person
    assert person is not None
    html = shown(signed_in(person), reverse("coaching:sharing"))
    assert f'href="/q/{SLUG}/start/"' in html
    assert DOCUMENT.title in html


def test_later_results_are_shared_of_the_same_questionnaire_only(
    tom: User, edition: PublishedEdition
):
    client = sharing(tom, edition)
    person, shared = client.person, client.attempt
    assert person is not None
    assert shared is not None
    consent = client.consent()
    assert consent is not None
    other = finished_attempt(published(), "full", person)
    assert readable(tom, client) == [shared.pk]
    again = finished_attempt(edition, FORM, person)
    assert readable(tom, client) == [again.pk, shared.pk]
    page = signed_in(tom).get(
        reverse("coaching:client-result", args=[client.pk]), {"attempt": str(other.pk)}
    )
    assert page.status_code == 404


def readable(tom: User, client: CoachedClient) -> list[UUID]:
    """The attempts that the coach may read by every way there is to ask, which must agree."""
    consent, now = client.consent(), timezone.now() + timedelta(seconds=1)
    assert consent is not None
    theirs = type(consent).objects.filter(pk=consent.pk)
    one = [attempt.pk for attempt in Attempt.objects.shared_by(consent)]
    many = [attempt.pk for attempt in Attempt.objects.shared_by_any(theirs)]
    rows = CoachedClient.objects.filter(pk=client.pk).with_status(now).with_next_step(now)
    assert (one, one[0]) == (many, rows.get().newest_shared)  # type: ignore[attr-defined]
    return one


def test_an_invitation_offers_to_share_results_of_what_it_invites_to(
    tom: User, edition: PublishedEdition
):
    person = User.objects.create_user("invited@example.org")
    finished_attempt(edition, FORM, person)
    fitting = finished_attempt(published(), "full", person)
    browser = signed_in(tom)
    sent = browser.post(reverse("coaching:invite"), {"name": "Somebody"})
    link = sent.context["link"].removeprefix(settings.SITE_URL)
    invited = signed_in(person)
    assert [one.pk for one in invited.get(link, follow=True).context["own"]] == [fitting.pk]


def test_a_group_map_is_of_one_questionnaire(tom: User, edition: PublishedEdition):
    group = make_group(coach=tom, name="Spring")
    members = [sharing(tom, edition, name) for name in ("Ann", "Bo", "Cy", "Di", "Ed")]
    members.append(client_who_shares(tom, "Stranger"))
    CoachedClient.objects.filter(pk__in=[one.pk for one in members]).update(cohort=group)
    assert Cohort.objects.count() == 1
    response = signed_in(tom).get(reverse("coaching:cohort", args=[group.pk]))
    page, left_out = response.context["page"], response.context["left_out"]
    assert [row.name for row in page.rows] == [one.name for one in DOCUMENT.dimensions]
    assert [(one.name, one.why) for one in left_out] == [
        ("Stranger", "took another questionnaire")
    ]
    assert OF_THE_FIRST.findall(response.content.decode()) == []


def test_a_result_is_previewed_in_its_own_words_before_it_is_shared(
    tom: User, edition: PublishedEdition
):
    client = sharing(tom, edition)
    person, attempt = client.person, client.attempt
    assert person is not None
    assert attempt is not None
    consent_of(person, tom, attempt)
    until = str(timezone.localdate() + timedelta(days=90))
    data = {"coach": str(tom.pk), "scopes": ["answers", "plan"], "until": until}
    address = reverse("coaching:share", args=[attempt.pk])
    response = signed_in(person).post(address, data)
    html = response.content.decode()
    assert (response.status_code, OF_THE_FIRST.findall(html)) == (200, [])
    assert DOCUMENT.title in html
