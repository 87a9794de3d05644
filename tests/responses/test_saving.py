"""The save protocol, as pure rules."""

from itertools import permutations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assessments.responses.saving import Outcome, Sent, Stored, decide

ITEM = "item"


def sent(value: str, client: str, seq: int, base: int = 0) -> Sent:
    return Sent(ITEM, value, client, seq, base)


def after(stored: Stored, one: Sent) -> Stored:
    """What is stored once the protocol has dealt with it."""
    if decide(stored, one) is Outcome.STORE:
        return Stored(one.value, one.client, one.seq, stored.revision + 1)
    return stored


def test_the_first_answer_is_stored():
    assert decide(Stored(), sent("1", "a", 1)) is Outcome.STORE


def test_an_answer_that_arrives_after_it_was_cleared_stays_cleared():
    stored = after(Stored(), sent("", "a", 2))
    assert after(stored, sent("1", "a", 1)) == Stored("", "a", 2, revision=1)


def test_of_one_page_the_newest_change_wins_in_any_order_of_arrival_with_repeats():
    saves = [sent(str(seq % 3), "a", seq) for seq in range(1, 6)]
    for order in permutations(saves):
        stored = Stored()
        for one in order:
            stored = after(after(stored, one), order[0])
        assert (stored.value, stored.seq) == (saves[-1].value, 5)


def test_a_repeated_save_says_the_same_and_changes_nothing():
    stored = after(Stored(), sent("1", "a", 1))
    assert after(stored, sent("1", "a", 1)) == stored


def test_a_page_that_has_seen_the_stored_answer_may_replace_it():
    stored = Stored("1", "a", 4, revision=2)
    assert decide(stored, sent("2", "b", 1, base=2)) is Outcome.STORE


def test_a_page_that_has_not_seen_the_stored_answer_may_not_replace_it():
    stored = Stored("1", "a", 4, revision=2)
    assert decide(stored, sent("2", "b", 9, base=1)) is Outcome.CONFLICT


def test_two_pages_that_say_the_same_do_not_disagree():
    stored = Stored("1", "a", 4, revision=2)
    assert decide(stored, sent("1", "b", 1, base=0)) is Outcome.KEEP


def test_the_same_number_with_another_value_needs_to_have_seen_what_is_stored():
    stored = Stored("1", "a", 1, revision=3)
    assert decide(stored, sent("2", "a", 1, base=3)) is Outcome.STORE
    assert decide(stored, sent("2", "a", 1, base=2)) is Outcome.CONFLICT


class TwoTabs(RuleBasedStateMachine):
    """Two tabs of one attempt answer one question; the network loses, repeats and reorders."""

    def __init__(self) -> None:
        super().__init__()
        self.stored = Stored()
        self.seq = {"a": 0, "b": 0}
        self.seen = {"a": 0, "b": 0}
        self.under_way: list[Sent] = []
        self.stored_before: list[Stored] = []

    @rule(tab=st.sampled_from("ab"), value=st.sampled_from(["0", "1", "2", ""]))
    def choose(self, tab: str, value: str) -> None:
        self.seq[tab] += 1
        self.under_way.append(sent(value, tab, self.seq[tab], self.seen[tab]))

    @rule(tab=st.sampled_from("ab"))
    def reload(self, tab: str) -> None:
        self.seen[tab] = self.stored.revision

    @rule(data=st.data(), keeps_a_copy=st.booleans())
    def deliver(self, data: st.DataObject, keeps_a_copy: bool) -> None:
        if not self.under_way:
            return
        one = data.draw(st.sampled_from(self.under_way))
        if not keeps_a_copy:
            self.under_way.remove(one)
        self.stored_before.append(self.stored)
        outcome = decide(self.stored, one)
        before, self.stored = self.stored, after(self.stored, one)
        if outcome is not Outcome.STORE or not before.revision:
            return
        # Never over an answer that its sender neither gave nor saw.
        assert one.client == before.client or one.base_revision == before.revision
        if one.client == before.client and one.seq < before.seq:
            raise AssertionError("an older change of the same page replaced a newer one")

    @invariant()
    def revisions_only_rise(self) -> None:
        if self.stored_before:
            assert self.stored.revision >= self.stored_before[-1].revision


TestTwoTabs = TwoTabs.TestCase
TestTwoTabs.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
