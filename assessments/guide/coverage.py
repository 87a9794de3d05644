"""Where each point of the sources is met: in a dimension, question, recommendation or page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from assessments.guide.pages import GuidePage
from assessments.instrument.document import Dimension, Questionnaire


class _Referring(Protocol):
    @property
    def source_refs(self) -> tuple[str, ...]: ...


T = TypeVar("T", bound=_Referring)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A point of the sources, and what names it; items and recommendations are counted."""

    ref: str
    title: str
    dimensions: tuple[Dimension, ...]
    items: int
    recommendations: int
    pages: tuple[GuidePage, ...]

    @property
    def is_missing(self) -> bool:
        """Whether nothing names it."""
        return not (self.dimensions or self.items or self.recommendations or self.pages)


def coverage(document: Questionnaire, pages: Collection[GuidePage]) -> list[CoverageRow]:
    """A row for each of the document's sources, in their order."""
    return [
        CoverageRow(
            ref=source.ref,
            title=source.title,
            dimensions=_naming(source.ref, document.dimensions),
            items=len(_naming(source.ref, document.items)),
            recommendations=len(_naming(source.ref, document.study.recommendations)),
            pages=_naming(source.ref, pages),
        )
        for source in document.sources
    ]


def unknown_refs(document: Questionnaire, pages: Iterable[GuidePage]) -> set[str]:
    """What pages of the guide name and the document's sources do not hold."""
    known = {source.ref for source in document.sources}
    return {ref for page in pages for ref in page.source_refs} - known


def _naming(ref: str, parts: Iterable[T]) -> tuple[T, ...]:
    return tuple(part for part in parts if ref in part.source_refs)
