"""The shipped questionnaire cut down to 40 kB of YAML, and that file with twelve faults."""

from __future__ import annotations

import re
from pathlib import Path

from assessments.instrument.files import read_data, read_yaml, write_yaml
from tests.instrument.small import Data

SHIPPED = Path(__file__).parents[2] / "assessments" / "content" / "pm-b2b-b2c.yaml"
PLANTED = " # planted"


def medium_yaml() -> str:
    """Two dimensions and two roles with all that is theirs; it reads, and its forms are short."""
    document = read_yaml(SHIPPED.read_text(encoding="utf-8"))
    return write_yaml(read_data(_cut(document.model_dump(by_alias=True, mode="json"))))


def twelve_faults() -> tuple[str, list[str]]:
    """The same file with a fault of each kind, and what is told of it, in the file's order.

    Each fault is in a line that ends with a comment: lines are counted here by these.
    """
    text, told = medium_yaml(), []
    place = 0
    for old, new, sentence in _PLANTED:
        found = re.compile(old, re.MULTILINE).search(text, place)
        assert found, old
        replacement = found.expand(new)
        text = text[: found.start()] + replacement + text[found.end() :]
        place = found.start() + len(replacement)
        told.append(sentence)
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.endswith(PLANTED)]
    return text, [f"line {line}: {said}" for line, said in zip(lines, told, strict=True)]


# In the order of the file: what stands there, what is put there, and what is told of it.
_PLANTED = (
    (
        r"^language: en$",
        rf"language: English{PLANTED}",
        "language: Write a language code here, as in `en` or `pt-BR`. This is `English`.",
    ),
    (
        r"^(licence: .*)$",
        rf"\1\nlicence: CC0{PLANTED}",
        "licence: This key is here twice (first in line 5). Keep one.",
    ),
    (
        r"^  - term: product manager\n    gloss: .*$",
        rf"  - term: product manager{PLANTED}",
        "glossary.1.gloss: `gloss` is missing. Add it.",
    ),
    (
        r"^  - term: B2C$",
        rf"  - term: PM{PLANTED}",
        "glossary.2.term: The term `PM` is here twice. Rename or remove one.",
    ),
    (
        r"^background:\n  - key: (.*)\n    text: .*\n    options:\n      - key: (.*)\n"
        r"        text: .*$",
        r"background:\n  - key: \1\n    text: What?\n    options:\n      - key: \2\n"
        rf"        text: {'x' * 151}{PLANTED}",
        "background.0.options.0.text: Shorten this to 150 characters; it has 151.",
    ),
    (
        r"^    definition:",
        rf"    defintion: What it is.{PLANTED}\n    definition:",
        "dimensions.0.defintion: Unknown key `defintion`. Did you mean `definition`?",
    ),
    (
        r"(^items:\n(?:.+\n)*?    source_refs:\n)      - .*$",
        rf"\1      - '9.9'{PLANTED}",
        "items.0.source_refs.0: There is no source `9.9`. Add it or mend this.",
    ),
    (
        r"^        fit_b: .$",
        rf"        fit_b: 3{PLANTED}",
        "items.4.options.0.fit_b: Write a number of 2 or less, not `3`.",
    ),
    (
        r"^      rows: true$",
        rf"      rows: yes{PLANTED}",
        "forms.0.rules.rows: Write true or false here, not `yes`.",
    ),
    (
        r"^    targets:$",
        rf"    targets:\n      price:{PLANTED}\n        position: 0\n        weight: 0",
        "roles.0.targets.price: There is no dimension `price`. Add it or mend this.",
    ),
    (
        r"^      url: https://.*$",
        rf"      url: www.example.org{PLANTED}",
        "study.resources.0.url: Write a web address here that begins with https:// or http://. "
        "This is `www.example.org`.",
    ),
    (
        r"(^  recommendations:\n(?:.+\n)*?)      dimension: .*$",
        rf"\1      dimension: price{PLANTED}",
        "study.recommendations.0.dimension: There is no dimension `price`. Add it or mend this.",
    ),
)


def _cut(data: Data) -> Data:
    data["glossary"] = data["glossary"][:8]
    data["dimensions"] = data["dimensions"][:2]
    data["roles"] = data["roles"][:2]
    kept = {row["key"] for row in data["dimensions"]}
    roles = {row["key"] for row in data["roles"]}
    data["items"] = [row for row in data["items"] if row["dimension"] in kept]
    for role in data["roles"]:
        role["near"] = [row for row in role["near"] if row["role"] in roles]
        role["targets"] = {key: role["targets"][key] for key in kept}
    _cut_forms(data)
    _cut_study(data["study"], kept)
    sourced = [*data["dimensions"], *data["items"], *data["study"]["recommendations"]]
    cited = {ref for row in sourced for ref in row["source_refs"]}
    data["sources"] = [row for row in data["sources"] if row["ref"] in cited]
    return data


def _cut_forms(data: Data) -> None:
    keys = {row["key"] for row in data["items"]}
    for form in data["forms"]:
        for section in form["sections"]:
            section["items"] = [key for key in section["items"] if key in keys]
        form["sections"] = [section for section in form["sections"] if section["items"]]


def _cut_study(study: Data, kept: set[str]) -> None:
    packed = {*study["foundation"], *study["groundwork"], *study["closing"]}
    study["recommendations"] = [
        row for row in study["recommendations"] if row["dimension"] in kept or row["key"] in packed
    ]
    study["tie_order"] = [key for key in study["tie_order"] if key in kept]
    read = {key for row in study["recommendations"] for key in row["resources"]}
    study["resources"] = [row for row in study["resources"] if row["key"] in read]
