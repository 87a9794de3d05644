"""Everything that is stored about one person, kind by kind (docs/my-data.md).

The page counts it, the downloads hold it, the receipt says how much of it went. No kind holds a
secret (password, token, session key) or more of somebody else than what concerns this person:
a coach's copy has what the coach wrote, and nothing of the clients' results.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.analysis.calibrations import calibration_of_report
from assessments.coaching.models import Assignment, Client, Cohort, Note, SecondView
from assessments.editing.models import ImpactRun, PendingImport
from assessments.http.csv import csv_bytes
from assessments.people.consents import AccessEvent, Consent, ConsentEvent
from assessments.people.models import CoachProfile, User
from assessments.questionnaires.editions import published_edition
from assessments.questionnaires.models import DeskChange
from assessments.reports.page import result_page
from assessments.reports.table import result_table
from assessments.responses.models import Attempt, AttemptQuerySet
from assessments.responses.sheets import answer_sheet
from assessments.scoring import Report
from assessments.scoring.verify import export

SCHEMA = "my-data/1"

Row = dict[str, Any]
Found = QuerySet[Any] | Sequence[Any]

UNTIL_ACCOUNT = _("Until you delete it or your account")
WITH_CONSENT = _("Until 30 days after your consent ends")
WHILE_YOU_COACH = _("Until you delete your account, or the other person theirs")
GOES = _("Deleted")


CONSENT_FIELDS = ("given_at", "expires_at", "ended_at", "scopes", "text_digest")
DESK_FIELDS = (
    "role", "form", "message", "due_on", "invited_at", "opened_at", "reminded_at", "revoked_at",
    "touched_at",
)  # fmt: skip
NOTE_FIELDS = ("text", "is_shared", "written_at", "changed_at")
ASSIGNMENT_FIELDS = ("kind", "key", "due_on", "made_at", "done_at", "withdrawn_at")
VIEW_FIELDS = ("ratings", "saved_at", "shared_at")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what is stored: in words, how long, what erasing does, and the rows."""

    key: str
    name: Promise
    kept: Promise
    when_erased: Promise
    find: Callable[[User], Found]
    row: Callable[[Any, User], Row]

    def count(self, user: User) -> int:
        """How many there are about a user."""
        found = self.find(user)
        return found.count() if isinstance(found, QuerySet) else len(found)

    def rows(self, user: User) -> list[Row]:
        """All of it."""
        return [self.row(one, user) for one in self.find(user)]


def counts(user: User) -> dict[str, int]:
    """How much of each kind is stored about a user."""
    return {kind.key: kind.count(user) for kind in KINDS}


def everything(user: User, at: datetime) -> Row:
    """All that is stored about a user at that time, ready for JSON."""
    return {
        "schema": SCHEMA,
        "made_at": _plain(at),
        **{kind.key: kind.rows(user) for kind in KINDS},
    }


# --- As tables ----------------------------------------------------------------------------------


def as_tables(content: Row) -> dict[str, list[Row]]:
    """The same as flat rows, by the name of the table; lists within a row get tables of their own.

    The proof (`export/1`) is left to the JSON.
    """
    tables: dict[str, list[Row]] = {}
    for kind in KINDS:
        for number, row in enumerate(content[kind.key], start=1):
            _flatten(tables, kind.key, row, of=str(row.get("id", number)))
    return tables


def _flatten(tables: dict[str, list[Row]], name: str, row: Row, of: str) -> None:
    flat: Row = {}
    for key, value in row.items():
        if key == "export":
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for inner in value:
                _flatten(tables, f"{name}_{key}", {f"of_{name}": of, **inner}, of)
        else:
            flat[key] = value
    tables.setdefault(name, []).append(flat)


def as_zip(user: User, at: datetime) -> bytes:
    """A zip of CSV files: a table for each kind that has rows, and each result in words."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in as_tables(everything(user, at)).items():
            archive.writestr(f"{name}.csv", csv_bytes(_lines(rows)))
        for attempt in _attempts(user).finished():
            archive.writestr(f"result_{attempt.pk}.csv", csv_bytes(_result(attempt)))
    return packed.getvalue()


def _result(attempt: Attempt) -> Iterator[tuple[str, ...]]:
    edition = published_edition(attempt.edition_id)
    report = Report.parse(attempt.report.document)
    answers = answer_sheet(attempt=attempt, items=edition.document.item).answers
    page = result_page(edition.document, report, answers, chosen_goal=attempt.goal)
    finished_at = attempt.finished_at or attempt.started_at
    return result_table(edition, report, page, answers, finished_at=finished_at)


def _lines(rows: list[Row]) -> Iterator[list[str]]:
    headings = list(dict.fromkeys(key for row in rows for key in row))
    yield headings
    for row in rows:
        yield [_cell(row.get(key)) for key in headings]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# --- The account --------------------------------------------------------------------------------


def _account(user: User, _me: User) -> Row:
    return {
        **_fields(user, "email", "name", "date_joined", "last_login", "used_at", "idle_notice_at"),
        **_fields(user, "ledger_ref", "is_active", "is_staff", "is_superuser"),
        "has_password": user.has_usable_password(),
        "groups": [group.name for group in user.groups.all()],
        "permissions": [right.codename for right in user.user_permissions.all()],
    }


def _address(address: EmailAddress, _me: User) -> Row:
    return _fields(address, "email", "verified", "primary")


def _factor(factor: Authenticator, _me: User) -> Row:
    # Never its key: whoever reads the copy must not be able to use it.
    return _fields(factor, "type", "created_at", "last_used_at")


def _browser(browser: UserSession, _me: User) -> Row:
    return {
        "network": browser.ip,
        **_fields(browser, "user_agent", "created_at", "last_seen_at"),
    }


def _admin_deed(entry: LogEntry, me: User) -> Row:
    # What it was done to may be another person's account.
    return {
        "at": _plain(entry.action_time),
        "did": entry.get_action_flag_display(),
        "to": str(entry.content_type or ""),
        "was_me": entry.user_id == me.pk,
    }


def _desk_change(change: DeskChange, _me: User) -> Row:
    return {
        "at": _plain(change.at),
        "did": change.deed,
        "questionnaire": change.questionnaire.slug,
        "note": change.note,
        "changed": change.differences,
    }


def _impact_run(run: ImpactRun, _me: User) -> Row:
    return {"at": _plain(run.at), "questionnaire": run.questionnaire.slug, "last": run.last}


def _pending_import(pending: PendingImport, _me: User) -> Row:
    return {"at": _plain(pending.at), "file": pending.file_name}


def admin_deeds(user: User) -> QuerySet[LogEntry]:
    """What the admin's history says of a user's account."""
    about = Q(content_type__app_label="assessments", content_type__model="user")
    return LogEntry.objects.filter(about, object_id=str(user.pk))


# --- Attempts -----------------------------------------------------------------------------------


def _attempts(user: User) -> AttemptQuerySet:
    related = ("report", "plan", "edition__questionnaire")
    rows = Attempt.objects.filter(owner=user).select_related(*related)
    rows = rows.prefetch_related("answers", "links")
    return rows.defer("edition__document").order_by("started_at", "pk")


def _attempt(attempt: Attempt, _me: User) -> Row:
    edition = attempt.edition
    plan = [attempt.plan] if hasattr(attempt, "plan") else []
    answers = sorted(attempt.answers.all(), key=lambda answer: answer.item_key)
    return {
        **_fields(attempt, "id", "form", "started_at", "last_used_at", "finished_at"),
        "questionnaire": edition.questionnaire.slug,
        "edition": edition.number,
        "edition_digest": edition.digest,
        "consent_digest": attempt.consent_digest,
        "continued_from": _plain(attempt.continued_from_id),
        "was_invited": attempt.invited_by_id is not None,
        **_fields(attempt, "goal", "advances_on_digit", "background"),
        # What it is to the sums of question analysis; the words of `CountedAs`.
        **_fields(attempt, "counted_as"),
        "answers": [
            _fields(one, "item_key", "value", "seconds", "client", "seq", "revision", "saved_at")
            for one in answers
        ],
        "plan": [
            _fields(
                one, "hours_per_week", "weeks", "interview_on", "started_on", "done",
                "rerated", "rerated_on", "note",
            )
            for one in plan
        ],
        # Only that they exist: whoever had a link could open the attempt.
        "private_links": [_fields(link, "made_at") for link in attempt.links.all()],
        "export": _proof(attempt) if attempt.is_finished else None,
    }  # fmt: skip


def _proof(attempt: Attempt) -> Row:
    """What `verify_report` reads."""
    document = published_edition(attempt.edition_id).document
    sheet = answer_sheet(attempt=attempt, items=document.item)
    report = Report.parse(attempt.report.document)
    calibration = calibration_of_report(attempt.edition_id, report.calibration)
    return export(document, sheet, report, calibration)


# --- Who may see what ---------------------------------------------------------------------------


def _given(user: User) -> QuerySet[Consent]:
    return user.consents_given.select_related("coach").order_by("given_at", "pk")


def _consent_given(consent: Consent, _me: User) -> Row:
    return {
        "id": str(consent.pk),
        "coach": consent.coach.name,
        **_fields(consent, *CONSENT_FIELDS, "attempt_id", "reminded_at"),
    }


def _received(user: User) -> QuerySet[Consent]:
    return _with_desk_name(user.consents_received.all(), user).order_by("given_at", "pk")


def _consent_received(consent: Any, _me: User) -> Row:
    name = _own_words(consent.desk_name, consent.desk_email, consent.client)
    return {"client": name, **_fields(consent, *CONSENT_FIELDS)}


def _with_desk_name(rows: QuerySet[Any], coach: User) -> QuerySet[Any]:
    """Rows that name a client, each with what stands on the coach's desk about that person."""
    on_desk = Client.objects.filter(coach=coach, person=OuterRef("client"))
    return rows.select_related("client").annotate(
        desk_name=Subquery(on_desk.values("name")[:1]),
        desk_email=Subquery(on_desk.values("email")[:1]),
    )


def _own_words(name: str | None, typed: str | None, person: User | None) -> str:
    """What a coach calls somebody, but no address that the coach did not type."""
    name = name or ""
    is_address = person is not None and name.casefold() == person.email.casefold()
    return "" if is_address and name.casefold() != (typed or "").casefold() else name


def _ledger(user: User) -> QuerySet[ConsentEvent]:
    mine = Q(client_ref=user.ledger_ref) | Q(coach_ref=user.ledger_ref)
    return ConsentEvent.objects.filter(mine).order_by("pk")


def _line(event: ConsentEvent, me: User) -> Row:
    return {
        "at": _plain(event.at),
        "i_was": "client" if event.client_ref == me.ledger_ref else "coach",
        **_fields(event, "deed", "scopes", "expires_at", "text_digest"),
    }


def _looks_at_me(user: User) -> QuerySet[AccessEvent]:
    return user.looked_at.select_related("reader").order_by("at", "pk")


def _look_at_me(event: AccessEvent, _me: User) -> Row:
    reader = event.reader.name if event.reader else ""
    return {"at": _plain(event.at), "by": reader, **_fields(event, "look", "attempt_id")}


def _my_looks(user: User) -> QuerySet[AccessEvent]:
    return _with_desk_name(user.looks.all(), user).order_by("at", "pk")


def _my_look(event: Any, _me: User) -> Row:
    name = _own_words(event.desk_name, event.desk_email, event.client)
    return {"at": _plain(event.at), "client": name, "look": event.look}


# --- As a client --------------------------------------------------------------------------------


def desk_rows_about(user: User) -> QuerySet[Client]:
    """What coaches' desks hold about a user: taken up by them, or addressed to their account."""
    taken_up = Q(person=user) | Q(attempt__owner=user)
    return Client.objects.filter(taken_up | Q(_addressed_to(user.email), person=None))


def _addressed_to(email: str) -> Q:
    # That an account's address is its owner's was confirmed when it was made.
    if email.isascii():
        return Q(email__iexact=email)
    # Databases differ in what they take for the same letter beyond ASCII.
    typed = Client.objects.filter(person=None).exclude(email="").values_list("pk", "email")
    same = [pk for pk, other in typed.iterator() if other.casefold() == email.casefold()]
    return Q(pk__in=same)


def _invitations(user: User) -> QuerySet[Client]:
    return desk_rows_about(user).select_related("coach", "cohort").order_by("touched_at", "pk")


def _invitation(client: Client, _me: User) -> Row:
    return {
        "coach": client.coach.name,
        "coach_calls_me": client.name,
        "group": client.cohort.name if client.cohort else "",
        **_fields(client, "email", *DESK_FIELDS),
    }


def _about(rows: QuerySet[Any]) -> Callable[[User], QuerySet[Any]]:
    def find(user: User) -> QuerySet[Any]:
        mine = rows.filter(client__in=desk_rows_about(user))
        return mine.select_related("client__coach").order_by("pk")

    return find


def _from_coach(*names: str) -> Callable[[Any, User], Row]:
    def row(one: Any, _me: User) -> Row:
        return {"coach": one.client.coach.name, **_fields(one, *names)}

    return row


# --- As a coach ---------------------------------------------------------------------------------


def _desk(desk: CoachProfile, _me: User) -> Row:
    return _fields(desk, "practice", "is_approved", "rates_first", "opened_at")


def _clients(user: User) -> QuerySet[Client]:
    return user.clients.select_related("cohort", "person").order_by("touched_at", "pk")


def _client(client: Client, _me: User) -> Row:
    return {
        "id": str(client.pk),
        "name": _own_words(client.name, client.email, client.person),
        "group": client.cohort.name if client.cohort else "",
        **_fields(client, "email", *DESK_FIELDS),
    }


def _on_desk(rows: QuerySet[Any]) -> Callable[[User], QuerySet[Any]]:
    def find(user: User) -> QuerySet[Any]:
        return rows.filter(client__coach=user).order_by("pk")

    return find


def _mine(*names: str) -> Callable[[Any, User], Row]:
    def row(one: Any, _me: User) -> Row:
        return {"of_clients": str(one.client_id), **_fields(one, *names)}

    return row


# --- Plain values -------------------------------------------------------------------------------


def _fields(row: Model, *names: str) -> Row:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def kinds_of(keys: Iterable[str]) -> list[Kind]:
    """The kinds of these keys, in their order; unknown keys are left out."""
    wanted = set(keys)
    return [kind for kind in KINDS if kind.key in wanted]


KINDS = (
    Kind(
        "account", _("Your account: e-mail address, name, dates, rights"),
        _("Until you delete it; unused for 24 months, it is announced by e-mail and deleted"),
        GOES, lambda user: User.objects.filter(pk=user.pk), _account,
    ),
    Kind(
        "addresses", _("Your e-mail addresses, and whether they are confirmed"), UNTIL_ACCOUNT,
        GOES, lambda user: EmailAddress.objects.filter(user=user).order_by("pk"), _address,
    ),
    Kind(
        "second_factors", _("Authenticator apps, passkeys and recovery codes, without their keys"),
        _("Until you remove them or delete your account"), GOES,
        lambda user: Authenticator.objects.filter(user=user).order_by("pk"), _factor,
    ),
    Kind(
        "browsers", _("Browsers in which you are signed in"),
        _("Until you sign out, or 90 days"), GOES,
        lambda user: UserSession.objects.filter(user=user).order_by("pk"), _browser,
    ),
    Kind(
        "attempts", _("Attempts with answers, results, study plans and notes of your own"),
        _("Finished ones until you delete them; unfinished ones 12 months after their last use"),
        GOES, _attempts, _attempt,
    ),
    Kind(
        "consents_given", _("What you let coaches see"), UNTIL_ACCOUNT,
        _("Ended at once, then deleted"), _given, _consent_given,
    ),
    Kind(
        "ledger", _("Lines of the consent ledger: what was agreed, by which text, and its end"),
        _("Until 3 years after your account is deleted"),
        _("Stay 3 years, without your name or address, as proof of what was agreed"),
        _ledger, _line,
    ),
    Kind(
        "access_log", _("Looks that others took at what is yours"), _("12 months"),
        _("The line stays for its time, but no longer says whose result it was"),
        _looks_at_me, _look_at_me,
    ),
    Kind(
        "invitations_received", _("Invitations to you, and what coaches noted on their desks"),
        _("12 months if you do not take them up, else until you delete your account"), GOES,
        _invitations, _invitation,
    ),
    Kind(
        "notes_about_me", _("Notes of coaches about you, private ones too"), WITH_CONSENT, GOES,
        _about(Note.objects.all()), _from_coach(*NOTE_FIELDS),
    ),
    Kind(
        "assignments_to_me", _("What coaches suggested to you"), WITH_CONSENT, GOES,
        _about(Assignment.objects.all()), _from_coach(*ASSIGNMENT_FIELDS),
    ),
    Kind(
        "second_views_of_me",
        _("How coaches saw you before they read a result, also where they did not show it"),
        WITH_CONSENT, GOES, _about(SecondView.objects.all()),
        _from_coach("attempt_id", *VIEW_FIELDS),
    ),
    Kind(
        "admin_log", _("Changes to your account by people who run the site"), UNTIL_ACCOUNT,
        GOES, lambda user: (admin_deeds(user) | LogEntry.objects.filter(user=user))
        .select_related("content_type").order_by("pk"), _admin_deed,
    ),
    Kind(
        "desk_changes", _("What you changed on the editors' desk"), UNTIL_ACCOUNT, _("unnamed"),
        lambda user: DeskChange.objects.filter(by=user).select_related("questionnaire")
        .order_by("pk"), _desk_change,
    ),
    Kind(
        "impact_runs", _("When you worked out what publishing would change"),
        _("Until five later ones of that questionnaire"), _("unnamed"),
        lambda user: ImpactRun.objects.filter(by=user).select_related("questionnaire")
        .order_by("pk"), _impact_run,
    ),
    Kind(
        "pending_imports", _("What you uploaded to the editors’ desk and did not import yet"),
        _("One day at the latest"), GOES,
        lambda user: PendingImport.objects.filter(by=user), _pending_import,
    ),
    Kind(
        "desk", _("Your coach desk"), UNTIL_ACCOUNT, GOES,
        lambda user: CoachProfile.objects.filter(user=user), _desk,
    ),
    Kind(
        "groups", _("Groups on your desk"), UNTIL_ACCOUNT, GOES,
        lambda user: Cohort.objects.filter(coach=user).order_by("name"),
        lambda group, _me: {"name": group.name},
    ),
    Kind(
        "clients", _("Clients on your desk, and invitations that you sent"),
        WHILE_YOU_COACH, GOES, _clients, _client,
    ),
    Kind(
        "consents_received", _("What clients let you see"), WHILE_YOU_COACH,
        _("Ended at once, then deleted"), _received, _consent_received,
    ),
    Kind(
        "notes_by_me", _("Your notes about clients"),
        _("Until 30 days after the client’s consent ends"), GOES,
        _on_desk(Note.objects.all()), _mine(*NOTE_FIELDS),
    ),
    Kind(
        "assignments_by_me", _("What you suggested to clients"),
        _("Until 30 days after the client’s consent ends"), GOES,
        _on_desk(Assignment.objects.all()), _mine(*ASSIGNMENT_FIELDS),
    ),
    Kind(
        "second_views_by_me", _("Your own views of clients"),
        _("Until 30 days after the client’s consent ends"), GOES,
        _on_desk(SecondView.objects.all()), _mine(*VIEW_FIELDS),
    ),
    Kind(
        "looks_by_me", _("Looks that you took at clients’ results"), _("12 months"),
        _("The line stays for its time, but no longer says who looked"), _my_looks, _my_look,
    ),
)  # fmt: skip
