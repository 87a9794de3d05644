"""Columns for the parts of a document, with the document's own limits."""

from typing import Any

from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.instrument.document import KEY_PATTERN, LINE_PATTERN, TEXT_PATTERN

KEY_MAX, NAME_MAX, TEXT_MAX, REF_MAX = 60, 150, 1000, 20

KEY, NAME, TEXT = _("key"), _("name"), _("text")

IS_KEY = RegexValidator(
    KEY_PATTERN, _("Use small letters, digits and single hyphens, such as daily-use-1.")
)
IS_LINE = RegexValidator(LINE_PATTERN, _("Write one line of text, without control characters."))
IS_TEXT = RegexValidator(TEXT_PATTERN, _("Write text, without control characters."))


class PlainText(models.TextField):
    """Plain text whose line ends are those of the document, whatever a browser sends."""

    def to_python(self, value: Any) -> Any:
        """The value with single line ends."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


def key_field(verbose_name: Any = KEY, **options: Any) -> models.CharField:
    """What names a part for good: `Key` of the document."""
    return models.CharField(verbose_name, max_length=KEY_MAX, validators=[IS_KEY], **options)


def name_field(verbose_name: Any = NAME, **options: Any) -> models.CharField:
    """One line: `Name` of the document."""
    return models.CharField(verbose_name, max_length=NAME_MAX, validators=[IS_LINE], **options)


def text_field(verbose_name: Any = TEXT, **options: Any) -> PlainText:
    """Plain text: `Text` of the document."""
    limits: list[Any] = [MaxLengthValidator(TEXT_MAX), IS_TEXT]
    return PlainText(verbose_name, max_length=TEXT_MAX, validators=limits, **options)


def refs_field() -> PlainText:
    """References to sources, one a line, in their order."""
    return PlainText(
        _("sources"), blank=True, help_text=_("References of the list of sources, one a line.")
    )
