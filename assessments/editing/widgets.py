"""Fields of the desk that say how much is in them; `desk.js` keeps the numbers up to date."""

from typing import Any

from django.contrib.admin.widgets import AdminTextareaWidget

from assessments.editing.lengths import words_in


class Counted(AdminTextareaWidget):
    """A text with the number of its characters and, where there is a limit, of its words."""

    template_name = "admin/editing/counted.html"

    def __init__(self, *, words_max: int | None = None, attrs: dict[str, Any] | None = None):
        self.words_max = words_max
        super().__init__({"rows": 3, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template needs: the numbers, and which limit is broken."""
        context = super().get_context(name, value, attrs)
        text = str(value or "").replace("\r\n", "\n")
        words, characters = words_in([text]), len(text)
        characters_max = int(context["widget"]["attrs"].get("maxlength") or 0)
        context["count"] = {
            "words": words,
            "words_max": self.words_max,
            "characters": characters,
            "characters_max": characters_max,
            "is_over": bool(
                (self.words_max and words > self.words_max)
                or (characters_max and characters > characters_max)
            ),
        }
        return context
