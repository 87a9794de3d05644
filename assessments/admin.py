"""Gathers the slices' admin pages, since Django looks for them here."""

from assessments.people import admin as people
from assessments.questionnaires import admin as questionnaires

__all__ = ["people", "questionnaires"]
