"""Public pages that explain: start page, how it works, privacy, accessibility, the guide."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from assessments.guide.dimensions import dimension_page
from assessments.guide.pages import ORDER, guide_pages, render_markdown
from assessments.http.access import public_page
from assessments.instrument.checks import estimated_minutes
from assessments.instrument.document import Dimension, Questionnaire
from assessments.questionnaires.addresses import explaining_or_404, is_home, page_of
from assessments.questionnaires.editions import (
    PublishedEdition,
    home_document,
    is_home_retired,
    is_retired,
    newest_edition,
    offered_editions,
)
from assessments.reports.example import example_page
from assessments.reports.page import Row

SAMPLE_ROWS = 5
# What the start page offers to read.
FIRST_READ = ("b2b-vs-b2c", "switching-sides", "interviews")
PAGES = Path(__file__).parent.parent / "content" / "pages"
# The explanation for users is the documentation of the formulas: one text, two readers.
HOW_IT_WORKS = settings.BASE_DIR / "docs" / "measurement.md"


@dataclass(frozen=True, slots=True)
class Reading:
    """Something to read before answering anything."""

    title: str
    summary: str
    url: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another questionnaire of the site."""

    title: str
    items: int
    minutes: int
    url: str


@public_page
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, what it takes, what it cannot tell; one action, and what else there is."""
    editions = offered_editions()
    home = next((one for one in editions if is_home(one.document.slug)), None)
    context: dict[str, Any] = _landing_context(home) if home else {"is_retired": is_home_retired()}
    context["others"] = [_other(one.document) for one in editions if one is not home]
    return render(request, "assessments/guide/landing.html", context)


@public_page
@require_safe
def landing_of(request: HttpRequest, questionnaire: str) -> HttpResponse:
    """The same of another questionnaire."""
    if is_home(questionnaire):
        return redirect("guide:landing")
    edition = newest_edition(questionnaire)
    if edition is None and not is_retired(questionnaire):
        raise Http404
    context = _landing_context(edition) if edition else {"is_retired": True}
    return render(request, "assessments/guide/landing.html", context)


def _other(document: Questionnaire) -> Other:
    longest = max(document.forms, key=lambda form: len(form.item_keys))
    return Other(
        title=document.title,
        items=len(longest.item_keys),
        minutes=ceil(estimated_minutes(document, longest)),
        url=page_of(document.slug, "guide:landing"),
    )


def _landing_context(edition: PublishedEdition) -> dict[str, Any]:
    document, slug = edition.document, edition.document.slug
    by_length = sorted(document.forms, key=lambda form: -len(form.item_keys))
    full, short = by_length[0], by_length[-1]
    example = example_page(edition)
    return {
        "poles": document.poles,
        "items": len(full.item_keys),
        "minutes": ceil(estimated_minutes(document, full)),
        "short_items": len(short.item_keys) if short is not full else None,
        "short_minutes": ceil(estimated_minutes(document, short)),
        "dimensions": len(document.dimensions),
        "sample_rows": _sample(example.rows) if example else [],
        "first_read": _guide_readings() if is_home(slug) else _topic_readings(document),
        "has_guide": is_home(slug),
        "start_url": page_of(slug, "responses:start"),
        "example_url": page_of(slug, "reports:example") if example else "",
    }


def _sample(rows: list[Row]) -> list[Row]:
    """A few rows from all over the profile."""
    return rows[:: max(1, len(rows) // SAMPLE_ROWS)][:SAMPLE_ROWS] if rows else []


def _guide_readings() -> list[Reading]:
    pages = [guide_pages()[slug] for slug in FIRST_READ]
    return [
        Reading(page.title, page.summary, reverse("guide:page", args=[page.slug]))
        for page in pages
    ]


def _topic_readings(document: Questionnaire) -> list[Reading]:
    return [
        Reading(one.name, one.definition, page_of(document.slug, "guide:dimension", one.key))
        for one in document.dimensions
    ]


@public_page
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """From answers to result, with the formulas and their sources."""
    return _page(request, HOW_IT_WORKS)


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, why, how long, who sees it."""
    return _page(request, PAGES / "privacy.md")


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was made accessible, how it was tested, what is not."""
    return _page(request, PAGES / "accessibility.md")


def _page(request: HttpRequest, file: Path) -> HttpResponse:
    title, body = _rendered(file)
    return render(request, "assessments/guide/page.html", {"title": title, "body": body})


@lru_cache
def _rendered(file: Path) -> tuple[str, SafeString]:
    """The page's title (its first heading) and the rest as HTML; raw HTML in it is escaped."""
    heading, _newline, text = file.read_text(encoding="utf-8").partition("\n")
    html, _contents = render_markdown(text)
    return heading.removeprefix("# "), html


@public_page
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """All pages of the guide, and the dimensions of the questionnaire."""
    pages = guide_pages()
    context = {
        "groups": [[pages[slug] for slug in group] for group in ORDER],
        "document": home_document(),
    }
    return render(request, "assessments/guide/index.html", context)


@public_page
@require_safe
def guide_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the guide, from its file."""
    page = guide_pages().get(slug)
    if page is None:
        raise Http404
    return render(request, "assessments/guide/guide_page.html", {"page": page})


@public_page
@require_safe
def dimension(request: HttpRequest, key: str, questionnaire: str = "") -> HttpResponse:
    """One dimension in depth: both poles, what a result says of it, mistakes, questions."""
    document = explaining_or_404(questionnaire).document
    if key not in document.dimension:
        raise Http404
    page, has_guide = dimension_page(document, key), is_home(document.slug)
    all_topics = reverse("guide:index") if has_guide else page_of(document.slug, "guide:landing")
    context = {
        "page": page,
        "poles": page.poles,
        "all_topics_url": f"{all_topics}#topics",
        "has_guide": has_guide,
        "before_url": _topic_url(document, page.before),
        "after_url": _topic_url(document, page.after),
    }
    return render(request, "assessments/guide/dimension.html", context)


def _topic_url(document: Questionnaire, dimension: Dimension | None) -> str:
    return page_of(document.slug, "guide:dimension", dimension.key) if dimension else ""
