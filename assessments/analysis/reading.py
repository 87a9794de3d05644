"""Stored sums as they are read: of one form of an edition, and across editions."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Q

from assessments.analysis.counts import FormCounts, FormKey, SumsKey
from assessments.analysis.models import Sums, Tally
from assessments.scoring.sums import ItemSums, ScaleSums


def stored_counts(place: FormKey) -> FormCounts:
    """What is stored of one form of an edition. Two queries."""
    return dict(all_stored(Q(edition_id=place.edition_id, form=place.form))).get(
        place, FormCounts()
    )


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
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
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
