"""What a coach reads about a client, in the third person; nothing here knows a score."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.coaching.models import Status
from assessments.instrument.document import Poles
from assessments.people.consents import Look
from assessments.reports.words import LEANS
from assessments.scoring import Report

# How a status is set off; the word beside it says the same.
STATUS_TAGS: dict[str, str] = {
    Status.SHARING: "tag-ok",
    Status.FINISHED: "tag-ok",
    Status.IN_PROGRESS: "tag-warn",
}
LOOKS: dict[str, Promise] = {
    Look.CLIENT_PAGE: gettext_lazy("You opened this page"),
    Look.RESULT: gettext_lazy("You opened the result"),
    Look.ANSWERS: gettext_lazy("You opened the single answers"),
    Look.PLAN: gettext_lazy("You opened the study plan"),
    Look.BRIEF: gettext_lazy("You opened the session brief"),
    Look.SECOND_VIEW: gettext_lazy("You compared your own view with the result"),
    Look.COHORT: gettext_lazy("You opened the overview of a group"),
    Look.COHORT_TABLE: gettext_lazy("You downloaded the overview of a group"),
    Look.PDF: gettext_lazy("You downloaded the result as PDF"),
    Look.TABLE: gettext_lazy("You downloaded the result as a table"),
}
SURENESS: dict[str, Promise] = {
    "very": gettext_lazy("Very sure of the side."),
    "quite": gettext_lazy("Quite sure of the side."),
    "fairly": gettext_lazy("Fairly sure of the side."),
    "not": gettext_lazy("Not sure of the side."),
}
QUALITY: dict[str, Promise] = {
    "high": gettext_lazy("The answers can be read well."),
    "medium": gettext_lazy("The answers can be read, with some care."),
    "low": gettext_lazy(
        "These answers cannot be read as a profile. That says something about this set of "
        "answers, not about the person."
    ),
}
FLAGS: dict[str, Promise] = {
    "missing": gettext_lazy("Many questions have no answer, so there is little to go by."),
    "speed": gettext_lazy("The answers came faster than most people can read the questions."),
    "same_position": gettext_lazy(
        "Very many answers stand at the same place on the screen, so they do not tell what is "
        "preferred."
    ),
    "contradiction": gettext_lazy(
        "Questions about the same topic often got quite different answers."
    ),
    "yes_saying": gettext_lazy(
        "Nearly all ratings are at the top end, which leaves little to tell the sides apart."
    ),
    "flat": gettext_lazy("The preferences lie close together, so they do not separate the roles."),
}


def status_words(status: str) -> str:
    """A status as it stands in a tag."""
    return str(Status(status).label)


def day_words(moment: datetime, today: date) -> str:
    """A day as people name it."""
    day = timezone.localdate(moment)
    days = (today - day).days
    return {0: _("Today"), 1: _("Yesterday")}.get(days, date_format(day, "DATE_FORMAT"))


def prefers_words(report: Report, poles: Poles) -> str:
    """The verdict on the whole in a few words."""
    verdict = report.overall.verdict
    side = LEANS.get(verdict)
    if side is not None:
        pole = poles.a if side == "a" else poles.b
        words = _("Strongly %(pole)s") if verdict.startswith("strong") else _("Leans %(pole)s")
        return words % {"pole": pole.name}
    if report.quality.level == "low":
        return _("No clear result")
    return {
        "mixed": _("Some things one way, some the other"),
        "even": _("At home on both sides"),
        "too_close": _("Too close to call"),
        "none": _("No verdict yet"),
    }[verdict]


def sureness_words(report: Report) -> str:
    """How sure the side is; "" where there is none."""
    word = report.overall.sureness
    if word is None or report.overall.verdict not in LEANS:
        return ""
    return str(SURENESS[word])


def quality_words(report: Report) -> list[str]:
    """How far the answers can be read, and why not further; a sentence each."""
    level = report.quality.level
    # Whoever cannot be read need not be told that nothing separates the roles.
    codes = [flag.code for flag in report.quality.flags if (level, flag.code) != ("low", "flat")]
    return [str(QUALITY[level]), *(str(FLAGS[code]) for code in codes)]
