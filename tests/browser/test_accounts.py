"""Accounts in a real browser: passkeys, and the way through without a script."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.steps import newest_code
from tests.browser.test_looks import TAGS, violations
from tests.live import Live, live_site

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def at_localhost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Browsers give passkeys to names, not to numbers."""
    folder = tmp_path_factory.mktemp("at-localhost")
    with live_site(folder, os.environ["DATABASE_URL"], "localhost") as site:
        yield site


def with_authenticator(context: BrowserContext) -> Page:
    """A page whose browser has a phone at hand that says yes to everything."""
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow a link."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).click()


def test_a_passkey_makes_an_account_and_signs_in(new_context: NewContext, at_localhost: Live):
    page, said = with_authenticator(new_context()), list[str]()
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    found = []

    def look() -> None:
        page.evaluate(AXE_SCRIPT)
        found.extend(violations(page, [], "tag", TAGS))

    page.goto(at_localhost.url + "/account/signup/passkey/")
    page.fill("[name=email]", "passkey@example.org")
    press(page, "Create my account")
    page.fill("[name=code]", newest_code(at_localhost))
    press(page, "Continue")
    expect(page.locator("h1")).to_have_text("Make your passkey")
    look()
    press(page, "Make the passkey")
    expect(page.get_by_role("link", name="passkey@example.org")).to_be_visible()

    page.goto(at_localhost.url + "/account/2fa/webauthn/")
    expect(page.get_by_role("strong")).to_have_text("My passkey")
    look()
    with page.expect_navigation():
        page.get_by_role("link", name="Rename").click()
    if "reauthenticate" in page.url:
        follow(page, "Use a passkey")
        look()
        press(page, "Use a passkey")
    expect(page.locator("h1")).to_have_text("Rename the passkey")
    look()
    page.fill("[name=name]", "Phone")
    press(page, "Save the name")
    expect(page.get_by_role("strong")).to_have_text("Phone")
    with page.expect_navigation():
        page.get_by_role("link", name="Remove").click()
    look()

    page.goto(at_localhost.url + "/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.goto(at_localhost.url + "/account/login/")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("link", name="passkey@example.org")).to_be_visible()
    assert (said, found) == ([], [])


def test_without_a_passkey_the_page_says_so(new_context: NewContext, live: Live):
    page = new_context().new_page()
    page.goto(live.url + "/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The browser gave us no passkey")).to_be_visible()


def test_without_a_script_one_gets_an_account_and_sees_no_dead_button(
    new_context: NewContext, live: Live
):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live.url + "/account/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    follow(page, "Create one")
    expect(page.get_by_role("link", name="Create one with a passkey")).to_be_hidden()
    page.fill("[name=email]", "no-script@example.org")
    press(page, "Create my account")
    page.fill("[name=code]", newest_code(live))
    press(page, "Continue")
    page.goto(live.url + "/account/")
    expect(page.locator("h1")).to_have_text("Your account")
    page.goto(live.url + "/account/logout/")
    press(page, "Sign out")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
