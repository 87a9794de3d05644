"""Import and export: what comes in is looked at first, and changes everything or nothing."""

import copy
import csv
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from assessments.editing import transfer
from assessments.editing.models import PendingImport
from assessments.editing.tables import BadTable, read_table
from assessments.errors import DomainError
from assessments.instrument.canonical import canonical_json, digest
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults
from assessments.instrument.files import write_json, write_yaml
from assessments.people.models import User
from assessments.questionnaires.desk import document_of, read_desk
from assessments.questionnaires.models import DeskChange, Questionnaire
from assessments.questionnaires.services import load_onto_desk, publish
from tests.cast import shipped_questionnaire, signed_in
from tests.instrument.medium import twelve_faults
from tests.instrument.small import small, small_data
from tests.privacy.rows import all_rows

pytestmark = pytest.mark.django_db
Reply = Any
ODD = "=1+2 and 'so'\nthen \"on\", she said; @all"


@pytest.fixture(autouse=True)
def _without_second_factor(settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def desk() -> Questionnaire:
    return load_onto_desk(document=small(), at=timezone.now())


def staff(*codenames: str, email: str = "editor@example.org") -> Client:
    user = User.objects.create_user(email, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return signed_in(user)


@pytest.fixture
def editor() -> Client:
    return staff("view_questionnaire", "change_questionnaire", "add_questionnaire")


def plain(document: Document) -> Any:
    return json.loads(canonical_json(document))


def retitled(title: str = "Otherwise", **more: Any) -> Document:
    return small(small_data() | {"title": title, **more})


def address(name: str, desk: Questionnaire, *more: object) -> str:
    return reverse(f"admin:desk-{name}", args=[desk.pk, *more])


def upload(client: Client, desk: Questionnaire, content: bytes | str, name: str) -> Reply:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data)
    return client.post(address("import", desk), {"file": file})


def previewed(client: Client, desk: Questionnaire) -> str:
    return client.get(address("import-preview", desk)).text


def say_yes(client: Client, desk: Questionnaire, seen: str | None = None) -> Reply:
    pending = PendingImport.objects.first()
    seen = (pending.mark if pending else "") if seen is None else seen
    return client.post(address("import-preview", desk), {"seen": seen}, follow=True)


# --- Out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", transfer.CONTENT_TYPES)
@pytest.mark.parametrize("version", ["desk", "1"])
def test_every_link_of_the_page_gives_a_file_that_says_the_same(editor, desk, version, kind):
    publish(questionnaire=desk, at=timezone.now())
    link = address("export-file", desk, version, kind)
    assert link in editor.get(address("export", desk)).text
    reply = editor.get(link)
    which = "desk" if version == "desk" else "edition-1"
    name = f'attachment; filename="maker-manager-{which}.{kind}"'
    assert reply.headers["Content-Disposition"] == name
    found = transfer.read_upload(reply.content, kind, desk)
    assert digest(found.document) == digest(small())


def test_an_incomplete_desk_gives_its_questions_and_says_why_not_the_rest(editor, desk):
    Questionnaire.objects.update(title="")
    reply = editor.get(address("export-file", desk, "desk", "yaml"), follow=True)
    assert "cannot be exported whole" in reply.text
    table = read_table(editor.get(address("export-file", desk, "desk", "csv")).content, "csv")
    assert len(table.rows) == len(small().items)


@pytest.mark.parametrize(("version", "kind"), [("7", "yaml"), ("x", "yaml"), ("desk", "exe")])
def test_there_is_no_other_file(editor, desk, version, kind):
    assert editor.get(address("export-file", desk, version, kind)).status_code == 404


# --- A whole document ---------------------------------------------------------------------------


@pytest.mark.parametrize(("write", "name"), [(write_yaml, "a.yaml"), (write_json, "a.json")])
def test_a_file_changes_nothing_until_somebody_says_yes(editor, desk, write, name):
    before = read_desk(desk).plain
    reply = upload(editor, desk, write(retitled()), name)
    assert reply.url == address("import-preview", desk)
    assert "Otherwise" in previewed(editor, desk)
    assert (read_desk(desk).plain, DeskChange.objects.count()) == (before, 1)

    assert f"The desk of Otherwise is now as {name} says." in say_yes(editor, desk).text

    assert document_of(Questionnaire.objects.get(pk=desk.pk)) == retitled()
    change = DeskChange.objects.first()
    assert (change.deed, change.by.email) == ("loaded", "editor@example.org")
    assert change.note == f"From the file {name}"
    assert [one["field"] for one in change.differences] == ["title"]
    assert not PendingImport.objects.exists()


def test_twelve_faults_are_told_in_one_go_with_their_lines_and_nothing_changes(editor, desk):
    text, faults = twelve_faults()
    before = all_rows()
    reply = upload(editor, desk, text, "twelve.yaml")
    assert reply.status_code == 422
    told = [f"{where}: {message}" for where, message in reply.context["told"]]
    assert told == faults
    assert not [where for where, _message in reply.context["told"] if where not in reply.text]
    assert {t for t in before if before[t] != all_rows()[t]} <= {"django_session"}


def test_what_would_stop_publishing_is_told_with_its_line_and_does_not_stop_the_import(
    editor, desk
):
    data = small_data()
    data["forms"][0]["rules"]["minutes_max"] = 1
    text = write_yaml(small(data))
    upload(editor, desk, text, "a.yaml")
    shown = previewed(editor, desk)
    line = text[: text.index("  - key: full")].count("\n") + 1
    assert "What would still stop publishing" in shown
    assert f"line {line}: forms.0" in shown
    say_yes(editor, desk)
    assert document_of(desk) == small(data)


def test_a_desk_that_changed_since_the_preview_is_not_overwritten(editor, desk):
    upload(editor, desk, write_yaml(retitled()), "a.yaml")
    previewed(editor, desk)
    load_onto_desk(document=retitled("Somebody else's"), at=timezone.now())
    assert "has changed since you looked" in say_yes(editor, desk).text
    assert document_of(Questionnaire.objects.get(pk=desk.pk)).title == "Somebody else's"
    assert not PendingImport.objects.exists()


def test_a_yes_to_another_preview_than_the_one_held_is_refused(editor, desk):
    upload(editor, desk, write_yaml(retitled("First")), "a.yaml")
    first = PendingImport.objects.get().mark
    # In another tab.
    upload(editor, desk, write_yaml(retitled("Second")), "a.yaml")
    assert "has changed since you looked" in say_yes(editor, desk, seen=first).text
    assert document_of(desk) == small()


def test_an_incomplete_desk_is_replaced_as_a_whole(editor, desk):
    Questionnaire.objects.update(title="")
    upload(editor, desk, write_yaml(retitled()), "a.yaml")
    assert "The desk is not complete" in previewed(editor, desk)
    say_yes(editor, desk)
    assert document_of(Questionnaire.objects.get(pk=desk.pk)) == retitled()


def test_a_file_of_another_questionnaire_says_so_and_changes_that_one(editor, desk):
    other = load_onto_desk(document=retitled(slug="another"), at=timezone.now())
    upload(editor, desk, write_yaml(retitled("New words", slug="another")), "a.yaml")
    assert "The file is of another questionnaire: Otherwise (another)" in previewed(editor, desk)
    say_yes(editor, desk)
    assert document_of(Questionnaire.objects.get(pk=other.pk)).title == "New words"
    assert document_of(desk) == small()


def test_a_file_of_a_new_questionnaire_says_so_and_makes_it(editor, desk):
    upload(editor, desk, write_yaml(retitled(slug="brand-new")), "a.yaml")
    assert "of a questionnaire that is not here yet: Otherwise (brand-new)" in " ".join(
        previewed(editor, desk).split()
    )
    assert not Questionnaire.objects.filter(slug="brand-new").exists()
    say_yes(editor, desk)
    assert document_of(Questionnaire.objects.get(slug="brand-new")).slug == "brand-new"


def test_a_new_questionnaire_that_somebody_made_meanwhile_is_not_overwritten(editor, desk):
    upload(editor, desk, write_yaml(retitled(slug="brand-new")), "a.yaml")
    load_onto_desk(document=retitled("Theirs", slug="brand-new"), at=timezone.now())
    assert "has changed since you looked" in say_yes(editor, desk).text
    assert document_of(Questionnaire.objects.get(slug="brand-new")).title == "Theirs"


def test_leaving_the_desk_as_it_is_forgets_the_upload(editor, desk):
    upload(editor, desk, write_yaml(retitled()), "a.yaml")
    reply = editor.post(address("import-discard", desk), follow=True)
    assert "Nothing was imported" in reply.text
    assert "no upload any more" in editor.get(address("import-preview", desk), follow=True).text
    assert document_of(desk) == small()


def test_an_upload_is_kept_for_an_hour_and_is_its_editors_own(editor, desk):
    upload(editor, desk, write_yaml(retitled()), "a.yaml")
    other = staff("view_questionnaire", "change_questionnaire", email="other@example.org")
    assert (
        "no upload any more"
        in other.post(address("import-preview", desk), {"seen": "x"}, follow=True).text
    )
    PendingImport.objects.update(at=timezone.now() - transfer.KEPT - timedelta(seconds=1))
    assert "no upload any more" in say_yes(editor, desk).text
    assert document_of(desk) == small()
    upload(other, desk, write_yaml(retitled()), "a.yaml")
    assert PendingImport.objects.get().by.email == "other@example.org"


def test_of_two_uploads_the_first_is_forgotten(desk):
    by, now = User.objects.create_user("e@example.org"), timezone.now()

    def held(title: str, at: Any) -> PendingImport:
        found = transfer.read_upload(write_yaml(retitled(title)).encode(), "yaml", desk)
        return transfer.hold(upload=found, file_name="a.yaml", by=by, at=at)

    first = held("First", now)
    held("Second", now + timedelta(seconds=1))
    with pytest.raises(DomainError):
        transfer.carry_out(pending=first, seen=first.mark, at=now)
    assert document_of(desk) == small()


# --- Who may ------------------------------------------------------------------------------------


def test_import_needs_change_and_export_view(desk):
    reader = staff("view_questionnaire", email="reader@example.org")
    shown = reader.get(address("export", desk))
    assert (shown.status_code, "See what would change" in shown.text) == (200, False)
    assert reader.get(address("export-file", desk, "desk", "yaml")).status_code == 200
    for name in ("import", "import-preview", "import-discard"):
        assert reader.post(address(name, desk)).status_code == 403
    nobody = staff(email="nobody@example.org")
    for link in (address("export", desk), address("export-file", desk, "desk", "csv")):
        assert nobody.get(link).status_code == 403


def test_a_new_questionnaire_needs_the_right_to_add_one(desk):
    changer = staff("change_questionnaire", email="changer@example.org")
    reply = upload(changer, desk, write_yaml(retitled(slug="brand-new")), "a.yaml")
    assert reply.status_code == 403
    assert not PendingImport.objects.exists()


# --- Tables of questions ------------------------------------------------------------------------


def table(items: list[Any], kind: str) -> bytes:
    return transfer.written_items(items, kind)


def cells_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_csv(rows: list[list[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize("kind", transfer.TABLES)
@pytest.mark.parametrize("document", [small, shipped_questionnaire])
def test_a_table_comes_back_as_it_went(kind, document):
    desk = load_onto_desk(document=document(), at=timezone.now())
    content = transfer.written(document(), kind)
    assert transfer.read_upload(content, kind, desk).document == document()


@pytest.mark.parametrize("kind", transfer.TABLES)
def test_texts_like_formulas_are_written_so_that_nothing_runs_and_come_back(kind, desk):
    data = small_data()
    odd = (ODD, "'=x", "''", "+1", "-", "\t@", "1.10", "2024-01-02", " ends ", "’quoted’")
    texts = [one for one in odd if not one.startswith("\t")]
    for item, text in zip((i for i in data["items"] if i["kind"] == "pair"), texts, strict=False):
        item["left"]["text"] = text
    content = transfer.written(small(data), kind)
    if kind == "csv":
        written = [cell for row in cells_of(content) for cell in row]
    else:
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        written = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
        assert {c.data_type for row in sheet.iter_rows() for c in row if c.value} == {"s"}
    assert not [cell for cell in written if cell[:1] in "=+-@" and cell]
    assert transfer.read_upload(content, kind, desk).document == small(data)


@pytest.mark.parametrize("kind", transfer.TABLES)
def test_a_table_changes_and_adds_questions_after_a_preview(editor, desk, kind):
    data = small_data()
    first = data["items"][0]
    first["left"]["text"] = "Reworded in a spreadsheet"
    new = copy.deepcopy(first) | {"key": "time-9"}
    reply = upload(editor, desk, table([first, new], kind), f"items.{kind}")
    assert reply.url == address("import-preview", desk)
    shown = previewed(editor, desk)
    assert "Questions reworded (1)" in shown
    assert "spreadsheet" in shown
    assert document_of(desk) == small()

    say_yes(editor, desk)

    found = document_of(desk)
    assert found == small(data | {"items": [*data["items"], new]})
    parts = {tuple(one["part"]) for one in DeskChange.objects.first().differences}
    assert parts == {("items", first["key"]), ("items", "time-9")}


def test_all_faults_of_a_table_are_told_by_row_and_column_and_nothing_changes(editor, desk):
    rows = cells_of(transfer.written(small(), "csv"))
    header = rows[0]

    def spoil(row: int, column: str, text: str) -> None:
        rows[row - 1][header.index(column)] = text

    spoil(2, "kind", "pear")
    spoil(3, "left_text", "")
    spoil(4, "key", "Not A Key")
    spoil(4, "dimension", "timme")
    spoil(21, "option_1_fit_a", "many")
    spoil(21, "source_refs", "9.9")
    spoil(12, "dimension", "nowhere")
    before = read_desk(desk).plain
    reply = upload(editor, desk, as_csv(rows), "items.csv")
    assert reply.status_code == 422
    assert [where for where, _message in reply.context["told"]] == [
        "row 2, column kind",
        "row 3, column left_text",
        "row 4, column key",
        "row 4, column dimension",
        "row 12, column dimension",
        "row 21, column option_1_fit_a",
        "row 21, column source_refs",
    ]
    assert read_desk(desk).plain == before
    assert not PendingImport.objects.exists()


def test_names_that_are_not_on_the_desk_are_told_by_row_and_column(editor, desk):
    rows = cells_of(transfer.written(small(), "csv"))
    rows[5][rows[0].index("dimension")] = "timme"
    rows[7][rows[0].index("source_refs")] = "9.9"
    reply = upload(editor, desk, as_csv(rows), "items.csv")
    assert dict(reply.context["told"]).keys() == {
        "row 6, column dimension",
        "row 8, column source_refs",
    }


def test_faults_of_an_incomplete_desk_are_told_as_such(editor, desk):
    Questionnaire.objects.update(title="")
    reply = upload(editor, desk, transfer.written(small(), "csv"), "items.csv")
    [(where, message)] = reply.context["told"]
    assert (where, message.startswith("On the desk, not in this file")) == ("title", True)


def test_semicolons_and_empty_rows_are_put_up_with(desk):
    rows = cells_of(transfer.written(small(), "csv"))
    rows[3:3] = [[""] * len(rows[0]), []]
    content = as_csv(rows, delimiter=";")
    assert transfer.read_upload(content, "csv", desk).document == small()
    rows[5][rows[0].index("kind")] = "pear"
    with pytest.raises(DocumentFaults) as error:
        transfer.read_upload(as_csv(rows, ";"), "csv", desk)
    assert [fault.line for fault in error.value.faults] == [6]


# --- Files that are no tables, or mean harm -----------------------------------------------------


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The workbook with some of its parts replaced or added, by names without their dots."""
    names = {"macros": "xl/vbaProject.bin", "sheet": "xl/worksheets/sheet1.xml"}
    new, out = {names[key]: data for key, data in parts.items()}, io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for part in old.infolist():
            if part.filename not in new:
                archive.writestr(part.filename, old.read(part))
        for name, data in new.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_formulas_dates_and_errors_in_cells_are_told_by_row_and_column(desk):
    content = transfer.written(small(), "xlsx")
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["left_text"]).value = '=HYPERLINK("http://example.org")'
    sheet.cell(3, column["left_text"]).value = date(2024, 1, 2)
    sheet.cell(4, column["left_text"]).value = "#REF!"
    sheet.cell(4, column["left_text"]).data_type = "e"
    sheet.cell(5, column["dimension"]).value = True
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(DocumentFaults) as error:
        transfer.read_upload(out.getvalue(), "xlsx", desk)
    told = [(fault.line, fault.path[0], fault.message[:14]) for fault in error.value.faults]
    assert told == [
        (2, "left_text", "This is a form"),
        (3, "left_text", "This is a date"),
        (4, "left_text", "This is no tex"),
        (5, "dimension", "This is no tex"),
    ]


ZEROS = b"<worksheet>" + bytes(60_000_000)


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        pytest.param(lambda: b"", "xlsx", "no XLSX file", id="empty"),
        pytest.param(lambda: b"key,kind\n", "xlsx", "no XLSX file", id="renamed csv"),
        pytest.param(lambda: workbook([1])[:200], "xlsx", "no XLSX file", id="torn"),
        pytest.param(lambda: workbook([1]), "csv", "no CSV file", id="renamed xlsx"),
        pytest.param(lambda: "é".encode("latin-1"), "csv", "in UTF-8", id="old encoding"),
        pytest.param(lambda: b'key\n"a', "csv", "cannot be read as CSV", id="open quote"),
        pytest.param(lambda: b"\xef\xbb\xbf", "csv", "no headers", id="no headers"),
        pytest.param(lambda: workbook(), "xlsx", "no headers", id="empty workbook"),
        pytest.param(lambda: b"k\n" * 2_500, "csv", "more than 2000 rows", id="long csv"),
        pytest.param(lambda: b"," * 200, "csv", "more than 100 columns", id="wide csv"),
        pytest.param(lambda: b"a" * 1_000_001, "csv", "too large", id="large csv"),
        pytest.param(
            lambda: repacked(workbook([1]), macros=b"x"), "xlsx", "has macros", id="macros"
        ),
        pytest.param(
            lambda: repacked(workbook([1]), sheet=ZEROS), "xlsx", "unpacks to far", id="bomb"
        ),
        pytest.param(
            lambda: repacked(workbook([1]), sheet=b"<worksheet><a></worksheet>"),
            "xlsx", "no XLSX file", id="broken xml",
        ),
        pytest.param(
            lambda: repacked(workbook([1]), sheet=tall_sheet(100_000)),
            "xlsx", "more than 2000 rows", id="100,000 rows",
        ),
        pytest.param(
            lambda: repacked(workbook([1]), sheet=sheet_with("XFD1048576")),
            "xlsx", "more than 2000 rows", id="one cell far away",
        ),
        pytest.param(
            lambda: workbook([*range(150)]), "xlsx", "more than 100 columns", id="wide",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_words(content, kind, said):
    with pytest.raises(BadTable, match=said):
        read_table(content(), kind)


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>%s</sheetData></worksheet>"
)


def tall_sheet(rows: int) -> bytes:
    cells = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, rows + 1))
    return (SHEET % cells).encode()


def sheet_with(place: str) -> bytes:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (SHEET % f'<row r="{row}"><c r="{place}"><v>1</v></c></row>').encode()


def test_a_file_of_no_kind_we_know_or_too_large_is_refused_on_the_page(editor, desk):
    for content, name, said in (
        (b"x", "items.exe", "ends in .yaml"),
        (b"", "items.yaml", "This file is empty"),
        (b"x" * 1_000_001, "items.yaml", "This file is too large"),
        (b"x", "items.xlsx", "no XLSX file"),
    ):
        reply = upload(editor, desk, content, name)
        assert (reply.status_code, said in reply.text) == (422, True), name
    assert "Choose a file." in editor.post(address("import", desk)).text
