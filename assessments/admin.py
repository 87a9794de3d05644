"""Gathers the slices' admin pages, since Django looks for them here."""

from assessments.guide import admin as guide
from assessments.people import admin as people
from assessments.questionnaires import admin as questionnaires

__all__ = ["guide", "people", "questionnaires"]
