"""How long a question on the desk is, as it stands: in words and in seconds (blueprint 7.2)."""

from collections.abc import Iterable

from assessments.instrument.form_checks import SECONDS_TO_ANSWER, WORDS_PER_SECOND
from assessments.instrument.readability import words
from assessments.questionnaires.rows import Item


def texts_of(item: Item) -> list[str]:
    """What a taker reads of a question. Options are read through `item.options.all()`."""
    match item.kind:
        case Item.Kind.PAIR:
            return [item.left_text, item.right_text]
        case Item.Kind.RATING:
            return [item.text]
        case _:
            return [item.text, item.question, *(option.text for option in item.options.all())]


def words_in(texts: Iterable[str]) -> int:
    """How many words texts have together."""
    return sum(len(words(text)) for text in texts)


def seconds_of(item: Item) -> float:
    """How long reading and answering a question takes: `estimated_minutes`, for one."""
    return words_in(texts_of(item)) / WORDS_PER_SECOND + SECONDS_TO_ANSWER[item.kind]


def title_of(item: Item) -> str:
    """What is asked, in one line."""
    if item.kind == Item.Kind.PAIR:
        return f"{item.left_text} / {item.right_text}"
    return item.text
