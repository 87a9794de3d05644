"""XLSX files made to do harm (ASVS 1.5.1, 5.2.3)."""

import io
import zipfile

import pytest

from assessments.editing.tables import MAX_PARTS, MAX_UNPACKED, BadTable, read_table, write_table

SHEET = "xl/worksheets/sheet1.xml"
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{10 * f'&a{n - 1};'}'>" for n in range(1, 10))
    + "]>"
)


def workbook(change: dict[str, bytes] | None = None) -> bytes:
    """A table of one cell, "said", with parts of its archive replaced or added."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_table([{"key": "said"}], ["key"], "xlsx"))) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in (change or {}):
                after.writestr(name, before.read(name))
        for name, content in (change or {}).items():
            after.writestr(name, content)
    return file.getvalue()


def sheet(doctype: str, entity: str) -> bytes:
    """The sheet with a document type, and a cell that names one of its entities."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        text = archive.read(SHEET).decode()
    start = text.index("<worksheet")
    cell = f'<c r="A2" t="inlineStr"><is><t>&{entity};</t></is></c>'
    rows = f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>key</t></is></c></row><row r="2">{cell}</row></sheetData>'  # noqa: E501
    head, rest = text[start:].split("<sheetData>")[0], text.split("</sheetData>")[1]
    return (doctype + head + rows + rest).encode()


def test_the_untouched_workbook_is_read():
    assert read_table(workbook(), "xlsx").rows == ({"key": "said"},)
    assert read_table(workbook({SHEET: sheet("", "lt")}), "xlsx").rows == ({"key": "<"},)


@pytest.mark.parametrize(("doctype", "entity"), [(EXTERNAL, "e"), (LAUGHS, "a9")])
def test_no_entity_of_a_workbook_is_looked_up_or_unfolded(doctype: str, entity: str):
    with pytest.raises(BadTable):
        read_table(workbook({SHEET: sheet(doctype, entity)}), "xlsx")


@pytest.mark.parametrize(
    "change",
    [
        {"xl/media/zeros": bytes(MAX_UNPACKED)},
        {f"xl/media/{number}": b"" for number in range(MAX_PARTS)},
    ],
)
def test_a_workbook_that_unpacks_to_far_more_is_refused_unread(change: dict[str, bytes]):
    packed = workbook(change)
    assert len(packed) < 50_000
    with pytest.raises(BadTable, match="unpacks to far more"):
        read_table(packed, "xlsx")
