"""Whether each item is short, plain and well built (blueprint 7.1, 7.2, 7.5, 7.6)."""

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import combinations

from assessments.instrument import readability
from assessments.instrument.document import Item, Pair, Questionnaire, Scenario
from assessments.instrument.faults import Fault, Path, warning
from assessments.instrument.readability import words

# Blueprint 7.1
SETTING_MAX_WORDS = 40
OPTION_MAX_WORDS = 12
OPTIONS = 4
FITTING_OPTIONS_MIN = 2  # with a fit of 1 or 2
UNFIT_OPTIONS_MAX = 1  # with a fit of 0
# Blueprint 7.2
PAIR_MAX_WORDS = 26  # both statements together
RATING_MAX_WORDS = 20
SCENARIO_MAX_WORDS = 90  # setting, question and options
# Blueprint 7.5
STATEMENT_WORDS_APART = 4
SENTENCE_MAX_WORDS = 20
# Blueprint 7.6, point 9; the share of letters in common is ours
NEAR_COPY_ABOVE = 0.9


def item_faults(document: Questionnaire) -> Iterator[Fault]:
    """Every item's faults, in the document's order, then items that are nearly the same."""
    for index, item in enumerate(document.items):
        path: Path = ("items", index)
        if not item.source_refs:
            yield Fault((*path, "source_refs"), "Name at least one source.")
        match item.kind:
            case "pair":
                yield from _pair(path, item)
            case "rating":
                yield from _at_most(RATING_MAX_WORDS, (*path, "text"), item.text)
            case _:
                yield from _scenario(document, path, item)
        for place, text in texts(item):
            yield from _sentence_lengths((*path, *place), text)
            if is_english(document):
                yield from _wording(document, item, (*path, *place), text)
    yield from _copies(document)


def texts(item: Item) -> Iterator[tuple[Path, str]]:
    """What a taker reads of an item, and where in the item it stands."""
    match item.kind:
        case "pair":
            yield ("left", "text"), item.left.text
            yield ("right", "text"), item.right.text
        case "rating":
            yield ("text",), item.text
        case _:
            yield ("text",), item.text
            yield ("question",), item.question
            for index, option in enumerate(item.options):
                yield ("options", index, "text"), option.text


def word_count(item: Item) -> int:
    """How many words a taker reads of an item."""
    return sum(len(words(text)) for _, text in texts(item))


def is_english(document: Questionnaire) -> bool:
    """Whether the lists of English words are any use."""
    return document.language.partition("-")[0] == "en"


def _pair(path: Path, pair: Pair) -> Iterator[Fault]:
    left, right = len(words(pair.left.text)), len(words(pair.right.text))
    if left + right > PAIR_MAX_WORDS:
        have = f"Both statements have {left + right} words"
        yield Fault(path, f"{have}; shorten them to {PAIR_MAX_WORDS} together.")
    if abs(left - right) > STATEMENT_WORDS_APART:
        have = f"The statements have {left} and {right} words"
        yield Fault(path, f"{have}; bring them within {STATEMENT_WORDS_APART} of each other.")


def _scenario(document: Questionnaire, path: Path, scenario: Scenario) -> Iterator[Fault]:
    yield from _at_most(SETTING_MAX_WORDS, (*path, "text"), scenario.text)
    for index, option in enumerate(scenario.options):
        yield from _at_most(OPTION_MAX_WORDS, (*path, "options", index, "text"), option.text)
    count = word_count(scenario)
    if count > SCENARIO_MAX_WORDS:
        have = f"Setting, question and options have {count} words"
        yield Fault(path, f"{have}; shorten them to {SCENARIO_MAX_WORDS}.")
    if len(scenario.options) != OPTIONS:
        message = f"Give {OPTIONS} options, not {len(scenario.options)}."
        yield Fault((*path, "options"), message)
    for side in scenario.sides:
        unfit = sum(option.fit(side) == 0 for option in scenario.options)
        name = document.poles[side].name
        if len(scenario.options) - unfit < FITTING_OPTIONS_MIN:
            message = f"Write at least {FITTING_OPTIONS_MIN} options that fit {name} (1 or 2)."
            yield Fault((*path, "options"), message)
        elif unfit > UNFIT_OPTIONS_MAX:
            message = f"Leave at most {UNFIT_OPTIONS_MAX} option that does not fit {name} (0)."
            yield Fault((*path, "options"), message)


def _at_most(limit: int, path: Path, text: str) -> Iterator[Fault]:
    count = len(words(text))
    if count > limit:
        yield Fault(path, f"This has {count} words; shorten it to {limit}.")


def _sentence_lengths(path: Path, text: str) -> Iterator[Fault]:
    for sentence in readability.sentences(text):
        count = len(words(sentence))
        if count > SENTENCE_MAX_WORDS:
            yield Fault(path, f"A sentence has {count} words; keep to {SENTENCE_MAX_WORDS}.")


_STATEMENT_RULES: tuple[tuple[Callable[[str], Iterator[str]], str], ...] = (
    (readability.absolutes, "Take out “%s”: it leaves no exception."),
    (readability.negations, "Say it without “%s”: a negation is easily read over."),
    (readability.praise, "Take out “%s”: it praises a trait."),
    (readability.reasons, "Take out “%s”: a reason is a second idea."),
    (readability.abilities, "Take out “%s”: describe the work, not the ability."),
    (readability.currencies, "Take out “%s”: a currency belongs to a region."),
)


def _wording(document: Questionnaire, item: Item, path: Path, text: str) -> Iterator[Fault]:
    # A scenario tells what happened ("people do not return"); there, these are for a look only.
    level = warning if item.kind == "scenario" else Fault
    for rule, message in _STATEMENT_RULES:
        for found in dict.fromkeys(rule(text)):
            yield level(path, message % found)
    for term in readability.unexplained_jargon(text, (entry.term for entry in document.glossary)):
        yield Fault(path, f"Explain “{term}” in brackets here, or put it in the glossary.")


def _copies(document: Questionnaire) -> Iterator[Fault]:
    told = [(index, _told(item)) for index, item in enumerate(document.items)]
    for (index, text), (later, other) in combinations(told, 2):
        if _is_near_copy(text, other):
            key = document.items[index].key
            yield warning(("items", later), f"This is nearly the item `{key}`. Keep one of them.")


def _is_near_copy(text: str, other: str) -> bool:
    match = SequenceMatcher(None, text, other, autojunk=False)
    # The two quick ratios are upper bounds of the slow one.
    ratios = (match.real_quick_ratio, match.quick_ratio, match.ratio)
    return all(ratio() > NEAR_COPY_ABOVE for ratio in ratios)


def _told(item: Item) -> str:
    """The item's texts, wherever its poles or options stand."""
    return "\n".join(sorted(" ".join(words(text)).casefold() for _, text in texts(item)))
