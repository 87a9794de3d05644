"""What the pages of taking show: plain values, no queries, ready for the templates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.instrument.document import Form, Item, Questionnaire, Section
from assessments.instrument.wording import answer_words, item_words
from assessments.responses.models import Given
from assessments.responses.sheets import value_of_text


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button: what it sends, the digit that picks it, and its words."""

    value: str
    key: str
    label: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another page stored something else; its answer in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One item as a section page shows it."""

    number: int
    key: str
    kind: str
    legend: str
    left: str
    right: str
    text: str
    revision: int
    choices: tuple[Choice, ...]
    conflict: Conflict | None = None
    error: str | None = None

    @property
    def anchor(self) -> str:
        """The id of its fieldset."""
        return f"q-{self.key}"

    @property
    def field_name(self) -> str:
        """The name of its radio buttons."""
        return field_name(self.key)

    @property
    def revision_name(self) -> str:
        """The name of the hidden field with the revision that the page shows."""
        return revision_name(self.key)

    @property
    def answered(self) -> bool:
        """Whether a choice is made."""
        return any(choice.checked for choice in self.choices)


@dataclass(frozen=True, slots=True)
class PageError:
    """A line of the error summary: the question's anchor and a sentence."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionPage:
    """Everything that section.html needs."""

    section_number: int
    section_count: int
    title: str
    lede: str
    back_url: str
    back_label: str
    answered: int
    total: int
    answered_elsewhere: int
    action_url: str
    save_url: str
    client: str
    edition: int
    returns_to_check: bool
    return_row: str
    advance: bool
    questions: list[Question]
    errors: list[PageError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One question with its answer, on the page before finishing."""

    number: int
    anchor: str
    text: str
    answer: str | None
    url: str


@dataclass(frozen=True, slots=True)
class CheckSection:
    """One section on the page before finishing."""

    number: int
    title: str
    rows: list[CheckRow]
    open: bool

    @property
    def answered(self) -> int:
        """How many of its questions have an answer."""
        return sum(row.answer is not None for row in self.rows)

    @property
    def total(self) -> int:
        """How many questions it has."""
        return len(self.rows)

    @property
    def missing(self) -> int:
        """How many of its questions have no answer."""
        return self.total - self.answered


def field_name(key: str) -> str:
    """The name of an item's radio buttons."""
    return f"q-{key}"


def revision_name(key: str) -> str:
    """The name of an item's hidden revision field."""
    return f"revision-{key}"


def choices_of(document: Questionnaire, item: Item, chosen: str | None) -> tuple[Choice, ...]:
    """An item's radio buttons; digits are 1-5, 0-4 or 1-n, as the page says."""
    if item.kind == "pair":
        labels = enumerate(document.anchors.pair, start=1)
        plain = [(str(number), str(number), label, "") for number, label in labels]
    elif item.kind == "rating":
        anchors = document.anchors.rating
        plain = [(str(a.value), str(a.value), a.label, a.text) for a in anchors]
    else:
        options = enumerate(item.options, start=1)
        plain = [(option.key, str(number), option.text, "") for number, option in options]
    return tuple(Choice(v, key, label, text, v == chosen) for v, key, label, text in plain)


def question(
    document: Questionnaire,
    item: Item,
    number: int,
    *,
    answer: Given | None,
    chosen: str | None = None,
    conflict: bool = False,
    error: str | None = None,
) -> Question:
    """An item with its stored answer; `chosen` shows a choice that is not stored (yet)."""
    stored = value_of_text(item, answer.value) if answer else None
    words = answer_words(document, item, stored)
    return Question(
        number=number,
        key=item.key,
        kind=item.kind,
        legend=_legend(document, item),
        left=item.left.text if item.kind == "pair" else "",
        right=item.right.text if item.kind == "pair" else "",
        text="" if item.kind == "pair" else item.text,
        revision=answer.revision if answer else 0,
        choices=choices_of(document, item, chosen or item.choice_of(stored)),
        conflict=Conflict(words or _("no answer")) if conflict else None,
        error=error,
    )


def _legend(document: Questionnaire, item: Item) -> str:
    if item.kind == "scenario":
        return item.question
    return document.stems.pair if item.kind == "pair" else document.stems.rating


def section_questions(
    document: Questionnaire,
    form: Form,
    number: int,
    answers: Mapping[str, Given],
    *,
    posted: Mapping[str, str],
    errors: Mapping[str, str],
    conflicts: Collection[str] = (),
) -> list[Question]:
    """The questions of a form's section, numbered through the form.

    `posted` and `errors` are what a page sent that is not stored (yet), and what is wrong with
    it, by the names of fields.
    """
    before = form.sections[: number - 1]
    first = 1 + sum(len(section.items) for section in before)
    return [
        question(
            document,
            document.item[key],
            place,
            answer=answers.get(key),
            chosen=posted.get(field_name(key)),
            conflict=key in conflicts,
            error=errors.get(field_name(key)),
        )
        for place, key in enumerate(form.sections[number - 1].items, start=first)
    ]


def section_lede(document: Questionnaire, section: Section) -> str:
    """How to answer this section's questions, by their kinds."""
    kinds = {document.item[key].kind for key in section.items}
    if kinds == {"pair"}:
        return _("Choose what you would rather do, not what sounds better. No answer is wrong.")
    if kinds == {"rating"}:
        return _("Say how far you have gone so far. “Not yet” is a fine answer.")
    if kinds == {"scenario"}:
        return _("Choose what you would really do first. More than one answer is sensible.")
    return _("Say what fits you as things are today. No answer is wrong.")


def first_open_section(form: Form, answered: Mapping[str, object]) -> int:
    """The number of the first section with an unanswered question; the last if none has."""
    for number, section in enumerate(form.sections, start=1):
        if any(key not in answered for key in section.items):
            return number
    return len(form.sections)


def check_sections(
    document: Questionnaire, form: Form, answers: Mapping[str, Given], pk: UUID | None
) -> list[CheckSection]:
    """All sections with their answers in words; the one last worked in is open.

    Without an attempt (`pk`) no row leads anywhere.
    """
    latest = max(answers.values(), key=lambda row: row.saved_at, default=None)
    sections, number = [], 0
    for place, section in enumerate(form.sections, start=1):
        # From the page before finishing: without the attempt's id, a row is the same for all.
        address = f"../{place}/" if pk else ""
        rows = []
        for key in section.items:
            number += 1
            item, answer = document.item[key], answers.get(key)
            value = value_of_text(item, answer.value) if answer else None
            rows.append(
                CheckRow(
                    number=number,
                    anchor=f"row-{key}",
                    text=item_words(item),
                    answer=answer_words(document, item, value),
                    url=f"{address}?next=check&row={key}#q-{key}" if address else "",
                )
            )
        is_open = latest is not None and latest.item_key in section.items
        sections.append(CheckSection(place, section.title, rows, is_open))
    return sections
