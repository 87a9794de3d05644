"""What a password may not be, beyond Django's rules (NIST 800-63B-4, 3.1.1.2)."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What somebody would try first here, besides the names of the site and of the person.
WORDS = (
    "roleassess", "assessment", "product", "manager", "management", "password", "passphrase",
    "questionnaire", "account", "business", "consumer", "b2b", "b2c", "letmein", "welcome",
)  # fmt: skip
SHORTEST_WORD = 3
# Fewer characters than this besides such words, and the words are the password.
LEFT_MIN = 8


class AtMost:
    """A limit, so that nobody keeps the server busy with hashing."""

    def __init__(self, length: int) -> None:
        self.length = length

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises `ValidationError` for one that is too long."""
        if len(password) > self.length:
            raise ValidationError(
                _("This password is too long. At most %(length)d characters are read."),
                code="password_too_long",
                params={"length": self.length},
            )

    def get_help_text(self) -> str:
        """The rule, for people."""
        return _("At most %(length)d characters.") % {"length": self.length}


class NotTheWordsOfThisPlace:
    """Refuses what is little more than words of this site, or one short piece over and over."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator()

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises `ValidationError` for what would be guessed from knowing the site."""
        left = password.casefold()
        for word in sorted(_words(user), key=len, reverse=True):
            left = left.replace(word, "")
        piece = _repeated_piece(left)
        if len(piece) < LEFT_MIN or piece in self._common.passwords:
            raise ValidationError(self.get_help_text(), code="password_of_this_place")

    def get_help_text(self) -> str:
        """The rule, for people."""
        return _("Words of this site, your name and repetitions are guessed first: add others.")


def _words(user: AbstractBaseUser | None) -> set[str]:
    own = (getattr(user, "email", ""), getattr(user, "name", ""))
    names = (settings.SITE_NAME, urlsplit(settings.SITE_URL).hostname or "", *own)
    parts = {part for name in names for part in re.split(r"[\W_]+", (name or "").casefold())}
    return {part for part in parts if len(part) >= SHORTEST_WORD} | set(WORDS)


def _repeated_piece(text: str) -> str:
    """The shortest beginning that, over and over, makes up the text: "abc" of "abcabca"."""
    for length in range(1, len(text)):
        if all(text[place] == text[place - length] for place in range(length, len(text))):
            return text[:length]
    return text
