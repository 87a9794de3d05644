"""Nothing in code or templates knows what a questionnaire is about: poles and names are data."""

import re
from pathlib import Path

from tests.cast import shipped_questionnaire
from tests.second import second_questionnaire

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("assessments", "roleassess", "templates", "static")
KINDS = {".py", ".html", ".txt", ".js", ".css"}
# Questionnaires and guide pages are data; what others wrote is not ours to say.
LEFT_OUT = ("assessments/content/", "static/vendor/")
WORDS = re.compile(r"\bb2[bc]\b|product manag|engineering manag|individual contributor", re.I)

# Lines that may, by file: what is in them, and the reason.
ALLOWED = {
    "roleassess/settings.py": ["HOME_QUESTIONNAIRE ="],  # the default of a setting
    "assessments/people/passwords.py": ['"b2b", "b2c"'],  # words that nobody may use as one
    # The pages of the guide are files of ours, and their order is theirs.
    "assessments/guide/pages.py": ['"b2b-vs-b2c"'],
    "assessments/guide/views.py": ["FIRST_READ ="],
    # Docstrings with an example of what comes out.
    "assessments/instrument/document.py": ["Nothing here knows what the poles are about"],
    "assessments/reports/words.py": ['"35 to B2C"'],
    "assessments/reports/change_words.py": ['"50 towards B2B"'],
}


def lines_of_ours() -> dict[tuple[str, int], str]:
    """Every line of code, templates, styles and scripts, by file and number."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*"))]
    names = {file.relative_to(ROOT).as_posix(): file for file in files if file.suffix in KINDS}
    return {
        (name, number): line
        for name, file in names.items()
        if not name.startswith(LEFT_OUT)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    }


def is_allowed(name: str, line: str) -> bool:
    return any(part in line for part in ALLOWED.get(name, []))


def test_no_line_names_what_a_questionnaire_is_about():
    found = {place: line for place, line in lines_of_ours().items() if WORDS.search(line)}
    assert [place for place, line in found.items() if not is_allowed(place[0], line)] == []


def test_every_exception_is_still_needed():
    lines = lines_of_ours()
    for name, parts in ALLOWED.items():
        for part in parts:
            assert any(of == name and part in line for (of, _), line in lines.items()), part


def test_no_line_names_a_questionnaire_a_role_or_a_topic_of_ours():
    slugs = [d.slug for d in (shipped_questionnaire(), second_questionnaire())]
    # Roles have names of their own; a topic's key may be a word like any other ("design").
    keys = [key for d in (shipped_questionnaire(), second_questionnaire()) for key in d.role]
    telling = [key for key in keys if "-" in key]
    known = re.compile("|".join(rf"['\"]{re.escape(key)}['\"]" for key in slugs + telling))
    found = {place: line for place, line in lines_of_ours().items() if known.search(line)}
    assert [place for place, line in found.items() if not is_allowed(place[0], line)] == []
