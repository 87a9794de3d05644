"""The one exception that carries a sentence for people."""

from collections.abc import Iterable


class DomainError(Exception):
    """A rule said no. `str(error)` is the sentence to show; `details` lists more, if any."""

    def __init__(self, message: str, details: Iterable[object] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)


class Gone(Exception):
    """What was to be worked on has been deleted meanwhile; pages say what they say of nothing."""
