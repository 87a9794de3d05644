"""Form controls that every part of the site uses."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """The browser's own control for a day, which reads and sends a day in one form only."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
