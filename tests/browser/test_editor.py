"""An editor's way in a real browser: change a text, check, preview, publish, compare."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.steps import signed_in, sit_down
from tests.live import Live
from tests.prepared import QUESTIONNAIRE

PASSWORD = "nine small otters below"
MAKE_STAFF = f"""
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from assessments.people.models import User
for name in ("Editors", "Publishers"):
    user = User.objects.create_user(name.lower() + "@example.org", {PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
"""


@pytest.fixture(scope="module")
def staff(live: Live) -> Live:
    """The site with an editor and a publisher."""
    live.manage("shell", "-c", MAKE_STAFF)
    return live


@pytest.fixture
def said(page: Page) -> Iterator[list[str]]:
    """What the console says of errors; nothing, or the test fails."""
    lines: list[str] = []
    page.on("console", lambda line: lines.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: lines.append(str(error)))
    yield lines
    assert lines == []


def sits_down(context: BrowserContext, site: Live, group: str) -> None:
    """Somebody of a group of staff is at the browser."""
    context.clear_cookies()
    sit_down(context, site, signed_in(site, f"{group.lower()}@example.org", PASSWORD))


def test_an_editor_changes_checks_and_previews_and_a_publisher_publishes_and_compares(
    context: BrowserContext, page: Page, staff: Live, said: list[str]
):
    # Other tests of this site may have left their edits on the desk.
    staff.manage("load_questionnaire", QUESTIONNAIRE)
    sits_down(context, staff, "Editors")
    page.goto(f"{staff.url}/admin/assessments/questionnaire/")
    page.get_by_role("link", name="Product manager role fit").click()
    desk = page.url.partition("/change/")[0]
    title = page.get_by_label("Title", exact=False).first
    title.fill("Product manager role fit, reworded")
    page.get_by_role("button", name="Save", exact=True).click()

    page.goto(f"{desk}/check/")
    expect(
        page.get_by_text("Nothing is wrong, and nothing asks for a second look.")
    ).to_be_visible()
    expect(page.get_by_role("link", name="Publish")).to_have_count(0)

    page.get_by_role("link", name="Preview").click()
    page.get_by_label("Form").first.select_option("short")
    page.get_by_role("button", name="Take it").click()
    banner = page.get_by_text("Preview of the desk: nothing is stored.")
    expect(banner).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").last.click()
    while page.locator("fieldset[data-item]").count():
        expect(banner).to_be_visible()
        for question in page.locator("fieldset[data-item]").all():
            question.locator("input[type=radio]").first.focus()
            page.keyboard.press("2")
            expect(question.locator("[data-key='2']")).to_be_checked()
        with page.expect_navigation():
            page.locator(".actions").get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_text(re.compile("no answer"))).to_have_count(0)
    page.get_by_role("button", name="Finish and see my result").click()
    expect(banner).to_be_visible()
    page.get_by_role("button", name="Read the study plan").click()
    expect(page.get_by_role("heading", name="Your study plan")).to_be_visible()
    assert staff.rows("SELECT COUNT(*) FROM assessments_attempt WHERE form = 'none'") == [(0,)]

    assert page.goto(f"{desk}/publish/").status == 403  # type: ignore[union-attr]
    # The browser tells of the refusal that was asked for.
    said[:] = [line for line in said if "403" not in line]

    sits_down(context, staff, "Publishers")
    page.goto(f"{desk}/publish/")
    expect(page.get_by_text("A change of texts only")).to_be_visible()
    page.get_by_label("Note").fill("Another title")
    page.get_by_role("button", name=re.compile("^Publish edition")).click()
    expect(page.get_by_text(re.compile(r"Edition \d+ is published: sha256:"))).to_be_visible()

    page.goto(f"{desk}/compare/?before=1&after=desk")
    expect(page.locator("ins").first).to_contain_text("reworded")
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="Published").first).to_be_visible()
