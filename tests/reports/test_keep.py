"""A report to keep: page, PDF, table and file say the same, to everybody who opens them."""

from __future__ import annotations

import csv
import io
import logging
import re
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import cffi
import html5lib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from assessments.http.csv import csv_bytes
from assessments.instrument.document import Questionnaire, Value
from assessments.instrument.files import read_data
from assessments.questionnaires.editions import PublishedEdition
from assessments.reports import pdf
from assessments.reports.example import EXAMPLES, example_sheet
from assessments.responses import services
from assessments.responses.models import Attempt
from assessments.scoring.verify import verify
from tests.cast import (
    answer,
    finished_attempt,
    holder_of,
    new_attempt,
    published,
    some_answers,
)
from tests.instrument.small import small_data

# What is shown of rows is the same on both databases.
pytestmark = pytest.mark.one_database

needs_pango = pytest.mark.skipif(
    not pdf.pdf_available(), reason="no Pango: apt install libpango-1.0-0 libpangoft2-1.0-0"
)
BLANKS = re.compile(r"\s+")
# Points, 72 to the inch.
PAPERS = {"a4": (595, 842), "letter": (612, 792)}
# What one asks for by; A4 is what one gets.
QUERIES = {"a4": "", "letter": "?paper=letter"}
# A PDF takes its time: the other paper is for the long run.
SOME_PAPERS = ["a4", pytest.param("letter", marks=pytest.mark.soak)]

Answers = dict[str, Value]


def leaning(document: Questionnaire) -> Answers:
    return some_answers(document)


def example(document: Questionnaire) -> Answers:
    """One question left out, and a dimension without enough answers."""
    sheet = example_sheet(document)
    assert sheet is not None, EXAMPLES
    return dict(sheet.answers)


def mixed(document: Questionnaire) -> Answers:
    place = {key: number for number, key in enumerate(document.dimension)}
    return {
        item.key: (2 if place[item.dimension] % 2 else -2)
        if item.kind == "pair"
        else item.value_of("3" if item.kind == "rating" else item.options[0].key)
        for item in document.items_of(document.form["full"])
    }


def unreadable(document: Questionnaire) -> Answers:
    return {
        item.key: item.value_of(
            {"pair": "1", "rating": "2"}.get(item.kind)
            or (item.options[0].key if item.kind == "scenario" else "")
        )
        for item in document.items_of(document.form["full"])
    }


def flat(document: Questionnaire) -> Answers:
    """The middle everywhere, so that nothing separates the roles."""
    return {
        item.key: 0 if item.kind == "pair" else value
        for item, value in zip(
            document.items_of(document.form["full"]), some_answers(document).values(), strict=True
        )
    }


@dataclass
class Kept:
    """One finished attempt in every form that a person may keep it in."""

    client: Client
    attempt: Attempt
    edition: PublishedEdition
    # By query. A PDF takes seconds, and the same one will do for all that is to be said of it.
    pdfs: dict[str, PdfReader] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    # What was said while they were made.
    said: list[str] = field(default_factory=list)

    def get(self, name: str, query: str = "") -> Any:
        return self.client.get(reverse(f"reports:{name}", args=[self.attempt.pk]) + query)

    def html(self) -> Element:
        return html5lib.parse(self.get("result").content.decode(), namespaceHTMLElements=False)

    def csv(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.get("csv").content.decode("utf-8-sig"))))

    def pdf(self, query: str = "") -> PdfReader:
        if query not in self.pdfs:
            self.pdfs[query] = self.new_pdf(query)
        return self.pdfs[query]

    def new_pdf(self, query: str = "") -> PdfReader:
        with listening("weasyprint", self.said):
            response = self.get("pdf", query)
        assert response.status_code == 200
        return PdfReader(io.BytesIO(response.content))

    def pages_of_text(self, query: str = "") -> list[str]:
        if query not in self.texts:
            self.texts[query] = [page.extract_text() for page in self.pdf(query).pages]
        return self.texts[query]

    def pdf_text(self) -> str:
        return one_line(" ".join(self.pages_of_text()))

    def file(self) -> Any:
        return self.get("report-json").json()


@contextmanager
def listening(name: str, said: list[str]) -> Iterator[None]:
    """Add to `said` what a logger is told, warnings and worse."""
    ear, logger = logging.Handler(logging.WARNING), logging.getLogger(name)
    ear.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(ear)
    try:
        yield
    finally:
        logger.removeHandler(ear)


@pytest.fixture(scope="module")
def keep(module_rows: None) -> Callable[..., Kept]:
    """Who answered like this, the same person for all tests: none of them changes anything."""

    @cache
    def finish(answers: Callable[[Questionnaire], Answers], form: str = "full") -> Kept:
        edition = published()
        attempt = new_attempt(edition, form)
        items = edition.document.form[form].item_keys
        given_answers = {k: v for k, v in answers(edition.document).items() if k in items}
        answer(attempt, given_answers)
        services.finish(attempt=attempt, at=timezone.now())
        attempt.refresh_from_db()
        return Kept(holder_of(attempt), attempt, edition)

    return finish


def one_line(text: str) -> str:
    return BLANKS.sub(" ", text).strip()


def text_of(element: Element) -> str:
    return one_line("".join(element.itertext()))


def cells(html: Element, table: str) -> Iterator[list[str]]:
    """The texts of the rows of the tables of that class."""
    for found in html.iter("table"):
        if table in found.get("class", "").split():
            for row in found.iterfind("tbody/tr"):
                yield [text_of(cell) for cell in row]


# --- The same numbers everywhere ----------------------------------------------------------------


@needs_pango
@pytest.mark.parametrize(
    "taker", [example, *(pytest.param(t, marks=pytest.mark.soak) for t in (leaning, mixed))]
)
def test_page_pdf_table_and_file_hold_the_same_numbers(
    keep: Callable[..., Kept], taker: Callable[[Questionnaire], Answers]
) -> None:
    kept = keep(taker)
    report, document, text = kept.file()["report"], kept.edition.document, kept.pdf_text()
    html, rows = kept.html(), kept.csv()
    on_page = {row[0]: row for row in cells(html, "profile-table")}
    in_table = {row["Name"]: row for row in rows if row["Part"] == "Dimension"}
    assert len(on_page) == len(in_table) == len(report["dimensions"]) == 14
    for dimension in report["dimensions"]:
        name = document.dimension[dimension["key"]].name
        row = in_table[name]
        verdict, score, likely, goal, ready_a, ready_b, _count = on_page[name][1:]
        is_scored = dimension["verdict"] != "not_enough"
        signed = round(dimension["preference"] * 50) if is_scored else None
        side = "" if not signed else document.poles["a" if signed < 0 else "b"].name
        assert (row["Score (0-100)"], row["Side"]) == (
            "" if signed is None else str(abs(signed)), side,
        )  # fmt: skip
        said = (
            "–" if signed is None else f"{abs(signed)} to {side}" if side else "0, in the middle"
        )
        assert (score, likely, goal) == (
            said, row["Likely range"] or "–", row["Role asks for"] or "–",
        )  # fmt: skip
        assert verdict == row["Result"]
        for pole, shown in (("B2C", ready_a), ("B2B", ready_b)):
            assert shown == f"{row[f'Ready for {pole}, in words']}, {row[f'Ready for {pole}']}"
            readiness = dimension[f"readiness_{'a' if pole == 'B2C' else 'b'}"]
            assert float(row[f"Ready for {pole}"]) == round(readiness * 25, 1)
        headed = f"{name} {verdict}" + ("" if signed is None else f", {said}")
        assert f"{headed} Ready for B2C: {ready_a} Ready for B2B: {ready_b}" in text
    overall = next(row for row in rows if row["Part"] == "Overall")
    total = report["overall"]
    assert int(overall["Score (0-100)"]) == abs(round(total["preference"] * 50))
    said_first = [
        f"What you prefer {overall['Score (0-100)']} to {overall['Side']}",
        f"Likely range: {overall['Likely range']}",
    ]
    for pole, side in (("B2C", "a"), ("B2B", "b")):
        value = overall[f"Ready for {pole}"]
        assert int(value) == round(total[f"readiness_{side}"]["mean"] * 25)
        said_first.append(f"Ready for {pole} {overall[f'Ready for {pole}, in words']}, {value}")
    for said in said_first:
        assert (said in text, said in text_of(html)) == (True, True), said


@pytest.mark.soak
@needs_pango
def test_roles_have_the_same_want_and_can_everywhere(keep: Callable[..., Kept]) -> None:
    kept = keep(example)
    report, text = kept.file()["report"], kept.pdf_text()
    in_file = [(role["key"], round(role["want"]), round(role["can"])) for role in report["roles"]]
    roles = [row for row in kept.csv() if row["Part"] == "Role"]
    assert [(row["Key"], int(row["Want"]), int(row["Can"])) for row in roles] == in_file
    on_page = {tuple(row[:3]) for row in cells(kept.html(), "roles")}
    for row in roles:
        tagged = {row["Name"], f"{row['Name']} compared with"}
        assert {(name, row["Want"], row["Can"]) for name in tagged} & on_page
        found = re.search(
            rf"{re.escape(row['Name'])}( compared with)? {row['Want']} {row['Can']}", text
        )
        assert found, row


@needs_pango
@pytest.mark.parametrize(("taker", "form"), [(example, "full"), (leaning, "short")])
def test_every_answer_is_kept_in_the_order_presented(
    keep: Callable[..., Kept], taker: Callable[[Questionnaire], Answers], form: str
) -> None:
    kept = keep(taker, form)
    document = kept.edition.document
    stored = kept.file()["answers"]
    rows = [row for row in kept.csv() if row["Part"] == "Answer"]
    assert [row["Key"] for row in rows] == list(document.form[form].item_keys)
    for row in rows:
        value = stored[row["Key"]]
        sign = -1 if row["Side"] == document.poles.a.name else 1
        said = row["Value"] if isinstance(value, str) else int(row["Value"] or 0) * sign
        assert said == (value or 0), row
        assert bool(row["Value"]) == bool(row["Result"]) == (value is not None)
    numbered = [
        f"{number}. {row['Name']} {row['Result'] or '–'}" for number, row in enumerate(rows, 1)
    ]
    assert [" ".join(row) for row in cells(kept.html(), "answers")] == numbered
    text = kept.pdf_text()
    assert [line for line in numbered if line not in text] == []


def test_the_file_beside_them_proves_itself(keep: Callable[..., Kept]) -> None:
    assert verify(keep(example).file()) == []


@pytest.mark.soak
@needs_pango
def test_another_role_moves_the_marks_in_every_form(keep: Callable[..., Kept]) -> None:
    kept = keep(example)
    role = kept.edition.document.roles[-1]
    asked = f"?role={role.key}"
    table = list(csv.DictReader(io.StringIO(kept.get("csv", asked).content.decode("utf-8-sig"))))
    plain = kept.csv()
    assert [row["Score (0-100)"] for row in table] == [row["Score (0-100)"] for row in plain]
    assert [row["Role asks for"] for row in table] != [row["Role asks for"] for row in plain]
    text = one_line(" ".join(page.extract_text() for page in kept.pdf(asked).pages))
    assert f"usually asks for: {role.name}." in text
    assert f"Towards {role.name}." in text


# --- What a result gives, and no more -----------------------------------------------------------


@needs_pango
def test_answers_that_cannot_be_read_are_kept_without_scores(keep: Callable[..., Kept]) -> None:
    kept = keep(unreadable)
    text, rows = kept.pdf_text(), kept.csv()
    assert "We could not read a clear result" in text
    for heading in ("Your profile", "Roles", "Your next weeks", "What you prefer"):
        assert heading not in text
    assert {row["Part"] for row in rows} == {"About", "Overall", "Answer"}
    numbers = ("Score (0-100)", "Likely range", "Ready for B2C", "Ready for B2B", "Want", "Can")
    assert {row[name] for row in rows for name in numbers} == {""}


@needs_pango
def test_without_a_role_to_compare_with_no_gap_and_no_strength_is_spoken_of(
    keep: Callable[..., Kept],
) -> None:
    text = keep(flat).pdf_text()
    assert "Your profile" in text
    assert "Gaps that matter for this role" not in text
    assert "Where you are already strong" not in text


@needs_pango
def test_the_short_form_is_kept_as_a_first_impression(keep: Callable[..., Kept]) -> None:
    kept = keep(leaning, "short")
    text, rows = kept.pdf_text(), kept.csv()
    assert "Four areas, in a sentence each" in text
    assert "This was the short form" in text
    for heading in ("Your profile", "Your next weeks", "What the dimensions mean"):
        assert heading not in text
    assert {row["Part"] for row in rows} == {"About", "Overall", "Role", "Answer"}
    assert len([row for row in rows if row["Part"] == "Role"]) == 3
    assert {row["Want"] + row["Can"] for row in rows} == {""}


def test_every_kept_form_says_what_it_is_not_for(keep: Callable[..., Kept]) -> None:
    about = {row["Name"]: row["Result"] for row in keep(example).csv() if row["Part"] == "About"}
    assert about["Not for"].startswith("hiring, promotion, dismissal or comparing people")


# --- The PDF ------------------------------------------------------------------------------------


def catalog(reader: PdfReader) -> Any:
    """What the PDF says of itself as a whole."""
    return reader.trailer["/Root"]


def structure(reader: PdfReader) -> Iterator[Any]:
    """Every element of the structure tree, as one reads it."""
    waiting = [catalog(reader)["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if not isinstance(element, dict):
            continue
        yield element
        kids = element.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        waiting += [kid for kid in reversed(kids) if not isinstance(kid, int)]


@needs_pango
def test_the_pdf_can_be_heard(keep: Callable[..., Kept]) -> None:
    reader = keep(example).pdf()
    root = catalog(reader)
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"].startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert reader.metadata.title == "Your result – RoleAssess"
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    elements = list(structure(reader))
    kinds = Counter(str(element.get("/S")) for element in elements)
    assert kinds["/H1"] == 1
    assert kinds["/H2"] > 5
    assert kinds["/TH"] > kinds["/Table"] > 5
    headings = [str(e["/S"]) for e in elements if re.fullmatch(r"/H\d", str(e.get("/S")))]
    assert headings[0] == "/H1"
    levels = [int(heading[2]) for heading in headings]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    figures = [element for element in elements if element.get("/S") == "/Figure"]
    assert len(figures) > 14
    assert all(figure.get("/Alt") for figure in figures)


@needs_pango
@pytest.mark.parametrize("paper", SOME_PAPERS)
def test_every_page_has_its_size_and_number(keep: Callable[..., Kept], paper: str) -> None:
    kept = keep(example)
    pages, texts = kept.pdf(QUERIES[paper]).pages, kept.pages_of_text(QUERIES[paper])
    count = len(pages)
    assert count > 5
    for number, (page, text) in enumerate(zip(pages, texts, strict=True), start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == PAPERS[paper]
        assert f"Page {number} of {count}" in one_line(text)


@needs_pango
@pytest.mark.parametrize("paper", SOME_PAPERS)
@pytest.mark.parametrize(
    ("taker", "form"),
    [
        (example, "full"),
        pytest.param(mixed, "full", marks=pytest.mark.soak),
        pytest.param(leaning, "short", marks=pytest.mark.soak),
    ],
)
def test_no_page_ends_with_a_heading_and_no_word_is_cut(
    keep: Callable[..., Kept], taker: Callable[[Questionnaire], Answers], form: str, paper: str
) -> None:
    lines = [text.splitlines() for text in keep(taker, form).pages_of_text(QUERIES[paper])]
    heads = ("The profile in numbers", "Scores run from", "Week by week", "All roles", "Question")
    for page in lines[:-1]:
        # The last two lines are those of the page's margins.
        last = [line for line in page if line.strip()][-3:]
        assert not last[0].startswith(heads), last
    # The longest word of a narrow column.
    assert "Developin" not in {line.strip() for page in lines for line in page}


@needs_pango
def test_paper_is_a4_unless_it_is_asked_for_or_the_language_says_so(
    keep: Callable[..., Kept], settings: Any
) -> None:
    kept = keep(leaning, "short")
    sizes = []
    for language, query in (
        ("en-gb", ""), ("en-us", ""), ("en-us", "?paper=a4"), ("en-gb", "?paper=x"),
    ):  # fmt: skip
        settings.LANGUAGE_CODE = language
        sizes.append(round(kept.new_pdf(query).pages[0].mediabox.width))
    assert sizes == [595, 612, 595, 595]


@needs_pango
def test_every_font_is_embedded(keep: Callable[..., Kept]) -> None:
    pages: list[Any] = list(keep(example).pdf().pages)
    fonts = [
        font.get_object()
        for page in pages
        for font in page["/Resources"]["/Font"].get_object().values()
    ]
    assert fonts
    for font in fonts:
        descendant = font["/DescendantFonts"][0].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())


@needs_pango
def test_the_pdf_carries_its_charts_in_the_colours_of_the_poles(keep: Callable[..., Kept]) -> None:
    pages: list[Any] = list(keep(example).pdf().pages)
    contents = b"".join(page.get_contents().get_data() for page in pages)
    # Orange and blue of site.css, as parts of 1.
    for red, green, blue in ((0xB0, 0x4E, 0x08), (0x1F, 0x5A, 0xA8)):
        colour = rf"0?\.?{red / 255:.3f}".encode()[:-1]
        assert re.search(colour, contents), (red, green, blue)


@needs_pango
def test_a_pdf_fetches_nothing(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("a PDF reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    caplog.set_level(logging.ERROR, "weasyprint")
    secret = Path(__file__).as_uri()
    content = pdf.render_pdf(
        '<html lang="en"><head><title>T</title>'
        '<link rel="stylesheet" href="http://192.0.2.1/style.css"></head>'
        f'<body><p style="background: url({secret})">text</p>'
        f'<img alt="" src="http://192.0.2.1/a.png"><img alt="" src="{secret}">'
        '<svg width="9" height="9"><image href="http://192.0.2.1/b.svg" width="9" height="9" />'
        "</svg></body></html>"
    )
    asked = "\n".join(record.getMessage() for record in caplog.records)
    for address in ("http://192.0.2.1/style.css", "http://192.0.2.1/a.png", secret):
        assert f"it asked for {address}" in asked
    reader = PdfReader(io.BytesIO(content))
    assert "def " not in reader.pages[0].extract_text()
    assert not reader.pages[0].images
    assert not reader.attachments


@needs_pango
def test_nothing_in_a_pdf_is_unknown_to_its_maker(keep: Callable[..., Kept]) -> None:
    kept = keep(example)
    kept.pdf()
    assert kept.said == []


@pytest.mark.parametrize(("name", "kind", "file"), [
    ("pdf", "application/pdf", "result.pdf"), ("csv", "text/csv; charset=utf-8", "result.csv"),
])  # fmt: skip
def test_files_have_neutral_names_and_are_not_cached(
    keep: Callable[..., Kept], name: str, kind: str, file: str
) -> None:
    if name == "pdf" and not pdf.pdf_available():
        pytest.skip("no Pango")
    response = keep(leaning, "short").get(name)
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Disposition"] == f'attachment; filename="{file}"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"


# --- Without Pango ------------------------------------------------------------------------------


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine that lacks the library: WeasyPrint is imported anew and looks for it."""
    real = cffi.FFI.dlopen

    def dlopen(self: cffi.FFI, name: str, *more: Any) -> Any:
        if "pango" in str(name):
            raise OSError(f"cannot load library '{name}': no such file\nand more lines of that")
        return real(self, name, *more)

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(cffi.FFI, "dlopen", dlopen)
    pdf.pdf_available.cache_clear()
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        del sys.modules[name]
    pdf.pdf_available.cache_clear()


def test_without_pango_the_page_says_how_to_print_and_the_log_what_is_missing(
    keep: Callable[..., Kept], without_pango: None, caplog: Any, capsys: Any
) -> None:
    kept = keep(leaning)
    for _visit in range(2):
        page = text_of(kept.html())
        assert "Print from your browser" in page
        assert "PDF" not in page
    response = kept.get("pdf")
    assert response.status_code == 503
    assert "This site cannot make a PDF" in response.content.decode()
    said = [r.getMessage() for r in caplog.records if r.name == "assessments.reports.pdf"]
    assert len(said) == 1
    assert "libpango" in said[0]
    assert "\n" not in said[0]
    assert capsys.readouterr().out == ""
    assert kept.get("csv").status_code == kept.get("report-json").status_code == 200


@needs_pango
def test_with_pango_the_page_offers_the_pdf(keep: Callable[..., Kept]) -> None:
    page = text_of(keep(leaning).html())
    assert "Save as PDF" in page
    assert "Print from your browser" not in page


# --- The table ----------------------------------------------------------------------------------

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹢", "﹦")
UNSEEN = " \t\r\n\xa0\u2003\u3000\u200b\ufeff"
risky = st.builds(
    str.__add__,
    st.text(st.sampled_from(UNSEEN), max_size=3),
    st.builds(str.__add__, st.sampled_from(("", *TRIGGERS)), st.text(max_size=12)),
)


@given(st.lists(st.lists(risky | st.text(), min_size=1, max_size=4), max_size=4))
def test_no_cell_of_a_table_starts_a_formula(rows: list[list[str]]) -> None:
    content = csv_bytes(rows)
    assert content.startswith(b"\xef\xbb\xbf")
    parsed = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert len(parsed) == len(rows)
    for before, after in zip(rows, parsed, strict=True):
        for given_text, cell in zip(before, after, strict=True):
            assert not cell.startswith(TRIGGERS)
            assert not cell.strip(UNSEEN).startswith(TRIGGERS)
            assert cell.removeprefix("'") == given_text.removeprefix("'")


def test_formulas_in_a_questionnaire_are_harmless_in_headings_and_cells(db: None) -> None:
    data = small_data()
    data["poles"]["a"]["name"] = "=1+1"
    data["title"] = "@SUM(A1)"
    data["dimensions"][0]["name"] = "\xa0＝HYPERLINK(1)"
    for item in data["items"]:
        if item["kind"] == "rating":
            item["text"] = f"+{item['text']}"
    edition = published(read_data(data))
    attempt = finished_attempt(edition, edition.document.forms[0].key)
    content = Kept(holder_of(attempt), attempt, edition).get("csv").content.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    assert {len(row) for row in table} == {len(table[0])}
    assert [cell for row in table for cell in row if cell.lstrip().startswith(TRIGGERS)] == []
    for harmless in ("'@SUM(A1)", "'\xa0＝HYPERLINK(1)"):
        assert any(harmless in row for row in table)
    quoted = re.sub(r'"(?:[^"]|"")*"', "", content)
    assert set(quoted) == {",", "\r", "\n"}


def test_the_shipped_questionnaire_needs_no_apostrophe(keep: Callable[..., Kept]) -> None:
    marked = [cell for row in keep(example).csv() for cell in row.values() if cell[:1] == "'"]
    assert marked == []
