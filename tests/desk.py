"""A coach's desk with clients in every state, and somebody with an account: for tests of pages."""

from dataclasses import dataclass
from datetime import datetime

from django.test import Client as Browser

from assessments.coaching.models import Assignment, Client, Cohort
from assessments.coaching.services import (
    Wanted,
    accept_invitation,
    assign,
    invite,
    save_second_view,
    show_second_view,
    write_note,
)
from assessments.people.consents import Scope
from assessments.people.models import User
from tests.cast import (
    answer,
    coach,
    finished_attempt,
    new_attempt,
    published,
    shares_with,
    signed_in,
    stops_sharing,
)

GROUP_SIZE = 5


@dataclass
class Desk:
    """Who sits at which browser, and the arguments of addresses by what they lead to."""

    browsers: dict[str, Browser]
    args: dict[str, list[object]]
    invitation: str


def desk(at: datetime) -> Desk:
    """Everybody and everything that a page of coaching needs."""
    edition, tom = published(), coach()

    def shared(name: str, form: str, *scopes: str) -> Client:
        owner = User.objects.create_user(f"{name.lower()}@example.org", name=name)
        return shares_with(tom, finished_attempt(edition, form, owner), *scopes)

    priya = shared("Priya", "full", *Scope)
    person, attempt = priya.person, priya.attempt
    assert person is not None
    assert attempt is not None
    finished_attempt(edition, "full", person)
    answer(new_attempt(edition, owner=person), {})
    note = write_note(client=priya, text="A note\nof two lines", is_shared=True, at=at)
    for kind, key in (
        (Assignment.Kind.RETAKE, ""),
        (Assignment.Kind.ROLE, edition.document.roles[0].key),
        (Assignment.Kind.STEP, edition.document.study.recommendations[0].key),
    ):
        assign(client=priya, kind=kind, key=key, due_on=None, at=at)
    ratings = {"metrics": {"preference": 1}}
    view = save_second_view(client=priya, attempt=attempt, ratings=ratings, at=at)
    show_second_view(view=view, at=at)
    daniel, short = shared("Daniel", "full", "plan"), shared("Short", "short")
    hannah = shared("Hannah", "full")
    write_note(client=hannah, text="A note", is_shared=False, at=at)
    stops_sharing(hannah)
    ravi, link = invite(coach=tom, wanted=Wanted(name="Ravi", message="Hello\nyou"), at=at)
    aisha, _link = invite(coach=tom, wanted=Wanted(name="Aisha"), at=at)
    accept_invitation(client=aisha, attempt=finished_attempt(edition), at=at)
    lucas, _link = invite(coach=tom, wanted=Wanted(name="Lucas"), at=at)
    accept_invitation(client=lucas, attempt=new_attempt(edition), at=at)
    group, small = (Cohort.objects.create(coach=tom, name=name) for name in ("Spring", "Autumn"))
    Client.objects.filter(pk__in=[priya.pk, daniel.pk]).update(cohort=group)
    for number in range(GROUP_SIZE - 2):
        member = shared(f"Member{number}", "full", Scope.EXPORT)
        Client.objects.filter(pk=member.pk).update(cohort=group)
    # Whoever asks for a view of their own first.
    ida = coach("ida@example.org", "Ida Berg", rates_first=True)
    first = shares_with(ida, attempt, Scope.ANSWERS)
    clients = {
        "priya": priya, "daniel": daniel, "short": short, "hannah": hannah, "ravi": ravi,
        "aisha": aisha, "lucas": lucas, "view first": first,
    }  # fmt: skip
    return Desk(
        browsers={
            "tom": signed_in(tom),
            "ida": signed_in(ida),
            "priya": signed_in(person),
            "hannah": signed_in(hannah.person or tom),
            "new": signed_in(User.objects.create_user("new@example.org")),
            "waiting": signed_in(coach("waits@example.org", is_approved=False)),
            "without clients": signed_in(coach("empty@example.org")),
            "visitor": Browser(),
        },
        args={
            **{name: [client.pk] for name, client in clients.items()},
            "note": [priya.pk, note.pk],
            "result": [attempt.pk],
            "view": [view.pk],
            "group": [group.pk],
            "small group": [small.pk],
        },
        invitation=link,
    )
