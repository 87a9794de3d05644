"""Questionnaires as files: YAML for people, and JSON for programs.

There is one layout for a document's YAML: equal documents are written alike, and a file in that
layout is written back byte for byte.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import yaml
from pydantic import ValidationError

from assessments.instrument.document import Questionnaire
from assessments.instrument.faults import DocumentFaults, Fault
from assessments.instrument.plain import MAX_DEPTH, Plain, read_plain
from assessments.instrument.references import reference_faults
from assessments.instrument.sentences import schema_faults, shown

MAX_BYTES = 1_000_000  # ten times the shipped questionnaire and its study plan
MAX_FAULTS = 500  # a file with more is not nearly a questionnaire
LINE_WIDTH = 99


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A document, and where in its file everything stands."""

    document: Questionnaire
    plain: Plain

    def located(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """The document's faults with their lines, in the order of the file."""
        return _located(faults, self.plain)


def read_yaml_file(text: str | bytes) -> ReadFile:
    """The document that a YAML file says, with the lines for faults that are found later.

    Raises `DocumentFaults` with everything that is wrong, in the order of the file: its YAML,
    unknown, missing and mistyped values, and names of things that are not there.
    """
    plain = read_plain(_decoded(text))
    return ReadFile(_document(plain), plain)


def read_yaml(text: str | bytes) -> Questionnaire:
    """The document that a YAML file says; raises `DocumentFaults`, as `read_yaml_file` does."""
    return read_yaml_file(text).document


def read_json(text: str | bytes) -> Questionnaire:
    """The document that a JSON file says; raises `DocumentFaults`, with lines for syntax only."""
    plain = Plain()

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        for key, times in Counter(key for key, _ in pairs).items():
            if times > 1:
                plain.report((), f"The key {shown(key)} is twice in one object. Keep one.")
        return dict(pairs)

    try:
        plain.data = _tuples(json.loads(_decoded(text), object_pairs_hook=once))
    except json.JSONDecodeError as error:
        plain.report((), f"This is not valid JSON ({error.msg}).", error.lineno)
        plain.stop()
    # Deeper than Python counts, or a number of thousands of digits.
    except (RecursionError, ValueError):
        plain.report((), f"Nest no deeper than {MAX_DEPTH} levels, and write ordinary numbers.")
        plain.stop()
    return _document(plain)


def read_data(data: object) -> Questionnaire:
    """The document that dicts, lists and scalars say; raises `DocumentFaults`, without lines."""
    return _document(Plain(_tuples(data)))


def write_yaml(document: Questionnaire) -> str:
    """The document in its one YAML layout.

    Keys are in the models' order, a role's targets in the dimensions' order; what is as by
    default is left out. `read_yaml` gives an equal document back.
    """
    return yaml.dump(
        _ordered(document),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=LINE_WIDTH,
    )


def write_json(document: Questionnaire) -> str:
    """The document as JSON to look at, in the order of the YAML."""
    return json.dumps(_ordered(document), ensure_ascii=False, indent=2) + "\n"


def _decoded(text: str | bytes) -> str:
    # A lone surrogate must get past here: it is refused, with its line, further on.
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(content) > MAX_BYTES:
        size = f"{len(content) / 1_000_000:.1f} MB"
        message = f"This file has {size}; a questionnaire may have {MAX_BYTES // 1_000_000} MB."
        raise DocumentFaults((Fault((), f"{message} Remove what does not belong in it."),))
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentFaults((Fault((), "Save this file as UTF-8.", line),)) from None


def _document(plain: Plain) -> Questionnaire:
    document = None
    faults = list(plain.faults)
    try:
        document = Questionnaire.model_validate(plain.data)
    except ValidationError as error:
        found = schema_faults(error, plain.written)
        faults += _enough(fault for fault in found if fault.path not in plain.refused)
    reported = {fault.path for fault in faults}
    found = reference_faults(plain.data)
    faults += _enough(fault for fault in found if fault.path not in reported)
    if document is None or faults:
        raise DocumentFaults(_in_file_order(faults, plain))
    return document


def _enough(faults: Iterable[Fault]) -> Iterable[Fault]:
    """As many as are told, and one to know that there are more: each costs time to say."""
    return islice(faults, MAX_FAULTS + 1)


def _in_file_order(faults: list[Fault], plain: Plain) -> tuple[Fault, ...]:
    placed = _located(faults, plain)
    if len(placed) > MAX_FAULTS:
        return (*placed[:MAX_FAULTS], Fault((), "Mend these first; there are more."))
    return placed


def _located(faults: Iterable[Fault], plain: Plain) -> tuple[Fault, ...]:
    placed = (
        fault if fault.line else fault.at_line(plain.line_of(fault.path)) for fault in faults
    )
    return tuple(sorted(placed, key=lambda fault: fault.line or 0))


def _tuples(value: object, depth: int = 0) -> object:
    """The same data with tuples for lists, as the frozen models have them."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, list | tuple):
        return tuple(_tuples(entry, depth + 1) for entry in value)
    if isinstance(value, Mapping):
        return {key: _tuples(entry, depth + 1) for key, entry in value.items()}
    return value


def _ordered(document: Questionnaire) -> dict[str, Any]:
    data = document.model_dump(by_alias=True, exclude_defaults=True)
    place = {dimension.key: n for n, dimension in enumerate(document.dimensions)}
    for role in data["roles"]:
        targets = role["targets"]
        keys = sorted(targets, key=lambda key: (place.get(key, len(place)), key))
        role["targets"] = {key: targets[key] for key in keys}
    return data


class _Dumper(yaml.SafeDumper):
    """PyYAML's own dumper in Python, whose layout does not depend on a C library."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent_text(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    """Several lines stand as they are unless spaces at their ends would get lost."""
    if "\n" not in text:
        return None
    lines = text.removesuffix("\n").split("\n")
    whole = lines[0] and lines[-1] and all(line == line.strip() for line in lines)
    return "|" if whole else '"'


_Dumper.add_representer(str, _Dumper.represent_text)
# Whatever begins like a number is written in quotes: some YAML readers take 1e5 or 0o7 for one,
# and people see that references are texts, '2.1' as well as '2.1a'.
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?\.?[0-9]"), list("-+.0123456789")
)
