"""Counting words, and the English words that items do without (blueprint 7.5).

The lists are data: a questionnaire in another language is spared them.
"""

import re
from collections.abc import Iterable, Iterator

ABSOLUTES = frozenset(
    {"always", "never", "forever", "absolutely", "completely", "entirely", "totally"}
)
NEGATIONS = frozenset(
    {"no", "not", "nor", "none", "neither", "nobody", "nothing", "nowhere", "cannot"}
)
PRAISE = frozenset(
    {"strategic", "strategically", "empathetic", "empathic", "visionary", "brilliant", "talented"}
)
CURRENCIES = frozenset({"dollar", "dollars", "euro", "euros", "usd", "eur", "gbp"})
REASONS = ("because", "in order to")
ABILITIES = ("able to", "good at", "skilled at", "skilled in")

JARGON = {
    "A/B test": r"a/b[ -]test(s|ed|ing)?",
    "churn": r"churn(s|ed|ing)?",
    "cohort": r"cohorts?",
    "roadmap": r"roadmaps?",
    "API": r"apis?",
    "SLA": r"slas?",
    "renewal": r"renewals?",
    "conversion": r"conversions?",
    "persona": r"personas?",
}

_WORD = re.compile(r"\S*\w\S*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")
_SPOKEN = re.compile(r"\"[^\"]*\"|“[^”]*”")
_CURRENCY_SIGN = re.compile(r"[$€£¥₹]")
_VOWELS = re.compile(r"[aeiouy]+")


def words(text: str) -> list[str]:
    """The words as spaces part them; a lone dash is none."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line ends one too."""
    return [sentence for sentence in _SENTENCE_END.split(text) if words(sentence)]


def reading_age(texts: Iterable[str]) -> float:
    """Years of age at which English texts are read with ease: Flesch-Kincaid grade + 5.

    Kincaid et al. (1975); a syllable is a group of vowels, without a silent e at the end, which
    is too rough for a single text.
    """
    told = [sentence for text in texts for sentence in sentences(text)] or ["a"]
    spoken = [word for sentence in told for word in words(sentence)]
    syllables = sum(_syllables(word) for word in spoken)
    grade = 0.39 * len(spoken) / len(told) + 11.8 * syllables / len(spoken) - 15.59
    return grade + 5


def absolutes(text: str) -> Iterator[str]:
    """Words that leave no exception."""
    return _among(text, ABSOLUTES)


def negations(text: str) -> Iterator[str]:
    """Words that say no, except in what somebody is quoted as saying."""
    return (
        word
        for word in _plain_words(_SPOKEN.sub(" ", text))
        if word in NEGATIONS or word.endswith("n't")
    )


def praise(text: str) -> Iterator[str]:
    """Words that praise a person's traits."""
    return _among(text, PRAISE)


def reasons(text: str) -> Iterator[str]:
    """Phrases that slip in a reason."""
    return _phrases(text, REASONS)


def abilities(text: str) -> Iterator[str]:
    """Phrases about being able, where work is to be described."""
    return _phrases(text, ABILITIES)


def currencies(text: str) -> Iterator[str]:
    """Names and signs of currencies."""
    yield from _among(text, CURRENCIES)
    yield from _CURRENCY_SIGN.findall(text)


def unexplained_jargon(text: str, glossary: Iterable[str]) -> Iterator[str]:
    """Terms of the list that are neither in the glossary nor explained in brackets beside it.

    Explained is `churn (clients who leave)` and `clients who leave (churn)`.
    """
    terms = " / ".join(glossary)
    for term, pattern in JARGON.items():
        whole = rf"(?<!\w){pattern}(?!\w)"
        explained = rf"{whole}\s*\([^()]+\)|\({whole}\)"
        used = re.search(whole, text, re.IGNORECASE)
        if used and not any(
            re.search(*known, re.IGNORECASE) for known in ((explained, text), (whole, terms))
        ):
            yield term


def _plain_words(text: str) -> list[str]:
    return re.findall(r"\w[\w'-]*", text.casefold().replace("’", "'"))


def _among(text: str, listed: frozenset[str]) -> Iterator[str]:
    return (word for word in _plain_words(text) if word in listed)


def _phrases(text: str, phrases: tuple[str, ...]) -> Iterator[str]:
    spoken = f" {' '.join(_plain_words(text))} "
    return (phrase for phrase in phrases if f" {phrase} " in spoken)


def _syllables(word: str) -> int:
    sounds = re.sub(r"(?<=[^aeiouyl])e$", "", re.sub(r"\W", "", word.casefold()))
    return max(1, len(_VOWELS.findall(sounds)))
