"""What happens at once ends as if it had happened one after the other (trust 3: R4, R6, R9)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import permutations
from pathlib import Path
from uuid import UUID

import pytest

from assessments.instrument.document import Pair, Questionnaire
from assessments.instrument.files import write_yaml
from assessments.scoring.verify import verify
from tests.live import Live
from tests.prepared import QUESTIONNAIRE
from tests.site.client import (
    Browser,
    Reply,
    Taker,
    answers_of,
    at_once,
    choice,
    choices,
    database_id,
    half_finished,
    item_keys,
    new_client,
    report_of,
    shipped,
    stored,
)

AT_ONCE = 20
FINISHES = 30
SAVERS = 4


def test_twenty_finishes_at_once_make_one_report(live: Live):
    taker = Taker(live)
    taker.answer(item_keys()[:5])

    replies = at_once([taker.finish] * AT_ONCE)

    assert {reply.status for reply in replies} == {302}
    assert {reply.location for reply in replies} == {f"/result/{taker.attempt}/"}
    assert count(live, "assessments_report", taker.attempt) == 1
    assert verify(taker.export()) == []


def test_an_answer_acknowledged_while_finishing_is_in_the_report(live: Live):
    for _again in range(FINISHES):
        finish_while_saving(live)
    assert half_finished(live) == []


def finish_while_saving(live: Live) -> None:
    taker = Taker(live)
    keys = item_keys()
    taker.answer(keys[:1])

    def save(own: tuple[str, ...]) -> dict[str, tuple[int, str]]:
        """Change these answers until the attempt is finished; what was acknowledged, by item."""
        client, seq = new_client(), 0
        acknowledged: dict[str, tuple[int, str]] = {}
        while True:
            seq += 1
            key = own[seq % len(own)]
            chosen = choice(key, seq)
            reply = taker.save(key, chosen, client=client, seq=seq)
            if reply.status != 200:
                assert reply.status == 409
                assert reply.json["error"] == "finished"
                assert reply.json["url"] == f"/result/{taker.attempt}/"
                return acknowledged
            acknowledged[key] = (seq, stored(key, chosen))

    with ThreadPoolExecutor(SAVERS) as pool:
        # Two items each: one is being answered for the first time, one changed.
        saving = [
            pool.submit(save, keys[1 + number :: SAVERS][: 2 + number]) for number in range(SAVERS)
        ]
        reply = taker.finish()
        assert reply.status == 302
        began_after = taker.save(keys[0], choice(keys[0], 1), client=new_client(), seq=1)
        acknowledged = {key: row for done in saving for key, row in done.result().items()}

    assert began_after.status == 409
    rows = answers_of(live, taker.attempt)
    assert {key: (rows[key][2], rows[key][0]) for key in acknowledged} == acknowledged
    # The report was scored from exactly what is stored: none of it came too late to be seen.
    assert verify(taker.export()) == []


def test_of_twenty_first_answers_at_once_one_is_stored(live: Live):
    taker, key = Taker(live), item_keys()[0]
    sent = [choice(key, number) for number in range(AT_ONCE)]

    replies = at_once(
        partial(taker.save, key, chosen, client=new_client(), seq=1) for chosen in sent
    )

    value, _client, seq, revision = answers_of(live, taker.attempt)[key]
    assert (seq, revision) == (1, 1)
    for chosen, reply in zip(sent, replies, strict=True):
        if stored(key, chosen) == value:
            assert reply.status == 200
            assert reply.json == {"revision": 1, "value": chosen}
        else:
            assert reply.status == 409
            assert reply.json["error"] == "conflict"
            assert reply.json["revision"] == 1
            assert stored(key, reply.json["value"]) == value


def test_of_twenty_changes_at_once_by_pages_that_saw_the_same_answer_one_is_stored(live: Live):
    taker = Taker(live)
    for key in item_keys()[:10]:
        taker.answer([key])
        # None of them sends what is stored.
        others = choices(key)[1:]
        sent = [others[number % len(others)] for number in range(AT_ONCE)]

        replies = at_once(
            partial(taker.save, key, chosen, client=new_client(), seq=1, base_revision=1)
            for chosen in sent
        )

        value, _client, _seq, revision = answers_of(live, taker.attempt)[key]
        assert revision == 2
        for chosen, reply in zip(sent, replies, strict=True):
            assert reply.status == (200 if stored(key, chosen) == value else 409)
            assert reply.json["revision"] == 2
            assert stored(key, reply.json["value"]) == value


def test_a_section_posted_while_its_first_answers_arrive_is_not_called_finished(live: Live):
    section = shipped().form["full"].sections[0].items
    for _again in range(10):
        taker = Taker(live)
        chosen = {key: choice(key, 0) for key in section}
        saves = [
            partial(taker.save, key, chosen[key], client=new_client(), seq=1) for key in section
        ]

        replies = at_once([partial(taker.post_section, 1, chosen), *saves])

        assert [reply.status for reply in replies] == [302] + [200] * len(saves)
        assert {key: row[0] for key, row in answers_of(live, taker.attempt).items()} == {
            key: stored(key, chosen[key]) for key in section
        }


def test_of_one_page_the_last_change_stands_in_whatever_order_and_however_often_it_arrives(
    live: Live,
):
    orders = list(permutations(range(1, 6)))
    takers: dict[int, Taker] = {}

    def arrive(number: int) -> tuple[UUID, str]:
        """One order on an item of its own; the second and the fourth save arrive once more."""
        taker, key = takers[number // len(item_keys())], item_keys()[number % len(item_keys())]
        client = new_client()
        for seq in (*orders[number], *orders[number][1::2]):
            reply = taker.save(key, change(number, key, seq), client=client, seq=seq)
            assert reply.status == 200, reply.text
        return taker.attempt, key

    def change(number: int, key: str, seq: int) -> str:
        """One of the five takes the answer back: the last, or another."""
        return "" if (number + seq) % 5 == 0 else choice(key, seq)

    for number in range(1 + len(orders) // len(item_keys())):
        takers[number] = Taker(live)
    with ThreadPoolExecutor(SAVERS) as pool:
        places = list(pool.map(arrive, range(len(orders))))

    found = {taker.attempt: answers_of(live, taker.attempt) for taker in takers.values()}
    assert sum(map(len, found.values())) == len(orders)
    for number, (attempt, key) in enumerate(places):
        value, _client, seq, _revision = found[attempt][key]
        assert (seq, value) == (5, stored(key, change(number, key, 5)))


def test_a_repeated_save_gets_the_same_answer_again(live: Live):
    taker, key, client = Taker(live), item_keys()[0], new_client()
    first = taker.save(key, choices(key)[0], client=client, seq=7)
    again = at_once([partial(taker.save, key, choices(key)[0], client=client, seq=7)] * 5)

    assert first.json == {"revision": 1, "value": choices(key)[0]}
    assert [reply.json for reply in again] == [first.json] * 5
    assert answers_of(live, taker.attempt)[key][1:] == (client, 7, 1)


def test_an_attempt_deleted_while_it_is_saved_and_finished_is_gone_without_a_fault(live: Live):
    for _again in range(10):
        taker = Taker(live)
        taker.answer(item_keys()[:2])
        deeds: list[Callable[[], Reply]] = [
            partial(taker.save, key, choice(key, 3), client=new_client(), seq=1, base_revision=1)
            for key in item_keys()[:8]
        ]
        deeds[4:4] = [partial(taker.post, taker.path("delete")), taker.finish]

        replies = at_once(deeds)

        faults = [reply.text for reply in replies if reply.status >= 500]
        assert faults == []
        assert replies[4].status == 302
        for table in ("answer", "report", "privatelink"):
            assert count(live, f"assessments_{table}", taker.attempt) == 0
        assert taker.get(taker.path()).status == 404


def test_of_forty_wrong_links_at_once_as_many_are_looked_up_as_the_limit_says(live: Live):
    for place in range(3):
        browser, sender = Browser(live), {"X-Forwarded-For": f"203.0.113.{place}"}
        path = f"/a/{43 * 'A'}/"

        replies = at_once([partial(browser.request, "GET", path, None, sender)] * (2 * AT_ONCE))

        assert Counter(reply.status for reply in replies) == {404: AT_ONCE, 429: AT_ONCE}


@pytest.fixture
def publishing(live: Live, tmp_path: Path):
    """Publish another edition, each time unlike the one before; the shipped one at the end."""

    def publish(title: str) -> int:
        file = tmp_path / "changed.yaml"
        file.write_text(write_yaml(changed(shipped(), title)), encoding="utf-8")
        said = live.manage("load_questionnaire", str(file), "--publish")
        return int(json.loads(said)["edition"])

    yield publish
    live.manage("load_questionnaire", QUESTIONNAIRE, "--publish")


def changed(document: Questionnaire, title: str) -> Questionnaire:
    """The same with the sides of every pair exchanged: each answer would score the other way."""
    items = tuple(
        item.model_copy(update={"left": item.right, "right": item.left})
        if isinstance(item, Pair)
        else item
        for item in document.items
    )
    return document.model_copy(update={"items": items, "title": title})


@pytest.mark.parametrize(
    "steps", [["halfway"], pytest.param(["first", "halfway", "last"], marks=pytest.mark.soak)]
)
def test_publishing_during_an_attempt_changes_nothing_in_it(
    live: Live, publishing, steps: list[str]
):
    sections = shipped().form["short"].sections
    chosen = {key: choice(key, number) for number, key in enumerate(item_keys("short"))}
    undisturbed, *others = [Taker(live, form="short") for _each in range(1 + len(steps))]
    edition = edition_of(live, undisturbed.attempt)
    for number in range(1, len(sections) + 1):
        assert undisturbed.post_section(number, chosen).status == 302
    undisturbed.finish()
    expected = report_of(live, undisturbed.attempt)

    # Before the first answer, halfway, and between the last answer and the finish.
    places = {"first": 0, "halfway": len(sections) // 2, "last": len(sections)}
    for taker, step in zip(others, map(places.get, steps), strict=True):
        for number in range(1, len(sections) + 1):
            if number - 1 == step:
                publishing(f"Published at step {step}")
            assert taker.post_section(number, chosen).status == 302
        if step == len(sections):
            publishing(f"Published at step {step}")
        reply: Reply = taker.finish()
        assert reply.status == 302
        assert edition_of(live, taker.attempt) == edition
        assert report_of(live, taker.attempt) == expected
        assert verify(taker.export()) == []

    assert expected is not None
    # It was a real change: who starts now is on another edition and reads otherwise.
    later = Taker(live, form="short")
    assert edition_of(live, later.attempt) > edition
    for number in range(1, len(sections) + 1):
        later.post_section(number, chosen)
    later.finish()
    assert later.export()["report"]["overall"] != json.loads(expected)["overall"]


def edition_of(live: Live, attempt: UUID) -> int:
    rows = live.rows(
        "SELECT edition_id FROM assessments_attempt WHERE id = %s", [database_id(live, attempt)]
    )
    return int(rows[0][0])


def count(live: Live, table: str, attempt: UUID) -> int:
    query = f"SELECT count(*) FROM {table} WHERE attempt_id = %s"  # noqa: S608 - our own tables
    return int(live.rows(query, [database_id(live, attempt)])[0][0])
