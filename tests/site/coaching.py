"""People of the coach's desk on the live site: made past its pages, signed in by them."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from tests.live import Live
from tests.site.client import Browser, at_once, shipped

PASSWORD = "seven grey herons upstairs"
SHARING_DAYS = 100
# Pages that hold something of one client's result, by the look that they are.
LOOKS = {
    "client": "",
    "result": "result/",
    "answers": "answers/",
    "plan": "plan/",
    "brief": "brief/",
    "second_view": "second-view/",
    "table": "table.csv",
    "pdf": "report.pdf",
}
GROUP_LOOKS = {"cohort": "", "cohort_table": "table.csv"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A coach with clients who share everything, all of them in one group."""

    email: str
    cohort: UUID
    # Of each client: the entry on the desk, note, suggestion and consent.
    clients: list[dict[str, str]]

    def page(self, number: int, look: str) -> str:
        """The address of a page about a client."""
        return f"/coach/clients/{self.clients[number]['client']}/{LOOKS[look]}"

    def group(self, look: str) -> str:
        """The address of a page about the group."""
        return f"/coach/cohorts/{self.cohort}/{GROUP_LOOKS[look]}"


@dataclass(frozen=True, slots=True)
class Cast:
    """Coaches, and the people who share one finished result each with all of them."""

    desks: list[Desk]
    people: list[str]
    attempts: list[UUID]


def cast(live: Live, *, coaches: int, people: int, shares: bool = True) -> Cast:
    """Make them on the live site."""
    code = f"from tests.site.coaching import make; make({coaches}, {people}, {shares})"
    made = json.loads(live.manage("shell", "--no-imports", "-c", code).splitlines()[-1])
    return Cast(
        desks=[Desk(one["email"], UUID(one["cohort"]), one["clients"]) for one in made["desks"]],
        people=made["people"],
        attempts=[UUID(pk) for pk in made["attempts"]],
    )


def make(coaches: int, people: int, shares: bool) -> None:
    """What `cast` runs in a process of the site; prints what it made."""
    # Here, since the tests' own process must not touch the live site's database.
    from django.utils import timezone

    from assessments.coaching import services
    from assessments.coaching.models import Assignment
    from assessments.people.consents import Scope
    from tests.cast import desk_of, finished_attempt, published, shares_with, with_password

    mark, edition, now = secrets.token_hex(4), published(), timezone.now()
    owners = [with_password(f"client{n}-{mark}@example.org") for n in range(people)]
    attempts = [finished_attempt(edition, owner=owner) for owner in owners]
    desks: list[dict[str, Any]] = []
    for number in range(coaches):
        coach = with_password(f"coach{number}-{mark}@example.org")
        desk_of(coach)
        cohort = services.make_group(coach=coach, name="Spring")
        clients = []
        for attempt in attempts if shares else []:
            client = shares_with(coach, attempt, *Scope, days=SHARING_DAYS)
            note = services.write_note(client=client, text="A note.", is_shared=False, at=now)
            asked = services.assign(
                client=client, kind=Assignment.Kind.RETAKE, key="", due_on=None, at=now
            )
            ratings = {"metrics": {"preference": 1}}
            services.save_second_view(client=client, attempt=attempt, ratings=ratings, at=now)
            consent = client.consent()
            assert consent is not None
            ids = {"client": client, "note": note, "suggestion": asked, "consent": consent}
            clients.append({name: str(row.pk) for name, row in ids.items()})
        services.change_group(cohort=cohort, name="Spring", members=list(coach.clients.all()))
        desks.append({"email": coach.email, "cohort": str(cohort.pk), "clients": clients})
    made = {
        "desks": desks,
        "people": [owner.email for owner in owners],
        "attempts": [str(attempt.pk) for attempt in attempts],
    }
    sys.stdout.write(json.dumps(made))


def sign_in(browser: Browser, email: str) -> Browser:
    """Sign in by the page, with the password."""
    # From an address of one's own: many sign in here, and the site counts by address.
    sender = {
        "X-Forwarded-For": f"198.51.{secrets.randbelow(256)}.{secrets.randbelow(256)}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    fields = f"csrfmiddlewaretoken={browser.csrf}&login={email.replace('@', '%40')}"
    body = f"{fields}&password={PASSWORD.replace(' ', '+')}".encode()
    reply = browser.request("POST", "/account/login/", body, sender)
    assert reply.status == 302, reply.text
    return browser


def signed_in(live: Live, *emails: str) -> list[Browser]:
    """A browser for each of them."""
    return at_once(partial(sign_in, Browser(live), email) for email in emails)


def holds_result(body: bytes) -> bool:
    """Whether anything of a result stands there."""
    names: Sequence[str] = [dimension.name for dimension in shipped().dimensions]
    text = body.decode(errors="replace")
    has_answers = ' id="q-' in text
    return body.startswith(b"%PDF") or has_answers or sum(name in text for name in names) > 1
