"""Stored sums as they are read: of one form of an edition, and across editions."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction
from django.db.models import Q

from assessments.analysis.counts import FormCounts, FormKey, SumsKey
from assessments.analysis.models import CountedAs, Sums, Tally
from assessments.analysis.replica import reading_connection
from assessments.instrument.canonical import item_revision
from assessments.instrument.document import Form, Questionnaire
from assessments.questionnaires.editions import published_edition
from assessments.scoring.scales import scales_of
from assessments.scoring.sums import ItemSums, ScaleSums


def stored_counts(place: FormKey) -> FormCounts:
    """What is stored of one form of an edition. Two queries."""
    return dict(all_stored(Q(edition_id=place.edition_id, form=place.form))).get(
        place, FormCounts()
    )


def counts_across(edition_id: int, form: str, others: Collection[int] = ()) -> FormCounts:
    """The counts of a form of an edition, with those of other editions wherever these are alike.

    An item is the same where key and revision are; a scale where all its items are; and people
    leave at the same places where the forms have the same sections. What differs stays out.
    """
    document = published_edition(edition_id).document
    counts = stored_counts(FormKey(edition_id, form))
    for other in others:
        theirs = published_edition(other).document
        if other != edition_id and form in theirs.form:
            found = stored_counts(FormKey(other, form))
            counts = counts.merged(_alike(document, theirs, form, found))
    return counts


def _alike(
    document: Questionnaire, other: Questionnaire, form: str, counts: FormCounts
) -> FormCounts:
    mine, theirs = document.form[form], other.form[form]
    same = {
        key
        for key in set(mine.item_keys) & set(theirs.item_keys)
        if item_revision(document, key) == item_revision(other, key)
    }
    of_theirs = {scale.key: scale.items for scale in scales_of(other, theirs)}
    scales = {
        scale.key
        for scale in scales_of(document, mine)
        if scale.items == of_theirs.get(scale.key) and same.issuperset(scale.items)
    }
    goes_the_same_way = _way(mine) == _way(theirs)
    return FormCounts(
        finished=counts.finished if goes_the_same_way else {},
        left=counts.left if goes_the_same_way else {},
        items={key: sums for key, sums in counts.items.items() if key.key in same},
        scales={key: sums for key, sums in counts.scales.items() if key.key in scales},
    )


def _way(form: Form) -> list[tuple[str, ...]]:
    return [section.items for section in form.sections]


def with_those_who_left(counts: FormCounts, form: Form) -> dict[str, ItemSums]:
    """The sums of a form's items, to which those who left are added as having been shown them.

    Somebody who left saw the items up to the last one that they answered; nothing else is known
    of them. Of whoever answered nothing, the first item was the last one seen.
    """
    items = counts.items_of_group(CountedAs.IN)
    gone = 0
    for key in reversed(form.item_keys):
        last = counts.left.get(key, 0)
        if key == form.item_keys[0]:
            last += counts.left.get("", 0)
        gone += last
        found = items.get(key, ItemSums())
        items[key] = replace(found, shown=found.shown + gone, last_seen=found.last_seen + last)
    return items


def all_stored(tallies: Q | None = None) -> Iterator[tuple[FormKey, FormCounts]]:
    """What is stored, form by form of each edition."""
    rows = Tally.objects.filter(tallies or Q()).order_by("edition_id", "form")
    for tally in rows:
        items: dict[SumsKey, ItemSums] = {}
        scales: dict[SumsKey, ScaleSums] = {}
        for group, kind, key, content in tally.sums.values_list("group", "kind", "key", "content"):
            if kind == Sums.Kind.ITEM:
                items[SumsKey(group, key)] = ItemSums.from_data(content)
            else:
                scales[SumsKey(group, key)] = ScaleSums.from_data(content)
        counts = FormCounts(tally.finished, tally.left, items, scales)
        yield FormKey(tally.edition_id, tally.form), counts


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at one moment. Nobody waits for it; nothing is written.

    Within a transaction it adds nothing: what is read then is as that transaction sees it.
    """
    connection = reading_connection()
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own would begin by locking out all who write (`transaction_mode`).
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
