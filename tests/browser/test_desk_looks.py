"""The pages of the desk, by axe: in both themes, and never too wide for the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.steps import open_all_folds, sit_down
from tests.browser.test_looks import (
    ABOUT_COLOURS,
    ALIKE,
    AXE_SCRIPT,
    DESK,
    TAGS,
    faded,
    sideways,
    violations,
)
from tests.live import Live
from tests.site.editors import new_editor

# A list with filters and a page of our own; all of them take their time.
OFTEN = ("assessments/item/", "assessments/questionnaire/{desk}/check/")
PARTS = (
    "questionnaire", "source", "term", "backgroundquestion", "cluster", "dimension", "form",
    "role", "resource", "recommendation", "item", "edition", "user",
)  # fmt: skip
OF_A_DESK = (
    "change", "check", "compare", "preview", "publish", "history", "targets", "ties", "packs",
    "analysis", "impact", "export", "retire", "forms/{form}/arrange",
)  # fmt: skip
EVERYTHING = (
    "",
    *(f"assessments/questionnaire/{{desk}}/{page}/" for page in OF_A_DESK),
    *(f"assessments/{part}/" for part in PARTS),
    *(f"assessments/{part}/add/" for part in PARTS if part != "edition"),
)
# What comes after the first few of a kind.
MANY = [*ALIKE, "#result_list tr:nth-child(n+3)", "table td:nth-child(n+5)", "option"]
# An empty heading in Django's tables of rows within a form: a best practice, not of WCAG.
DJANGOS = ["th.original"]


@pytest.mark.parametrize(
    ("paths", "thorough"),
    [
        pytest.param(OFTEN, False, id="often"),
        pytest.param(EVERYTHING, True, id="all of it", marks=pytest.mark.soak),
    ],
)
def test_pages_of_the_desk_are_accessible_in_both_themes(
    new_context: Callable[..., BrowserContext], live: Live, paths: tuple[str, ...], thorough: bool
) -> None:
    width, height = DESK
    context = new_context(viewport={"width": width, "height": height}, color_scheme="light")
    sit_down(context, live, new_editor(live))
    page, at = context.new_page(), addresses(live)
    faults = []
    for path in paths:
        response = page.goto(f"{live.url}/admin/{path.format(**at)}")
        assert response
        found = [] if response.status == 200 else [f"status {response.status}"]
        found += faults_of(page, thorough=thorough)
        faults += [f"{path} | {fault}" for fault in found]
    assert not faults, "\n" + "\n".join(faults)


def addresses(live: Live) -> dict[str, int]:
    """The numbers in the addresses: a questionnaire, one of its forms, one of its questions."""
    [(form, desk)] = live.rows(
        "SELECT min(id), questionnaire_id FROM assessments_form WHERE key = %s"
        " GROUP BY questionnaire_id",
        ["short"],
    )
    [(item,)] = live.rows("SELECT min(id) FROM assessments_item", [])
    return {"desk": desk, "form": form, "item": item}


def faults_of(page: Page, *, thorough: bool) -> list[str]:
    """What axe and a ruler say; colours, which take most of the time, only if thorough."""
    open_all_folds(page)
    page.evaluate(AXE_SCRIPT)
    left_out, wide = [*MANY, *DJANGOS], sideways(page)
    found = [f"scrolls sideways: {wide}"] if wide else []
    if not thorough:
        return found + violations(page, left_out, "tag", TAGS, without=["color-contrast"])
    found += violations(page, left_out, "tag", TAGS)
    faded(page, "dark")
    found += [f"dark: {said}" for said in violations(page, left_out, "rule", ABOUT_COLOURS)]
    faded(page, "light")
    return found
