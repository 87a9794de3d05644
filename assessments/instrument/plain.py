"""YAML text to plain data, with the line of every value.

Of YAML only what a document needs: mappings with text keys, lists, texts, whole numbers,
true/false and null. Anchors, aliases, tags and second documents are refused, so a small file
cannot grow in memory and cannot name a Python object. `no`, `on` and dates stay text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from assessments.instrument.faults import DocumentFaults, Fault, Path

MAX_DEPTH = 20  # a document is six deep; deeper nesting is a mistake or an attack

_PARSER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = {"", "~", "null"}
_TRUTH = {"true": True, "false": False}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]{1,20}\.[0-9]{1,20}")
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_HINTS = {
    "mapping values are not allowed": "Put a text that has a colon in it in quotes.",
    "cannot start any token": "Indent with spaces, not tabs, and quote a text that begins oddly.",
    "found unexpected end of stream": "Close the quote that was opened.",
}
_OTHER_HINT = "Look at the indentation and the quotes here and in the lines before."


@dataclass(slots=True)
class Plain:
    """What a file says, as dicts, tuples and scalars, before anybody asks whether it is right."""

    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    """How a number or true/false is written in the file: `1.10` is not 1.1."""
    refused: set[Path] = field(default_factory=set)
    """Where a value was left out because it is reported already."""
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, path: Path) -> int | None:
        """The line of that value, or of the nearest thing around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def report(self, path: Path, message: str, line: int | None = None) -> None:
        """Note a fault at that line, by default the value's."""
        self.faults.append(Fault(path, message, line or self.line_of(path)))

    def stop(self) -> NoReturn:
        """Give up, with everything found so far."""
        raise DocumentFaults(tuple(sorted(self.faults, key=lambda fault: fault.line or 0)))


def read_plain(text: str) -> Plain:
    """Read one YAML document; raises `DocumentFaults` where the rest cannot be made sense of."""
    plain = Plain()
    if found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        plain.report((), f"Remove the invisible character U+{ord(found[0]):04X}.", line)
        plain.stop()
    try:
        _Builder(plain, yaml.parse(text, Loader=_PARSER)).read()
    # The parser in Python trips over an escape that is no character.
    except (yaml.YAMLError, OverflowError, ValueError) as error:
        _report_syntax(plain, error)
        plain.stop()
    return plain


def _report_syntax(plain: Plain, error: Exception) -> None:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "an escape here is not a character"
    hint = next((hint for part, hint in _HINTS.items() if part in problem), _OTHER_HINT)
    plain.report(
        (), f"This is not valid YAML ({problem}). {hint}", mark.line + 1 if mark else None
    )


class _Builder:
    """Builds the data from the parser's events."""

    def __init__(self, plain: Plain, events: Iterator[Any]) -> None:
        self.plain = plain
        self.events = events

    def read(self) -> None:
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.plain.report((), "Keep one document per file.", _line(event))
                    break
                self.plain.data = self.value(next(self.events), ())

    def value(self, event: yaml.NodeEvent, path: Path) -> object:
        # In a mapping the key's line is there already, and tells more than the value's.
        self.plain.lines.setdefault(path, _line(event))
        if len(path) > MAX_DEPTH:
            self.plain.report(path, f"Nest no deeper than {MAX_DEPTH} levels.")
            self.plain.stop()
        if isinstance(event, yaml.AliasEvent):
            self.plain.report(path, "Write the value out; aliases (`*name`) are not read.")
            self.plain.refused.add(path)
            return None
        if event.anchor is not None:
            self.plain.report(path, "Remove the anchor (`&name`).")
        if event.tag is not None:  # type: ignore[attr-defined]  # untyped in the stubs
            self.plain.report(path, "Remove the tag (`!name`).")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            entries = enumerate(self.until(yaml.SequenceEndEvent))
            return tuple(self.value(entry, (*path, index)) for index, entry in entries)
        return self.scalar(event, path)

    def until(self, end: type[yaml.Event]) -> Iterator[Any]:
        while not isinstance(event := next(self.events), end):
            yield event

    def mapping(self, path: Path) -> dict[str, object]:
        entries: dict[str, object] = {}
        for event in self.until(yaml.MappingEndEvent):
            line = _line(event)
            key = _scalar(event) if _is_bare(event) else None
            if not isinstance(key, str):
                self.plain.report(path, "A key must be a text; put a number in quotes.", line)
                self.skip(event)
                self.skip(next(self.events))
            elif key in entries:
                first = self.plain.lines[*path, key]
                message = f"This key is here twice (first in line {first}). Keep one."
                self.plain.report((*path, key), message, line)
                self.skip(next(self.events))
            else:
                self.plain.lines[*path, key] = line
                entries[key] = self.value(next(self.events), (*path, key))
        return entries

    def skip(self, event: yaml.Event) -> None:
        """Pass over a value that begins with this event."""
        depth = 0
        while True:
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if not depth:
                return
            event = next(self.events)

    def scalar(self, event: Any, path: Path) -> object:
        value = _scalar(event)
        if isinstance(value, bool | int | float):
            self.plain.written[path] = event.value
        return value


def _is_bare(event: Any) -> bool:
    """A scalar with nothing before it: neither anchor nor tag."""
    return isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None


def _scalar(event: Any) -> object:
    text: str = event.value
    if not event.implicit[0]:  # quoted
        return text
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
