"""The editor's pages in the Django admin; importing them registers them."""

from assessments.editing.admin import (
    coverage,
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
    "coverage",
    "dimensions",
    "editions",
    "forms",
    "items",
    "questionnaires",
    "roles",
    "study",
    "texts",
]
