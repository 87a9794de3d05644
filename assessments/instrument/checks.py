"""Whether a questionnaire may be published: what of blueprint 7.2-7.6 a program can tell.

How many items of which kind a form holds is the form's own to say (`rules`); limits and wording
are those of the item-writing guide. What is a rule there is a *fault* here and stops publishing;
a *warning* asks for a second look. Equal numbers of ratings for the two sides need no check of
their own, since each dimension's are counted. Left to reviewers: whether a text has one idea,
whether poles are equally attractive, names of companies and tools.
"""

from collections.abc import Iterator

from assessments.instrument.document import SIDES, Questionnaire
from assessments.instrument.faults import Fault, Path, warning
from assessments.instrument.form_checks import estimated_minutes, form_faults
from assessments.instrument.item_checks import item_faults
from assessments.instrument.references import reference_faults
from assessments.instrument.study_checks import study_faults

__all__ = ["estimated_minutes", "publishing_faults"]


def publishing_faults(document: Questionnaire) -> tuple[Fault, ...]:
    """Everything that stops publishing, and what deserves a look (level `warning`)."""
    return (
        *reference_faults(document.model_dump(by_alias=True)),
        *_poles(document),
        *_dimensions(document),
        *item_faults(document),
        *_unused(document),
        *form_faults(document),
        *study_faults(document),
    )


def _poles(document: Questionnaire) -> Iterator[Fault]:
    a, b = document.poles.a, document.poles.b
    if a.colour == b.colour:
        yield Fault(("poles", "b", "colour"), "Both poles have this colour. Choose another.")
    if a.name == b.name:
        yield Fault(("poles", "b", "name"), "Both poles have this name. Choose another.")


def _dimensions(document: Questionnaire) -> Iterator[Fault]:
    for index, dimension in enumerate(document.dimensions):
        path: Path = ("dimensions", index)
        if not dimension.mistakes:
            yield Fault((*path, "mistakes"), "Add at least one mistake with its better way.")
        for side in SIDES:
            if not getattr(dimension.interview, side):
                name = document.poles[side].name
                yield Fault((*path, "interview", side), f"Add an interview question for {name}.")
        if not dimension.source_refs:
            yield Fault((*path, "source_refs"), "Name at least one source.")


def _unused(document: Questionnaire) -> Iterator[Fault]:
    used = {key for form in document.forms for key in form.item_keys}
    for index, item in enumerate(document.items):
        if item.key not in used:
            yield warning(("items", index), "This item is on no form. Put it on one or remove it.")
