"""Sharing and coaching in a real browser: from a new desk to the end of a sharing (UX 13)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.steps import fill, new_account, newest_code, sit_down
from tests.live import Live
from tests.site.client import Browser, Taker, another_ip, item_keys

NewContext = Callable[..., BrowserContext]
TIME = re.compile(r"\d\d:\d\d")
TOM, PRIYA = "Tom Adeyemi", "Priya Raman"


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow a link."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.click()


@pytest.fixture
def new_window(new_context: NewContext, live: Live) -> Callable[..., Page]:
    """A browser of somebody's own, who comes from an address of their own."""

    def window(browser: Browser | None = None, **more: object) -> Page:
        context = new_context(extra_http_headers={"X-Forwarded-For": another_ip()}, **more)
        if browser:
            sit_down(context, live, browser)
        return context.new_page()

    return window


def coach_of(live: Live) -> tuple[Browser, str]:
    """A coach with an open desk that goes straight to results, and the coach's address."""
    coach = new_account(live)
    coach.post("/coach/open/", {"name": TOM})
    coach.post("/coach/settings/", {"name": TOM})
    [email] = re.findall(r"<strong>(\S+@example.org)</strong>", coach.get("/account/email/").text)
    return coach, email


def client_of(live: Live) -> tuple[Browser, str]:
    """Somebody with an account and a finished result, and the address at which it is shared."""
    client, taker = new_account(live), Taker(live)
    taker.cookies["session"] = client.cookies["session"]
    reply = taker.post("/start/", {"length": "full", "consent": "on"})
    attempt = reply.location.split("/")[2]
    taker.attempt = type(taker.attempt)(attempt)
    fill(taker)
    assert taker.finish().status == 302
    return client, f"/share/{attempt}/"


def test_a_wrong_address_is_said_where_it_is_and_what_was_typed_stays(
    new_window: Callable[..., Page], live: Live
):
    client, address = client_of(live)
    page = new_window(client)
    page.goto(live.url + address)
    field = page.get_by_label("Your coach’s e-mail address")
    field.fill("tom@nowhere")
    page.get_by_label("Your name, as your coach reads it").fill(PRIYA)
    page.get_by_label("Your study plan with its ticks, never your own notes").check()
    press(page, "See what they would see")

    assert page.title().startswith("Error: ")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(field).to_have_value("tom@nowhere")
    expect(field).not_to_be_focused()
    summary.get_by_role("link").click()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Your name, as your coach reads it")).to_have_value(PRIYA)
    expect(
        page.get_by_label("Your study plan with its ticks, never your own notes")
    ).to_be_checked()


def test_once_sharing_is_ended_only_the_notes_remain_and_both_see_who_looked(
    new_window: Callable[..., Page], live: Live
):
    coach, email = coach_of(live)
    client, address = client_of(live)
    theirs, mine = new_window(coach), new_window(client)
    mine.goto(live.url + address)
    mine.get_by_label("Your coach’s e-mail address").fill(email)
    mine.get_by_label("Your name, as your coach reads it").fill(PRIYA)
    for box in mine.locator("[name=scopes]").all():
        box.check()
    press(mine, "See what they would see")
    press(mine, f"Yes, share with {TOM}")

    theirs.goto(live.url + "/coach/")
    follow(theirs, PRIYA)
    page_of_client = theirs.url
    theirs.get_by_label("New note").fill("Ask about the trial with two teams.")
    press(theirs, "Save note")
    pages = [page_of_client + rest for rest in ("result/", "answers/", "plan/")]
    for one in pages:
        assert (theirs.goto(one) or theirs).status == 200  # type: ignore[union-attr]
    theirs.goto(page_of_client)
    log_of_coach = theirs.locator("ul.log li").all_inner_texts()
    mine.goto(live.url + "/sharing/")
    log_of_client = mine.locator("section[aria-labelledby=log] li").all_inner_texts()
    # Line by line the same looks, told to each of the two.
    assert len(log_of_coach) >= len(pages) + 2
    assert [TIME.findall(line) for line in log_of_client] == [
        TIME.findall(line) for line in log_of_coach
    ]
    assert {TOM in line for line in log_of_client} == {True}

    press(mine, f"Stop sharing with {TOM}")
    expect(mine.get_by_text(f"Ended. {TOM} can no longer read anything of yours.")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_text(f"{PRIYA} no longer shares a result with you.")).to_be_visible()
    expect(theirs.get_by_text("Ask about the trial with two teams.")).to_be_visible()
    expect(theirs.locator("meter, .profile, .track")).to_have_count(0)
    for one in pages:
        assert (theirs.goto(one) or theirs).status == 404  # type: ignore[union-attr]
    mine.reload()
    assert mine.locator("section[aria-labelledby=log] li").all_inner_texts() == log_of_client


def signs_up(page: Page, live: Live) -> str:
    """Make an account with the code that is sent by e-mail; the address."""
    email = f"{secrets.token_hex(6)}@example.org"
    page.fill("[name=email]", email)
    press(page, "Create my account")
    page.fill("[name=code]", newest_code(live))
    press(page, "Continue")
    return email


def answers_everything(page: Page) -> None:
    """Go through the short form, section by section, to its end."""
    asked = item_keys("short")
    answered = 0
    while answered < len(asked):
        for question in page.locator("fieldset[data-item]").all():
            question.locator("input[type=radio]").nth(answered % 4).check(force=True)
            answered += 1
        with page.expect_navigation():
            page.locator("button.btn-primary[name=go]").click()


def test_from_a_new_desk_to_the_end_of_a_sharing_without_a_script(
    new_window: Callable[..., Page], live: Live
):
    coach = new_window(java_script_enabled=False)
    coach.goto(live.url + "/account/signup/")
    signs_up(coach, live)
    coach.goto(live.url + "/coach/open/")
    coach.fill("[name=name]", TOM)
    coach.locator("main form button[type=submit]").click()
    expect(coach.get_by_text("Your desk is open.")).to_be_visible()
    follow(coach, "Invite a client")
    coach.fill("[name=name]", PRIYA)
    coach.get_by_label("Message (optional)").fill("For our talk in June.")
    press(coach, "Make the invitation")
    link = coach.get_by_label("Link").input_value()

    client = new_window(java_script_enabled=False)
    client.goto(link)
    expect(client.locator("h1")).to_have_text(f"{TOM} invites you")
    expect(client.get_by_text("For our talk in June.")).to_be_visible()
    assert link not in client.url
    client.locator("input[name=length][value=short]").check()
    client.locator("input[name=consent]").check()
    press(client, "Start")
    press(client, "Save and continue")
    answers_everything(client)
    press(client, "Finish and see my result")
    expect(client.get_by_text(f"{TOM} invited you and has not seen this.")).to_be_visible()

    coach.goto(live.url + "/coach/")
    follow(coach, PRIYA)
    page_of_client = coach.url
    expect(coach.get_by_text("has not shared the result")).to_be_visible()

    with client.expect_navigation():
        client.locator("a[href^='/share/']").first.click()
    follow(client, "Create an account")
    signs_up(client, live)
    press(client, re.compile("^Keep it as "))
    expect(client.locator("h1")).to_have_text("Share your result with a coach")
    client.get_by_label("Your single answers, and how long each took").check()
    press(client, "See what they would see")
    expect(client.get_by_text(f"The page that {TOM} would see")).to_be_visible()
    assert coach.reload().status == 200  # type: ignore[union-attr]
    expect(coach.get_by_text("has not shared the result")).to_be_visible()
    press(client, f"Yes, share with {TOM}")
    expect(client.get_by_text(f"{TOM} can now read your result")).to_be_visible()

    coach.reload()
    expect(coach.locator("h1")).to_have_text(f"How do you see {PRIYA}?")
    coach.locator("main form select, main form [type=radio]").first.wait_for()
    first = coach.locator("main form select").first
    first.select_option(index=2)
    press(coach, "Save your view and open the result")
    expect(coach.get_by_text("Your view is saved")).to_be_visible()
    coach.goto(page_of_client)
    expect(coach.locator("h1")).to_have_text(PRIYA)
    coach.get_by_label("New note").fill("Bring one story about pricing.")
    coach.get_by_label(f"Show this note to {PRIYA}").check()
    press(coach, "Save note")
    expect(coach.get_by_text(f"The note is saved, and {PRIYA} can read it.")).to_be_visible()

    client.goto(live.url + "/sharing/")
    expect(client.get_by_text("Bring one story about pricing.")).to_be_visible()
    assert client.locator("section[aria-labelledby=log] li").count() >= 2
    press(client, f"Stop sharing with {TOM}")
    assert coach.goto(page_of_client + "answers/").status == 404  # type: ignore[union-attr]
    coach.goto(page_of_client)
    expect(coach.get_by_text(f"{PRIYA} no longer shares a result with you.")).to_be_visible()
    expect(coach.get_by_text("Bring one story about pricing.")).to_be_visible()
