"""What people have answered so far to a question of the desk."""

from django.utils.translation import gettext as _

from assessments.analysis.counts import FormKey
from assessments.analysis.models import CountedAs
from assessments.analysis.reading import stored_counts
from assessments.editing.analysis_words import answer_labels
from assessments.editing.versions import newest_of
from assessments.questionnaires.rows import Item
from assessments.scoring.item_analysis import MIN_PEOPLE


def answers_so_far(item: Item) -> str | None:
    """How the answers to a question look in the newest edition that asks it, in a sentence.

    None under 30 people, and for a question that the newest edition does not ask.
    """
    edition = newest_of(item.questionnaire)
    forms = edition.document.forms if edition else ()
    form = next((form for form in forms if item.key in form.item_keys), None)
    if edition is None or form is None:
        return None
    counts = stored_counts(FormKey(edition.pk, form.key))
    sums = counts.items_of_group(CountedAs.IN).get(item.key)
    if sums is None or sums.answered < MIN_PEOPLE:
        return None
    spread = " · ".join(
        f"{label}: {round(100 * sums.options.get(value, 0) / sums.answered)} %"
        for value, label in answer_labels(edition.document, edition.document.item[item.key])
    )
    return _("%(people)d people answered it in edition %(edition)d: %(spread)s") % {
        "people": sums.answered,
        "edition": edition.number,
        "spread": spread,
    }
