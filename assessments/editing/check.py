"""What is to be mended on a desk before it can be published, and how its forms are built."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.editing.words import field_words
from assessments.guide.coverage import CoverageRow, coverage
from assessments.guide.pages import guide_pages
from assessments.instrument.checks import estimated_minutes, publishing_faults
from assessments.instrument.document import Form, Pair, Poles, Rating, Scenario
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults, Fault
from assessments.instrument.files import read_data
from assessments.questionnaires.desk import Desk, read_desk
from assessments.questionnaires.models import Questionnaire


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to mend or to look at; `url` is where, "" where that part has no page."""

    is_fault: bool
    part: str
    field: str
    message: str
    url: str


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A dimension on a form: its pairs by the pole on their left, its ratings by side."""

    name: str
    pairs: int
    left_a: int
    left_b: int
    ratings_a: int
    ratings_b: int
    scenarios: int


@dataclass(frozen=True, slots=True)
class FormCheck:
    """How long a form is, and how it is mixed; `scenarios` are (setting, there, wanted)."""

    title: str
    items: int
    sections: int
    minutes: float
    minutes_max: int
    rows: list[BalanceRow]
    total: BalanceRow
    scenarios: list[tuple[str, int, int]]

    @property
    def is_too_long(self) -> bool:
        """Whether it takes longer than its rules allow."""
        return self.minutes > self.minutes_max


@dataclass(frozen=True, slots=True)
class DeskCheck:
    """Everything that check.html needs. Of a desk that is no document yet only the lines."""

    lines: list[Line]
    poles: Poles | None
    forms: list[FormCheck]
    uncovered: list[CoverageRow]
    sources: int
    is_complete: bool

    @property
    def faults(self) -> int:
        """How many lines stand in the way of publishing."""
        return sum(line.is_fault for line in self.lines)

    @property
    def warnings(self) -> int:
        """How many lines deserve a look."""
        return len(self.lines) - self.faults


def check_desk(questionnaire: Questionnaire) -> DeskCheck:
    """All that a program can tell of the desk. The queries of `read_desk`."""
    desk = read_desk(questionnaire)
    try:
        document = read_data(desk.plain)
    except DocumentFaults as error:
        lines = [_line(desk, fault) for fault in error.faults]
        return DeskCheck(lines, None, [], [], 0, is_complete=False)
    rows = coverage(document, guide_pages().values())
    return DeskCheck(
        lines=[_line(desk, fault) for fault in publishing_faults(document)],
        poles=document.poles,
        forms=[_form_check(document, form) for form in document.forms],
        uncovered=[row for row in rows if row.is_missing],
        sources=len(rows),
        is_complete=True,
    )


def _line(desk: Desk, fault: Fault) -> Line:
    row, rest = desk.row_at(fault.path), fault.path
    for length in range(len(fault.path), 0, -1):
        if fault.path[:length] in desk.rows:
            rest = fault.path[length:]
            break
    return Line(
        is_fault=fault.level == "fault",
        part=f"{capfirst(row._meta.verbose_name)} {row}".strip(),
        field=field_words(step + 1 if isinstance(step, int) else step for step in rest),
        message=fault.message,
        url=row_address(row),
    )


def row_address(row: Model) -> str:
    """The page of a row in the admin; "" where it has none."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    try:
        return reverse(name, args=[row.pk])
    except NoReverseMatch:
        return ""


def _form_check(document: Document, form: Form) -> FormCheck:
    # An item that is not there is a fault, told above.
    items = [document.item[key] for key in form.item_keys if key in document.item]
    pairs = [item for item in items if isinstance(item, Pair)]
    ratings = [item for item in items if isinstance(item, Rating)]
    scenarios = [item for item in items if isinstance(item, Scenario)]

    def row(name: str, *dimensions: str) -> BalanceRow:
        left = Counter(pair.left.pole for pair in pairs if pair.dimension in dimensions)
        sides = Counter(rating.side for rating in ratings if rating.dimension in dimensions)
        return BalanceRow(
            name=name,
            pairs=left.total(),
            left_a=left["a"],
            left_b=left["b"],
            ratings_a=sides["a"],
            ratings_b=sides["b"],
            scenarios=sum(scenario.dimension in dimensions for scenario in scenarios),
        )

    names = {"a": document.poles.a.name, "b": document.poles.b.name, "mixed": _("mixed")}
    settings: Counter[str] = Counter(scenario.setting for scenario in scenarios)
    return FormCheck(
        title=form.title,
        items=len(form.item_keys),
        sections=len(form.sections),
        minutes=estimated_minutes(document, form),
        minutes_max=form.rules.minutes_max,
        rows=[row(dimension.name, dimension.key) for dimension in document.dimensions],
        total=row("", *document.dimension),
        scenarios=[
            (names[setting], settings[setting], wanted) for setting, wanted in form.rules.scenarios
        ],
    )
