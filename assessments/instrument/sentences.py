"""What pydantic found, said as sentences that tell what to do."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assessments.instrument.document import (
    KEY_PATTERN,
    LANGUAGE_PATTERN,
    LINE_PATTERN,
    TEXT_PATTERN,
    URL_PATTERN,
    Questionnaire,
)
from assessments.instrument.faults import Fault, Path

SHOWN_LENGTH = 60  # of a wrong value, in a sentence
# Beyond these, no "did you mean": keys are no longer, and comparing takes time.
GUESSED_LENGTH = 60
GUESSED_AMONG = 500

_PATTERNS = {
    KEY_PATTERN: "Use small letters, digits and single hyphens, as in `first-of-two`.",
    TEXT_PATTERN: "Write something that can be seen, without tabs and control characters.",
    LINE_PATTERN: "Write something that can be seen, in one line, without tabs.",
    LANGUAGE_PATTERN: "Write a language code here, as in `en` or `pt-BR`.",
    URL_PATTERN: "Write a web address here that begins with https:// or http://.",
}


def schema_faults(error: ValidationError, written: dict[Path, str]) -> Iterator[Fault]:
    """A fault for each thing pydantic found; `written` has the numbers as the file spells them."""
    return (_fault(details, written) for details in error.errors(include_url=False))


def shown(value: object) -> str:
    """A wrong value, short and printable, to stand in a sentence."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))
    return f"`{text[:SHOWN_LENGTH]}…`" if len(text) > SHOWN_LENGTH else f"`{text}`"


def did_you_mean(word: str, known: Collection[str]) -> str:
    """` Did you mean …?` with the known word nearest to it, or nothing."""
    quick = len(word) <= GUESSED_LENGTH and len(known) <= GUESSED_AMONG
    near = get_close_matches(word, known, n=1) if quick else []
    return f" Did you mean `{near[0]}`?" if near else ""


def _fault(details: ErrorDetails, written: dict[Path, str]) -> Fault:
    path = _path(details)
    value = written.get(path, details["input"])
    return Fault(path, _sentence(details, value))


def _path(details: ErrorDetails) -> Path:
    """Where it stands in the file; pydantic puts in steps of its own."""
    path = details["loc"]
    if path[:1] == ("items",):
        path = path[:2] + path[3:]  # without the kind
    if path[-3:-2] == ("targets",) and path[-1] == "[key]":
        path = path[:-1]
    if details["type"].startswith("union_tag"):
        path = (*path, "kind")
    return path


def _sentence(details: ErrorDetails, value: object) -> str:
    ctx: dict[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "missing":
            return _missing(details["loc"][-1])
        case "union_tag_not_found":
            return _missing("kind")
        case "extra_forbidden":
            return _unknown_key(details["loc"])
        case "string_type":
            return _not_a_text(details["input"], value)
        case "int_type":
            return f"Write a whole number here, without quotes, not {_named(value)}."
        case "bool_type":
            return f"Write true or false here, not {_named(value)}."
        case "literal_error":
            return _one_of(ctx["expected"], value)
        case "union_tag_invalid":
            return _one_of(ctx["expected_tags"], ctx["tag"])
        case "tuple_type":
            return f"Write a list here (lines that begin with `- `), not {_named(value)}."
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"Write keys with their values here (`key: value`), not {_named(value)}."
        case "string_pattern_mismatch":
            return f"{_PATTERNS[ctx['pattern']]} This is {shown(value)}."
        case "string_too_short":
            return "Write something here; it is empty."
        case "string_too_long":
            length = len(details["input"])
            return f"Shorten this to {ctx['max_length']} characters; it has {length}."
        case "too_short":
            return f"List at least {ctx['min_length']} here, not {ctx['actual_length']}."
        case "too_long":
            return f"List at most {ctx['max_length']} here, not {ctx['actual_length']}."
        case "greater_than_equal":
            return f"Write a number of {ctx['ge']} or more, not {shown(value)}."
        case "less_than_equal":
            return f"Write a number of {ctx['le']} or less, not {shown(value)}."
        case _:  # string_unicode: half of a surrogate pair, which only JSON can spell
            return f"This cannot be read: {details['msg']}."


def _missing(step: int | str) -> str:
    if isinstance(step, int):
        return f"This list is too short: add entry {step + 1}."
    return f"`{step}` is missing. Add it."


def _not_a_text(found: object, value: object) -> str:
    if found is None or isinstance(found, (dict, tuple)):
        return f"Write a text here, not {_named(found)}."
    return f'This is read as a number or true/false, not as text: put it in quotes, "{value}".'


def _one_of(quoted: str, value: object) -> str:
    known = re.findall(r"'([^']*)'", quoted)
    words = ", ".join(f"`{word}`" for word in known)
    beginning = "Write" if len(known) == 1 else "Write one of"
    guess = did_you_mean(value, known) if isinstance(value, str) and len(known) > 1 else ""
    return f"{beginning} {words} here, not {_named(value)}.{guess}"


def _named(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "keys with values"
        case tuple():
            return "a list"
        case _:
            return shown(value)


def _unknown_key(loc: Path) -> str:
    *around, key = loc
    known = _known_keys(tuple(around))
    word = str(key)
    guess = did_you_mean(word, known) or f" Known here: {', '.join(known)}."
    return f"Unknown key {shown(word)}.{guess}"


@cache
def _schema() -> dict[str, Any]:
    return Questionnaire.model_json_schema()


def _known_keys(path: Path) -> list[str]:
    """The keys of the mapping at that place (a pydantic `loc`), by the document's schema."""
    schema = _schema()
    place = schema
    for step in path:
        if "oneOf" in place:
            place = {"$ref": place["discriminator"]["mapping"][step]}
        elif "prefixItems" in place:
            place = place["prefixItems"][step]
        elif "items" in place:
            place = place["items"]
        elif "properties" in place:
            place = place["properties"][step]
        else:
            (place,) = place["patternProperties"].values()  # targets, by any key
        if "$ref" in place:
            place = schema["$defs"][place["$ref"].rpartition("/")[2]]
    return list(place["properties"])
