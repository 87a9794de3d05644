"""Gathers the slices' admin pages, since Django looks for them here."""

from assessments.editing import admin as editing
from assessments.people import admin as people
from assessments.privacy import admin as privacy

__all__ = ["editing", "people", "privacy"]
