"""Two editors who save at the same moment: one is told of the other, whichever database."""

from __future__ import annotations

import html
import re
from functools import partial

import pytest

from tests.live import Live
from tests.site.client import Browser, Reply, at_once
from tests.site.editors import new_editor

ROUNDS = 4


@pytest.fixture(scope="module")
def editors(live: Live) -> list[Browser]:
    return [new_editor(live), new_editor(live)]


def test_of_two_saves_at_once_one_is_saved_and_one_is_told(live: Live, editors: list[Browser]):
    [(pk,)] = live.rows("SELECT id FROM assessments_source ORDER BY place, id LIMIT 1")
    address = f"/admin/assessments/source/{pk}/change/"
    for turn in range(ROUNDS):
        seen = [seen_on(browser.get(address)) for browser in editors]
        titles = [f"{turn} by {name}" for name in ("one", "the other")]

        replies = at_once(
            partial(browser.post, address, {"title": title, "seen": one})
            for browser, title, one in zip(editors, titles, seen, strict=True)
        )

        assert sorted(reply.status for reply in replies) == [200, 302]
        [(stored,)] = live.rows("SELECT title FROM assessments_source WHERE id = %s", [pk])
        for reply, mine, theirs in zip(replies, titles, reversed(titles), strict=True):
            if reply.status == 302:
                assert stored == mine
            else:
                told = html.unescape(reply.text)
                assert "Changed since you opened this page" in told
                assert f"<td>{theirs}</td>" in told
                assert f">\n{mine}</textarea>" in told


def seen_on(reply: Reply) -> str:
    [seen] = re.findall(r'name="seen" value="(\d+)"', reply.text)
    return seen
