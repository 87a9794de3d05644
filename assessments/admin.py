"""Gathers the slices' admin pages, since Django looks for them here."""

from assessments.editing import admin as editing
from assessments.people import admin as people

__all__ = ["editing", "people"]
