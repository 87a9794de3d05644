"""Reads a Dockerfile: its stages, and what each of them does, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction; its lines joined to one."""

    word: str
    argument: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What one FROM begins."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def arguments(self, word: str) -> list[str]:
        """What follows a word, each time that it stands in this stage."""
        return [step.argument for step in self.steps if step.word == word]


def stages(text: str) -> list[Stage]:
    """The stages, first to last. Here-documents and ARG are not known."""
    without_comments = re.sub(r"^[ \t]*#.*\n", "", text, flags=re.MULTILINE)
    found: list[Stage] = []
    for line in re.sub(r"\\\n\s*", "", without_comments).splitlines():
        if not line.strip():
            continue
        word, argument = line.split(maxsplit=1)
        if word == "FROM":
            base, *named = argument.split(" AS ")
            found.append(Stage(base, named[0] if named else ""))
        else:
            found[-1].steps.append(Step(word, argument))
    return found
