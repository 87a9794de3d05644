"""An invented coach with clients in every state, for trying the desk out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.coaching import services
from assessments.coaching.models import Assignment, Client, Cohort
from assessments.coaching.sharing import Agreement
from assessments.management.demo_people import BY_NAME, Persona
from assessments.people.consents import CONSENT_DAYS, Scope
from assessments.people.models import User
from assessments.people.services import Terms, open_desk
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.reports.services import plan_or_new, tick_steps
from assessments.responses.models import Attempt
from assessments.responses.services import claim_attempt

COACH = "tom@example.org"
EVERYTHING = tuple(Scope)


@dataclass(frozen=True, slots=True)
class DemoClient:
    """An invented client: without a persona nothing taken, without scopes nothing shared."""

    name: str
    persona: str = ""
    scopes: tuple[str, ...] | None = None
    seen: bool = False
    ended: bool = False
    opened: bool = False
    due_in_days: int | None = None

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.name.partition(' ')[0].casefold()}@example.org"


CLIENTS = (
    DemoClient("Priya Raman", "leans one way, has practised the other", EVERYTHING, seen=True),
    DemoClient("Daniel Okafor", "leans strongly to the first side", (), seen=True),
    DemoClient("Mei Zhao", "too close to call", (Scope.ANSWERS,)),
    DemoClient("Aisha Karimi", "at home on both sides, ready for both", EVERYTHING, seen=True),
    DemoClient("Sofia Lindqvist", "mixed", EVERYTHING, seen=True),
    DemoClient("Grace Njeri", "neither yet", EVERYTHING, seen=True),
    DemoClient("Olga Petrenko", "answers that cannot be read", EVERYTHING, seen=True),
    DemoClient("Kofi Mensah", "short form", EVERYTHING, seen=True),
    DemoClient("Yusuf Demir", "short form"),
    DemoClient("Lucas Ferreira", "in the middle of it", due_in_days=7),
    DemoClient("Jonas Weber", opened=True, due_in_days=-3),
    DemoClient("Ravi Menon", due_in_days=14),
    DemoClient("Hannah Cohen", "flat: nothing separates the roles", EVERYTHING, ended=True),
)

StartAttempt = Callable[[PublishedEdition, Persona, UUID], Attempt]


def make(
    edition: PublishedEdition, *, secret: Callable[[str], str], start: StartAttempt
) -> list[str]:
    """Make the coach and the clients, unless the coach is there; says how to sign in as whom."""
    if not User.objects.filter(email=COACH).exists():
        _make(edition, secret, start)
    signing_in = [(COACH, reverse("coaching:desk")), (CLIENTS[0].email, reverse("reports:mine"))]
    lines = []
    for email, path in signing_in:
        password = secret(email)[:20]
        user = User.objects.filter(email=email).first()
        if user is not None:
            shown = password if user.check_password(password) else "(their own password)"
            lines.append(f"{email}  {shown}  {settings.SITE_URL}{path}")
    return lines


@transaction.atomic
def _make(edition: PublishedEdition, secret: Callable[[str], str], start: StartAttempt) -> None:
    now = timezone.now()
    coach = _user(COACH, "Tom Adeyemi", secret)
    open_desk(user=coach, name=coach.name, practice="Adeyemi Coaching", at=now)
    cohort = Cohort.objects.create(coach=coach, name="Spring group")
    role = edition.document.roles[0].key
    for number, demo in enumerate(CLIENTS):
        at = now - timedelta(days=2 * number, hours=3)
        due_on = None if demo.due_in_days is None else (now + timedelta(demo.due_in_days)).date()
        wanted = services.Wanted(
            demo.name, email=demo.email, cohort=cohort, role=role, due_on=due_on
        )
        client, _link = services.invite(coach=coach, wanted=wanted, at=at)
        if demo.opened or demo.persona:
            services.note_opened(client=client, at=at)
        if demo.persona:
            pk = uuid5(NAMESPACE_URL, secret(f"client {demo.name}"))
            attempt = start(edition, BY_NAME[demo.persona], pk)
            services.accept_invitation(client=client, attempt=attempt, at=at)
            person = _user(demo.email, demo.name, secret)
            claim_attempt(attempt=attempt, owner=person)
            attempt.refresh_from_db()
            if demo.scopes is not None:
                _share(client, person, attempt, demo.scopes)
                _go_on(client, attempt, demo)


def _user(email: str, name: str, secret: Callable[[str], str]) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, secret(email)[:20], name=name)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _share(client: Client, person: User, attempt: Attempt, scopes: tuple[str, ...]) -> None:
    until = timezone.localdate() + timedelta(days=CONSENT_DAYS)
    agreement = Agreement(client.coach, scopes, until)
    services.share(
        person=person,
        coach=client.coach,
        attempt=attempt,
        terms=Terms(scopes, agreement.expires_at, agreement.digest()),
        at=timezone.now(),
    )
    client.refresh_from_db()


def _go_on(client: Client, attempt: Attempt, demo: DemoClient) -> None:
    """What coach and client did since."""
    now, document = timezone.now(), published_edition(attempt.edition_id).document
    text = "Bring one story about a decision on which you changed your mind."
    services.write_note(client=client, text=text, is_shared=True, at=now)
    if demo.seen:
        said = {"preference": 1, "readiness_a": 3, "readiness_b": 1}
        ratings = {dimension.key: said for dimension in document.dimensions[::3]}
        services.save_second_view(client=client, attempt=attempt, ratings=ratings, at=now)
    if demo.ended:
        consent = services.consent_in_force(client=client, at=now)
        services.withdraw(consent=consent, at=now)
    elif Scope.PLAN in (demo.scopes or ()):
        plan = plan_or_new(attempt=attempt, document=document, today=timezone.localdate())
        tick_steps(plan=plan, shown=[], ticked=[], note="")
        due_on = timezone.localdate() + timedelta(weeks=10)
        retake = Assignment.Kind.RETAKE
        services.assign(client=client, kind=retake, key="", due_on=due_on, at=now)
