"""The editor's pages in the Django admin; importing them registers them."""

from assessments.editing.admin import editions, questionnaires

__all__ = ["editions", "questionnaires"]
