"""Deeds of question analysis: change the sums, put them right."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.analysis.counts import Entry, FormCounts, FormKey, by_form
from assessments.analysis.models import Calibration, CountedAs, Sums, Tally, Turn
from assessments.analysis.reading import stored_counts
from assessments.errors import DomainError
from assessments.people.models import User
from assessments.questionnaires.editions import published_edition
from assessments.scoring.calibration import MIN_CALIBRATION_PEOPLE, calibrate

logger = logging.getLogger(__name__)


def take_turn() -> Turn:
    """Wait until nobody else changes sums; others wait until this transaction ends.

    Whoever will lock attempts too takes the turn first, so that no two wait for each other.
    """
    turn, _created = Turn.objects.select_for_update().get_or_create(pk=1)
    return turn


@transaction.atomic
def change_sums(*, added: Sequence[Entry] = (), taken_out: Sequence[Entry] = ()) -> None:
    """Add attempts to the sums and take others out, all at once and exactly.

    Raises ValueError, and changes nothing, if what is taken out was never all in them.
    """
    take_turn()
    more, fewer = by_form(added), by_form(taken_out)
    for place in sorted({**more, **fewer}):
        before = stored_counts(place)
        after = before.merged(FormCounts.of(more.get(place, [])))
        _store(place, before, after.without(FormCounts.of(fewer.get(place, []))))


@transaction.atomic
def withdraw(*, entries: Sequence[Entry]) -> None:
    """Take attempts that will be deleted out of the sums.

    Nobody is kept from deleting what is theirs by sums that do not hold: that is logged, and the
    next recount puts them right.
    """
    try:
        with transaction.atomic():
            change_sums(taken_out=entries)
    except ValueError:
        logger.exception("The sums of answers do not hold: run refresh_sums --rebuild")


@transaction.atomic
def mend(*, found: Mapping[FormKey, FormCounts], right: Mapping[FormKey, FormCounts]) -> None:
    """Put sums right that were found so at a moment when a recount gave others.

    What was added and taken out since that moment stands.
    """
    take_turn()
    for place in sorted({**found, **right}):
        was, should = found.get(place, FormCounts()), right.get(place, FormCounts())
        now = stored_counts(place)
        _store(place, now, should if now == was else now.merged(should).without(was))


@transaction.atomic
def freeze_calibration(
    *, edition_id: int, form: str, at: datetime, by: User | None = None
) -> Calibration:
    """Freeze how reliable the scales of an edition are, by what was counted of one of its forms.

    Reports written from now on use it and name it; those written before keep theirs. Answers of
    low quality are left out. Raises `DomainError` under 100 people.
    """
    # So that numbers follow one another, and that the sums are of one moment.
    take_turn()
    edition = published_edition(edition_id)
    counts = stored_counts(FormKey(edition_id, form))
    people = counts.finished.get(CountedAs.IN, 0)
    if people < MIN_CALIBRATION_PEOPLE:
        raise DomainError(
            _("A calibration needs the answers of %(needed)d people; there are %(people)d.")
            % {"needed": MIN_CALIBRATION_PEOPLE, "people": people}
        )
    before = Calibration.objects.filter(edition=edition_id).order_by("-number").first()
    document = calibrate(
        edition.document,
        edition.document.form[form],
        counts.scales_of_group(CountedAs.IN),
        number=before.number + 1 if before else 1,
        edition=edition.number,
        edition_digest=edition.digest,
        people=people,
        date=timezone.localdate(at),
        quality=("high", "medium"),
    )
    return Calibration.objects.create(
        edition_id=edition_id,
        number=document.number,
        document=document.canonical(),
        made_at=at,
        made_by=by,
    )


def note_refresh(*, at: datetime) -> None:
    """Remember when the sums were last up to date."""
    Turn.objects.update_or_create(pk=1, defaults={"refreshed_at": at})


def _store(place: FormKey, before: FormCounts, after: FormCounts) -> None:
    """Write what differs; sums of nobody have no row."""
    tally, _created = Tally.objects.update_or_create(
        edition_id=place.edition_id,
        form=place.form,
        defaults={"finished": dict(after.finished), "left": dict(after.left)},
    )
    was, now = _contents(before), _contents(after)
    for group, kind, key in was.keys() - now.keys():
        tally.sums.filter(group=group, kind=kind, key=key).delete()
    Sums.objects.bulk_create(
        [
            Sums(tally=tally, group=group, kind=kind, key=key, content=now[group, kind, key])
            for group, kind, key in sorted(now)
            if was.get((group, kind, key)) != now[group, kind, key]
        ],
        update_conflicts=True,
        unique_fields=["tally", "group", "kind", "key"],
        update_fields=["content"],
    )


def _contents(counts: FormCounts) -> dict[tuple[str, str, str], dict[str, object]]:
    items = {(k.group, "item", k.key): sums.to_data() for k, sums in counts.items.items()}
    scales = {(k.group, "scale", k.key): sums.to_data() for k, sums in counts.scales.items()}
    return {**items, **scales}
