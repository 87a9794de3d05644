"""Clocks go wrong and no answer, order or result depends on them (trust 3: R8)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import APPLICATION, ROOT, Live, restarted_with
from tests.site.client import (
    Taker,
    answers_of,
    choice,
    database_id,
    item_keys,
    new_client,
    report_of,
)

# Where something is ordered by a time, and why a clock that was set back does no harm there. What
# must not come in another order has numbers: revisions, editions, calibrations, changes.
BY_TIME = {
    "coaching/client_views.py": "lists for people, newest first",
    "coaching/invitation_views.py": "the newest own results are offered",
    "coaching/models.py": "which result, and which ended consent, a desk shows first",
    "coaching/sharing_views.py": "lists for people, newest first",
    "editing/impact.py": "which finished attempts a preview is worked out for",
    "keeping/verify.py": "which reports are proved, when not all are",
    "privacy/mydata.py": "lists for people, as it came about",
    "privacy/retention.py": "when an account was last used",
    "reports/mine_views.py": "a list for people, newest first",
    "reports/views.py": "with which other result one is offered to compare",
    "responses/links.py": "which old links end; never the one just made",
    "responses/models.py": "lists for people; and sums, whose order does not matter",
    "responses/questions.py": "where a page opens for who comes back",
}


@pytest.fixture
def clock(live: Live, tmp_path: Path) -> Iterator[Path]:
    """The site under a clock of its own: the seconds in the file are added to the time."""
    file = tmp_path / "clock"
    file.write_text("0")
    live.application = "tests.site.wrong_clock"
    with restarted_with(live, CLOCK_FILE=str(file)):
        yield file
        live.application = APPLICATION


def test_a_server_whose_clock_is_set_back_an_hour_keeps_order_and_result(live: Live, clock: Path):
    undisturbed, taker = Taker(live, "short"), Taker(live, "short")
    keys = item_keys("short")
    half = len(keys) // 2
    for one in (undisturbed, taker):
        page, other_page = new_client(), new_client()
        for seq, key in enumerate(keys[:half], start=1):
            assert one.save(key, choice(key, 0), client=page, seq=seq).status == 200
        if one is taker:
            clock.write_text("-3600")
        # The same page changes its mind, another one that saw it too, and the rest follows.
        again = one.save(keys[0], choice(keys[0], 1), client=page, seq=half + 1)
        assert again.json == {"value": choice(keys[0], 1), "revision": 2}
        third = one.save(keys[0], choice(keys[0], 2), client=other_page, seq=1, base_revision=2)
        assert third.json == {"value": choice(keys[0], 2), "revision": 3}
        late = one.save(keys[1], choice(keys[1], 3), client=page, seq=1)
        assert late.json["value"] == choice(keys[1], 0)
        for seq, key in enumerate(keys[half:], start=half + 2):
            assert one.save(key, choice(key, 0), client=page, seq=seq).status == 200
        assert one.get(one.path("2")).status == 200
        assert one.finish().status == 302
        assert one.get(f"/result/{one.attempt}/").status == 200

    [(began, ended)] = live.rows(
        "SELECT started_at, finished_at FROM assessments_attempt WHERE id = %s",
        [database_id(live, taker.attempt)],
    )
    # The clock did go wrong, and nothing else did.
    assert ended < began
    assert answers_of(live, taker.attempt).keys() == set(keys)
    assert report_of(live, taker.attempt) == report_of(live, undisturbed.attempt)


def test_what_is_ordered_by_a_time_is_known_and_harmless():
    app = ROOT / "assessments"
    found = {
        str(file.relative_to(app))
        for file in app.rglob("*.py")
        if "migrations" not in file.parts
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and orders_by_time(call)
    }
    assert found == set(BY_TIME)


def orders_by_time(call: ast.Call) -> bool:
    """Whether it puts rows in an order by a field that holds a time."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in {"order_by", "latest", "earliest"}:
        by: list[ast.expr] = call.args
    elif name in {"sorted", "sort", "max", "min"}:
        by = [keyword.value for keyword in call.keywords if keyword.arg == "key"]
    else:
        return False
    fields = set()
    for node in (node for one in by for node in ast.walk(one)):
        if isinstance(node, ast.Attribute):
            fields.add(node.attr)
        elif isinstance(node, ast.Constant):
            fields.add(str(node.value).rpartition("__")[2].strip("-"))
    return any(field == "at" or field.endswith("_at") for field in fields)
