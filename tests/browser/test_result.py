"""What a result page shows agrees with itself, on screen and on paper (UX 13)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.steps import fill, sit_down
from tests.live import Live
from tests.site.client import Taker, item_keys

EXAMPLE = "leans one way, has practised the other"
STRONG = "leans strongly to the first side"
MIXED = "mixed"
EVEN = "at home on both sides, ready for both"
CLOSE = "too close to call"
FLAT = "flat: nothing separates the roles"
UNREADABLE = "answers that cannot be read"
SHORT = "short form"
WITH_ROWS = (EXAMPLE, STRONG, MIXED, EVEN, CLOSE, FLAT)
# A4 less 16 mm on each side, at 96 dots to the inch.
PAPER = {"width": 673, "height": 1001}
AA = 4.5
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def live(populated: Live) -> Live:
    """Here it is the one with invented people."""
    return populated


@pytest.fixture
def result(page: Page, live: Live, people: dict[str, str]) -> Callable[[str], Page]:
    """Opens the result of one of the invented people."""

    def open_result(name: str) -> Page:
        page.goto(live.url + people[name])
        expect(page).to_have_title("Your result – RoleAssess")
        return page

    return open_result


def signed(words: str) -> float | None:
    """A score in words as a number, B2B positive; None for a dash or for nothing."""
    if words in {"–", ""}:
        return None
    if words.startswith("0, "):
        return 0.0
    number, pole = words.split(" to ")
    assert pole in {"B2B", "B2C"}
    return float(number) * (1 if pole == "B2B" else -1)


def rows_of(page: Page) -> list[dict[str, Any]]:
    """The rows of the profile with their numbers, from the page itself, top to bottom."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll(".profile details.dim")].map((row) => {
          const text = (place) => place ? place.textContent.replace(/\\s+/g, " ").trim() : "";
          const tables = [...row.querySelectorAll("table")];
          const [first] = tables.filter((one) => one.caption.matches(".visually-hidden"));
          const words = (table) => [...table.querySelectorAll("tbody .num")].map(text);
          return {
            name: text(row.querySelector(".name")),
            verdict: text(row.querySelector(".say b")),
            score: text(row.querySelector(".say .num")),
            dot: row.querySelector(".dot") && row.querySelector(".dot").getAttribute("cx"),
            colour: row.querySelector(".dot") && row.querySelector(".dot").classList[1],
            diamond: row.querySelector("summary svg svg") &&
              row.querySelector("summary svg svg").getAttribute("x"),
            pulls: first ? words(first) : [],
            readiness: tables.filter((one) => one !== first).map((table) => ({
              caption: text(table.caption), adds: words(table),
            })),
          };
        })"""
    )
    return found


def table_of(page: Page) -> dict[str, dict[str, str]]:
    """The profile as a table: by dimension, the cells by their column."""
    found: dict[str, dict[str, str]] = page.evaluate(
        """() => {
          const table = [...document.querySelectorAll("details.fold table")].find(
            (one) => one.querySelector("th").textContent.includes("Dimension"));
          const text = (place) => place.textContent.replace(/\\s+/g, " ").trim();
          return Object.fromEntries([...table.tBodies[0].rows].map((row) => [
            text(row.querySelector("th")),
            Object.fromEntries([...row.querySelectorAll("td")].map(
              (one) => [one.dataset.th, text(one)])),
          ]));
        }"""
    )
    return found


def side(verdict: str) -> str:
    """The pole a row's verdict names; "" for none."""
    return next((pole for pole in ("B2B", "B2C") if verdict.endswith(pole)), "")


@pytest.mark.parametrize("name", WITH_ROWS)
def test_headline_rows_and_table_agree(result: Callable[[str], Page], name: str) -> None:
    page = result(name)
    rows, table = rows_of(page), table_of(page)
    assert len(rows) == 14
    assert {row["name"] for row in rows} == set(table)
    for row in rows:
        cells = table[row["name"]]
        assert (cells["Result"], cells["Score"]) == (row["verdict"], row["score"] or "–")
        assert int(cells["Answers"]) == len(row["pulls"])
        score = signed(row["score"])
        if score is None:
            assert (row["verdict"], row["dot"], row["diamond"]) == (
                "Not enough answers",
                None,
                None,
            )
            continue
        low, high = (signed(end) for end in cells["Likely range"].split(" – "))
        assert low is not None
        assert high is not None
        assert low <= score <= high
        assert row["dot"] == f"{50 + score / 2}%"
        # A verdict, and a colour, only where the whole range stands on one side.
        decided = "B2B" if low > 0 else "B2C" if high < 0 else ""
        assert side(row["verdict"]) == decided
        assert row["colour"] == {"B2B": "side-b", "B2C": "side-a", "": "side-none"}[decided]
        assert signed(cells.get("Role asks for", "–")) is None or row["diamond"] is not None
    scores = [signed(row["score"]) for row in rows]
    shown = [score for score in scores if score is not None]
    assert shown == sorted(shown)
    assert scores == [*shown, *(len(scores) - len(shown)) * [None]]

    headline = page.get_by_role("heading", level=1).inner_text()
    detail = page.locator(".verdict .big").inner_text()
    counts = Counter(side(row["verdict"]) or row["verdict"] for row in rows)
    if counted := re.search(r"to B2B: (\d+), to B2C: (\d+), with no clear lean: (\d+)", detail):
        said = [int(number) for number in counted.groups()]
        assert said == [counts["B2B"], counts["B2C"], counts["No clear lean"]]
        too_few = re.search(r"too few answers: (\d+)", detail)
        assert int(too_few[1] if too_few else 0) == counts["Not enough answers"]
    else:
        assert headline.startswith("You lean one way on some things")
    total = signed(page.locator(".mini dt .num").first.inner_text())
    assert total is not None
    if side(headline):
        assert (total > 0) == (side(headline) == "B2B")


@pytest.mark.parametrize("name", WITH_ROWS)
def test_the_pulls_of_every_row_add_up_to_what_it_shows(
    result: Callable[[str], Page], name: str
) -> None:
    page = result(name)
    added_up = 0
    for row in rows_of(page):
        pulls = [signed(words) or 0.0 for words in row["pulls"]]
        if row["score"]:
            assert sum(pulls) == pytest.approx(signed(row["score"]), abs=0.05 * len(pulls) + 0.5)
            added_up += 1
        for facet in row["readiness"]:
            total = re.search(r"([\d.]+) of 100$", facet["caption"])
            assert total, facet["caption"]
            adds = [float(words) for words in facet["adds"]]
            assert sum(adds) == pytest.approx(float(total[1]), abs=0.05 * len(adds) + 0.05)
            added_up += 1
    assert added_up > 3 * 10


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        (FLAT, "You are at home on both sides"),
        (EVEN, "You are at home on both sides"),
        (CLOSE, "It is too close to call"),
        (MIXED, "You lean one way on some things, the other way on others"),
        (UNREADABLE, "We could not read a clear result"),
    ],
)
def test_what_does_not_settle_names_no_lean(
    result: Callable[[str], Page], name: str, headline: str
) -> None:
    page = result(name)
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    expect(page.get_by_text("How sure is this?")).to_have_count(0)


def test_answers_all_equal_lean_in_no_row(result: Callable[[str], Page]) -> None:
    rows = rows_of(result(FLAT))
    assert {row["verdict"] for row in rows} == {"No clear lean"}
    assert {row["score"] for row in rows} == {"0, in the middle"}


def test_few_answers_give_no_verdict(context: BrowserContext, page: Page, live: Live) -> None:
    taker = Taker(live)
    fill(taker, leave_out=item_keys()[6:])
    taker.finish()
    sit_down(context, live, taker)
    page.goto(f"{live.url}/result/{taker.attempt}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("We could not read a clear result")
    expect(page.get_by_text("You answered 6 of 64 questions.")).to_be_visible()
    assert "lean" not in page.locator(".verdict").inner_text().lower()


def test_another_role_moves_diamonds_and_gaps_but_no_score(result: Callable[[str], Page]) -> None:
    page = result(EXAMPLE)

    def seen() -> tuple[list[Any], list[Any], str, list[str]]:
        rows = rows_of(page)
        scores = [(row["name"], row["verdict"], row["score"], row["dot"]) for row in rows]
        gaps = page.get_by_role("region", name="Gaps that matter for this role")
        return (
            scores,
            [row["diamond"] for row in rows],
            page.locator(".verdict").inner_text(),
            gaps.get_by_role("listitem").all_inner_texts(),
        )

    scores, diamonds, verdict, gaps = seen()
    ranked = page.locator("table.roles").first.inner_text().replace("compared with", "")
    page.get_by_label("Compare with this role").select_option(label="Developer platform or API PM")
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(r"\?role=developer-platform-api$"))
    other_scores, other_diamonds, other_verdict, other_gaps = seen()
    assert (other_scores, other_verdict) == (scores, verdict)
    assert other_diamonds != diamonds
    assert other_gaps != gaps
    expect(page.locator(".key")).to_contain_text(
        "What Developer platform or API PM usually asks for"
    )
    again = page.locator("table.roles").first.inner_text().replace("compared with", "")
    assert " ".join(again.split()) == " ".join(ranked.split())


@pytest.mark.parametrize("chosen", ["", "Dark"], ids=["by the system", "by the button"])
def test_on_paper_a_dark_page_is_light_and_starts_with_the_verdict(
    new_context: NewContext, live: Live, people: dict[str, str], chosen: str
) -> None:
    page = new_context(color_scheme="dark", viewport=PAPER).new_page()
    page.goto(live.url + people[EXAMPLE])
    if chosen:
        page.get_by_role("button", name=chosen).click()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_have_text("You lean towards B2B")
    controls = page.locator("button, select, input, nav, footer, .take-bar")
    assert [one for one in controls.all() if one.is_visible()] == []
    first = page.locator(".profile .dim").first.bounding_box()
    assert first
    assert first["y"] + first["height"] <= PAPER["height"]
    assert pale_on_paper(page) == []


def test_a_printed_plan_asks_its_questions_and_shows_nothing_to_press(
    page: Page, live: Live, people: dict[str, str]
) -> None:
    page.goto(live.url + people[EXAMPLE])
    page.get_by_role("link", name="Open your study plan").click()
    page.emulate_media(media="print")
    questions = page.locator("section[aria-labelledby=iq] h3").all()
    assert [one.is_visible() for one in questions] == [True] * 8
    assert [one for one in page.get_by_role("button").all() if one.is_visible()] == []
    assert [one for one in page.locator(".how").all() if one.is_visible()] == []


def pale_on_paper(page: Page) -> list[str]:
    """Visible text too pale for white paper, or on a dark ground."""
    found: list[str] = page.evaluate(
        """(least) => {
          const light = (colour) => {
            const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
              const share = part / 255;
              return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const isClear = (colour) => /, 0\\)$/.test(colour);
          return [...document.querySelectorAll("body, body *:not(svg, svg *)")]
            .filter((one) => one.checkVisibility() && one.textContent.trim())
            .filter((one) => {
              const {color, backgroundColor: ground} = getComputedStyle(one);
              return 1.05 / (light(color) + 0.05) < least
                || (!isClear(ground) && light(ground) < 0.7);
            })
            .map((one) => one.outerHTML.slice(0, 120));
        }""",
        AA,
    )
    return found


def test_unreadable_answers_give_reasons_and_a_second_try_but_no_numbers(
    result: Callable[[str], Page], live: Live
) -> None:
    page = result(UNREADABLE)
    assert page.locator(".verdict li").count() >= 1
    expect(page.locator(".profile, .profile-table, .roles, svg.trk")).to_have_count(0)
    expect(page.get_by_role("heading", name="Roles", exact=True)).to_have_count(0)
    # Of all that can be done now, this is what helps.
    expect(page.locator("main .btn-primary")).to_have_text("Take it again")
    page.get_by_role("link", name="Take it again").click()
    expect(page).to_have_url(f"{live.url}/start/")


def test_the_short_form_gives_areas_in_words_and_no_rows(result: Callable[[str], Page]) -> None:
    page = result(SHORT)
    expect(page.get_by_role("heading", level=1)).to_have_text("You lean towards B2B")
    expect(page.locator(".profile, .profile-table, .roles")).to_have_count(0)
    areas = page.get_by_role("region", name="Four areas, in a sentence each")
    expect(areas.locator("dt")).to_have_count(4)
    expect(areas.locator("dd")).to_have_count(4)
    roles = page.get_by_role("region", name="Roles")
    expect(roles.get_by_role("listitem")).to_have_count(3)
    assert not re.search(r"\d", roles.inner_text())
    expect(page.get_by_text("You answered 15 of 15 questions.")).to_be_visible()
    expect(page.get_by_role("button", name="Go on to the full questionnaire")).to_be_visible()
    expect(page.locator("main .btn-primary")).to_have_text("Open your study plan")


def test_a_deleted_result_is_gone_for_everybody(
    context: BrowserContext, page: Page, new_context: NewContext, live: Live
) -> None:
    taker = Taker(live, "short")
    fill(taker)
    taker.finish()
    sit_down(context, live, taker)
    address = f"{live.url}/result/{taker.attempt}/"
    page.goto(address)
    page.get_by_role("link", name="Keep a private link").click()
    page.get_by_role("button", name="Make a private link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    page.goto(address)
    page.get_by_role("link", name="Delete this result").click()
    page.get_by_role("link", name="Keep it").click()
    expect(page).to_have_url(address)
    page.get_by_role("link", name="Delete this result").click()
    page.get_by_role("button", name="Delete everything").click()
    expect(page).to_have_url(f"{live.url}/")
    expect(page.get_by_role("status")).to_contain_text("Deleted: your answers")
    for browser, gone in ((page, address), (new_context().new_page(), link)):
        browser.goto(gone)
        expect(browser.get_by_role("heading", level=1)).to_have_text("Page not found")
