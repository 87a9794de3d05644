"""Which attempts question analysis counts, and as what; and how they are taken out again.

**Whom it counts.** Of a person the first finished attempt at each form of a questionnaire, since
practice changes answers. A person is an account, or an attempt without one; and whoever goes on
from one attempt to another is the same person. Forms are never added up: the longer one holds
the answers to the shorter.

**The decision stands.** It is taken once, from what there is at that moment, and noted with the
attempt. If a first attempt is deleted, a later one does not step in: it is still a second try.
An attempt taken over into an account stays what it was. So a recount needs no history: it adds
up what the attempts say they are.

**Those who left.** An attempt that is unfinished and was not used for a day counts as left at
the last question answered in it: only that place is counted, no answer. Whoever comes back is
counted anew, a day after they leave again or when they finish.

**What is deleted is taken out**, whoever deletes it and whatever the reason, in the same
transaction. What outlives attempts are calibrations.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json import loads
from time import sleep
from uuid import UUID

from django.db import transaction

from assessments.analysis.counts import Entry, FormCounts, FormKey, by_form
from assessments.analysis.models import GROUPS, CountedAs
from assessments.analysis.reading import all_stored, one_moment
from assessments.analysis.replica import on_replica
from assessments.analysis.services import change_sums, mend, note_refresh, take_turn, withdraw
from assessments.questionnaires.editions import published_edition
from assessments.responses.first import first_of_a_person
from assessments.responses.models import CARRIED_OVER, Answer, Attempt, AttemptQuerySet, Report
from assessments.responses.sheets import answer_sheets

# Attempts in one transaction: few enough that nobody who takes or deletes waits long.
BATCH = 100
# Attempts in memory at once while everything is recounted, which keeps nobody waiting.
RECOUNT_BATCH = 500


@dataclass(slots=True)
class Refreshed:
    """How many attempts were counted, by what they were counted as; whether none is left."""

    counted: Counter[str] = field(default_factory=Counter)
    is_complete: bool = False


def refresh(*, at: datetime, batches: int | None = None, pause: float = 0.0) -> Refreshed:
    """Count what is new: finished attempts, and those left by then.

    At most so many batches, with a pause of so many seconds after each.
    """
    done = Refreshed()
    while batches is None or batches > 0:
        if not _is_anything_new(at):
            done.is_complete = True
            note_refresh(at=at)
            break
        done.counted += _count_next(at)
        batches = None if batches is None else batches - 1
        sleep(pause)
    return done


def _is_anything_new(at: datetime) -> bool:
    # Outside a transaction: whoever has nothing to count keeps nobody waiting.
    finished, left = Attempt.objects.finished_to_count(), Attempt.objects.left_to_count(at)
    return finished.exists() or left.exists()


@transaction.atomic
def _count_next(at: datetime) -> Counter[str]:
    """Count one batch; how many as what."""
    take_turn()
    finished = _locked(Attempt.objects.finished_to_count())
    left = _locked(Attempt.objects.left_to_count(at))[: BATCH - len(finished)]
    found = [*finished, *left]
    taken_out = list(_entries([attempt for attempt in found if attempt.counted_as]))
    _decide_finished(finished)
    _decide_left(left)
    change_sums(added=list(_entries(found)), taken_out=taken_out)
    _note(found)
    return Counter(attempt.counted_as for attempt in found)


def _note(attempts: Sequence[Attempt]) -> None:
    """Store what the attempts are counted as: one update for all that are alike."""
    alike: dict[tuple[str, str], list[UUID]] = {}
    for attempt in attempts:
        alike.setdefault((attempt.counted_as, attempt.left_after), []).append(attempt.pk)
    for (counted_as, left_after), pks in alike.items():
        rows = Attempt.objects.filter(pk__in=pks)
        rows.update(counted_as=counted_as, left_after=left_after)


def _locked(attempts: AttemptQuerySet) -> list[Attempt]:
    """The first of the attempts, locked; without those to which something happened meanwhile."""
    pks = list(attempts.values_list("pk", flat=True)[:BATCH])
    locked = attempts.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
    return sorted(locked, key=lambda attempt: pks.index(attempt.pk))


def _decide_finished(attempts: Sequence[Attempt]) -> None:
    first = first_of_a_person(attempts)
    level = _quality_levels(first)
    for attempt in attempts:
        attempt.left_after = ""
        if attempt.pk not in first:
            attempt.counted_as = CountedAs.AGAIN
        else:
            is_low = level[attempt.pk] == "low"
            attempt.counted_as = CountedAs.LOW if is_low else CountedAs.IN


def _quality_levels(attempts: Iterable[UUID]) -> dict[UUID, str]:
    reports = Report.objects.filter(attempt__in=list(attempts))
    rows = reports.values_list("attempt_id", "document")
    return {pk: loads(document)["quality"]["level"] for pk, document in rows}


def _decide_left(attempts: Sequence[Attempt]) -> None:
    """Where each got to: the answered question that comes last on the form."""
    got_to: dict[UUID, set[str]] = {attempt.pk: set() for attempt in attempts}
    answers = Answer.objects.filter(attempt__in=list(got_to))
    # What an attempt began with says nothing of where its taker went.
    own = answers.exclude(client=CARRIED_OVER).values_list("attempt_id", "item_key")
    for pk, key in own:
        got_to[pk].add(key)
    for attempt in attempts:
        form = published_edition(attempt.edition_id).document.form[attempt.form]
        seen = [key for key in form.item_keys if key in got_to[attempt.pk]]
        attempt.counted_as = CountedAs.LEFT
        attempt.left_after = seen[-1] if seen else ""


def take_out(*, attempts: Sequence[Attempt]) -> None:
    """Take attempts that will be deleted out of the sums; they are locked, and the turn is ours.

    Exactly: what is left is what it would be had they never been counted.
    """
    counted = [attempt for attempt in attempts if attempt.counted_as]
    if not counted:
        return
    withdraw(entries=list(_entries(counted)))
    pks = [attempt.pk for attempt in counted]
    Attempt.objects.filter(pk__in=pks).update(counted_as=CountedAs.NOT_YET, left_after="")


def _entries(attempts: Sequence[Attempt]) -> Iterator[Entry]:
    """What they are to the sums, as they say themselves."""
    sheets = answer_sheets([attempt for attempt in attempts if attempt.counted_as in GROUPS])
    for attempt in attempts:
        yield Entry(
            place=FormKey(attempt.edition_id, attempt.form),
            counted_as=CountedAs(attempt.counted_as),
            sheet=sheets.get(attempt.pk),
            left_after=attempt.left_after,
        )


@dataclass(frozen=True, slots=True)
class Recount:
    """What was stored and what the attempts gave at the same moment, where the two differ."""

    stored: Mapping[FormKey, FormCounts]
    recounted: Mapping[FormKey, FormCounts]

    @property
    def is_equal(self) -> bool:
        """Whether the sums held."""
        return not self.recounted


def recount() -> Recount:
    """Count all counted attempts again, and put right what differs. Nobody has to wait for it."""
    with on_replica(), one_moment():
        stored = dict(all_stored())
        again = _recounted()
    differ = [
        place
        for place in sorted({**stored, **again})
        if stored.get(place, FormCounts()) != again.get(place, FormCounts())
    ]
    result = Recount(
        {place: stored.get(place, FormCounts()) for place in differ},
        {place: again.get(place, FormCounts()) for place in differ},
    )
    if differ:
        mend(found=result.stored, right=result.recounted)
    return result


def _recounted() -> dict[FormKey, FormCounts]:
    counts: dict[FormKey, FormCounts] = {}
    for attempts in _in_batches(Attempt.objects.in_the_sums()):
        for place, entries in by_form(_entries(attempts)).items():
            more = FormCounts.of(entries)
            counts[place] = counts[place].merged(more) if place in counts else more
    return counts


def _in_batches(attempts: AttemptQuerySet) -> Iterator[list[Attempt]]:
    ordered = attempts.order_by("pk")
    batch = list(ordered[:RECOUNT_BATCH])
    while batch:
        yield batch
        batch = list(ordered.filter(pk__gt=batch[-1].pk)[:RECOUNT_BATCH])
