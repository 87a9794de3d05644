"""Every page in every state: accessible, in both themes, on any width, and to itself (UX 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import get_resolver, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect

from tests.browser.scenes import Scene, World, scenes, world_of
from tests.browser.steps import open_all_folds, sit_down
from tests.live import Live
from tests.site.client import Taker

PHONE, DESK = (390, 844), (1280, 800)
# The narrowest phone, and 1280 by 1024 px at 400 %.
NARROWEST, ZOOMED = 320, (320, 256)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ABOUT_COLOURS = ["color-contrast", "link-in-text-block"]
# What comes after the first few of a kind; looking at everything takes its time.
ALIKE = [
    f"{rows}:nth-child(n+4)"
    for rows in (".profile > details", "table tr", "dl.sum > div", "fieldset.q ~ fieldset.q", "li")
]
# Of the quick run; the long one has all scenes looked at by axe.
AXE_AT_EACH = 5
# Addresses that save, send on, or hand out a file.
NOTHING_TO_SEE = {
    "responses:save", "responses:link", "responses:resume", "responses:continue",
    "reports:plan-size", "reports:plan-ics", "reports:pdf", "reports:csv", "reports:report-json",
    "coaching:withdraw", "coaching:assignment-done", "coaching:invitation-link",
    "coaching:remind", "coaching:client-pdf", "coaching:client-csv", "coaching:assign",
    "coaching:assignment-withdraw", "coaching:second-view-share", "coaching:cohort-csv",
    "privacy:my-data-json", "privacy:my-data-csv",
    # Looked at where it says no.
    "coaching:note-add",
    # Seen with a real passkey, in test_accounts.py; those of a password need one.
    "mfa_login_webauthn", "mfa_signup_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_download_recovery_codes", "account_change_password",
    "account_reauthenticate", "account_confirm_reauthentication_code",
}  # fmt: skip
# Pages for a state that nobody brought about by what they typed.
SAYS_SO_ITSELF = {"finished", "409", "400"}
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def live(populated: Live) -> Live:
    """Here it is the one with invented people."""
    return populated


@dataclass
class Ear:
    """What a page says and asks for while nobody looks."""

    host: str
    said: list[str] = field(default_factory=list)

    def listen_to(self, page: Page) -> None:
        """From now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"script error: {error}"))
        page.on("request", self._request)

    def heard(self) -> list[str]:
        """What was heard since the last time."""
        said, self.said = self.said, []
        return said

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium tells of every status from 400 on, and of what cannot be sent while offline.
        is_status = message.text.startswith("Failed to load resource:")
        is_page = "/static/" not in message.location.get("url", "")
        if message.type in {"error", "warning"} and not (is_status and is_page):
            self.said.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.host:
            self.said.append(f"request to another host: {request.url}")


def faults_of(page: Page, scene: Scene, size: tuple[int, int]) -> Iterator[str]:
    """What is wrong with the bones of a page."""
    headings = page.locator("h1").all_inner_texts()
    if len(headings) != 1 or not headings[0].strip():
        yield f"h1: {headings}"
    title = page.title()
    if not title.endswith(" – RoleAssess") or not title.removesuffix(" – RoleAssess").strip():
        yield f"title: {title!r}"
    is_refusal = scene.status in {400, 409, 422} and scene.name not in SAYS_SO_ITSELF
    if title.startswith("Error: ") != is_refusal:
        yield f"title: {title!r}"
    if not (page.locator("html").get_attribute("lang") or "").startswith("en"):
        yield "no lang"
    if wide := sideways(page):
        yield f"scrolls sideways: {wide}"
    if size == DESK:
        width, height = size
        page.set_viewport_size({"width": NARROWEST, "height": height})
        if wide := sideways(page):
            yield f"scrolls sideways at {NARROWEST}: {wide}"
        page.set_viewport_size({"width": width, "height": height})


def sideways(page: Page) -> str:
    """What sticks out of the window to the right; "" if nothing does."""
    found: str = page.evaluate(
        """() => {
          const root = document.documentElement, room = root.clientWidth;
          if (root.scrollWidth <= room) return "";
          const wide = [...document.querySelectorAll("body *")].filter(
            (one) => one.getBoundingClientRect().right > room + 0.5);
          const last = wide.at(-1);
          return `${root.scrollWidth} > ${room}: ${last ? last.outerHTML.slice(0, 200) : "?"}`;
        }"""
    )
    return found


def violations_in_both_themes(page: Page, *, thorough: bool) -> list[str]:
    """What axe has to say, rule by rule and place by place.

    What lies under what takes most of the time, colours most of all. Unless it is to be thorough,
    the first few of a kind will do, and colours wait.
    """
    page.evaluate(AXE_SCRIPT)
    if not thorough:
        return violations(page, ALIKE, "tag", TAGS, without=["color-contrast"])
    page.emulate_media(color_scheme="dark")
    dark = violations(page, [], "rule", ABOUT_COLOURS)
    page.emulate_media(color_scheme="light")
    return [f"dark: {said}" for said in dark] + violations(page, [], "tag", TAGS)


def faded(page: Page, theme: Literal["light", "dark"]) -> None:
    """Go over to a theme, into which Django's admin fades its links."""
    page.emulate_media(color_scheme=theme)
    page.evaluate("() => Promise.all(document.getAnimations().map((one) => one.finished))")


def violations(
    page: Page,
    left_out: list[str],
    kind: str,
    values: list[str],
    *,
    without: Sequence[str] = (),
) -> list[str]:
    """Run axe, which the page has loaded, for some of its rules."""
    where = {"include": [["html"]], "exclude": [[place] for place in left_out]}
    options = {
        "resultTypes": ["violations"],
        "runOnly": {"type": kind, "values": values},
        "rules": {rule: {"enabled": False} for rule in without},
        # It would fetch the style sheets anew, for a rule that is not among them.
        "preload": False,
    }
    result = page.evaluate("([where, options]) => axe.run(where, options)", [where, options])
    return [
        f"{rule['id']}: {node['html'][:300]} {' '.join(node['failureSummary'].split())[:300]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(
    ("size", "thorough"),
    [
        pytest.param(PHONE, False, id="phone"),
        pytest.param(PHONE, True, id="phone, all of it", marks=pytest.mark.soak),
        pytest.param(DESK, True, id="desk, all of it", marks=pytest.mark.soak),
    ],
)
def test_every_page_is_accessible_in_both_themes_silent_and_never_too_wide(
    new_context: NewContext,
    live: Live,
    people: dict[str, str],
    passwords: dict[str, str],
    size: tuple[int, int],
    thorough: bool,
) -> None:
    width, height = size
    context = new_context(viewport={"width": width, "height": height}, color_scheme="light")
    world = world_of(context, live, people, passwords)
    page, ear = context.new_page(), Ear(urlsplit(live.url).netloc)
    ear.listen_to(page)
    faults, seen = [], set()
    for number, scene in enumerate(scenes(world.people)):
        # What is made like in an earlier scene breaks as that one does.
        if scene.alike and not thorough:
            continue
        status = shown(page, scene, world)
        found = [said for said in ear.heard() if scene.status != 400 or "localhost" not in said]
        if status != scene.status:
            found.append(f"status {status}")
        if status == 200:
            seen.add(resolve(urlsplit(page.url).path).view_name)
        open_all_folds(page)
        found += faults_of(page, scene, size)
        if thorough or number % AXE_AT_EACH == 0:
            found += violations_in_both_themes(page, thorough=thorough)
        faults += [f"{scene.name} | {fault}" for fault in found]
    assert not faults, "\n" + "\n".join(faults)
    assert not thorough or pages_of_the_site() - seen == set()


def pages_of_the_site() -> set[str]:
    """The names of all addresses at which there is something to look at."""
    slices = get_resolver().namespace_dict
    names = {
        f"{slice_name}:{name}"
        for slice_name in ("guide", "people", "responses", "reports", "coaching", "privacy")
        for name in slices[slice_name][1].reverse_dict
        if isinstance(name, str)
    }
    names |= {
        name
        for name in get_resolver().reverse_dict
        if isinstance(name, str) and name.startswith(("account_", "mfa_", "usersessions_"))
    }
    return names - NOTHING_TO_SEE


def shown(page: Page, scene: Scene, world: World) -> int:
    """Go to a scene; the status of the last whole page on the way."""
    statuses: list[int] = []

    def note(response: Response) -> None:
        if response.request.is_navigation_request():
            statuses.append(response.status)

    page.on("response", note)
    scene.show(page, world)
    page.remove_listener("response", note)
    return statuses[-1]


def test_zoomed_in_the_bar_leaves_room_for_the_questions(
    new_context: NewContext, live: Live
) -> None:
    width, height = ZOOMED
    context, taker = new_context(viewport={"width": width, "height": height}), Taker(live)
    sit_down(context, live, taker)
    page = context.new_page()
    page.goto(live.url + taker.path("1"))
    bar = page.locator(".take-bar").bounding_box()
    assert bar
    assert bar["height"] <= height / 2


def test_the_chosen_theme_holds_against_the_system_and_after_a_reload(
    new_context: NewContext, live: Live
) -> None:
    page = new_context(color_scheme="dark").new_page()
    page.goto(live.url)
    assert brightness(page) < 0.2
    page.get_by_role("button", name="Light").click()
    assert brightness(page) > 0.8
    page.reload()
    assert brightness(page) > 0.8
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="System").click()
    assert brightness(page) < 0.2


def brightness(page: Page) -> float:
    """Of the page's ground: 0 is black, 1 is white."""
    colour: str = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    red, green, blue = (int(part) for part in colour.strip("rgb()").split(","))
    return (red + green + blue) / 3 / 255
