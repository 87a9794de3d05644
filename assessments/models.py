"""Gathers the slices' models, since Django looks for them here."""

from assessments.analysis.models import Calibration, Sums, Tally, Turn
from assessments.coaching.models import Assignment, Client, Cohort, Note, SecondView
from assessments.http.models import RateBucket
from assessments.people.consents import AccessEvent, Consent, ConsentEvent
from assessments.people.models import CoachProfile, User
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.reports.models import StudyPlan
from assessments.responses.models import Answer, Attempt, PrivateLink, Report

__all__ = [
    "AccessEvent",
    "Answer",
    "Assignment",
    "Attempt",
    "Calibration",
    "Client",
    "CoachProfile",
    "Cohort",
    "Consent",
    "ConsentEvent",
    "Edition",
    "Note",
    "PrivateLink",
    "Questionnaire",
    "RateBucket",
    "Report",
    "SecondView",
    "StudyPlan",
    "Sums",
    "Tally",
    "Turn",
    "User",
]
