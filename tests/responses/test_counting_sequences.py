"""Whatever people and cleaning jobs do, in whatever order: the sums are what the answers give."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import hypothesis
import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assessments.analysis.counts import FormCounts
from assessments.analysis.reading import all_stored
from assessments.people.models import User
from assessments.privacy.retention import apply_retention
from assessments.privacy.services import erase_account
from assessments.responses import services
from assessments.responses.counting import recount, refresh
from assessments.responses.models import Attempt
from tests.cast import answer, new_attempt, published, some_answers
from tests.instrument.small import small

DAY = timedelta(days=1)
PEOPLE = 3


class Life:
    """People who take, keep and delete on a clock of their own, and what is run beside them."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.now = timezone.now()
        self.edition = published(small())
        self.deeds: tuple[Callable[[], object], ...] = (
            self.finish_new,
            self.leave_half_way,
            self.go_on,
            self.come_back,
            self.claim,
            self.delete,
            self.erase,
            self.count,
            self.count,
            self.clean_up,
        )

    def do(self, number: int) -> None:
        """One deed, some time after the last."""
        self.now += timedelta(hours=self.rng.choice([1, 5, 30]))
        self.deeds[number]()

    def _owner(self) -> User | None:
        name = self.rng.choice(["", "", *map(str, range(PEOPLE))])
        if not name:
            return None
        address = f"{name}@example.org"
        found = User.objects.filter(email=address).first()
        return found or User.objects.create_user(address, date_joined=self.now)

    def _one(self, **which: object) -> Attempt | None:
        rows = list(Attempt.objects.filter(**which).order_by("started_at", "pk"))
        return self.rng.choice(rows) if rows else None

    def _start(self) -> tuple[Attempt, int]:
        form = self.rng.choice(["full", "full", "short"])
        attempt = new_attempt(self.edition, form, self._owner())
        Attempt.objects.filter(pk=attempt.pk).update(last_used_at=self.now, started_at=self.now)
        return attempt, len(self.edition.document.form[form].item_keys)

    def _answer(self, attempt: Attempt, questions: int) -> None:
        given = list(some_answers(self.edition.document, attempt.form).items())[:questions]
        answer(attempt, dict(given))

    def finish_new(self) -> None:
        attempt, questions = self._start()
        self._answer(attempt, self.rng.choice([questions, questions, 3]))
        services.finish(attempt=attempt, at=self.now)

    def leave_half_way(self) -> None:
        attempt, _questions = self._start()
        self._answer(attempt, self.rng.choice([0, 2, 5]))

    def go_on(self) -> None:
        if attempt := self._one(finished_at__isnull=False):
            longer = services.continue_on_form(
                attempt=attempt, edition=self.edition, form="full", at=self.now
            )
            if self.rng.random() < 0.7:
                services.finish(attempt=longer, at=self.now)

    def come_back(self) -> None:
        if attempt := self._one(finished_at=None):
            services.note_use(attempt=attempt, at=self.now)
            self._answer(attempt, self.rng.choice([4, 8]))
            if self.rng.random() < 0.5:
                services.finish(attempt=attempt, at=self.now)

    def claim(self) -> None:
        owner, attempt = self._owner(), self._one(owner=None)
        if owner and attempt:
            services.claim_attempt(attempt=attempt, owner=owner)

    def delete(self) -> None:
        if attempt := self._one():
            services.delete_attempt(attempt=attempt, at=self.now)

    def erase(self) -> None:
        if attempt := self._one(owner__isnull=False):
            assert attempt.owner is not None
            erase_account(user=attempt.owner, at=self.now)

    def count(self) -> None:
        refresh(at=self.now)

    def clean_up(self) -> None:
        self.now += 60 * DAY
        apply_retention(at=self.now, dry_run=False)


def stored() -> dict[object, FormCounts]:
    return {place: counts for place, counts in all_stored() if counts != FormCounts()}


def live(seed: int, deeds: list[int]) -> None:
    """Do all of it, and check what must hold afterwards."""
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(ERASURES_FILE=str(Path(folder) / "erasures.jsonl")),
    ):
        life = Life(seed)
        for number in deeds:
            life.do(number)
        assert recount().is_equal
        life.count()
        before = stored()
        # Somebody more, who then goes again.
        person = User.objects.create_user("more@example.org")
        for form in ("short", "full"):
            attempt = new_attempt(life.edition, form, person)
            life._answer(attempt, 9)
            services.finish(attempt=attempt, at=life.now)
        life.count()
        assert stored() != before
        erase_account(user=person, at=life.now)
        assert stored() == before
        assert recount().is_equal
        for attempt in list(Attempt.objects.all()):
            services.delete_attempt(attempt=attempt, at=life.now)
        assert stored() == {}


LIVES = given(
    seed=st.integers(0, 10**6), deeds=st.lists(st.integers(0, 9), min_size=5, max_size=14)
)


class TestSequences(TestCase):
    """Each example has its own rows."""

    @hypothesis.settings(max_examples=3)
    @LIVES
    def test_any_sequence_leaves_sums_equal_to_a_recount(self, seed: int, deeds: list[int]):
        live(seed, deeds)

    @pytest.mark.soak
    @hypothesis.settings(max_examples=150)
    @LIVES
    def test_many_sequences_leave_sums_equal_to_a_recount(self, seed: int, deeds: list[int]):
        live(seed, deeds)
