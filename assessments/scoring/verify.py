"""Proof that a report follows from its answers: the file a person can keep (`export/1`)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assessments.instrument.canonical import canonical_json, digest
from assessments.instrument.document import Questionnaire
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.calibration import Calibration
from assessments.scoring.report import Report
from assessments.scoring.write import SCORERS

EXPORT_SCHEMA = "export/1"

PartT = TypeVar("PartT", bound=BaseModel)


def export(
    document: Questionnaire,
    sheet: AnswerSheet,
    report: Report,
    calibration: Calibration | None = None,
) -> dict[str, object]:
    """The report with all that it follows from, ready for JSON.

    `edition` is the whole document; `answers` holds every item of the form, a skipped one as
    null; `seconds` is left out where none are known; `calibration` is the one that the report
    names, null where it names none. Raises ValueError if it is another.
    """
    if report.calibration != (calibration.number if calibration else None):
        raise ValueError(f"The report was written with calibration {report.calibration}.")
    form = document.form[sheet.form]
    content: dict[str, object] = {
        "schema": EXPORT_SCHEMA,
        "report": json.loads(report.canonical()),
        "edition": json.loads(canonical_json(document)),
        "answers": {key: sheet.answers.get(key) for key in form.item_keys},
        "calibration": json.loads(calibration.canonical()) if calibration else None,
    }
    if sheet.seconds:
        content["seconds"] = dict(sheet.seconds)
    return content


def verify(exported: Mapping[str, object]) -> list[str]:
    """Score the exported answers again and say in words what differs; [] = the report holds.

    Raises ValueError, with a sentence for a person, if it is not an export that can be checked.
    """
    document, sheet, report = read_export(exported)
    calibration, edition_digest = read_calibration(exported), digest(document)
    try:
        again = SCORERS[report.scoring](
            document, sheet, report.edition, edition_digest, calibration
        )
    except KeyError as error:
        raise ValueError(f"The edition refers to {error}, which it does not have.") from error
    # What is compared is the file as it stands, not what reading it made of it.
    found = list(_differences(exported["report"], json.loads(again.canonical()), ""))
    if calibration and calibration.edition_digest != edition_digest:
        found.append("calibration.edition_digest: it is of another edition than the answers")
    return found


def read_export(exported: Mapping[str, object]) -> tuple[Questionnaire, AnswerSheet, Report]:
    """The edition, the answers and the report of an export, none of them checked yet.

    Raises ValueError, with a sentence for a person, if it cannot be read.
    """
    if exported.get("schema") != EXPORT_SCHEMA:
        raise ValueError(f"This is not an {EXPORT_SCHEMA} file.")
    document = _read(Questionnaire, exported, "edition")
    report = _read(Report, exported, "report")
    if report.scoring not in SCORERS:
        raise ValueError(f"This report was written by scorer {report.scoring}, unknown here.")
    if report.calibration is not None and exported.get("calibration") is None:
        raise ValueError(f"The file lacks calibration {report.calibration} of its report.")
    answers = _object(exported, "answers")
    seconds = _object({"seconds": {}, **exported}, "seconds")
    return document, AnswerSheet(report.form, answers, seconds), report


def read_calibration(exported: Mapping[str, object]) -> Calibration | None:
    """The calibration of an export; None if its report used none.

    Raises ValueError, with a sentence for a person, if it cannot be read.
    """
    if exported.get("calibration") is None:
        return None
    return _read(Calibration, exported, "calibration")


def _read(model: type[PartT], exported: Mapping[str, object], name: str) -> PartT:
    try:
        return model.model_validate_json(json.dumps(exported.get(name), allow_nan=False))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in (name, *first["loc"]))
        raise ValueError(f"The file cannot be read at {where}: {first['msg']}.") from error
    except (TypeError, ValueError) as error:
        raise ValueError(f"The file's {name} is not JSON: {error}.") from error


def _object(exported: Mapping[str, object], name: str) -> Mapping[str, Any]:
    content = exported.get(name)
    if not isinstance(content, dict):
        raise ValueError(f"The file's {name} must be an object with an entry for each item.")
    return content


def _differences(found: object, expected: object, path: str) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted({**found, **expected}):
            inner = f"{path}.{key}" if path else key
            yield from _differences(found.get(key), expected.get(key), inner)
    elif isinstance(found, list) and isinstance(expected, list):
        if len(found) != len(expected):
            yield f"{path}: the report has {len(found)}, scoring gives {len(expected)}"
        for index, (one, other) in enumerate(zip(found, expected, strict=False)):
            yield from _differences(one, other, f"{path}.{index}")
    elif found != expected:
        yield f"{path}: the report says {json.dumps(found)}, scoring gives {json.dumps(expected)}"
