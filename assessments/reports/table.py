"""A result as one table, for spreadsheets: a row for each score, role and answer."""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from assessments.instrument.document import Item, Questionnaire, Side, Value
from assessments.questionnaires.editions import PublishedEdition
from assessments.reports.page import ResultPage
from assessments.reports.words import PREFERENCE_UNIT
from assessments.scoring import Report


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; what does not apply to its part is empty."""

    part: str
    name: str
    key: str = ""
    result: str = ""
    score: str = ""
    side: str = ""
    likely_range: str = ""
    role_asks_for: str = ""
    ready_a: str = ""
    ready_a_band: str = ""
    ready_b: str = ""
    ready_b_band: str = ""
    want: str = ""
    can: str = ""
    value: str = ""


def result_table(
    edition: PublishedEdition,
    report: Report,
    page: ResultPage,
    answers: Mapping[str, Value],
    *,
    finished_at: datetime,
) -> Iterator[tuple[str, ...]]:
    """The headings and every row, as text.

    Scores are those of the page: 0 to 100 with the side beside them, so that no cell needs a
    minus. What the page does not show, for the form or for the quality, is not here either.
    """
    document = edition.document
    lines = [
        *_about(edition, report, page, finished_at),
        _overall(document, report, page),
        *_dimensions(document, report, page),
        *_roles(page),
        *_answers(document, page, answers),
    ]
    yield _headings(document)
    for line in lines:
        yield astuple(line)


def _headings(document: Questionnaire) -> tuple[str, ...]:
    a, b = document.poles.a.name, document.poles.b.name
    ready, in_words = _("Ready for %(pole)s"), _("Ready for %(pole)s, in words")
    return (
        _("Part"),
        _("Name"),
        _("Key"),
        _("Result"),
        _("Score (0-100)"),
        _("Side"),
        _("Likely range"),
        _("Role asks for"),
        ready % {"pole": a},
        in_words % {"pole": a},
        ready % {"pole": b},
        in_words % {"pole": b},
        _("Want"),
        _("Can"),
        _("Value"),
    )


def _about(
    edition: PublishedEdition, report: Report, page: ResultPage, finished_at: datetime
) -> list[Line]:
    document = edition.document
    facts = {
        _("Questionnaire"): document.title,
        _("Form"): document.form[report.form].title,
        _("Edition"): str(edition.number),
        _("Digest of the edition"): edition.digest,
        # By it a guess at the answers could be checked.
        **({_("Digest of your answers"): report.answers_digest} if page.answers else {}),
        _("Finished on"): finished_at.date().isoformat(),
        _("Your answers"): " ".join([page.quality, *page.quality_reasons]),
        _("Answered"): _("%(answered)d of %(asked)d")
        % {"answered": page.answered, "asked": page.asked},
        _("Not for"): _("hiring, promotion, dismissal or comparing people. It is a self-report."),
    }
    return [Line(part=_("About"), name=name, result=said) for name, said in facts.items()]


def _overall(document: Questionnaire, report: Report, page: ResultPage) -> Line:
    ready = {bar.side: bar for bar in page.bars}
    score, side = "", ""
    if page.preference and not page.is_low:
        score, side = _score_and_side(document, report.overall.preference)
    return Line(
        part=_("Overall"),
        name=_("What you prefer"),
        result=page.headline,
        score=score,
        side=side,
        likely_range="" if page.is_low else page.preference_range,
        ready_a=str(ready["a"].value) if "a" in ready else "",
        ready_a_band=ready["a"].band if "a" in ready else "",
        ready_b=str(ready["b"].value) if "b" in ready else "",
        ready_b_band=ready["b"].band if "b" in ready else "",
    )


def _dimensions(document: Questionnaire, report: Report, page: ResultPage) -> Iterator[Line]:
    preference = {row.key: row.preference for row in report.dimensions}
    for row in page.table:
        ready = {side.side: side for side in row.readiness}
        score, side = _score_and_side(document, preference[row.key]) if row.score else ("", "")
        yield Line(
            part=_("Dimension"),
            name=row.name,
            key=row.key,
            result=row.verdict,
            score=score,
            side=side,
            likely_range=row.range,
            role_asks_for=row.goal,
            ready_a=ready["a"].value,
            ready_a_band=ready["a"].band,
            ready_b=ready["b"].value,
            ready_b_band=ready["b"].band,
        )


def _roles(page: ResultPage) -> Iterator[Line]:
    shown = page.roles.all if page.roles else page.goal_rows
    for role in page.roles.top if page.roles and page.is_short else shown:
        yield Line(
            part=_("Role"),
            name=role.name,
            key=role.key,
            # A first impression comes without numbers.
            result="" if page.is_short else role.sentence,
            want="" if page.is_short or role.want is None else str(role.want),
            can="" if page.is_short or role.can is None else str(role.can),
        )


def _answers(
    document: Questionnaire, page: ResultPage, answers: Mapping[str, Value]
) -> Iterator[Line]:
    for line in page.answers:
        item = document.item[line.key]
        value = answers.get(line.key)
        yield Line(
            part=_("Answer"),
            name=line.question,
            key=line.key,
            result=line.answer,
            side=_side_of(document, item, value),
            value="" if value is None else str(value).removeprefix("-"),
        )


def _side_of(document: Questionnaire, item: Item, value: Value) -> str:
    """The pole that an answer to a pair counts for; "" in the middle and for other questions."""
    if item.kind != "pair" or not isinstance(value, int) or value == 0:
        return ""
    return document.poles[_side(value)].name


def _score_and_side(document: Questionnaire, preference: float | None) -> tuple[str, str]:
    if preference is None:
        return "", ""
    score = round(preference * PREFERENCE_UNIT)
    return str(abs(score)), document.poles[_side(score)].name if score else ""


def _side(number: float) -> Side:
    return "a" if number < 0 else "b"
