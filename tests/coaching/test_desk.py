"""The coach's desk: opening one, the list and its filters, inviting, reminding, ending."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.coaching.desk_page import Case, next_step
from assessments.coaching.models import Client as CoachedClient
from assessments.coaching.models import Cohort, SecondView, Status
from assessments.coaching.services import (
    Wanted,
    accept_invitation,
    invitation_of,
    invite,
    note_opened,
    write_note,
)
from assessments.people.consents import AccessEvent, Consent, Look
from assessments.people.models import CoachProfile, User
from assessments.people.services import note_looks
from tests.cast import (
    coach,
    finished_attempt,
    new_attempt,
    published,
    shares_with,
    signed_in,
    stops_sharing,
)

pytestmark = pytest.mark.django_db
DESK = "/coach/"
LINK = re.compile(r'value="(http://[^"]+/invitation/([\w-]+)/)"')


@pytest.fixture
def tom() -> User:
    return coach()


@pytest.fixture
def toms(tom: User) -> Client:
    return signed_in(tom)


def invited(tom: User, name: str, **wanted: object) -> CoachedClient:
    client, _link = invite(coach=tom, wanted=Wanted(name=name, **wanted), at=timezone.now())  # type: ignore[arg-type]
    return client


def names_in(page: str) -> list[str]:
    return re.findall(r'<a href="/coach/clients/[^"]+">([^<]+)</a>', page)


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


# --- Opening a desk -----------------------------------------------------------------------------


def test_whoever_is_signed_in_may_open_a_desk_and_is_told_what_it_shows():
    user = User.objects.create_user("nina@example.org")
    page = text_of(signed_in(user).get("/coach/open/"))
    assert "What you cannot see" in page
    assert "Not for hiring, and not for ranking people." in page
    response = signed_in(user).post("/coach/open/", {"name": "Nina  Nováková", "practice": "N"})
    assert (response.status_code, response.headers["Location"]) == (302, DESK)
    desk = CoachProfile.objects.get(user=user)
    assert (desk.user.name, desk.practice, desk.is_approved) == ("Nina Nováková", "N", True)


def test_a_desk_needs_a_name():
    toms = signed_in(User.objects.create_user("nina@example.org"))
    response = toms.post("/coach/open/", {"name": " ", "practice": "My practice"})
    assert response.status_code == 422
    page = text_of(response)
    assert re.search(r"<title>\s*Error:", page)
    assert "My practice" in page
    assert not CoachProfile.objects.exists()


def test_whoever_has_a_desk_is_sent_to_it(toms: Client):
    assert toms.get("/coach/open/").headers["Location"] == DESK
    assert toms.post("/coach/open/", {"name": "Other"}).headers["Location"] == DESK


@override_settings(COACH_SIGNUP="approval")
def test_a_desk_that_waits_for_approval_says_so_and_opens_nothing():
    user = User.objects.create_user("nina@example.org")
    toms = signed_in(user)
    assert "before it opens" in text_of(toms.get("/coach/open/"))
    assert toms.post("/coach/open/", {"name": "Nina"}).headers["Location"] == "/coach/open/"
    assert "Your desk waits for approval" in text_of(toms.get("/coach/open/"))
    assert toms.get(DESK).status_code == 404


def test_the_settings_change_what_clients_read_and_whether_a_view_comes_first(tom: User):
    toms = signed_in(tom)
    sent = {"name": "Tom A.", "practice": "New practice", "rates_first": "on"}
    assert toms.post("/coach/settings/", sent).status_code == 302
    desk = CoachProfile.objects.select_related("user").get(user=tom)
    assert (desk.user.name, desk.practice, desk.rates_first) == ("Tom A.", "New practice", True)
    assert toms.post("/coach/settings/", {"name": "", "practice": "X"}).status_code == 422


# --- The list -----------------------------------------------------------------------------------


def test_the_list_shows_only_ones_own_clients(tom: User, toms: Client):
    invited(tom, "Mine")
    invited(coach("other@example.org"), "Theirs")
    assert names_in(text_of(toms.get(DESK))) == ["Mine"]


def test_a_desk_without_clients_says_how_it_fills(toms: Client):
    page = text_of(toms.get(DESK))
    assert "No clients yet" in page
    assert 'href="/coach/invite/"' in page


def test_filters_that_nobody_matches_say_how_many_are_hidden(tom: User, toms: Client):
    invited(tom, "Mine")
    page = text_of(toms.get(DESK, {"q": "zzz"}))
    assert "No client matches these filters" in page
    assert "1 client is hidden." in page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "ANA"}, ["Ana"]),
        ({"q": "ben@"}, ["Ben"]),
        ({"status": "opened"}, ["Ben"]),
        ({"status": "nonsense"}, ["Ana", "Ben", "Cem"]),
        ({"group": "spring"}, ["Cem"]),
        ({"group": "of another coach"}, ["Ana", "Ben", "Cem"]),
        ({"active": "week"}, ["Ana", "Ben"]),
        ({"active": "before"}, ["Cem"]),
        ({"q": "ana\0"}, ["Ana", "Ben", "Cem"]),
        ({"page": "99"}, ["Ana", "Ben", "Cem"]),
        ({"page": "x"}, ["Ana", "Ben", "Cem"]),
    ],
)
def test_the_list_can_be_filtered(
    tom: User, toms: Client, asked: dict[str, str], expected: list[str]
):
    groups = {
        "spring": Cohort.objects.create(coach=tom, name="Spring"),
        "of another coach": Cohort.objects.create(coach=coach("o@example.org"), name="Spring"),
    }
    invited(tom, "Ana")
    ben = invited(tom, "Ben", email="ben@example.org")
    note_opened(client=ben, at=timezone.now())
    cem = invited(tom, "Cem", cohort=groups["spring"])
    long_ago = timezone.now() - timedelta(days=20)
    CoachedClient.objects.filter(pk=cem.pk).update(touched_at=long_ago)
    if asked.get("group"):
        asked = {"group": str(groups[asked["group"]].pk)}
    assert names_in(text_of(toms.get(DESK, {"sort": "name", **asked}))) == expected


def test_the_list_is_in_the_order_of_activity_or_of_names_and_no_other(tom: User, toms: Client):
    for days, name in enumerate(["Cem", "ana", "Ben"]):
        client = invited(tom, name)
        at = timezone.now() - timedelta(days=days)
        CoachedClient.objects.filter(pk=client.pk).update(touched_at=at)
    assert names_in(text_of(toms.get(DESK))) == ["Cem", "ana", "Ben"]
    assert names_in(text_of(toms.get(DESK, {"sort": "name"}))) == ["ana", "Ben", "Cem"]
    assert names_in(text_of(toms.get(DESK, {"sort": "status"}))) == ["Cem", "ana", "Ben"]


def test_the_list_is_paged_and_keeps_its_filters(tom: User, toms: Client):
    for number in range(27):
        invited(tom, f"Person {number:02}")
    page = text_of(toms.get(DESK, {"sort": "name", "q": "person"}))
    assert len(names_in(page)) == 25
    assert 'href="?sort=name&amp;q=person&amp;page=2"' in page
    last = text_of(toms.get(DESK, {"sort": "name", "q": "person", "page": "2"}))
    assert names_in(last) == ["Person 25", "Person 26"]


def test_the_list_holds_nothing_of_a_result_and_is_no_read(tom: User, toms: Client):
    edition = published()
    attempt = finished_attempt(edition, owner=User.objects.create_user("p@example.org"))
    shares_with(tom, attempt, "answers", "plan", name="Priya")
    page = text_of(toms.get(DESK))
    assert "Priya" in page
    poles = edition.document.poles
    for word in (poles.a.name, poles.b.name, "Leans", "Strongly", "sure"):
        assert word not in page
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize("number", [5, 500])
def test_the_list_asks_as_many_questions_whatever_its_length(tom: User, toms: Client, number: int):
    edition = published()
    cohort = Cohort.objects.create(coach=tom, name="Spring")
    at = timezone.now()
    CoachedClient.objects.bulk_create(
        CoachedClient(coach=tom, name=f"P {n}", cohort=cohort, touched_at=at)
        for n in range(number)
    )
    for n in range(3):
        owner = User.objects.create_user(f"p{n}@example.org", name=f"Sharing {n}")
        shares_with(tom, finished_attempt(edition, "short", owner), "later_attempts")
    with CaptureQueriesContext(connection) as asked:
        assert toms.get(DESK).status_code == 200
    # Session, user, desk, counts, groups, newest edition, how many, the page.
    assert len(asked) == 8, "\n".join(query["sql"] for query in asked)


def test_the_statuses_are_counted(tom: User, toms: Client):
    edition = published()
    for name in ("One", "Two"):
        invited(tom, name)
    under_way = invited(tom, "Three")
    accept_invitation(client=under_way, attempt=new_attempt(edition), at=timezone.now())
    page = " ".join(text_of(toms.get(DESK)).split())
    assert re.findall(r"<b>(\d+)</b> ([^<]+)</a>", page) == [
        ("2", "Invited"),
        ("1", "In progress"),
    ]


# --- The next step ------------------------------------------------------------------------------

NOW = timezone.make_aware(timezone.datetime(2026, 3, 10, 12))  # type: ignore[attr-defined]
SOON, LATER = NOW + timedelta(days=14), NOW + timedelta(days=15)
STEPS = {
    "invited": (Case(Status.INVITED), "None needed yet"),
    "invited, late": (Case(Status.INVITED, is_late=True), "Send a reminder"),
    "opened, late": (Case(Status.OPENED, is_late=True), "Send a reminder"),
    "late, reminded of late": (
        Case(Status.OPENED, is_late=True, reminded_at=NOW - timedelta(days=6)),
        "None needed yet",
    ),
    "late, reminded long ago": (
        Case(Status.OPENED, is_late=True, reminded_at=NOW - timedelta(days=8)),
        "Send a reminder",
    ),
    "in progress": (Case(Status.IN_PROGRESS), "None needed yet"),
    "in progress, late": (Case(Status.IN_PROGRESS, is_late=True), "Ask how far it is"),
    "finished": (Case(Status.FINISHED, is_late=True), "Ask whether to share"),
    "view due": (
        Case(Status.SHARING, shares_until=LATER, is_view_due=True),
        "Write down your own view first",
    ),
    "never read": (Case(Status.SHARING, shares_until=LATER), "Read the result before you talk"),
    "read": (Case(Status.SHARING, shares_until=LATER, was_read=True), "None needed yet"),
    "ends soon": (
        Case(Status.SHARING, shares_until=SOON, is_view_due=True),
        "Sharing ends on 24 Mar 2026: ask whether to go on",
    ),
    "ended": (Case(Status.ENDED, shared_until=NOW), "No access"),
    "ended, with notes": (
        Case(Status.ENDED, shared_until=NOW, has_notes=True),
        "No access; your notes stay until 9 Apr 2026",
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_the_next_step_follows_from_the_case(name: str):
    case, sentence = STEPS[name]
    assert next_step(case, at=NOW) == sentence


def step_of(toms: Client, name: str) -> str:
    page = " ".join(text_of(toms.get(DESK)).split())
    row = next(row for row in page.split("<tr>") if f">{name}</a>" in row)
    return re.findall(r"<td [^>]*>(.*?)</td>", row)[-1].strip()


def test_the_list_finds_out_whose_result_was_read(tom: User, toms: Client):
    edition = published()
    owner = User.objects.create_user("p@example.org", name="Priya")
    client = shares_with(tom, finished_attempt(edition, owner=owner), "later_attempts")
    assert step_of(toms, "Priya") == "Read the result before you talk"
    toms.get(f"/coach/clients/{client.pk}/result/")
    assert step_of(toms, "Priya") == "None needed yet"
    # A later attempt, which the consent opens too, was not read yet.
    finished_attempt(edition, "short", owner)
    assert step_of(toms, "Priya") == "Read the result before you talk"


def test_a_look_of_another_coach_is_no_read_of_ones_own(tom: User, toms: Client):
    owner = User.objects.create_user("p@example.org", name="Priya")
    attempt = finished_attempt(published(), owner=owner)
    shares_with(tom, attempt)
    other = coach("other@example.org")
    shares_with(other, attempt)
    consent = Consent.objects.get(coach=other)
    note_looks(reads=[(consent, attempt.pk)], look=Look.RESULT, at=timezone.now())
    assert step_of(toms, "Priya") == "Read the result before you talk"


def test_the_list_finds_out_whether_ones_own_view_is_due(tom: User, toms: Client):
    CoachProfile.objects.filter(user=tom).update(rates_first=True)
    owner = User.objects.create_user("p@example.org", name="Priya")
    attempt = finished_attempt(published(), owner=owner)
    client = shares_with(tom, attempt)
    assert step_of(toms, "Priya") == "Write down your own view first"
    SecondView.objects.create(client=client, attempt=attempt, saved_at=timezone.now())
    assert step_of(toms, "Priya") == "Read the result before you talk"


def test_the_list_says_until_when_the_notes_stay(tom: User, toms: Client):
    owner = User.objects.create_user("p@example.org", name="Priya")
    client = shares_with(tom, finished_attempt(published(), owner=owner))
    write_note(client=client, text="A note", is_shared=False, at=timezone.now())
    stops_sharing(client)
    assert step_of(toms, "Priya").startswith("No access; your notes stay until ")


# --- Inviting -----------------------------------------------------------------------------------


def test_an_invitation_is_sent_and_its_link_shown_once(tom: User, toms: Client):
    CoachProfile.objects.filter(user=tom).update(practice="Adeyemi & Co")
    role = published().document.roles[0]
    sent = {
        "name": "Ana\nB", "email": "ana@example.org", "new_group": "Spring", "role": role.key,
        "form": "full", "message": "Take it <b>soon</b> & rest.", "due_on": "2099-03-01",
    }  # fmt: skip
    response = toms.post("/coach/invite/", sent)
    assert response.status_code == 200
    page = text_of(response)
    link, token = LINK.findall(page)[0]
    assert "We have sent the invitation to ana@example.org." in " ".join(page.split())
    client = CoachedClient.objects.select_related("cohort").get(coach=tom)
    assert (client.name, client.cohort and client.cohort.name) == ("Ana B", "Spring")
    assert (client.role, client.form, client.due_on) == (role.key, "full", date(2099, 3, 1))
    assert invitation_of(token) == client
    (message,) = mail.outbox
    assert message.to == ["ana@example.org"]
    assert message.subject == "RoleAssess: Tom Adeyemi invites you"
    assert "Tom Adeyemi (Adeyemi & Co) invites you" in message.body
    assert "Take it <b>soon</b> & rest." in message.body
    assert link in message.body
    assert "sees nothing of your result until you agree" in message.body
    assert "ignore this message" in message.body
    assert token not in text_of(toms.get(f"/coach/clients/{client.pk}/"))


def test_without_an_address_the_link_is_shown_and_nothing_sent(toms: Client):
    page = text_of(toms.post("/coach/invite/", {"name": "Ana"}))
    assert "No message was sent." in page
    assert LINK.search(page)
    assert mail.outbox == []


@override_settings(EMAIL_BACKEND="tests.coaching.test_desk.NoMailServer")
def test_a_mail_server_that_is_away_is_no_secret(toms: Client):
    page = " ".join(
        text_of(toms.post("/coach/invite/", {"name": "A", "email": "a@example.org"})).split()
    )
    assert "could not be sent to a@example.org" in page
    assert LINK.search(page)


class NoMailServer:
    """A mail server that nobody answers."""

    def __init__(self, **_settings: object) -> None:
        pass

    def send_messages(self, _messages: object) -> int:
        raise ConnectionRefusedError


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"email": "ana(at)example.org"},
        {"role": "no-such-role"},
        {"form": "no-such-form"},
        {"due_on": "2001-01-01"},
        {"message": 1001 * "x"},
        {"group": "someone else's"},
        {"group": "own", "new_group": "And another"},
    ],
)
def test_a_faulty_invitation_makes_nothing_and_keeps_what_was_typed(
    tom: User, toms: Client, wrong: dict[str, str]
):
    groups = {
        "own": Cohort.objects.create(coach=tom, name="Own"),
        "someone else's": Cohort.objects.create(coach=coach("o@example.org"), name="Other"),
    }
    if "group" in wrong:
        wrong = {**wrong, "group": str(groups[wrong["group"]].pk)}
    sent = {"name": "Ana", "new_group": "", "message": "Typed with care", **wrong}
    response = toms.post("/coach/invite/", sent)
    page = text_of(response)
    assert response.status_code == 422
    assert re.search(r"<title>\s*Error:", page)
    assert "There is a problem" in page
    assert ("Typed with care" in page) == ("message" not in wrong)
    assert not CoachedClient.objects.exists()
    assert Cohort.objects.count() == 2


def test_the_same_new_group_is_one_group(tom: User, toms: Client):
    for name in ("Ana", "Ben"):
        toms.post("/coach/invite/", {"name": name, "new_group": "Spring"})
    assert list(Cohort.objects.filter(coach=tom).values_list("name", flat=True)) == ["Spring"]


def test_a_reminder_is_a_new_link_and_ends_the_one_before(tom: User, toms: Client):
    first = LINK.findall(text_of(toms.post("/coach/invite/", {"name": "Ana"})))[0][1]
    client = CoachedClient.objects.get()
    second = LINK.findall(text_of(toms.post(f"/coach/clients/{client.pk}/remind/")))[0][1]
    assert invitation_of(first) is None
    assert invitation_of(second) == client
    CoachedClient.objects.update(email="ana@example.org")
    response = toms.post(f"/coach/clients/{client.pk}/remind/")
    assert response.headers["Location"] == f"/coach/clients/{client.pk}/"
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    assert "on its way to ana@example.org" in text_of(toms.get(response.headers["Location"]))


def test_nobody_who_has_begun_is_reminded(tom: User, toms: Client):
    client = invited(tom, "Ana", email="ana@example.org")
    accept_invitation(client=client, attempt=new_attempt(published()), at=timezone.now())
    assert toms.post(f"/coach/clients/{client.pk}/remind/").status_code == 409
    assert mail.outbox == []
    assert "remind" not in text_of(toms.get(f"/coach/clients/{client.pk}/"))


def test_an_invitation_is_taken_back_after_asking(tom: User, toms: Client):
    token = LINK.findall(text_of(toms.post("/coach/invite/", {"name": "Ana"})))[0][1]
    client = CoachedClient.objects.get()
    address = f"/coach/clients/{client.pk}/end/"
    assert "Take back the invitation of" in text_of(toms.get(address))
    assert invitation_of(token) == client
    assert toms.post(address).headers["Location"] == DESK
    assert invitation_of(token) is None
    assert "You took this invitation back on" in text_of(toms.get(f"/coach/clients/{client.pk}/"))
    # Once is enough.
    assert toms.post(address).headers["Location"] == f"/coach/clients/{client.pk}/"


def test_a_coach_can_stop_seeing_a_result(tom: User, toms: Client):
    owner = User.objects.create_user("p@example.org", name="Priya")
    client = shares_with(tom, finished_attempt(published(), owner=owner))
    assert "Your own notes stay for 30 days" in text_of(
        toms.get(f"/coach/clients/{client.pk}/end/")
    )
    toms.post(f"/coach/clients/{client.pk}/end/")
    assert toms.get(f"/coach/clients/{client.pk}/result/").status_code == 404
    assert not Consent.objects.filter(ended_at=None).exists()


def test_the_entry_of_a_client_can_be_changed(tom: User, toms: Client):
    client = invited(tom, "Ana")
    role = published().document.roles[1]
    address = f"/coach/clients/{client.pk}/edit/"
    toms.post(address, {"name": "Ana B.", "new_group": "Spring", "role": role.key})
    client.refresh_from_db()
    assert (client.name, client.cohort and client.cohort.name, client.role) == (
        "Ana B.", "Spring", role.key,
    )  # fmt: skip
    assert toms.post(address, {"name": ""}).status_code == 422
    assert reverse("coaching:client", args=[client.pk]) == f"/coach/clients/{client.pk}/"
