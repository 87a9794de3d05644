"""Pieces of pages that look the same for whoever is shown the same."""

from collections.abc import Hashable
from functools import lru_cache
from typing import cast

from django.template import Library
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()

# A piece has 2 kB at most: some 15 MB per process. 64 questions with five answers are 384 of them.
PIECES_KEPT = 8192


@register.simple_tag
def piece(template: str, **values: Hashable) -> SafeString:
    """What `{% include ... only %}` gives, rendered once per process for equal values.

    The values are frozen, are all that the template depends on, and tell nothing that points at
    a person: a question and a choice, not whose.
    """
    return _rendered(template, get_language(), tuple(values.items()))


@lru_cache(maxsize=PIECES_KEPT)
def _rendered(
    template: str, language: str | None, values: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return cast(SafeString, get_template(template).render(dict(values)))
