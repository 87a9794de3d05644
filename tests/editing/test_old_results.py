"""Whatever happens on the desk, every stored report stays, byte for byte, and verifies."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.editing.samples import SAMPLES, sample_answers
from assessments.instrument.canonical import digest
from assessments.instrument.faults import DocumentFaults
from assessments.questionnaires.desk import document_of
from assessments.questionnaires.editions import newest_edition, published_edition
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.questionnaires.rows import Dimension, Item, Option, Recommendation, Role, Target
from assessments.questionnaires.services import editing
from assessments.responses.models import Attempt, Report
from assessments.responses.services import finish
from assessments.responses.sheets import answer_sheet
from assessments.scoring import Report as ReportDocument
from assessments.scoring.verify import export, verify
from tests.cast import answer, new_attempt
from tests.editing.desks import address, published_desk, publisher
from tests.instrument.small import small

pytestmark = pytest.mark.django_db
DEEDS_A_SEQUENCE = 14


class World:
    """A desk, a publisher, and what reports said when they were written."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.desk, _edition = published_desk()
        self.browser: Client = publisher()
        self.under_way: list[Attempt] = []
        self.written: dict[Any, str] = {}

    # --- What happens ---

    def edit(self) -> None:
        """A change of the desk, sensible or not."""
        change: Callable[[], object] = self.rng.choice(
            [self._reword, self._rekey, self._retarget, self._reweigh, self._remove, self._restudy]
        )
        with editing(questionnaire=self.desk, at=timezone.now()):
            change()

    def _any(self, model: Any, **which: Any) -> Any:
        rows = list(model._default_manager.filter(**which))
        return self.rng.choice(rows) if rows else None

    def _set(self, row: Any, **values: Any) -> None:
        if row:
            type(row)._default_manager.filter(pk=row.pk).update(**values)

    def _reword(self) -> None:
        self._set(self._any(Item, kind="rating"), text=f"I did it {self.rng.randint(2, 99)} times")

    def _rekey(self) -> None:
        pair = self._any(Item, kind="pair")
        if pair and self.rng.random() < 0.5:
            self._set(pair, left_pole=pair.right_pole, right_pole=pair.left_pole)
        else:
            self._set(self._any(Option), fit_a=self.rng.randint(0, 2))

    def _retarget(self) -> None:
        self._set(self._any(Target), position=self.rng.randint(-2, 2))
        self._set(self._any(Role), gloss=f"Word {self.rng.randint(1, 99)}")

    def _reweigh(self) -> None:
        self._set(self._any(Dimension), half_weight=self.rng.random() < 0.5)

    def _remove(self) -> None:
        if self.rng.random() < 0.3 and (item := self._any(Item)):
            item.delete()

    def _restudy(self) -> None:
        self._set(self._any(Recommendation), title=f"Read {self.rng.randint(1, 99)} pages")

    def publish(self) -> None:
        """Through the page; faults may stand in the way."""
        try:
            seen = digest(document_of(self.desk))
        except DocumentFaults:
            seen = ""
        self.browser.post(address("publish", self.desk), {"note": "On", "seen": seen})

    def load(self) -> None:
        """An edition back onto the desk, through the page."""
        edition = self._any(Edition, questionnaire=self.desk)
        self.desk.refresh_from_db()
        posted = {"note": "Back", "seen": self.desk.changed_at.isoformat()}
        reply = self.browser.post(address("load", self.desk, edition.number), posted)
        assert reply.status_code == 302

    def retire(self) -> None:
        """Retire, or offer again."""
        self.desk.refresh_from_db()
        name = "reinstate" if self.desk.retired_at else "retire"
        assert self.browser.post(address(name, self.desk), {"note": "So"}).status_code == 302

    def begin(self) -> None:
        """Somebody begins, if it is offered."""
        edition = newest_edition(self.desk.slug)
        if edition is not None:
            form = self.rng.choice(edition.document.forms).key
            self.under_way.append(new_attempt(edition, form))

    def end(self) -> None:
        """Somebody finishes what they began, on whatever edition that was."""
        if not self.under_way:
            self.begin()
        if not self.under_way:
            return
        attempt = self.under_way.pop(self.rng.randrange(len(self.under_way)))
        document = published_edition(attempt.edition_id).document
        sample, seed = self.rng.choice(list(SAMPLES)), self.rng.randint(0, 99)
        answer(attempt, sample_answers(document, document.form[attempt.form], sample, seed=seed))
        self.written[attempt.pk] = finish(attempt=attempt, at=timezone.now()).document

    # --- What must hold ---

    def check(self) -> None:
        """Each report is what it was, and follows from what its export file holds."""
        stored = dict(Report.objects.values_list("attempt_id", "document"))
        assert stored == self.written
        for attempt in Attempt.objects.finished().prefetch_related("answers"):
            document = published_edition(attempt.edition_id).document
            sheet = answer_sheet(attempt=attempt, items=document.item)
            report = ReportDocument.parse(stored[attempt.pk])
            exported = json.loads(json.dumps(export(document, sheet, report)))
            assert verify(exported) == []


def live(seed: int, deeds: int) -> World:
    """A world in which that many things have happened."""
    world = World(Random(seed))
    kinds = [world.edit, world.edit, world.publish, world.publish, world.load, world.retire,
             world.begin, world.end, world.end]  # fmt: skip
    world.end()
    for _deed in range(deeds):
        world.rng.choice(kinds)()
    world.check()
    return world


@pytest.mark.parametrize("seed", range(3))
def test_no_sequence_of_deeds_changes_a_stored_report(seed: int):
    world = live(seed, DEEDS_A_SEQUENCE)
    assert world.written


def test_the_sequences_publish_retire_and_finish_on_older_editions():
    # A sequence in which nothing happens would prove nothing.
    world = live(4, 40)
    assert world.desk.editions.count() > 1
    assert len({a.edition_id for a in Attempt.objects.finished()}) > 1
    assert Questionnaire.objects.get(pk=world.desk.pk).changes.count() > 5
    assert small().slug == world.desk.slug


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_no_long_sequence_of_deeds_changes_a_stored_report(seed: int):
    live(seed, 120)
