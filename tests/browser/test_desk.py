"""The editor's desk as editors use it: dragging, arrow keys, the table of targets, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.steps import sit_down
from tests.live import Live
from tests.site.client import Browser
from tests.site.editors import new_editor

WITHOUT_SCRIPT = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.fixture(scope="module")
def editor(live: Live) -> Browser:
    return new_editor(live)


@pytest.fixture
def desk(context: BrowserContext, live: Live, editor: Browser) -> Iterator[Page]:
    """A window of the editor; whatever the browser complains of fails the test."""
    sit_down(context, live, editor)
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def one(live: Live, query: str, *params: Any) -> Any:
    return live.rows(query, params)[0][0]


def column(live: Live, query: str, *params: Any) -> list[Any]:
    return [row[0] for row in live.rows(query, params)]


def open_page(desk: Page, live: Live, path: str) -> None:
    desk.goto(f"{live.url}/admin/assessments/{path}")


def form_pk(live: Live) -> int:
    return int(one(live, "SELECT id FROM assessments_form WHERE key = %s", "short"))


def arrange_page(live: Live) -> str:
    pk = one(live, "SELECT questionnaire_id FROM assessments_form WHERE key = %s", "short")
    return f"questionnaire/{pk}/forms/{form_pk(live)}/arrange/"


# What SortableJS overlooks drags in: rows that still slide, and the 30 ms after a row gave way.
SETTLED = """() => new Promise((settled) => {
  const slides = () => [...document.querySelectorAll("*")].some((one) => one.animated);
  const look = () => slides() ? setTimeout(look, 40) : settled();
  setTimeout(look, 40);
})"""


def drag(page: Page, what: Locator, where: Locator, *, above: bool) -> None:
    """With the mouse, as a hand does it: in steps."""
    where.evaluate("(one) => one.scrollIntoView({block: 'center'})")
    start, end = what.bounding_box(), where.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    y = end["y"] + end["height"] * (0.2 if above else 0.8)
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"], steps=2)
    page.mouse.move(end["x"] + 40, y, steps=12)
    # A hand that holds still goes on telling where it is; this mouse tells it when it moves.
    for x in (end["x"] + 41, end["x"] + 40):
        page.evaluate(SETTLED)
        page.mouse.move(x, y)
    page.evaluate(SETTLED)
    page.mouse.up()


PARTS = (
    "source", "term", "backgroundquestion", "cluster", "dimension", "form", "role", "resource",
    "recommendation", "item",
)  # fmt: skip


def test_pages_of_the_desk_are_silent(desk: Page, live: Live):
    walk(desk, live, ("dimension",))


@pytest.mark.soak
def test_every_page_of_the_desk_is_silent(desk: Page, live: Live):
    walk(desk, live, PARTS)
    for kind, pk in live.rows("SELECT kind, min(id) FROM assessments_item GROUP BY kind"):
        open_page(desk, live, f"item/{pk}/change/")
        open_page(desk, live, f"item/add/?kind={kind}")
    questionnaire = one(live, "SELECT min(id) FROM assessments_questionnaire")
    for page in ("change/", "targets/", "ties/", "packs/"):
        open_page(desk, live, f"questionnaire/{questionnaire}/{page}")
    open_page(desk, live, "questionnaire/add/")
    open_page(desk, live, arrange_page(live))


def walk(desk: Page, live: Live, parts: tuple[str, ...]) -> None:
    """Open the list, the page for adding and the first row of kinds of parts."""
    for name in parts:
        open_page(desk, live, f"{name}/add/")
        open_page(desk, live, f"{name}/")
        desk.locator("#result_list tbody th a").first.click()
        expect(desk.get_by_role("button", name="Save", exact=True)).to_be_visible()


def test_a_list_is_dragged_into_order(desk: Page, live: Live):
    order = "SELECT key FROM assessments_cluster ORDER BY place, id"
    one_, two, three, *rest = column(live, order)
    open_page(desk, live, "cluster/")
    rows = desk.locator("#result_list tbody tr")
    with desk.expect_response(re.compile(r"/order/\d+/$")) as saved:
        drag(desk, rows.nth(0).locator(".handle"), rows.nth(2), above=False)
    assert saved.value.status == 200
    assert column(live, order) == [two, three, one_, *rest]
    desk.reload()
    expect(rows.nth(2)).to_contain_text(one_)

    # The same by the keyboard, back again.
    with desk.expect_response(re.compile(r"/order/\d+/$")):
        rows.nth(2).locator(".handle").press("ArrowUp")
    with desk.expect_response(re.compile(r"/order/\d+/$")):
        rows.nth(1).locator(".handle").press("ArrowUp")
    assert column(live, order) == [one_, two, three, *rest]


PLACED = """
SELECT item.key FROM assessments_placement placement
JOIN assessments_section section ON section.id = placement.section_id
JOIN assessments_item item ON item.id = placement.item_id
WHERE section.form_id = %s AND section.place = %s ORDER BY placement.place
"""


def sections(live: Live) -> list[list[str]]:
    return [column(live, PLACED, form_pk(live), place) for place in range(3)]


def test_questions_are_dragged_between_sections_and_moved_by_buttons(desk: Page, live: Live):
    first, second, third = sections(live)
    open_page(desk, live, arrange_page(live))
    groups = desk.locator("[data-group]")
    total = desk.locator("[data-minutes-total]").inner_text()

    # The last of the first section goes to the start of the second.
    rows = groups.nth(0).locator("li")
    moved = rows.last.locator(".desk-question").inner_text()
    drag(desk, rows.last.locator("small"), groups.nth(1).locator("h2"), above=True)
    expect(groups.nth(1).locator("li .desk-question").first).to_have_text(moved)
    # The first of the first section goes down a step.
    rows.first.get_by_role("button", name="Move down").press("Enter")
    expect(desk.locator("[data-minutes-total]")).to_have_text(total)
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Saved.")).to_be_visible()

    a, b, *more, last = first
    assert sections(live) == [[b, a, *more], [last, *second], third]

    # One is taken off the form, which makes it shorter.
    before = float(desk.locator("[data-minutes-total]").inner_text())
    groups.nth(0).locator("select").first.select_option(label="Not on this form")
    assert float(desk.locator("[data-minutes-total]").inner_text()) < before


@WITHOUT_SCRIPT
def test_questions_are_arranged_without_script(desk: Page, live: Live):
    first, *others = sections(live)
    open_page(desk, live, arrange_page(live))
    rows = desk.locator("[data-group]").nth(0).locator("li")
    expect(desk.get_by_role("button", name="Move down")).to_have_count(0)
    rows.nth(0).locator("input").fill("99")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Saved.")).to_be_visible()
    assert sections(live) == [[*first[1:], first[0]], *others]


def test_the_table_of_targets_is_edited(desk: Page, live: Live):
    questionnaire = one(live, "SELECT min(id) FROM assessments_questionnaire")
    open_page(desk, live, f"questionnaire/{questionnaire}/targets/")
    cell = desk.locator(".desk-targets tbody td").first
    position, weight = cell.locator("select").nth(0), cell.locator("select").nth(1)
    name = str(position.get_attribute("name"))
    expect(cell).not_to_have_class(re.compile("is-changed"))
    position.select_option("1")
    weight.select_option("2")
    expect(cell).to_have_class(re.compile("is-changed"))
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Saved.")).to_be_visible()
    _position, role, dimension = name.split("-")
    wanted = (
        "SELECT position, weight FROM assessments_target WHERE role_id = %s AND dimension_id = %s"
    )
    assert [tuple(row) for row in live.rows(wanted, [int(role), int(dimension)])] == [(1, 2)]

    # One of the two alone is refused at its cell.
    position.select_option("")
    desk.get_by_role("button", name="Save").click()
    expect(cell.get_by_text("Choose both, or neither.")).to_be_visible()


def test_words_and_characters_are_counted_as_one_types(desk: Page, live: Live):
    pk = one(live, "SELECT min(id) FROM assessments_item WHERE kind = %s", "scenario")
    open_page(desk, live, f"item/{pk}/change/")
    field = desk.locator("#id_text")
    note = field.locator("xpath=following-sibling::p")
    total = desk.locator("[data-total] [data-words]")
    others = int(total.inner_text()) - int(note.locator("[data-words]").inner_text())
    field.fill("One two, three — four.")
    expect(note.locator("[data-words]")).to_have_text("4")
    expect(note.locator("[data-characters]")).to_have_text("22")
    expect(total).to_have_text(str(others + 4))
    expect(note.get_by_text("Too long.")).to_be_hidden()
    field.fill("word " * 41)
    expect(note.get_by_text("Too long.")).to_be_visible()


def test_options_are_dragged_into_order(desk: Page, live: Live):
    pk = one(live, "SELECT min(id) FROM assessments_item WHERE kind = %s", "scenario")
    order = "SELECT key FROM assessments_option WHERE item_id = %s ORDER BY place, id"
    a, b, c, d = column(live, order, pk)
    open_page(desk, live, f"item/{pk}/change/")
    rows = desk.locator("#options-group tr.has_original")
    drag(desk, rows.nth(0).locator("td.original p"), rows.nth(1), above=False)
    # The mark that moves a row to the end, by the keyboard.
    rows.nth(2).locator(".move-end").press("Enter")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()
    assert column(live, order, pk) == [b, a, d, c]
