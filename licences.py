"""What ships under which licence, and whether it may: `./run licences`.

Ships: the packages of requirements.txt, the files under static/vendor, the questionnaires.
Licences are SPDX expressions. `ALLOWED` says which of them go together with the MIT licence of
RoleAssess, and why; `READ` which one a package has whose metadata do not say it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent

_PERMISSIVE = "permissive: keep its notice, which each package carries"
_BESIDE = "copyleft for its own files: we ship them unchanged, as a package that can be replaced"
ALLOWED = {
    "MIT": _PERMISSIVE,
    "MIT-0": "permissive, without even a notice",
    "MIT-CMU": _PERMISSIVE,
    "BSD-2-Clause": _PERMISSIVE,
    "BSD-3-Clause": _PERMISSIVE,
    "Apache-2.0": f"{_PERMISSIVE}; its grant of patents ends for those who sue over them",
    "PSF-2.0": _PERMISSIVE,
    "LGPL-3.0-only": _BESIDE,
    "MPL-1.1": _BESIDE,
    "MPL-2.0": _BESIDE,
    "CC-BY-4.0": "texts, not code: name the authors",
}

# Read in the package's own licence file: its metadata name several or none, or just say "BSD".
READ = {
    "brotlicffi": "MIT",
    "colorama": "BSD-3-Clause",
    "cssselect2": "BSD-3-Clause",
    "django-csp": "BSD-3-Clause",
    "django-import-export": "BSD-2-Clause",
    # The files of two parts are others': a decoder, and the list of public suffixes.
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "pydyf": "BSD-3-Clause",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "qrcode": "BSD-3-Clause AND MIT",
    "sqlparse": "BSD-3-Clause",
    "tinycss2": "BSD-3-Clause",
    "weasyprint": "BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
}
# What metadata of old say, in words that mean one licence.
WORDS = {
    "Apache Software License": "Apache-2.0",
    "CC BY 4.0": "CC-BY-4.0",
    "MIT License": "MIT",
    "The MIT License (MIT)": "MIT",
}
UNKNOWN = "unknown"
LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;]+)", re.MULTILINE)


class Shipped(NamedTuple):
    """A thing that ships; `licence` is an SPDX expression, or `UNKNOWN`."""

    name: str
    version: str
    licence: str


def shipped(root: Path) -> list[Shipped]:
    """Everything that ships, packages first."""
    return [*packages(root / "requirements.txt"), *vendored(root), *questionnaires(root)]


def packages(lock: Path) -> Iterator[Shipped]:
    """The packages of a lock, those for other machines too, which are not installed here."""
    for name, version in LOCKED.findall(lock.read_text()):
        yield Shipped(name, version, _licence_of(name))


def vendored(root: Path) -> Iterator[Shipped]:
    """The files of others among ours; beside each, or its like, stands its licence."""
    folder = root / "static" / "vendor"
    for file in sorted(folder.iterdir()):
        if file.suffix == ".LICENSE":
            continue
        licence = folder / f"{file.name.partition('.')[0]}.LICENSE"
        first = licence.read_text().splitlines()[0].strip() if licence.exists() else ""
        version = re.search(r"\bv(\d[\w.]*)", file.read_text()[:300])
        yield Shipped(f"static/vendor/{file.name}", version[1] if version else "", _spdx(first))


def questionnaires(root: Path) -> Iterator[Shipped]:
    """The questionnaires, by the licence that each of them names."""
    for file in sorted((root / "assessments" / "content").glob("*.yaml")):
        named = re.search(r"^licence: *(.+)$", file.read_text(), re.MULTILINE)
        yield Shipped(file.name, "", _spdx(named[1].strip() if named else ""))


def faults(things: Iterable[Shipped]) -> list[str]:
    """Of what may not ship, or is not known to, a sentence each."""
    return [
        f"{thing.name}: its licence is {thing.licence}, which licences.py does not allow."
        if thing.licence != UNKNOWN
        else f"{thing.name}: its licence is not known. Read it, and write it into licences.py."
        for thing in things
        if not is_allowed(thing.licence)
    ]


def is_allowed(expression: str) -> bool:
    """Whether all licences of an SPDX expression are, or one choice; it has no brackets."""
    return any(
        all(part.strip() in ALLOWED for part in choice.split(" AND "))
        for choice in expression.split(" OR ")
    )


def table(things: Iterable[Shipped]) -> str:
    """A line each, in columns."""
    lines = [Shipped("Name", "Version", "Licence"), *things]
    name, version = (max(len(line[place]) for line in lines) for place in (0, 1))
    return "\n".join(f"{one.name:{name}}  {one.version:{version}}  {one.licence}" for one in lines)


def _licence_of(package: str) -> str:
    try:
        said = metadata(package)
    except PackageNotFoundError:
        # For another machine.
        return READ.get(package, UNKNOWN)
    found = _field(said, "License-Expression") or _by_words(said)
    return READ.get(package, UNKNOWN) if found == UNKNOWN else found


def _by_words(said: PackageMetadata) -> str:
    """By the classifier, if there is just one, else by the field of old."""
    named = {
        entry.rpartition(" :: ")[2]
        for entry in said.get_all("Classifier") or []
        if entry.startswith("License :: OSI Approved ::")
    }
    return _spdx(named.pop() if len(named) == 1 else _field(said, "License"))


def _field(said: PackageMetadata, name: str) -> str:
    return (said.get_all(name) or [""])[0]


def _spdx(words: str) -> str:
    known = WORDS.get(words, words)
    return known if known in ALLOWED else UNKNOWN


def main() -> int:
    """Print the table; 1 if something may not ship."""
    things = shipped(ROOT)
    print(table(things))
    found = faults(things)
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
