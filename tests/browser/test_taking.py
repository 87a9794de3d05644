"""Taking the questionnaire as people do: without script, by keyboard, offline, in two windows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, expect

from tests.browser.steps import (
    answered,
    chosen_on,
    expect_clear_of_the_bar,
    expect_saved,
    fill,
    focused,
    question,
    radio,
    sections,
    sit_down,
    switched_off,
)
from tests.live import Live
from tests.site.client import (
    Taker,
    answers_of,
    choices,
    database_id,
    item_keys,
    new_client,
    stored,
)

FIRST, SECOND, *REST = sections()[0]
NOT_SAVED_WITHIN = 1000
BACK_WITHIN = 20_000
WITHOUT_SCRIPT = pytest.mark.browser_context_args(java_script_enabled=False)
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def taker(live: Live) -> Taker:
    """Somebody who has just started, over plain HTTP."""
    return Taker(live)


@pytest.fixture
def window(context: BrowserContext, live: Live, taker: Taker) -> Callable[[str], Page]:
    """Opens a page of the attempt in one more window of the same browser."""
    sit_down(context, live, taker)

    def open_window(place: str) -> Page:
        page = context.new_page()
        page.goto(live.url + taker.path(place))
        return page

    return open_window


def status(page: Page) -> Locator:
    """What the bar says about saving."""
    return page.locator(".take-bar [data-saved]")


def conflict(page: Page, key: str) -> Locator:
    """The notice that another window stored something else."""
    return question(page, key).locator(".notice")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def dead_controls(page: Page) -> list[str]:
    """Controls that can be seen but do nothing without a script."""
    dead: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, .needs-js")]
          .filter((one) => one.type !== "hidden" && one.checkVisibility())
          .filter((one) => !one.readOnly && (one.type === "button" || !one.form))
          .map((one) => one.outerHTML)"""
    )
    return dead


# --- Without script -----------------------------------------------------------------------------


@WITHOUT_SCRIPT
def test_all_of_it_works_without_script(page: Page, live: Live) -> None:
    dead = []

    def on(title: str) -> None:
        expect(page).to_have_title(f"{title} – RoleAssess")
        dead.extend(dead_controls(page))

    page.goto(live.url)
    dead.extend(dead_controls(page))
    follow(page, "Start the assessment")
    on("Before you start")
    page.get_by_label("I have read this and want to start").check()
    press(page, "Start")
    on("About you")
    page.get_by_label("Which kind of role would you like to prepare for?").select_option(index=2)
    press(page, "Save and continue")
    on("Section 1 of 10: What you would rather do, part 1 of 4")
    for place, key in enumerate(sections()[0]):
        radio(page, key, str(1 + place % 5)).check()
    press(page, "Save and continue")
    for number in range(2, 11):
        expect(page).to_have_title(re.compile(rf"^Section {number} of 10"))
        assert answered(page) == 7
        dead.extend(dead_controls(page))
        press(page, "Save and continue")
    on("Check your answers")
    expect(page.get_by_text("You have answered 7 of 64 questions.")).to_be_visible()
    press(page, "Finish and see my result")
    on("Your result")
    follow(page, "Delete this result")
    on("Delete everything?")
    press(page, "Delete everything")
    expect(page).to_have_url(f"{live.url}/")
    expect(page.get_by_text("Deleted: your answers")).to_be_visible()
    assert dead == []


@WITHOUT_SCRIPT
def test_without_script_an_answer_is_cleared_and_the_others_are_kept(
    window: Callable[[str], Page], live: Live, taker: Taker
) -> None:
    taker.answer([FIRST])
    page = window("1")
    expect(question(page, SECOND).get_by_role("button", name="Clear answer")).to_be_hidden()
    radio(page, SECOND, "4").check()
    question(page, FIRST).get_by_role("button", name="Clear answer").click()
    assert page.url.endswith(f"#q-{FIRST}")
    assert (chosen_on(page, FIRST), chosen_on(page, SECOND)) == (None, "4")
    assert answers_of(live, taker.attempt)[FIRST][0] == ""


@WITHOUT_SCRIPT
def test_without_script_a_stale_window_is_asked_and_keeps_its_choice(
    window: Callable[[str], Page], live: Live, taker: Taker
) -> None:
    page = window("1")
    taker.save(FIRST, "1", client=new_client(), seq=1)
    radio(page, FIRST, "5").check()
    with page.expect_response(lambda response: response.request.method == "POST") as posted:
        press(page, "Save and continue")
    assert posted.value.status == 409
    expect(page).to_have_title(re.compile("^Error: Section 1 of 10"))
    assert chosen_on(page, FIRST) == "5"
    expect(question(page, FIRST).locator(".q-error")).to_contain_text("Much more A: ")
    assert answers_of(live, taker.attempt)[FIRST][0] == stored(FIRST, "1")
    press(page, "Save and continue")
    expect(page).to_have_title(re.compile("^Section 2 of 10"))
    assert answers_of(live, taker.attempt)[FIRST][0] == stored(FIRST, "5")


# --- By keyboard --------------------------------------------------------------------------------


def test_by_keyboard_alone_the_first_question_is_near_and_a_section_is_answered(
    window: Callable[[str], Page], live: Live, taker: Taker
) -> None:
    page = window("1")
    tabs = 0
    while focused(page)["item"] is None:
        page.keyboard.press("Tab")
        tabs += 1
        assert tabs <= 6
    assert focused(page)["item"] == FIRST
    # Space and arrows, as everywhere; then digits, which also move on.
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert (focused(page)["item"], chosen_on(page, FIRST)) == (FIRST, "2")
    page.keyboard.press("3")
    for key in (SECOND, *REST):
        assert focused(page)["item"] == key
        expect_clear_of_the_bar(question(page, key))
        page.keyboard.press("4")
    expect_saved(page)
    for _tab in range(2):
        page.keyboard.press("Tab")
    assert focused(page)["text"] == "Save and continue"
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Section 2 of 10"))
    kept = answers_of(live, taker.attempt)
    assert [kept[key][0] for key in sections()[0]] == [
        stored(key, "3" if key == FIRST else "4") for key in sections()[0]
    ]


def test_enter_inside_a_question_goes_on_and_clears_nothing(
    window: Callable[[str], Page], live: Live, taker: Taker
) -> None:
    page = window("1")
    radio(page, SECOND, "2").check()
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Section 2 of 10"))
    assert answers_of(live, taker.attempt)[SECOND][0] == stored(SECOND, "2")


def test_a_digit_chooses_and_moves_on_unless_that_is_switched_off(
    window: Callable[[str], Page],
) -> None:
    page = window("4")
    q22, q23 = sections()[3][:2]
    expect(question(page, q22).locator(".q-n")).to_have_text("22")
    radio(page, q22, "1").focus()
    page.keyboard.press("4")
    assert (chosen_on(page, q22), answered(page)) == ("4", 1)
    expect(question(page, q22).locator("label:has(:checked)")).to_have_text("Slightly more B")
    assert focused(page)["item"] == q23
    page.get_by_label("Then move to the next question").uncheck()
    radio(page, q23, "1").focus()
    page.keyboard.press("4")
    assert (chosen_on(page, q23), answered(page), focused(page)["item"]) == ("4", 2, q23)
    # The server remembers it.
    press(page, "Save and continue")
    expect(page).to_have_title(re.compile("^Section 5 of 10"))
    expect(page.get_by_label("Then move to the next question")).not_to_be_checked()
    rating = sections()[4][0]
    radio(page, rating, "1").focus()
    page.keyboard.press("0")
    assert (chosen_on(page, rating), focused(page)["item"]) == ("0", rating)


def test_a_digit_does_nothing_outside_a_question_with_a_modifier_or_out_of_range(
    window: Callable[[str], Page],
) -> None:
    page = window("4")
    page.locator("a.back").focus()
    page.keyboard.press("4")
    radio(page, sections()[3][0], "1").focus()
    for keys in ("Control+4", "Alt+4", "0", "6"):
        page.keyboard.press(keys)
    assert answered(page) == 0
    assert page.locator("fieldset[data-item] input:checked").count() == 0


# --- Saving -------------------------------------------------------------------------------------


def test_offline_it_says_so_at_once_and_online_it_saves(window: Callable[[str], Page]) -> None:
    page = window("1")
    page.context.set_offline(True)
    radio(page, FIRST, "2").check()
    expect(status(page)).to_have_text("Not saved: you are offline", timeout=NOT_SAVED_WITHIN)
    expect(page.locator("[data-live]")).to_have_text("Not saved: you are offline")
    page.context.set_offline(False)
    expect_saved(page)
    expect(page.locator("[data-live]")).to_have_text("")
    page.reload()
    assert chosen_on(page, FIRST) == "2"


def test_offline_the_section_stays_where_it_is(window: Callable[[str], Page]) -> None:
    page = window("1")
    page.context.set_offline(True)
    radio(page, FIRST, "2").check()
    press(page, "Save and continue")
    expect(status(page)).to_have_text("Not saved: you are offline")
    assert chosen_on(page, FIRST) == "2"
    page.context.set_offline(False)
    expect_saved(page)


def test_while_the_server_is_gone_answers_wait_and_are_sent_when_it_is_back(
    window: Callable[[str], Page], live: Live, taker: Taker
) -> None:
    page = window("1")
    with switched_off(live):
        radio(page, FIRST, "2").check()
        radio(page, SECOND, "3").check()
        expect(status(page)).to_have_text("Not saved. Trying again")
    expect(status(page)).to_have_text(re.compile("^Saved"), timeout=BACK_WITHIN)
    kept = answers_of(live, taker.attempt)
    assert {key: row[0] for key, row in kept.items()} == {
        FIRST: stored(FIRST, "2"),
        SECOND: stored(SECOND, "3"),
    }
    page.reload()
    assert (chosen_on(page, FIRST), chosen_on(page, SECOND)) == ("2", "3")


def test_leaving_asks_first_while_something_is_unsent_and_only_then(
    window: Callable[[str], Page],
) -> None:
    page, asked = window("1"), []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.context.set_offline(True)
    radio(page, FIRST, "2").check()
    page.close(run_before_unload=True)
    expect(status(page)).to_have_text("Not saved: you are offline")
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    expect_saved(page)
    follow(page, "Back to about you")
    expect(page).to_have_title(re.compile("^About you"))
    assert asked == ["beforeunload"]


def test_nothing_but_the_theme_is_kept_in_the_browser(window: Callable[[str], Page]) -> None:
    page = window("1")
    radio(page, FIRST, "2").check()
    page.get_by_role("button", name="Dark").click()
    expect_saved(page)
    kept = page.evaluate("() => [Object.entries(localStorage), Object.entries(sessionStorage)]")
    assert kept == [[["theme", "dark"]], []]


def test_clearing_an_answer_takes_it_back(
    window: Callable[[str], Page], live: Live, taker: Taker
) -> None:
    page = window("1")
    clear = question(page, FIRST).get_by_role("button", name="Clear answer")
    expect(clear).to_be_hidden()
    radio(page, FIRST, "2").check()
    expect_saved(page)
    assert answered(page) == 1
    clear.click()
    assert (chosen_on(page, FIRST), answered(page), focused(page)["item"]) == (None, 0, FIRST)
    expect(clear).to_be_hidden()
    expect_saved(page)
    page.reload()
    assert chosen_on(page, FIRST) is None
    assert answers_of(live, taker.attempt)[FIRST][0] == ""


# --- In two windows -----------------------------------------------------------------------------


def test_two_windows_with_different_questions_keep_both(window: Callable[[str], Page]) -> None:
    one, other = window("1"), window("1")
    radio(one, FIRST, "1").check()
    radio(other, SECOND, "5").check()
    expect_saved(one)
    expect_saved(other)
    press(one, "Save and continue")
    expect(one).to_have_title(re.compile("^Section 2 of 10"))
    other.reload()
    assert (chosen_on(other, FIRST), chosen_on(other, SECOND)) == ("1", "5")


@pytest.mark.parametrize(
    ("button", "stands"), [("Use that answer", "1"), ("Keep mine", "5")], ids=["theirs", "mine"]
)
def test_two_windows_with_the_same_question_ask_and_do_as_told(
    window: Callable[[str], Page], live: Live, taker: Taker, button: str, stands: str
) -> None:
    one, stale = window("1"), window("1")
    radio(one, FIRST, "1").check()
    expect_saved(one)
    radio(stale, FIRST, "5").check()
    expect(conflict(stale, FIRST)).to_contain_text("in another window: “Much more A: ")
    assert chosen_on(stale, FIRST) == "5"
    expect(status(stale)).to_have_text("Not saved: two answers differ")
    assert answers_of(live, taker.attempt)[FIRST][0] == stored(FIRST, "1")
    conflict(stale, FIRST).get_by_role("button", name=button).click()
    expect(conflict(stale, FIRST)).to_have_count(0)
    expect_saved(stale)
    assert focused(stale)["item"] == FIRST
    assert chosen_on(stale, FIRST) == stands
    assert answers_of(live, taker.attempt)[FIRST][0] == stored(FIRST, stands)
    # From here on the two agree again.
    radio(stale, FIRST, "3").check()
    expect_saved(stale)
    one.reload()
    assert chosen_on(one, FIRST) == "3"


# --- Coming back --------------------------------------------------------------------------------


def test_the_private_link_opens_the_answers_in_another_browser(
    window: Callable[[str], Page], new_context: NewContext, live: Live
) -> None:
    page = window("1")
    for key in (FIRST, SECOND):
        radio(page, key, "2").check()
    expect_saved(page)
    press(page, "Save and finish later")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are saved")
    expect(page.get_by_text(re.compile(r"until \d+ \w+ 20\d\d\."))).to_be_visible()
    press(page, "Make a private link")
    link = page.get_by_label("Link", exact=True).input_value()
    page.context.grant_permissions(["clipboard-write", "clipboard-read"], origin=live.url)
    press(page, "Copy the link")
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == link
    page.goto(page.url)
    expect(page.get_by_label("Link", exact=True)).to_have_count(0)

    elsewhere = new_context().new_page()
    elsewhere.goto(link)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in elsewhere.url
    assert [chosen_on(elsewhere, key) for key in sections()[0]] == ["2", "2", *5 * [None]]
    radio(elsewhere, REST[0], "4").check()
    expect_saved(elsewhere)
    follow(page, "Continue answering")
    assert chosen_on(page, REST[0]) == "4"


def test_a_stranger_with_the_address_sees_nothing(
    window: Callable[[str], Page], new_context: NewContext
) -> None:
    page = window("1")
    stranger = new_context().new_page()
    stranger.goto(page.url)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Page not found")


# --- Checking and finishing ---------------------------------------------------------------------


@pytest.fixture
def left_out() -> list[str]:
    """Three items: early, in the middle, and the very last."""
    keys = item_keys()
    return [keys[4], keys[31], keys[63]]


@pytest.fixture
def check_page(window: Callable[[str], Page], taker: Taker, left_out: list[str]) -> Page:
    """The page before finishing, with three questions left out, in a low window."""
    fill(taker, leave_out=left_out)
    page = window("check")
    page.set_viewport_size({"width": 390, "height": 500})
    return page


def missing(page: Page) -> list[str]:
    """The links to questions without an answer."""
    return (
        page.get_by_role("region", name=re.compile("no answer$"))
        .get_by_role("link")
        .all_inner_texts()
    )


def test_what_was_left_out_is_listed_first_and_each_link_lands_on_its_question(
    check_page: Page, left_out: list[str]
) -> None:
    page = check_page
    assert [text.split(":")[0] for text in missing(page)] == [
        "Question 5",
        "Question 32",
        "Question 64",
    ]
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings[:2] == ["3 questions have no answer", "Your answers"]
    tags = page.locator("details .tag-warn").all_inner_texts()
    assert tags == 3 * ["1 not answered"]
    for number, key in zip((5, 32, 64), left_out, strict=True):
        page.get_by_role("link", name=re.compile(f"^Question {number}:")).click()
        assert page.url.endswith(f"#q-{key}")
        expect_clear_of_the_bar(question(page, key))
        page.go_back()


def test_an_answer_from_the_check_page_returns_to_its_row(
    check_page: Page, left_out: list[str]
) -> None:
    page = check_page
    for number, key in zip((5, 32, 64), left_out, strict=True):
        page.get_by_role("link", name=re.compile(f"^Question {number}:")).click()
        question(page, key).locator("input").first.check()
        press(page, "Save and return to your answers")
        expect(page).to_have_title(re.compile("^Check your answers"))
        assert page.url.endswith(f"/check/#row-{key}")
        expect(page.locator(f"#row-{key}")).to_be_in_viewport()
        expect(page.locator(f"#row-{key}")).not_to_contain_text("Not answered")
    expect(page.get_by_text("no answer", exact=False)).to_have_count(0)


def test_after_finishing_the_back_button_changes_nothing_and_says_why(
    window: Callable[[str], Page], live: Live, taker: Taker
) -> None:
    fill(taker)
    page = window("10")
    press(page, "Save and continue")
    press(page, "Finish and see my result")
    expect(page).to_have_title(re.compile("^Your result"))
    before = answers_of(live, taker.attempt)
    for _step in range(2):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("You have finished this attempt")
        assert page.locator("input[type=radio], select").count() == 0
    follow(page, "See your result")
    expect(page).to_have_title(re.compile("^Your result"))
    assert answers_of(live, taker.attempt) == before


def test_a_window_left_open_cannot_change_a_finished_attempt(
    window: Callable[[str], Page], live: Live, taker: Taker
) -> None:
    fill(taker)
    page = window("1")
    taker.finish()
    before = answers_of(live, taker.attempt)
    other = "4" if chosen_on(page, FIRST) != "4" else "2"
    radio(page, FIRST, other).check()
    banner = page.locator(".take-bar [data-banner]")
    expect(banner).to_contain_text("You have finished this attempt")
    expect(status(page)).to_have_text("Not saved")
    press(page, "Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have finished this attempt")
    assert answers_of(live, taker.attempt) == before
    follow(page, "See your result")
    expect(page).to_have_title(re.compile("^Your result"))


def test_the_short_form_is_continued_with_its_answers_carried_over(
    context: BrowserContext, page: Page, live: Live
) -> None:
    short = Taker(live, "short")
    fill(short)
    short.finish()
    sit_down(context, live, short)
    page.goto(f"{live.url}/result/{short.attempt}/")
    press(page, "Go on to the full questionnaire")
    expect(page).to_have_title(re.compile("^Section 1 of 10"))
    assert str(short.attempt) not in page.url
    assert answered(page) == 15
    kept = answers_of(live, short.attempt)
    for number, keys in enumerate(sections(), start=1):
        page.goto(re.sub(r"/\d+/$", f"/{number}/", page.url))
        for key in keys:
            chosen = chosen_on(page, key)
            assert (stored(key, chosen) if chosen else None) == (
                kept[key][0] if key in kept else None
            )


# Playwright's own clock also sets back what only ever goes forward (performance.now).
WRONG_CLOCK = """
  const Right = Date;
  window.wrongBy = 0;
  window.Date = class extends Right {
    static now() { return Right.now() + wrongBy; }
    constructor(...given) { given.length ? super(...given) : super(Date.now()); }
  };
"""
TEN_YEARS = 10 * 365 * 24 * 3600 * 1000


def test_a_browser_whose_clock_is_ten_years_off_either_way_saves_as_any_other(
    context: BrowserContext, window, live: Live, taker: Taker
):
    context.add_init_script(WRONG_CLOCK)
    page = window("1")
    for revision, wrong_by in enumerate((TEN_YEARS, -TEN_YEARS, 0), start=1):
        page.evaluate("(ms) => { window.wrongBy = ms; }", wrong_by)
        chosen = choices(FIRST)[revision]
        with page.expect_response("**/save/") as saved:
            radio(page, FIRST, chosen).check()
        assert saved.value.status == 200
        value, _client, seq, now = answers_of(live, taker.attempt)[FIRST]
        assert (value, seq, now) == (stored(FIRST, chosen), revision, revision)
    page.reload()
    assert chosen_on(page, FIRST) == choices(FIRST)[3]
    [(seconds,)] = live.rows(
        "SELECT max(seconds) FROM assessments_answer WHERE attempt_id = %s",
        [database_id(live, taker.attempt)],
    )
    assert 0 <= seconds < 60
