"""Public pages that explain: start page, how it works, privacy, accessibility, the guide."""

from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from assessments.guide.dimensions import dimension_page
from assessments.guide.pages import ORDER, guide_pages, render_markdown
from assessments.http.access import public_page
from assessments.instrument.checks import estimated_minutes
from assessments.questionnaires.editions import (
    PublishedEdition,
    home_document,
    is_home_retired,
    newest_edition,
)
from assessments.reports.example import example_page

SAMPLE_ROWS = 5
# What the start page offers to read.
FIRST_READ = ("b2b-vs-b2c", "switching-sides", "interviews")
PAGES = Path(__file__).parent.parent / "content" / "pages"
# The explanation for users is the documentation of the formulas: one text, two readers.
HOW_IT_WORKS = settings.BASE_DIR / "docs" / "measurement.md"


@public_page
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, what it takes, what it cannot tell; one action."""
    edition = newest_edition(settings.HOME_QUESTIONNAIRE)
    context = _landing_context(edition) if edition else {"is_retired": is_home_retired()}
    return render(request, "assessments/guide/landing.html", context)


def _landing_context(edition: PublishedEdition) -> dict[str, Any]:
    document = edition.document
    by_length = sorted(document.forms, key=lambda form: -len(form.item_keys))
    full, short = by_length[0], by_length[-1]
    example = example_page(edition)
    return {
        "questionnaire_title": document.title,
        "poles": document.poles,
        "items": len(full.item_keys),
        "minutes": ceil(estimated_minutes(document, full)),
        "short_items": len(short.item_keys),
        "short_minutes": ceil(estimated_minutes(document, short)),
        "dimensions": len(document.dimensions),
        "sample_rows": example.rows[::3][:SAMPLE_ROWS] if example else [],
        "first_read": [guide_pages()[slug] for slug in FIRST_READ],
    }


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
def dimension(request: HttpRequest, key: str) -> HttpResponse:
    """One dimension in depth: both poles, what a result says of it, mistakes, questions."""
    document = home_document()
    if document is None or key not in document.dimension:
        raise Http404
    page = dimension_page(document, key)
    context = {"page": page, "poles": page.poles}
    return render(request, "assessments/guide/dimension.html", context)
