"""`load_questionnaire FILE`: a YAML file onto the desk, and on request into an edition."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from assessments.errors import DomainError
from assessments.instrument.canonical import digest
from assessments.instrument.checks import publishing_faults
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults, Fault
from assessments.instrument.files import ReadFile, read_yaml_file
from assessments.management.commands import as_json
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.services import load_onto_desk, publish


class Command(BaseCommand):
    help = "Load a questionnaire file onto the desk; with --publish also make an edition of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="make an edition of it")
        parser.add_argument("--note", default="", help="what this edition changes")
        parser.add_argument(
            "--if-new",
            action="store_true",
            help="do nothing if there is such a questionnaire: it may have been edited since",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what is wrong; store nothing"
        )

    def handle(
        self,
        *,
        file: Path,
        publish: bool,
        note: str,
        if_new: bool,
        dry_run: bool,
        **options: Any,
    ) -> None:
        read = _read(file)
        document = read.document
        if if_new and Questionnaire.objects.filter(slug=document.slug).exists():
            return
        if dry_run:
            faults = read.located(publishing_faults(document))
            told = [{"level": fault.level, "fault": str(fault)} for fault in faults]
            self.stdout.write(as_json(_summary(document) | {"faults": told}))
            if any(fault.level == "fault" for fault in faults):
                raise CommandError("This cannot be published yet.")
            return
        with transaction.atomic():
            summary = _summary(document) | {"edition": _load(read, publish, note)}
        self.stdout.write(as_json(summary))


def _read(file: Path) -> ReadFile:
    try:
        return read_yaml_file(file.read_bytes())
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=2) from error
    except DocumentFaults as error:
        raise CommandError(f"{file} has faults:\n{error}") from error


def _load(read: ReadFile, to_publish: bool, note: str) -> int | None:
    now = timezone.now()
    desk = load_onto_desk(document=read.document, at=now)
    if not to_publish:
        return None
    try:
        return publish(questionnaire=desk, at=now, note=note).number
    except DomainError as error:
        found = [fault for fault in error.details if isinstance(fault, Fault)]
        faults = "\n".join(str(fault) for fault in read.located(found))
        raise CommandError(f"{error}\n{faults}") from error


def _summary(document: Document) -> dict[str, Any]:
    return {"questionnaire": document.slug, "digest": digest(document)}
