"""A form of the desk taken to try it: everything of it travels in the page, nothing is stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

from assessments.instrument.canonical import digest
from assessments.instrument.document import Form, Value
from assessments.instrument.document import Questionnaire as Document
from assessments.questionnaires.editions import PublishedEdition
from assessments.reports.page import ResultPage, result_page
from assessments.reports.plan_page import PlanPage, plan_now, plan_page
from assessments.reports.services import new_plan
from assessments.responses.models import Attempt, Given
from assessments.responses.sheets import value_of_text
from assessments.scoring import AnswerSheet, Report, write_report


@dataclass(frozen=True, slots=True)
class Trial:
    """What has been answered so far; `answers` are the texts that the table would store.

    `sample` names where the answers come from ("" = given by hand).
    """

    document: Document
    form: Form
    answers: Mapping[str, str] = field(default_factory=dict)
    background: Mapping[str, str] = field(default_factory=dict)
    goal: str = ""
    sample: str = ""
    seed: int = 0

    @classmethod
    def read(cls, document: Document, text: str) -> Self | None:
        """What `to_text` wrote, as far as the document as it is now has it; None if unreadable.

        The desk may have changed between two pages: what no longer fits is left out.
        """
        try:
            told = json.loads(text)
            form = document.form[told["form"]]
            answers = {
                str(key): str(value)
                for key, value in told["answers"].items()
                if key in form.item_keys and _fits(document, str(key), str(value))
            }
            return cls(
                document=document,
                form=form,
                answers=answers,
                background={
                    question.key: told["background"][question.key]
                    for question in document.background
                    if told["background"].get(question.key)
                    in {option.key for option in question.options}
                },
                goal=str(told["goal"]) if told["goal"] in document.role else "",
                sample=str(told["sample"]),
                seed=int(told["seed"]),
            )
        # Whatever JSON can hold; an OverflowError is an infinite seed.
        except (AttributeError, LookupError, OverflowError, TypeError, ValueError, RecursionError):
            return None

    def to_text(self) -> str:
        """Everything but the document, for a hidden field."""
        return json.dumps(
            {
                "form": self.form.key,
                "answers": dict(self.answers),
                "background": dict(self.background),
                "goal": self.goal,
                "sample": self.sample,
                "seed": self.seed,
            }
        )

    def with_answers(self, given: Mapping[str, str], section: int) -> Self:
        """The trial with what a section's page holds: what is not given there is not answered."""
        here = self.form.sections[section - 1].items
        others = {key: value for key, value in self.answers.items() if key not in here}
        return replace(self, answers=others | {k: v for k, v in given.items() if v})

    def rows(self, at: datetime) -> dict[str, Given]:
        """The answers as pages read them: rows that nobody stores."""
        return {
            key: Given(item_key=key, value=value, revision=0, saved_at=at)
            for key, value in self.answers.items()
        }

    def values(self) -> dict[str, Value]:
        """The answers as scoring reads them."""
        return {
            key: value_of_text(self.document.item[key], value)
            for key, value in self.answers.items()
        }

    def edition(self, number: int) -> PublishedEdition:
        """The desk as the edition of that number, which is not there."""
        return PublishedEdition(0, number, digest(self.document), self.document)

    def report(self, number: int) -> Report:
        """The report that finishing would freeze."""
        return write_report(
            self.document,
            AnswerSheet(self.form.key, self.values()),
            edition=number,
            edition_digest=digest(self.document),
        )

    def result(self, number: int) -> ResultPage:
        """The page of that report."""
        return result_page(
            self.document, self.report(number), self.values(), chosen_goal=self.goal
        )

    def plan(self, number: int, today: date) -> PlanPage:
        """The study plan that begins today."""
        attempt = Attempt(form=self.form.key, background=dict(self.background), goal=self.goal)
        chosen = new_plan(attempt, self.document, today)
        report = self.report(number)
        return plan_page(
            self.document,
            report,
            plan_now(self.document, report, chosen, goal=self.goal),
            chosen,
            goal_key=self.goal,
            answers=self.values(),
            today=today,
        )


def _fits(document: Document, key: str, text: str) -> bool:
    item = document.item[key]
    try:
        value: Any = value_of_text(item, text)
    except ValueError:
        return False
    return value is not None and item.accepts(value)
