"""What people have answered so far to a question of the desk."""

from assessments.questionnaires.rows import Item


def answers_so_far(item: Item) -> str | None:
    """How the answers to a question look, in a sentence; None while nothing can be said."""
    return None
