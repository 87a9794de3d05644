import pytest

from assessments.instrument.document import Questionnaire
from tests.scoring.documents import full_size


@pytest.fixture
def document() -> Questionnaire:
    """The full-size stand-in for the shipped questionnaire."""
    return full_size()
