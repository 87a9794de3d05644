"""The second questionnaire that ships, for tests of what must not know the first one."""

from functools import cache
from pathlib import Path

from assessments.instrument.document import Questionnaire
from assessments.instrument.files import read_yaml

SECOND = Path(__file__).parent.parent / "assessments" / "content" / "engineer-or-manager.yaml"
FORM = "whole"


@cache
def second_questionnaire() -> Questionnaire:
    """Engineering or management: one form, five dimensions, other colours."""
    return read_yaml(SECOND.read_text(encoding="utf-8"))
