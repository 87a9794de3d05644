"""Gathers the slices' models, since Django looks for them here."""

from assessments.http.models import RateBucket
from assessments.people.models import User
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.reports.models import StudyPlan
from assessments.responses.models import Answer, Attempt, PrivateLink, Report

__all__ = [
    "Answer",
    "Attempt",
    "Edition",
    "PrivateLink",
    "Questionnaire",
    "RateBucket",
    "Report",
    "StudyPlan",
    "User",
]
