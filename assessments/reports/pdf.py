"""Web pages as PDF, by WeasyPrint: the one place that knows of it.

It needs Pango, a system library. Without it the rest of the site works, and says so.
"""

import importlib
import io
import logging
import re
from collections.abc import Mapping
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, SubElement

from django.contrib.staticfiles import finders

LOG = logging.getLogger(__name__)

SVG, TITLE, STYLE = (f"{{http://www.w3.org/2000/svg}}{tag}" for tag in ("svg", "title", "style"))
# Tagged for screen readers (ISO 14289-1).
VARIANT = "pdf/ua-1"


@cache
def pdf_available() -> bool:
    """Whether this machine makes PDFs; if not, a line in the log says what is missing."""
    try:
        # It prints a paragraph where a library is missing; the error says the same in a line.
        with redirect_stdout(io.StringIO()):
            importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        LOG.warning("No PDF, results are printed from the browser instead: %s", reason)
        return False
    return True


def render_pdf(html: str) -> bytes:
    """The page as a tagged PDF, in the style of report.css; nothing is fetched for it.

    The body names the colours of the poles, as every page does (data-a, data-b).
    """
    # Not at the top: it takes most of a second, and the machine may lack what it needs.
    import weasyprint
    from weasyprint.urls import URLFetcher

    class NothingFetched(URLFetcher):  # the library has no types
        """A page brings its charts and its style along: it may not reach for anything."""

        def fetch(self, url: str, headers: Any = None) -> NoReturn:
            """Refuse."""
            raise ValueError(f"A PDF fetches nothing, and it asked for {url}")

    page = weasyprint.HTML(string=html, url_fetcher=NothingFetched())
    root: Element = page.etree_element
    body = root.find("body")
    poles = (body.get("data-a", ""), body.get("data-b", "")) if body is not None else ("", "")
    style, chart_style = _styles(*poles)
    _complete_charts(root, chart_style)
    sheet = weasyprint.CSS(string=style, url_fetcher=NothingFetched())
    content: bytes = page.write_pdf(stylesheets=[sheet], pdf_variant=VARIANT)
    return content


@cache
def _styles(a: str, b: str) -> tuple[str, str]:
    """The style of the page and that of the charts, in the light colours of the site."""
    site, report = _static("css/site.css"), _static("css/report.css")
    first_block = site[site.index(":root {") : site.index("}")]
    tokens = dict(re.findall(r"--([\w-]+):\s*([^;]+);", first_block))
    for pole, colour in (("a", a), ("b", b)):
        for step in ("", "-mid", "-soft"):
            tokens[pole + step] = tokens.get(f"{colour or 'mid'}{step}", tokens["mid-soft"])
    charts = "\n".join(re.findall(r"^\.trk\b.*}$", site, flags=re.MULTILINE))
    return _with_values(report, tokens), _with_values(charts, tokens)


def _static(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


def _with_values(css: str, tokens: Mapping[str, str]) -> str:
    """The style with the tokens' values in it: within a chart WeasyPrint knows no variables."""
    return re.sub(r"var\(--([\w-]+)\)", lambda name: tokens[name[1]], css)


def _complete_charts(root: Element, style: str) -> None:
    """Give each chart its style, which it does not take from the page, and its words."""
    parents = {child: parent for parent in root.iter() for child in parent}
    charts = [chart for chart in root.iter(SVG) if parents[chart].tag != SVG]
    # All words first: a style within a chart would be among those beside the next one.
    words = [_words_beside(chart, parents) for chart in charts]
    for chart, text in zip(charts, words, strict=True):
        SubElement(chart, TITLE).text = text
        SubElement(chart, STYLE).text = style


def _words_beside(chart: Element, parents: Mapping[Element, Element]) -> str:
    """What a chart shows: data-alt of an element round it, or the text of the closest with any."""
    place, words = chart, ""
    while not words and place in parents:
        place = parents[place]
        words = place.get("data-alt") or " ".join("".join(place.itertext()).split())
    return words
