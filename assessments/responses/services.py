"""Deeds of taking: start, save, carry over, finish, delete."""

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext as _

from assessments.analysis.calibrations import calibration_of_report, newest_number
from assessments.analysis.models import CountedAs
from assessments.analysis.services import take_turn
from assessments.errors import DomainError, Gone
from assessments.http.metrics import FINISHES, SAVES, STARTS
from assessments.instrument.canonical import item_revision
from assessments.people.consents import Deed
from assessments.people.erasures import put_on_file
from assessments.people.models import User
from assessments.people.services import end_consents
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.responses.counting import take_out
from assessments.responses.models import CARRIED_OVER, Answer, Attempt, PrivateLink, Report
from assessments.responses.saving import SECONDS_MAX, Outcome, Sent, Stored, decide
from assessments.responses.sheets import answer_sheet
from assessments.scoring import write_report

# The time of last use is kept to the hour, so that most requests write nothing.
LAST_USE_STEP = timedelta(hours=1)
# Unfinished ones, of one account.
LIVE_ATTEMPTS_MAX = 20


class Finished(DomainError):
    """The attempt is finished: its answers are locked."""

    def __init__(self) -> None:
        super().__init__(_("You have finished this attempt, so its answers are locked."))


@dataclass(frozen=True, slots=True)
class Saved:
    """What is stored now for one sent answer; `conflict` says that it is not what was sent."""

    item_key: str
    value: str
    revision: int
    conflict: bool = False


def start_attempt(
    *,
    edition: PublishedEdition,
    form: str,
    consent_digest: str,
    owner_id: int | None,
    at: datetime,
    pk: UUID | None = None,
    invited_by: User | None = None,
) -> Attempt:
    """A new attempt at a form of an edition; it stays on that edition."""
    if form not in edition.document.form:
        raise DomainError(_("There is no such form. Choose one of those offered."))
    if owner_id is not None:
        _require_room(owner_id)
    attempt = Attempt.objects.create(
        pk=pk or uuid4(),
        edition_id=edition.pk,
        form=form,
        owner_id=owner_id,
        consent_digest=consent_digest,
        invited_by=invited_by,
        started_at=at,
        last_used_at=at,
    )
    transaction.on_commit(STARTS.inc)
    return attempt


def _require_room(owner_id: int) -> None:
    live = Attempt.objects.filter(owner=owner_id, finished_at=None).count()
    if live >= LIVE_ATTEMPTS_MAX:
        raise DomainError(
            _("You have %(count)d attempts under way. Finish or delete one of them first.")
            % {"count": live}
        )


@transaction.atomic
def claim_attempt(*, attempt: Attempt, owner: User) -> None:
    """Keep an anonymous attempt in an account; its private links end. The first claim wins.

    Raises `Gone` for whoever comes second, and for an attempt deleted meanwhile.
    """
    if not attempt.is_finished:
        _require_room(owner.pk)
    if not Attempt.objects.filter(pk=attempt.pk, owner=None).update(owner=owner):
        raise Gone
    PrivateLink.objects.filter(attempt=attempt).delete()


@transaction.atomic
def continue_on_form(
    *, attempt: Attempt, edition: PublishedEdition, form: str, at: datetime
) -> Attempt:
    """A new attempt at a longer form, with the answers to the same questions carried over.

    Only items whose key and revision are equal in both editions are carried: anything else is
    another question.
    """
    before = published_edition(attempt.edition_id).document
    after = edition.document
    longer = start_attempt(
        edition=edition,
        form=form,
        consent_digest=attempt.consent_digest,
        owner_id=attempt.owner_id,
        at=at,
        invited_by=attempt.invited_by,
    )
    longer.background, longer.goal = attempt.background, attempt.goal
    longer.continued_from = attempt
    longer.save(update_fields=["background", "goal", "continued_from"])
    same = [
        answer
        for answer in attempt.answers.exclude(value="")
        if answer.item_key in after.form[form].item_keys
        and item_revision(before, answer.item_key) == item_revision(after, answer.item_key)
    ]
    Answer.objects.bulk_create(
        Answer(
            attempt=longer,
            item_key=answer.item_key,
            value=answer.value,
            seconds=answer.seconds,
            client=CARRIED_OVER,
            seq=1,
            revision=1,
            saved_at=at,
        )
        for answer in same
    )
    return longer


def save_answers(*, attempt: Attempt, sent: Sequence[Sent], at: datetime) -> list[Saved]:
    """Store what pages sent by the save protocol, all at once; says what stands now for each.

    One query for first answers, two or three where some are stored. Raises `Finished` or `Gone`;
    then nothing of it is stored. The items and values must be the attempt's own (`forms.py` sees
    to that).
    """
    if attempt.is_finished:
        raise Finished
    # Nearly all are first answers, which pages send as such: nothing needs to be looked up. If it
    # was not so, nothing is stored, and what stands is compared.
    if not any(one.base_revision for one in sent):
        with suppress(IntegrityError):
            return _save_first(attempt, sent, at)
    # Another page may store the first answer to an item at the same moment. The next try sees
    # it, and each item can have but one first answer.
    for _try in range(len(sent)):
        try:
            return _save_once(attempt, sent, at)
        except IntegrityError:
            # Or the attempt was finished or deleted in between: then it says so.
            now = Attempt.objects.filter(pk=attempt.pk).first()
            if now is None:
                raise Gone from None
            if now.is_finished:
                raise Finished from None
    return _save_once(attempt, sent, at)


def _save_first(attempt: Attempt, sent: Sequence[Sent], at: datetime) -> list[Saved]:
    rows = [_next_row(attempt, None, one, at) for one in sent]
    if len(rows) == 1 and not connection.in_atomic_block:
        # One statement is all or nothing by itself: it needs no BEGIN before and COMMIT after.
        rows[0].save(force_insert=True)
    else:
        with transaction.atomic():
            Answer.objects.bulk_create(rows)
    transaction.on_commit(partial(_count, [Outcome.STORE] * len(rows)))
    return [Saved(row.item_key, row.value, row.revision) for row in rows]


@transaction.atomic
def _save_once(attempt: Attempt, sent: Sequence[Sent], at: datetime) -> list[Saved]:
    keys = [one.item_key for one in sent]
    stored_rows = Answer.objects.filter(attempt=attempt, item_key__in=keys)
    # In order, so that two pages cannot each hold a row that the other waits for.
    locked = stored_rows.select_for_update().order_by("item_key")
    rows = {row.item_key: row for row in locked}
    saved, to_store, outcomes = [], [], []
    for one in sent:
        row = rows.get(one.item_key)
        stored = Stored(row.value, row.client, row.seq, row.revision) if row else Stored()
        outcome = decide(stored, one)
        outcomes.append(outcome)
        if outcome is Outcome.STORE:
            new = _next_row(attempt, row, one, at)
            to_store.append(new)
            saved.append(Saved(one.item_key, new.value, new.revision))
        else:
            conflict = outcome is Outcome.CONFLICT
            saved.append(Saved(one.item_key, stored.value, stored.revision, conflict))
    _write(to_store, known=rows.keys())
    transaction.on_commit(partial(_count, outcomes))
    return saved


def _count(outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        SAVES.labels(outcome.value).inc()


def _next_row(attempt: Attempt, row: Answer | None, sent: Sent, at: datetime) -> Answer:
    spent = row.seconds if row else None
    if sent.seconds is not None:
        spent = min((spent or 0.0) + sent.seconds, SECONDS_MAX)
    return Answer(
        attempt=attempt,
        item_key=sent.item_key,
        value=sent.value,
        seconds=spent,
        client=sent.client,
        seq=sent.seq,
        # A page posts its section once more after saving answer by answer: that changes none.
        revision=row.revision + (row.value != sent.value) if row else 1,
        saved_at=at,
    )


def _write(rows: list[Answer], *, known: Container[str]) -> None:
    # First answers are inserted plainly, so that a race for one fails on the key and is tried
    # again; the others are locked rows and may be overwritten.
    first = [row for row in rows if row.item_key not in known]
    again = [row for row in rows if row.item_key in known]
    if first:
        Answer.objects.bulk_create(first)
    if again:
        Answer.objects.bulk_create(
            again,
            update_conflicts=True,
            unique_fields=["attempt", "item_key"],
            update_fields=["value", "seconds", "client", "seq", "revision", "saved_at"],
        )


def note_use(*, attempt: Attempt, at: datetime) -> bool:
    """Remember that the attempt was used, to the hour; whether there was anything to store."""
    if at - attempt.last_used_at < LAST_USE_STEP:
        return False
    # Whoever was counted as having left is back: the next count sees where they are then.
    back = Case(When(counted_as=CountedAs.LEFT, then=Value(CountedAs.BACK)), default="counted_as")
    if not Attempt.objects.filter(pk=attempt.pk).update(last_used_at=at, counted_as=back):
        raise Gone
    attempt.last_used_at = at
    return True


def set_advance(*, attempt: Attempt, advances: bool) -> None:
    """Remember whether a digit moves on to the next question."""
    if attempt.advances_on_digit != advances:
        _keep(attempt, advances_on_digit=advances)


def keep_background(*, attempt: Attempt, background: Mapping[str, str], goal: str) -> None:
    """Store the answers about the person's situation, which are never scored."""
    if attempt.is_finished:
        raise Finished
    _keep(attempt, background=dict(background), goal=goal)


def choose_goal(*, attempt: Attempt, goal: str) -> None:
    """Compare with another role ("" = none chosen); no score moves."""
    _keep(attempt, goal=goal)


def _keep(attempt: Attempt, **fields: object) -> None:
    if not Attempt.objects.filter(pk=attempt.pk).update(**fields):
        raise Gone
    for name, value in fields.items():
        setattr(attempt, name, value)


@transaction.atomic
def finish(*, attempt: Attempt, at: datetime) -> Report:
    """Lock the answers, score them and freeze the report; a second finish changes nothing."""
    rows = Attempt.objects.annotate(calibration_number=newest_number(OuterRef("edition")))
    locked = rows.select_for_update().filter(pk=attempt.pk).first()
    if locked is None:
        raise Gone
    if locked.is_finished:
        return locked.report
    edition = published_edition(locked.edition_id)
    sheet = answer_sheet(attempt=locked, items=edition.document.item)
    if not sheet.answers:
        raise DomainError(_("There is nothing to read yet. Answer some questions first."))
    report = write_report(
        edition.document,
        sheet,
        edition=edition.number,
        edition_digest=edition.digest,
        calibration=calibration_of_report(edition.pk, locked.calibration_number),
    )
    locked.finished_at = locked.last_used_at = at
    locked.save(update_fields=["finished_at", "last_used_at"])
    transaction.on_commit(FINISHES.inc)
    return Report.objects.create(attempt=locked, document=report.canonical())


def delete_attempt(*, attempt: Attempt, at: datetime) -> None:
    """Remove the attempt with its answers, links and report, at once and for good.

    Whoever it was shared with loses it too, which the ledger records. A restored backup does
    not bring it back.
    """
    rows = Attempt.objects.filter(pk=attempt.pk)
    with put_on_file(at=at, is_there=rows.exists) as erasure:
        locked = lock_for_deletion(rows)
        if not locked:
            raise Gone
        end_consents(consents=locked[0].consents.all(), deed=Deed.WITHDRAWN, at=at)
        locked[0].delete()
        erasure.attempts.append(attempt.pk)


def lock_for_deletion(attempts: QuerySet[Attempt]) -> list[Attempt]:
    """The attempts, locked so that no answer comes between their deletion and its commit.

    They are no longer in the sums of question analysis. Whoever deletes attempts calls this
    first: the database refuses to delete one that is still counted.
    """
    take_turn()
    # Such an answer would keep its attempt. Saving locks answers first and then, by the trigger
    # of migration 0002, the attempt; so does this.
    answers = Answer.objects.filter(attempt__in=attempts.values("pk"))
    list(answers.select_for_update().order_by("attempt_id", "item_key"))
    locked = list(attempts.select_for_update().order_by("pk"))
    take_out(attempts=locked)
    return locked
