"""The editor's pages in the Django admin; importing them registers them."""

from assessments.editing.admin import coverage, editions, questionnaires

__all__ = ["coverage", "editions", "questionnaires"]
