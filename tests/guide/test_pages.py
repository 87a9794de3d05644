"""The guide: every page reads, is true to its sources, and leads nowhere that is not there."""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from assessments.guide.coverage import unknown_refs
from assessments.guide.pages import (
    FOLDER,
    GuideFault,
    GuidePage,
    guide_pages,
    parse_page,
    render_markdown,
)
from tests.cast import published, shipped_questionnaire

# What is shown of rows is the same on both databases.
pytestmark = pytest.mark.one_database

DOCUMENT = shipped_questionnaire()
PAGES = guide_pages()
SOURCE = """---
title: A page
summary: What it says.
source_refs: ["2.1", "2.10b"]
reviewed: 2026-11-22
---
Text, <b>plain</b>.

## A heading

### A heading
"""


@pytest.fixture
def client(db: None) -> Client:
    published()
    return Client()


def addresses() -> Iterator[str]:
    yield reverse("guide:index")
    yield from (reverse("guide:page", args=[slug]) for slug in PAGES)
    yield from (reverse("guide:dimension", args=[key]) for key in DOCUMENT.dimension)


# --- Files --------------------------------------------------------------------------------------


def test_the_guide_has_the_ten_pages_that_were_planned():
    assert set(PAGES) == {
        "b2b-vs-b2c", "grey-areas", "switching-sides", "interviews", "first-90-days",
        "preparation-checklist", "mistakes", "read-your-report", "for-coaches", "faq",
    }  # fmt: skip
    assert set(PAGES) == {file.stem for file in FOLDER.glob("*.md")}


def test_every_source_that_a_page_names_is_in_the_questionnaire():
    assert unknown_refs(DOCUMENT, PAGES.values()) == set()


def test_a_source_that_nobody_knows_is_noticed():
    page = parse_page("a-page", SOURCE.replace("2.10b", "9.9"))
    assert unknown_refs(DOCUMENT, [page]) == {"9.9"}


def test_no_page_holds_raw_html():
    # Escaped, it would stand on the page as text.
    assert [slug for slug, page in PAGES.items() if "&lt;" in page.html] == []


def test_a_page_is_read_with_its_head_and_headings():
    page = parse_page("a-page", SOURCE)
    assert (page.title, page.summary, page.source_refs) == (
        "A page",
        "What it says.",
        ("2.1", "2.10b"),
    )
    assert [(heading.id, heading.text) for heading in page.contents] == [
        ("a-heading", "A heading")
    ]
    assert '<h3 id="a-heading-2">' in page.html
    assert "Text, &lt;b&gt;plain&lt;/b&gt;." in page.html


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("title: A page\n", ""),
        ("title: A page\n", "title: A page\nauthor: Somebody\n"),
        ("title: A page\n", "title: [A page\n"),
        ("title: A page\n", "title: ''\n"),
        ('["2.1", "2.10b"]', "[]"),
        # Without quotes a number, and 2.10 would be 2.1.
        ('["2.1", "2.10b"]', "[2.10]"),
        ("2026-11-22", "last year"),
        ("---\ntitle", "title"),
    ],
)
def test_a_head_that_is_not_as_it_should_be_is_refused_by_name(written: str, instead: str):
    assert written in SOURCE
    with pytest.raises(GuideFault, match=r"^a-page: "):
        parse_page("a-page", SOURCE.replace(written, instead, 1))


def test_pages_that_explain_have_headings_to_link_to():
    html, contents = render_markdown("## Who can see it\n")
    assert html == '<h2 id="who-can-see-it">Who can see it</h2>\n'
    assert [heading.text for heading in contents] == ["Who can see it"]


def test_a_table_takes_its_name_from_its_heading_and_can_be_scrolled_by_keyboard():
    html, _contents = render_markdown("## Roles\n\n| Want | Can |\n|---|---|\n| high | low |\n")
    assert '<table tabindex="0" aria-labelledby="roles">' in html


# --- On the site --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_every_page_shows_its_title_its_text_and_when_it_was_reviewed(
    client: Client, page: GuidePage
):
    shown = client.get(reverse("guide:page", args=[page.slug])).content.decode()
    assert f"<h1>{page.title}</h1>" in shown
    assert page.html in shown
    assert f"Last reviewed on {page.reviewed.day} " in shown


def test_the_first_page_leads_to_every_page_with_its_summary(client: Client):
    shown = client.get(reverse("guide:index")).content.decode()
    assert [page.slug for page in PAGES.values() if escape(page.summary) not in shown] == []
    for address in addresses():
        assert f'href="{address}"' in shown


@pytest.mark.parametrize("key", DOCUMENT.dimension)
def test_a_dimension_says_all_that_the_document_says_of_it(client: Client, key: str):
    shown = client.get(reverse("guide:dimension", args=[key])).content.decode()
    one = DOCUMENT.dimension[key]
    said = [
        one.name, one.definition, one.pole_a, one.pole_b, one.texts.leans_a, one.texts.leans_b,
        one.texts.both, one.texts.neither_yet, *one.interview.a, *one.interview.b,
        *(mistake.bad for mistake in one.mistakes), *(mistake.good for mistake in one.mistakes),
    ]  # fmt: skip
    if one.texts.always:
        said.append(one.texts.always)
    plain = unescape(shown)
    assert [text for text in said if text not in plain] == []
    # Questions are read one at a time: each is folded, and none stands in its fold's heading.
    folds = re.findall(r"<summary>(.*?)</summary>(.*?)</details>", plain, re.DOTALL)
    questions = [*one.interview.a, *one.interview.b]
    assert [q for q, (_head, body) in zip(questions, folds, strict=True) if q not in body] == []
    assert ("counts half" in plain) == one.half_weight


def test_dimensions_lead_to_their_neighbours(client: Client):
    keys = list(DOCUMENT.dimension)
    for place, key in enumerate(keys):
        shown = client.get(reverse("guide:dimension", args=[key])).content.decode()
        linked = set(re.findall(r'href="/guide/dimensions/([\w-]+)/"', shown))
        assert linked == set(keys[max(place - 1, 0) : place + 2]) - {key}


@pytest.mark.parametrize("path", ["/guide/nothing/", "/guide/dimensions/nothing/"])
def test_what_does_not_exist_is_not_found(client: Client, path: str):
    assert client.get(path).status_code == 404


def test_every_link_inside_the_site_leads_somewhere(client: Client):
    targets: dict[str, str] = {}
    for address in ["/", *addresses()]:
        shown = client.get(address).content.decode()
        for href in re.findall(r'<a\s[^>]*?href="([^"]+)"', shown):
            outside = urlsplit(href).netloc or href.startswith(django_settings.STATIC_URL)
            if not outside:
                targets[address + href if href.startswith("#") else href] = address
    dead = {}
    for target, on in targets.items():
        path, fragment = urldefrag(target)
        response = client.get(path, follow=True)
        found = response.status_code == 200
        if not found or (fragment and f'id="{fragment}"' not in response.content.decode()):
            dead[target] = on
    assert dead == {}


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_links_out_of_the_site_are_those_of_the_reading_list(page: GuidePage):
    known = {one.url for one in DOCUMENT.study.resources}
    outside = set(re.findall(r'href="(https?://[^"]+)"', page.html))
    assert outside - known == set()


def test_a_row_of_a_result_leads_to_its_dimension(client: Client):
    shown = client.get(reverse("reports:example")).content.decode()
    linked = re.findall(r'href="/guide/dimensions/([\w-]+)/"', shown)
    assert sorted(linked) == sorted(DOCUMENT.dimension)


def test_without_an_edition_the_guide_can_still_be_read(client: Client, settings: Any):
    settings.HOME_QUESTIONNAIRE = "none-yet"
    assert client.get(reverse("guide:index")).status_code == 200
    assert client.get(reverse("guide:page", args=["faq"])).status_code == 200
    assert client.get(reverse("guide:dimension", args=["metrics"])).status_code == 404


def test_reading_asks_the_database_nothing_and_leaves_no_cookie(
    client: Client, django_assert_num_queries: Any
):
    with django_assert_num_queries(0):
        response = client.get(reverse("guide:page", args=["faq"]))
    assert not response.cookies
