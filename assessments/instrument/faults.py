"""What is wrong with a document, and where."""

from dataclasses import dataclass, replace
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: where it stands in the document, and a sentence that says what to do.

    `path` leads from the top of the document to the value (`("items", 3, "text")`), `line` is
    its 1-based line in the file it was read from, if it was read from one. A *warning* does not
    stop publishing.
    """

    path: Path
    message: str
    line: int | None = None
    level: Literal["fault", "warning"] = "fault"

    def at_line(self, line: int | None) -> "Fault":
        """The same fault with the line of the file it was found in."""
        return replace(self, line=line)

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.path) or "document"
        line = f"line {self.line}: " if self.line else ""
        return f"{line}{where}: {self.message}"


def warning(path: Path, message: str) -> Fault:
    """Something that deserves a look and does not stop publishing."""
    return Fault(path, message, level="warning")


class DocumentFaults(Exception):
    """A document cannot be read; all of its faults at once, in the order of the file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
