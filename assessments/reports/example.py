"""The invented person whose result the site shows as an example."""

import json
from functools import lru_cache
from pathlib import Path

from assessments.instrument.document import Questionnaire
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.reports.page import ResultPage, result_page
from assessments.scoring import AnswerSheet, Report, write_report

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


def example_page(edition: PublishedEdition, *, chosen_goal: str = "") -> ResultPage | None:
    """The example's result page; None where the questionnaire has no example."""
    scored = _scored(edition.pk)
    if scored is None:
        return None
    sheet, report = scored
    return result_page(edition.document, report, sheet.answers, chosen_goal=chosen_goal)


@lru_cache(maxsize=8)
def _scored(edition_pk: int) -> tuple[AnswerSheet, Report] | None:
    """Scored once per process: neither the edition nor the example changes."""
    edition = published_edition(edition_pk)
    sheet = example_sheet(edition.document)
    if sheet is None:
        return None
    report = write_report(
        edition.document, sheet, edition=edition.number, edition_digest=edition.digest
    )
    return sheet, report
