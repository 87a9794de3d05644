"""Every point of the sources is met somewhere, and the page that says so would tell."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.guide.coverage import coverage
from assessments.guide.pages import guide_pages
from assessments.instrument.document import Questionnaire
from assessments.people.models import User
from tests.cast import published, shipped_questionnaire, signed_in, with_second_factor

DOCUMENT = shipped_questionnaire()
PAGES = guide_pages()
# fmt: off
# Blueprint section 3, row by row.
ROWS = [
    "2.0", "2.1", "2.2a", "2.2b", "2.3a", "2.3b", "2.4a", "2.4b", "2.4c", "2.4d", "2.5a", "2.5b",
    "2.5c", "2.6", "2.7", "2.8a", "2.8b", "2.9a", "2.9b", "2.10a", "2.10b", "2.11", "2.12",
    "2.13a", "2.13b", "2.13c",
    "1.1", "1.2", "1.3", "1.3b", "1.4", "1.4b", "1.4c", "1.5", "1.5b", "1.5c", "1.6", "1.6b",
    "1.7", "1.7b", "1.7c", "1.7d", "1.8a", "1.8b", "1.8c", "1.8d", "1.8e", "1.8f", "1.9a",
    "1.9b", "1.9c", "1.10a", "1.10b", "1.10c",
]
# fmt: on


def missing(document: Questionnaire, slugs: set[str]) -> list[str]:
    """The rows that nothing names if only these pages are in the guide."""
    pages = [page for slug, page in PAGES.items() if slug in slugs]
    return [row.ref for row in coverage(document, pages) if row.is_missing]


def without(document: Questionnaire, ref: str) -> Questionnaire:
    """The document with a ref taken out of every dimension, item and recommendation."""

    def stripped(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            part.model_copy(update={"source_refs": tuple(r for r in part.source_refs if r != ref)})
            for part in parts
        )

    study = document.study.model_copy(
        update={"recommendations": stripped(document.study.recommendations)}
    )
    return document.model_copy(
        update={
            "dimensions": stripped(document.dimensions),
            "items": stripped(document.items),
            "study": study,
        }
    )


def test_the_questionnaire_lists_every_row_of_the_blueprint_in_its_order():
    assert [row.ref for row in coverage(DOCUMENT, PAGES.values())] == ROWS


def test_no_row_is_without_anything():
    assert missing(DOCUMENT, set(PAGES)) == []


def test_a_row_that_only_a_page_meets_is_missing_without_the_page():
    assert missing(DOCUMENT, set(PAGES) - {"faq"}) == ["1.10a", "1.10b"]
    assert missing(DOCUMENT, set(PAGES) - {"first-90-days"}) == ["1.7d"]


@pytest.mark.parametrize("ref", ROWS)
def test_a_row_that_nothing_names_any_more_is_missing(ref: str):
    slugs = {slug for slug, page in PAGES.items() if ref not in page.source_refs}
    assert ref in missing(without(DOCUMENT, ref), slugs)


def test_a_row_says_where_it_is_met():
    [row] = [row for row in coverage(DOCUMENT, PAGES.values()) if row.ref == "2.10b"]
    assert [dimension.key for dimension in row.dimensions] == ["design"]
    assert row.items == sum("2.10b" in item.source_refs for item in DOCUMENT.items)
    assert row.recommendations == sum(
        "2.10b" in step.source_refs for step in DOCUMENT.study.recommendations
    )
    assert [page.slug for page in row.pages] == [
        slug for slug, page in PAGES.items() if "2.10b" in page.source_refs
    ]


# --- In the admin -------------------------------------------------------------------------------


@pytest.fixture
def admin(db: None) -> Client:
    published()
    return signed_in(with_second_factor(User.objects.create_superuser("admin@example.org")))


def test_the_list_of_editions_leads_to_the_coverage(admin: Client):
    shown = admin.get(reverse("admin:assessments_edition_changelist")).content.decode()
    assert f'href="{reverse("admin:assessments_edition_coverage")}"' in shown


def test_the_page_lists_every_row_and_warns_of_none(admin: Client):
    response = admin.get(reverse("admin:assessments_edition_coverage"))
    shown = response.content.decode()
    assert [row.ref for row in response.context["rows"]] == ROWS
    assert [ref for ref in ROWS if f'<th scope="row">{ref}</th>' not in shown] == []
    assert "Every row is met by something." in shown


def test_the_page_warns_of_a_row_that_nothing_meets(
    admin: Client, monkeypatch: pytest.MonkeyPatch
):
    fewer = {slug: page for slug, page in PAGES.items() if slug != "faq"}
    monkeypatch.setattr("assessments.editing.admin.editions.guide_pages", lambda: fewer)
    response = admin.get(reverse("admin:assessments_edition_coverage"))
    assert [row.ref for row in response.context["missing"]] == ["1.10a", "1.10b"]
    assert "Met by nothing" in response.content.decode()
