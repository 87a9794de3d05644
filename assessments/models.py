"""Gathers the slices' models, since Django looks for them here."""

from assessments.analysis.models import Calibration, Sums, Tally, Turn
from assessments.coaching.models import Assignment, Client, Cohort, Note, SecondView
from assessments.editing.models import ImpactRun, PendingImport
from assessments.http.models import RateBucket
from assessments.people.consents import AccessEvent, Consent, ConsentEvent
from assessments.people.models import CoachProfile, User
from assessments.questionnaires.models import DeskChange, Edition, Questionnaire
from assessments.questionnaires.rows import (
    BackgroundOption,
    BackgroundQuestion,
    Cluster,
    Dimension,
    Form,
    InterviewQuestion,
    Item,
    Mistake,
    Neighbour,
    Option,
    PackStep,
    Placement,
    Reading,
    Recommendation,
    Resource,
    Role,
    Section,
    Source,
    Target,
    Term,
)
from assessments.reports.models import StudyPlan
from assessments.responses.models import Answer, Attempt, PrivateLink, Report

__all__ = [
    "AccessEvent",
    "Answer",
    "Assignment",
    "Attempt",
    "BackgroundOption",
    "BackgroundQuestion",
    "Calibration",
    "Client",
    "Cluster",
    "CoachProfile",
    "Cohort",
    "Consent",
    "ConsentEvent",
    "DeskChange",
    "Dimension",
    "Edition",
    "Form",
    "ImpactRun",
    "InterviewQuestion",
    "Item",
    "Mistake",
    "Neighbour",
    "Note",
    "Option",
    "PackStep",
    "PendingImport",
    "Placement",
    "PrivateLink",
    "Questionnaire",
    "RateBucket",
    "Reading",
    "Recommendation",
    "Report",
    "Resource",
    "Role",
    "SecondView",
    "Section",
    "Source",
    "StudyPlan",
    "Sums",
    "Tally",
    "Target",
    "Term",
    "Turn",
    "User",
]
