"""Items and answers in the words that the taker saw."""

from assessments.instrument.document import Item, Pair, Questionnaire, Value


def item_words(item: Item) -> str:
    """What was asked, in one line."""
    if item.kind == "pair":
        return f"{item.left.text} / {item.right.text}"
    return item.text


def answer_words(document: Questionnaire, item: Item, value: Value) -> str | None:
    """What was answered, in one line; None for a skip."""
    if value is None:
        return None
    if item.kind == "scenario":
        return item.option(str(value)).text
    if item.kind == "rating":
        return next(a.label for a in document.anchors.rating if a.value == value)
    return _pair_words(document, item, value)


def _pair_words(document: Questionnaire, item: Pair, value: Value) -> str:
    position = int(item.choice_of(value) or 0) - 1
    label = document.anchors.pair[position]
    middle = len(document.anchors.pair) // 2
    if position == middle:
        return label
    statement = item.left if position < middle else item.right
    return f"{label}: {statement.text}"
