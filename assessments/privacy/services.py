"""Erase a person for good: in one transaction, on file, and once more after a restore."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from assessments.coaching.models import Client
from assessments.errors import DomainError, Gone
from assessments.http.sessions import sessions_of
from assessments.people.consents import Consent, Deed
from assessments.people.erasures import Erasure, put_on_file, read_file
from assessments.people.models import User
from assessments.people.services import end_consents, record_erasure
from assessments.privacy.mydata import admin_deeds, counts, desk_rows_about
from assessments.responses.models import Attempt
from assessments.responses.services import lock_for_deletion

# No mail can ever reach it (RFC 2606).
ERASED_DOMAIN = "erased.invalid"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure did, without saying whose it was."""

    reference: str
    at: datetime
    counts: dict[str, int]
    is_emptied: bool


def erase_account(*, user: User, at: datetime) -> Receipt:
    """Erase a person with all that is theirs; raises `Gone` for whoever comes second.

    Of somebody who published editions an empty row stays: editions never change, and they name
    who published them. It has no address, name, password or rights, and nobody can sign in.
    """
    rows = User.objects.filter(ledger_ref=user.ledger_ref)
    try:
        with put_on_file(at=at, is_there=rows.exists) as erasure:
            person = rows.select_for_update().first()
            if person is None:
                raise Gone
            went = counts(person)
            is_emptied = _erase(person, erasure)
    except IntegrityError:
        raise DomainError(
            _("Something of yours changed at the same moment. Nothing was deleted; try again.")
        ) from None
    return Receipt(erasure.reference, at, went, is_emptied)


def _erase(person: User, erasure: Erasure) -> bool:
    """Delete the person and enter it into the erasure; whether an empty row had to stay."""
    at = erasure.at
    attempts = lock_for_deletion(Attempt.objects.filter(owner=person))
    end_consents(consents=person.consents_given.all(), deed=Deed.WITHDRAWN, at=at)
    end_consents(consents=person.consents_received.all(), deed=Deed.ENDED_BY_COACH, at=at)
    record_erasure(person=person, at=at)
    erasure.account = person.ledger_ref
    erasure.attempts += [attempt.pk for attempt in attempts]
    erasure.desk_rows += list(desk_rows_about(person).values_list("pk", flat=True))
    Client.objects.filter(pk__in=erasure.desk_rows).delete()
    for session in list(sessions_of(person.pk)):
        session.delete()
    admin_deeds(person).delete()
    for relation in relations_to(User):
        theirs = relation.related_model._base_manager.filter(**{relation.field.name: person})
        if relation.on_delete is models.CASCADE:
            theirs.delete()
        elif relation.on_delete is models.SET_NULL:
            theirs.update(**{relation.field.name: None})
    if is_needed(person):
        _empty(person, at)
        return True
    person.delete()
    return False


def relations_to(model: type[models.Model]) -> Iterator[models.ManyToOneRel]:
    """Every foreign key that names a row of the model, those of join tables too."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation


def is_needed(person: User) -> bool:
    """Whether something that never changes names the person, so that an empty row must stay."""
    needed = (relation for relation in relations_to(User) if relation.on_delete is models.PROTECT)
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: person}).exists()
        for relation in needed
    )


def _empty(person: User, at: datetime) -> None:
    # Another reference too, so that the ledger no longer leads to this row.
    person.ledger_ref = uuid4()
    person.email = f"{person.ledger_ref}@{ERASED_DOMAIN}"
    person.name = ""
    person.set_unusable_password()
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = person.used_at = person.idle_notice_at = None
    person.date_joined = at
    person.save()


@dataclass(slots=True)
class Reapplied:
    """What was found of the erasures on file and erased again."""

    is_found: bool = True
    erasures: int = 0
    accounts: int = 0
    attempts: int = 0
    desk_rows: int = 0
    consents: int = 0
    unreadable: list[int] = field(default_factory=list)


def reapply_erasures() -> Reapplied:
    """Erase or end again whatever of the erasures on file the database holds.

    Done twice, it finds nothing the second time. Lines that cannot be read are named by number.
    """
    on_file = read_file()
    if on_file is None:
        return Reapplied(is_found=False)
    done = Reapplied(erasures=len(on_file.erasures), unreadable=on_file.unreadable)
    for erasure in on_file.erasures:
        _reapply(erasure, done)
    return done


@transaction.atomic
def _reapply(erasure: Erasure, done: Reapplied) -> None:
    people = User.objects.select_for_update()
    person = people.filter(ledger_ref=erasure.account).first() if erasure.account else None
    if person is not None:
        again = Erasure(erasure.at)
        _erase(person, again)
        done.accounts += 1
        done.attempts += len(again.attempts)
        done.desk_rows += len(again.desk_rows)
    # In an older backup they may not belong to the account yet, or no longer stand for it.
    ended = Consent.objects.filter(pk__in=erasure.consents)
    done.consents += end_consents(consents=ended, deed=Deed.WITHDRAWN, at=erasure.at)
    attempts = lock_for_deletion(Attempt.objects.filter(pk__in=erasure.attempts))
    open_ones = Consent.objects.filter(attempt__in=attempts)
    end_consents(consents=open_ones, deed=Deed.WITHDRAWN, at=erasure.at)
    Attempt.objects.filter(pk__in=erasure.attempts).delete()
    desk_rows = Client.objects.filter(pk__in=erasure.desk_rows)
    done.attempts += len(attempts)
    done.desk_rows += desk_rows.count()
    desk_rows.delete()
