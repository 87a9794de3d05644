"""Several servers on one database: nothing depends on which one answers, and one may die."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from assessments.instrument.files import write_yaml
from tests.live import Live
from tests.site.balancer import balanced_site
from tests.site.client import (
    Browser,
    Taker,
    another_ip,
    choice,
    half_finished,
    item_keys,
    report_of,
    shipped,
)
from tests.site.coaching import cast, sign_in
from tests.site.conftest import Tell
from tests.site.writers import WRITERS, Writers, lost

pytestmark = [pytest.mark.database, pytest.mark.live]
SERVERS = 3
# How many are killed, and how long after one another at least, in seconds.
KILLS = [(2, 0), pytest.param(9, 10, marks=pytest.mark.soak)]
LINK_MISSES = 20
PEOPLE = 100

Several = tuple[Live, list[Live], Counter[int]]


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    """Three servers behind a balancer, which asks them in turn; who kills one starts it."""
    folder = tmp_path_factory.mktemp("several")
    with balanced_site(folder, os.environ["DATABASE_URL"], SERVERS) as made:
        yield made


@pytest.mark.soak
def test_nothing_depends_on_which_of_three_servers_answers(several: Several, tmp_path: Path):
    front, servers, answered = several
    before = answered.copy()

    # Every request is for the next server.
    takers = [Taker(front, "short") for _server in servers]
    assert [kept_by_taking(taker) for taker in takers] == [0] * SERVERS
    opens_by_link_elsewhere(front)
    signs_in_here_and_out_there(front)
    takes_a_code_of_the_app_once(front)
    limits_all_of_them_together(front)
    calibration_is_seen_by_all(front)
    edition_is_seen_by_all(front, tmp_path / "next.yaml")

    assert min((answered - before)[place] for place in range(SERVERS)) > PEOPLE // SERVERS


def kept_by_taking(taker: Taker) -> int:
    """Take a whole form; how many answers are missing at the end."""
    chosen = {key: choice(key, number) for number, key in enumerate(item_keys("short"))}
    for number in range(1, len(shipped().form["short"].sections) + 1):
        assert taker.post_section(number, chosen).status == 302
    assert taker.finish().status == 302
    assert taker.get(f"/result/{taker.attempt}/").status == 200
    return sum(value is None for value in taker.export()["answers"].values())


def opens_by_link_elsewhere(front: Live) -> None:
    taker = Taker(front)
    link = taker.post(taker.path("later")).text.split("/a/")[1][:43]
    for _server in range(SERVERS):
        other = Browser(front)
        assert other.get(f"/a/{link}/").status == 302
        assert other.get(taker.path("1")).status == 200


def signs_in_here_and_out_there(front: Live) -> None:
    made = cast(front, coaches=1, people=1)
    [desk] = made.desks
    coach = sign_in(Browser(front), desk.email)
    stolen = Browser(front)
    stolen.cookies |= coach.cookies
    for look in ("client", "result", "answers", "plan"):
        assert coach.get(desk.page(0, look)).status == 200
    assert coach.post("/account/logout/").status == 302
    assert [stolen.get("/coach/").status for _server in range(SERVERS)] == [302] * SERVERS


def takes_a_code_of_the_app_once(front: Live) -> None:
    email = f"{secrets.token_hex(6)}@example.org"
    code = front.manage("shell", "--no-imports", "-c", MAKE_APP_USER.format(email=email)).strip()
    statuses = []
    for _browser in range(SERVERS):
        browser = sign_in(Browser(front), email)
        statuses.append(browser.post("/account/2fa/authenticate/", {"code": code}).status)
    assert statuses == [302] + [429] * (SERVERS - 1)


MAKE_APP_USER = """
import time
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from tests.cast import APP_KEY, with_password, with_second_factor
with_second_factor(with_password("{email}"))
print(format_hotp_value(hotp_value(APP_KEY, int(time.time()) // 30)))
"""


def limits_all_of_them_together(front: Live) -> None:
    browser = Browser(front, ip=another_ip())
    misses = [browser.get(f"/a/{secrets.token_urlsafe(32)}/").status for _ in range(LINK_MISSES)]
    assert misses == [404] * LINK_MISSES
    assert browser.get(f"/a/{secrets.token_urlsafe(32)}/").status == 429


def calibration_is_seen_by_all(front: Live) -> None:
    assert calibrations_of_new_reports(front) == [None] * SERVERS
    front.manage("shell", "--no-imports", "-c", FREEZE_CALIBRATION.format(people=PEOPLE))
    assert calibrations_of_new_reports(front) == [1] * SERVERS


FREEZE_CALIBRATION = """
from random import Random
from django.utils import timezone
from assessments.analysis.counts import Entry, FormKey
from assessments.analysis.models import CountedAs
from assessments.analysis.services import change_sums, freeze_calibration
from assessments.questionnaires.editions import newest_edition
from assessments.scoring import AnswerSheet
from tests.takers import steady_taker
edition = newest_edition("pm-b2b-b2c")
document = edition.document.model_dump(mode="json", by_alias=True)
made_up = [steady_taker(document, "full", Random(person)) for person in range({people})]
place = FormKey(edition.pk, "full")
change_sums(added=[Entry(place, CountedAs.IN, AnswerSheet("full", one)) for one in made_up])
freeze_calibration(edition_id=edition.pk, form="full", at=timezone.now())
"""


def calibrations_of_new_reports(front: Live) -> list[int | None]:
    takers = [Taker(front, "short") for _server in range(SERVERS)]
    for taker in takers:
        taker.answer(item_keys("short")[:1])
    # One deed for all of them, then the next: so each is done by another server.
    assert {taker.finish().status for taker in takers} == {302}
    return [taker.export()["report"]["calibration"] for taker in takers]


def edition_is_seen_by_all(front: Live, file: Path) -> None:
    under_way = [Taker(front, "short") for _server in range(SERVERS)]
    file.write_text(write_yaml(shipped().model_copy(update={"title": "The next"})), "utf-8")
    front.manage("load_questionnaire", str(file), "--publish")
    later = [Taker(front, "short") for _server in range(SERVERS)]
    for taker in [*under_way, *later]:
        taker.answer(item_keys("short")[:1])
        assert taker.finish().status == 302
    editions = [taker.export()["report"]["edition"] for taker in [*under_way, *later]]
    assert editions == [1] * SERVERS + [2] * SERVERS


@pytest.mark.parametrize(("kills", "seconds_apart"), KILLS)
def test_of_three_servers_any_may_be_killed_and_nobody_notices(
    several: Several, tell: Tell, kills: int, seconds_apart: int
):
    front, servers, answered = several
    [desk] = cast(front, coaches=1, people=1).desks
    coach = sign_in(Browser(front), desk.email)
    pages = ["/coach/", desk.page(0, "result"), desk.page(0, "plan"), desk.group("cohort")]

    with Writers(front) as writers, looking(coach, pages) as seen:
        for kill in range(kills):
            began, server = time.monotonic(), servers[kill % SERVERS]
            server.kill_hard()
            # The others serve on, all the people who are there.
            writers.wait_for(writers.ledger.count + 10 * WRITERS)
            server.start()
            time.sleep(max(0.0, began + seconds_apart - time.monotonic()))
        writers.wait_for(writers.ledger.count + 10 * WRITERS)

    ledger, statuses = writers.ledger, seen.result()
    tell(
        f"{kills} kills, one of {SERVERS} servers each: {ledger}; a coach saw {statuses.total()}"
        f" pages; answered by {sorted(answered.items())}"
    )
    assert not writers.faults
    assert [reply.text for reply in ledger.refused] == []
    assert lost(front, ledger) == []
    assert half_finished(front) == []
    assert [one for one in ledger.finished if not report_of(front, one)] == []
    assert set(statuses) == {200}
    assert statuses[200] > kills


@contextlib.contextmanager
def looking(browser: Browser, pages: Sequence[str]) -> Iterator[Future[Counter[int]]]:
    """Somebody reads these pages over and over; afterwards: how often each status came."""
    stop = threading.Event()

    def look() -> Counter[int]:
        statuses: Counter[int] = Counter()
        while not stop.is_set():
            statuses.update(browser.get(page).status for page in pages)
        return statuses

    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(look)
        try:
            yield seen
        finally:
            stop.set()
