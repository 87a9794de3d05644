"""Documents and tables in and out of a desk.

What is uploaded is held while its preview is read, and goes onto the desk when the same person
says yes, if the desk still is as they saw it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.editing.models import PendingImport
from assessments.editing.tables import Cells, Table, read_table, write_table
from assessments.errors import DomainError
from assessments.instrument.canonical import canonical_json, parse_canonical
from assessments.instrument.checks import publishing_faults
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults, Fault
from assessments.instrument.files import (
    read_data,
    read_json,
    read_yaml_file,
    write_json,
    write_yaml,
)
from assessments.instrument.sheets import COLUMNS, items_from, rows_of
from assessments.people.models import User
from assessments.questionnaires.desk import read_desk
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.services import load_onto_desk

KEPT = timedelta(hours=1)
CONTENT_TYPES = {
    "yaml": "application/yaml; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TABLES = ("csv", "xlsx")
FIRST_ROW = 2  # below the headers
# What a row with faults is read as, to see whether the names in it are on the desk.
STAND_IN = {"key": "stand-in", "kind": "rating", "side": "a", "text": "…"}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a document, and what does not yet let it be published."""

    document: Document
    faults: tuple[Fault, ...]


def written(document: Document, kind: str) -> bytes:
    """The whole document as `yaml` or `json`, or its questions as `csv` or `xlsx`."""
    if kind in TABLES:
        return written_items(document.model_dump(by_alias=True)["items"], kind)
    text = write_yaml(document) if kind == "yaml" else write_json(document)
    return text.encode()


def written_items(items: Sequence[Mapping[str, Any]], kind: str) -> bytes:
    """Plain items, complete or not, as a table."""
    return write_table(rows_of(items), COLUMNS, kind)


def read_upload(content: bytes, kind: str, questionnaire: Questionnaire) -> Upload:
    """The document that a file says; a table changes the items of the questionnaire's desk.

    Raises `DocumentFaults` with everything that is wrong, and `BadTable`.
    """
    match kind:
        case "yaml":
            read = read_yaml_file(content)
            return Upload(read.document, read.located(publishing_faults(read.document)))
        case "json":
            document = read_json(content)
        case _:
            document = _with_items(questionnaire, read_table(content, kind))
    return Upload(document, publishing_faults(document))


# --- Tables of items -----------------------------------------------------------------------------


def _with_items(questionnaire: Questionnaire, table: Table) -> Document:
    """The desk with the items of the table in it; those that the table does not have stay."""
    desk = read_desk(questionnaire).plain
    rows: Sequence[Mapping[str, object]] = table.rows
    found = list(table.faults)
    try:
        items = items_from(rows, FIRST_ROW)
    except DocumentFaults as error:
        # A cell that could not be read is not empty as well.
        told = {(fault.line, fault.path) for fault in found}
        found += [fault for fault in error.faults if (fault.line, fault.path) not in told]
    if found:
        # Names that are not on the desk are told in the same go, of rows with other faults too.
        rows = _names_only(rows, found)
        try:
            items = items_from(rows, FIRST_ROW)
        except DocumentFaults:
            raise DocumentFaults(_by_row(found)) from None
    changed = _replaced(desk["items"], items)
    try:
        document = read_data({**desk, "items": changed})
    except DocumentFaults as error:
        places = _rows_by_key(rows, items)
        found += [_in_table(fault, changed, places) for fault in error.faults]
    if found:
        raise DocumentFaults(_by_row(found))
    return document


def _replaced(items: Sequence[Json], by: Sequence[Json]) -> list[Json]:
    """The items with others of the same keys in their places, and new ones at the end."""
    new = {item["key"]: item for item in by}
    kept = [new.get(item["key"], item) for item in items]
    known = {item["key"] for item in items}
    return [*kept, *(item for key, item in new.items() if key not in known)]


def _names_only(rows: Sequence[Cells], faults: Iterable[Fault]) -> list[Cells]:
    """The rows, where one with faults is a question that only has its dimension and sources."""
    bad = {(fault.line, _column_name(fault.path[0])) for fault in faults if fault.path}
    faulty = {row for row, _column in bad}
    found: list[Cells] = []
    for number, row in enumerate(rows, start=FIRST_ROW):
        cells = {_column_name(name): cell for name, cell in row.items()}
        if number not in faulty:
            found.append(row)
        elif not cells.get("dimension") or (number, "dimension") in bad:
            found.append({})
        else:
            refs = "" if (number, "source_refs") in bad else cells.get("source_refs", "")
            names = {"dimension": cells["dimension"], "source_refs": refs}
            found.append({**STAND_IN, "key": f"{STAND_IN['key']}-{number}", **names})
    return found


def _column_name(header: object) -> str:
    return "_".join(str(header).lower().split())


def _by_row(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


def _rows_by_key(rows: Sequence[Cells], items: Sequence[Json]) -> dict[str, int]:
    filled = [
        number
        for number, row in enumerate(rows, start=FIRST_ROW)
        if any(str(cell).strip() for cell in row.values())
    ]
    return {item["key"]: number for item, number in zip(items, filled, strict=True)}


def _in_table(fault: Fault, items: Sequence[Json], places: Mapping[str, int]) -> Fault:
    """A fault of the document by row and column; one that is not in the table as the desk's."""
    match fault.path:
        case ("items", int(index), *within) if items[index]["key"] in places:
            row = places[items[index]["key"]]
            return Fault((_column(within),), fault.message, row)
    return Fault(fault.path, _("On the desk, not in this file: %s") % fault.message)


def _column(within: Sequence[str | int]) -> str:
    match within:
        case ["options", int(n), str(name)]:
            return f"option_{n + 1}_{name}"
        case ["left" | "right" as side, str(name)]:
            return f"{side}_{name}"
        case [name, *_rest]:
            return str(name)
    return "key"


# --- Held until somebody says yes ----------------------------------------------------------------


def desk_state(slug: str) -> str:
    """What a desk says, complete or not, as a digest; "" where there is no such questionnaire."""
    questionnaire = Questionnaire.objects.filter(slug=slug).first()
    if questionnaire is None:
        return ""
    plain = json.dumps(read_desk(questionnaire).plain, sort_keys=True, ensure_ascii=False)
    return f"sha256:{sha256(plain.encode()).hexdigest()}"


def out_of_time(at: datetime) -> QuerySet[PendingImport]:
    """What nobody may say yes to any more."""
    return PendingImport.objects.filter(at__lte=at - KEPT)


@transaction.atomic
def hold(*, upload: Upload, file_name: str, by: User, at: datetime) -> PendingImport:
    """Keep what somebody uploaded for an hour, instead of what they uploaded before."""
    out_of_time(at).delete()
    pending, _is_new = PendingImport.objects.update_or_create(
        by=by,
        defaults={
            "at": at,
            "file_name": file_name,
            "document": canonical_json(upload.document),
            "faults": [str(fault) for fault in upload.faults if fault.level == "fault"],
            "desk_state": desk_state(upload.document.slug),
        },
    )
    return pending


def held(*, by: User, at: datetime) -> PendingImport | None:
    """What somebody has uploaded and not yet said yes to."""
    return PendingImport.objects.filter(by=by, at__gt=at - KEPT).first()


def discard(*, pending: PendingImport) -> None:
    """Forget what was held."""
    PendingImport.objects.filter(pk=pending.pk).delete()


@transaction.atomic
def carry_out(*, pending: PendingImport, seen: str, at: datetime) -> Questionnaire:
    """Put what was held onto the desk of its questionnaire, which may be a new one.

    `seen` is the mark of what the preview showed. Raises `DomainError`, and changes nothing, if
    the upload is another one by now, or the desk is not as it was.
    """
    document = parse_canonical(pending.document)
    gone = _(
        "The desk has changed since you looked, or the upload has. Choose the file once more."
    )
    held_now = PendingImport.objects.select_for_update().filter(pk=pending.pk, at=pending.at)
    if not held_now.exists() or pending.mark != seen:
        raise DomainError(gone)
    try:
        with transaction.atomic():
            if not pending.desk_state:
                # Whoever made it a moment ago keeps theirs.
                Questionnaire.objects.create(slug=document.slug, changed_at=at)
            # From here on nobody changes it, so what is compared is what is replaced.
            list(Questionnaire.objects.select_for_update().filter(slug=document.slug))
    except IntegrityError:
        raise DomainError(gone) from None
    if pending.desk_state and desk_state(document.slug) != pending.desk_state:
        raise DomainError(gone)
    note = _("From the file %(name)s") % {"name": pending.file_name}
    desk = load_onto_desk(document=document, at=at, by=pending.by, note=note)
    held_now.delete()
    return desk
