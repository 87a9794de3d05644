"""The editor's pages in the Django admin; importing them registers them."""

from assessments.editing.admin import (
    dimensions,
    editions,
    forms,
    items,
    questionnaires,
    roles,
    study,
    texts,
)

__all__ = [
    "dimensions",
    "editions",
    "forms",
    "items",
    "questionnaires",
    "roles",
    "study",
    "texts",
]
