"""The invented person whose result the site shows as an example."""

import json
from pathlib import Path

from assessments.instrument.document import Questionnaire
from assessments.scoring import AnswerSheet

EXAMPLES = Path(__file__).parent.parent / "content" / "examples"


def example_sheet(document: Questionnaire) -> AnswerSheet | None:
    """The example answers to a questionnaire; None where it has none.

    An example outlives changes of the questionnaire: what no longer fits it is left out.
    """
    file = EXAMPLES / f"{document.slug}.json"
    if not file.exists():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    form = document.form.get(content["form"])
    if form is None:
        return None
    fitting = {
        key: value
        for key, value in content["answers"].items()
        if key in form.item_keys and document.item[key].accepts(value)
    }
    return AnswerSheet(form=form.key, answers=fitting)
