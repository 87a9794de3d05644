"""Import and export in a real browser: a file out, changed, looked at, and in again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests.browser.steps import sit_down
from tests.live import Live
from tests.site.editors import new_editor

REFUSED = "the server responded with a status of 422"
SLUG = "walked-import"


@pytest.fixture
def page(context: BrowserContext, live: Live) -> Iterator[Page]:
    """The desk's page of files; what the browser complains of, but for a refusal, fails."""
    sit_down(context, live, new_editor(live))
    window = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and REFUSED not in message.text:
            complaints.append(message.text)

    window.on("console", note)
    window.on("pageerror", lambda error: complaints.append(str(error)))
    pk = live.rows("SELECT min(id) FROM assessments_questionnaire", ())[0][0]
    window.goto(f"{live.url}/admin/assessments/questionnaire/{pk}/export/")
    yield window
    assert complaints == []


def downloaded(page: Page, name: str, row: str = "the desk") -> str:
    """The text of a file of a row of the page."""
    link = page.get_by_role("row", name=row).get_by_role("link", name=name, exact=True)
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def choose(page: Page, folder: Path, name: str, text: str) -> None:
    """Upload a file, by hand."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    page.get_by_label("File").set_input_files(file)
    press(page, "See what would change")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_a_file_is_taken_out_mended_looked_at_and_brought_in(
    page: Page, live: Live, tmp_path: Path
):
    text = downloaded(page, "YAML").replace("slug: pm-b2b-b2c", f"slug: {SLUG}", 1)

    choose(page, tmp_path, "broken.yaml", text.replace("\nlanguage: ", "\nlangage: ", 1))
    expect(page.get_by_text("2 things are to be mended in the file")).to_be_visible()
    expect(page.get_by_role("row", name="langage")).to_contain_text("line 4")

    choose(page, tmp_path, "new.yaml", text)
    expect(page.get_by_text("of a questionnaire that is not here yet")).to_be_visible()
    press(page, "Leave the desk as it is")
    expect(page.get_by_text("Nothing was imported.")).to_be_visible()
    assert live.rows("SELECT id FROM assessments_questionnaire WHERE slug = %s", (SLUG,)) == []

    choose(page, tmp_path, "new.yaml", text)
    press(page, "Put it on the desk")
    expect(page.get_by_text("is now as new.yaml says")).to_be_visible()
    assert page.url.endswith("/check/")

    page.get_by_role("link", name="Import and export").click()
    table = downloaded(page, "CSV").replace("the", "thee", 1)
    choose(page, tmp_path, "questions.csv", table)
    expect(page.get_by_role("heading", name="Questions reworded (1)")).to_be_visible()
    press(page, "Put it on the desk")
    expect(page.get_by_text("is now as questions.csv says")).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("From the file questions.csv")).to_be_visible()

    page.get_by_role("link", name="Impact", exact=True).click()
    press(page, "Work it out for the last 200 results")
    expect(page.get_by_text("Found: 0. Compared: 0.")).to_be_visible()
