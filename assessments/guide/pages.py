"""The guide's pages: Markdown files with a head in YAML, read once per process.

A file that is not as it should be stops the reading with a sentence that names it; a test reads
them all.
"""

import datetime
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import yaml
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assessments.instrument.document import Name, SourceRef, Text

FOLDER = Path(__file__).parent.parent / "content" / "guide"
# A page: a head between two lines of three dashes, then the text.
HEAD_AND_TEXT = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)
# In the order of the guide, each group as it stands together on its first page.
ORDER = (
    ("b2b-vs-b2c", "grey-areas", "switching-sides"),
    ("interviews", "preparation-checklist", "mistakes", "first-90-days"),
    ("read-your-report", "for-coaches", "faq"),
)
MAIN_HEADING = "h2"


class GuideFault(ValueError):
    """A page of the guide is not as it should be."""


class Head(BaseModel):
    """What a page's head says: all of it, and nothing else."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    title: Name
    summary: Text
    source_refs: Annotated[list[SourceRef], Field(min_length=1)]
    reviewed: datetime.date


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that can be linked to: `#id`."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One page of the guide; `contents` are its main headings, in order."""

    slug: str
    title: str
    summary: str
    source_refs: tuple[str, ...]
    reviewed: datetime.date
    html: SafeString
    contents: tuple[Heading, ...]


@cache
def guide_pages() -> dict[str, GuidePage]:
    """The guide by slug, in its order. Raises `GuideFault`."""
    slugs = [slug for group in ORDER for slug in group]
    if stray := {file.stem for file in FOLDER.glob("*.md")} ^ set(slugs):
        raise GuideFault(f"Named and not there, or there and not named: {sorted(stray)}")
    return {
        slug: parse_page(slug, (FOLDER / f"{slug}.md").read_text(encoding="utf-8"))
        for slug in slugs
    }


def parse_page(slug: str, source: str) -> GuidePage:
    """A page from its file's text. Raises `GuideFault`."""
    parts = HEAD_AND_TEXT.fullmatch(source)
    if parts is None:
        raise GuideFault(f"{slug}: no head between two lines of three dashes")
    try:
        head = Head.model_validate(yaml.safe_load(parts[1]))
    except (yaml.YAMLError, ValidationError) as error:
        raise GuideFault(f"{slug}: {error}") from error
    html, contents = render_markdown(parts[2])
    return GuidePage(
        slug=slug,
        title=head.title,
        summary=head.summary,
        source_refs=tuple(head.source_refs),
        reviewed=head.reviewed,
        html=html,
        contents=contents,
    )


def render_markdown(text: str) -> tuple[SafeString, tuple[Heading, ...]]:
    """A text of ours as HTML, with its main headings; raw HTML in it comes out as text."""
    markdown = MarkdownIt("js-default")
    tokens = markdown.parse(text)
    headings = _make_headings_linkable(tokens)
    html = markdown.renderer.render(tokens, markdown.options, {})
    contents = tuple(heading for heading, tag in headings if tag == MAIN_HEADING)
    # Our own file, rendered with HTML switched off: nothing in it comes from a user.
    return mark_safe(html), contents  # noqa: S308 - see the line before


def _make_headings_linkable(tokens: list[Token]) -> list[tuple[Heading, str]]:
    """Give each heading an id from its words, numbered where it comes again, and name tables."""
    found: list[tuple[Heading, str]] = []
    taken: Counter[str] = Counter()
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            words = "".join(part.content for part in inline.children or [])
            name = slugify(words)
            taken[name] += 1
            heading = Heading(f"{name}-{taken[name]}" if taken[name] > 1 else name, words)
            token.attrSet("id", heading.id)
            found.append((heading, token.tag))
        elif token.type == "table_open" and found:
            # On a narrow screen a table scrolls by itself: by keyboard too, and with a name.
            token.attrSet("tabindex", "0")
            token.attrSet("aria-labelledby", found[-1][0].id)
    return found
