"""What browser tests share: sitting down with an attempt, answering, and reading a page."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from email import message_from_string
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.live import Live
from tests.site.client import Browser, Taker, another_ip, choice, shipped

# In milliseconds; pages scroll smoothly.
SCROLLS_WITHIN = 3000


def sections(form: str = "full") -> tuple[tuple[str, ...], ...]:
    """The item keys of a form, section by section."""
    return tuple(tuple(section.items) for section in shipped().form[form].sections)


def sit_down(context: BrowserContext, site: Live, browser: Browser) -> None:
    """Make the context the browser of somebody who has been on the site over plain HTTP."""
    context.add_cookies(
        [
            {"name": name, "value": value, "url": site.url}
            for name, value in browser.cookies.items()
        ]
    )


def newest_mail(site: Live) -> str:
    """The text of the last e-mail that the site has sent."""
    newest = max(site.mail.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    [text] = [part.get_payload() for part in message_from_string(newest.read_text()).walk()][-1:]
    return str(text)


def newest_code(site: Live) -> str:
    """The code that the last e-mail names."""
    return re.findall(r"^[A-Z]{4}-[A-Z]{4}", newest_mail(site), re.MULTILINE)[-1]


def new_account(site: Live) -> Browser:
    """Somebody who has just created an account, without a password."""
    browser = Browser(site, ip=another_ip())
    browser.post("/account/signup/", {"email": f"{secrets.token_hex(6)}@example.org"})
    reply = browser.post("/account/confirm-email/", {"code": newest_code(site)})
    assert (reply.status, reply.location) == (302, "/results/"), reply.text
    return browser


def signed_in(site: Live, email: str, password: str) -> Browser:
    """Somebody of the demo, who has a password."""
    browser = Browser(site, ip=another_ip())
    reply = browser.post("/account/login/", {"login": email, "password": password})
    assert reply.status == 302, reply.text
    return browser


def confirm_again(site: Live, browser: Browser) -> None:
    """Show once more who one is, before something that matters."""
    page = browser.get("/account/reauthenticate/code/").text
    [address] = re.findall(r'value="(\S+@example.org)"', page)
    browser.post("/account/reauthenticate/code/", {"recipient": address})
    reply = browser.post("/account/reauthenticate/code/confirm/", {"code": newest_code(site)})
    assert reply.status == 302, reply.text


def fill(taker: Taker, leave_out: Collection[str] = ()) -> None:
    """Answer the whole form, but for the items named."""
    for number, keys in enumerate(sections(taker.form), start=1):
        chosen = {
            key: "" if key in leave_out else choice(key, number + place)
            for place, key in enumerate(keys)
        }
        assert taker.post_section(number, chosen).status == 302


def question(page: Page, key: str) -> Locator:
    """The fieldset of an item."""
    return page.locator(f"#q-{key}")


def radio(page: Page, key: str, chosen: str) -> Locator:
    """One of an item's radio buttons."""
    return question(page, key).locator(f'input[type=radio][value="{chosen}"]')


def chosen_on(page: Page, key: str) -> str | None:
    """What a page shows as an item's answer."""
    checked = question(page, key).locator("input:checked")
    return checked.get_attribute("value") if checked.count() else None


def answered(page: Page) -> int:
    """The count of answers in the bar."""
    return int(page.locator("[data-answered]").inner_text())


def expect_saved(page: Page) -> None:
    """The bar says that everything is saved, and when."""
    expect(page.locator(".take-bar [data-saved]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def focused(page: Page) -> dict[str, Any]:
    """What has the focus: its name, its value, and the item whose question it stands in."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const one = document.activeElement, q = one.closest("fieldset[data-item]");
          return {name: one.name || "", value: one.value || "", text: one.textContent.trim(),
                  item: q ? q.dataset.item : null};
        }"""
    )
    return found


def expect_clear_of_the_bar(place: Locator) -> None:
    """The top of something comes to stand inside the window, below the bar that stays there."""
    page, handle = place.page, place.element_handle()
    page.wait_for_function(
        """(place) => {
          const {top} = place.getBoundingClientRect();
          const {bottom} = document.querySelector(".take-bar").getBoundingClientRect();
          return bottom <= top && top < innerHeight;
        }""",
        arg=handle,
        timeout=SCROLLS_WITHIN,
    )


def open_all_folds(page: Page) -> None:
    """Open every fold, so that nothing of a page stays out of sight."""
    page.evaluate("() => document.querySelectorAll('details').forEach((fold) => fold.open = true)")


@contextmanager
def switched_off(site: Live) -> Iterator[None]:
    """The server is gone, killed, and comes back."""
    site.kill_hard()
    try:
        yield
    finally:
        site.start()
