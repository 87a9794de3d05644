"""`score ANSWERS.json`: answers in, report and plan out; nothing is written."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments.management.commands import as_json
from assessments.questionnaires.editions import (
    PublishedEdition,
    latest_edition,
    published_edition,
)
from assessments.questionnaires.models import Edition
from assessments.reports.models import (
    HOURS_PER_WEEK_DEFAULT,
    HOURS_PER_WEEK_MAX,
    WEEKS_DEFAULT,
    WEEKS_MAX,
)
from assessments.scoring import AnswerSheet, Report, write_report
from assessments.scoring.plan import Plan, write_plan

KNOWN_KEYS = {"form", "answers", "seconds", "goal", "hours_per_week", "weeks"}


class Command(BaseCommand):
    help = 'Score a file of answers; prints {"report": …, "plan": …}.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("answers", type=Path)
        parser.add_argument("--questionnaire", default=settings.HOME_QUESTIONNAIRE)
        parser.add_argument("--edition", type=int, help="its number; without it, the newest")

    def handle(
        self, *, answers: Path, questionnaire: str, edition: int | None, **options: Any
    ) -> None:
        chosen = _edition(questionnaire, edition)
        content = read_json_file(answers)
        sheet = _sheet(content)
        try:
            sheet.check(chosen.document)
        except ValueError as error:
            raise CommandError(f"{answers}: {error}", returncode=2) from error
        report = write_report(
            chosen.document, sheet, edition=chosen.number, edition_digest=chosen.digest
        )
        plan = _plan(chosen, report, content)
        written = {
            "report": json.loads(report.canonical()),
            "plan": json.loads(plan.canonical()) if plan else None,
        }
        self.stdout.write(as_json(written))


def read_json_file(file: Path) -> dict[str, Any]:
    """The JSON object in a file; raises `CommandError` (exit 2) with a sentence."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=2) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file} is not JSON: {error}", returncode=2) from error
    if not isinstance(content, dict):
        raise CommandError(f"{file} must hold a JSON object.", returncode=2)
    return content


def _sheet(content: dict[str, Any]) -> AnswerSheet:
    unknown = sorted(set(content) - KNOWN_KEYS)
    if unknown:
        known = ", ".join(sorted(KNOWN_KEYS))
        raise CommandError(f"Unknown: {', '.join(unknown)}. Known: {known}.", returncode=2)
    form, answers = content.get("form"), content.get("answers")
    seconds = content.get("seconds") or {}
    if not (isinstance(form, str) and isinstance(answers, dict) and isinstance(seconds, dict)):
        raise CommandError(
            'Needed: "form": a form\'s key, "answers": {item: value}; '
            '"seconds": {item: number} if known.',
            returncode=2,
        )
    return AnswerSheet(form=form, answers=answers, seconds=seconds)


def _plan(chosen: PublishedEdition, report: Report, content: dict[str, Any]) -> Plan | None:
    goal = content.get("goal", "")
    hours = content.get("hours_per_week", HOURS_PER_WEEK_DEFAULT)
    weeks = content.get("weeks", WEEKS_DEFAULT)
    if goal and goal not in chosen.document.role:
        known = ", ".join(chosen.document.role)
        raise CommandError(f"There is no role {goal!r}. Known: {known}.", returncode=2)
    for name, value, most in (
        ("hours_per_week", hours, HOURS_PER_WEEK_MAX),
        ("weeks", weeks, WEEKS_MAX),
    ):
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise CommandError(f'"{name}" must be a whole number from 1 to {most}.', returncode=2)
    if not chosen.document.study.recommendations:
        return None
    return write_plan(chosen.document, report, goal=goal, hours_per_week=hours, weeks=weeks)


def _edition(slug: str, number: int | None) -> PublishedEdition:
    if number is None:
        found = latest_edition(slug)
    else:
        rows = Edition.objects.filter(questionnaire__slug=slug, number=number)
        pk = rows.values_list("pk", flat=True).first()
        found = None if pk is None else published_edition(pk)
    if found is None:
        which = "published edition" if number is None else f"edition {number}"
        raise CommandError(f"There is no {which} of {slug!r}.", returncode=2)
    return found
