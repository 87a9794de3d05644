"""Question analysis in words."""

from django.utils.translation import gettext as _

from assessments.instrument.document import Item, Questionnaire
from assessments.scoring.item_flags import ItemFlag, ItemFlagCode
from assessments.scoring.scales import Scale


def flag_words(flag: ItemFlag) -> str:
    """A flag in a few words, for a table."""
    words: dict[ItemFlagCode, str] = {
        "runs_against": _("Runs against its scale"),
        "hardly_relates": _("Hardly relates"),
        "one_option": _("Nearly all choose one answer"),
        "middle": _("Over half in the middle"),
        "skipped": _("Often skipped"),
        "drop_out": _("People stop here"),
        "better_without": _("Better without"),
        "rare_option": _("An answer hardly chosen"),
    }
    return words[flag.code]


def flag_sentence(document: Questionnaire, item: Item, flag: ItemFlag) -> str:
    """What is the matter with a question and what to do, after “Question 30”."""
    sentences: dict[ItemFlagCode, str] = {
        "runs_against": _(
            "runs against its scale (%(r)s). Check which side is keyed to which pole."
        ),
        "hardly_relates": _("hardly relates to the rest (%(r)s). Does it ask the same thing?"),
        "one_option": _(
            "%(share)s chose “%(option)s”. A question that all answer alike tells little."
        ),
        "middle": _("%(share)s chose the middle. The two statements may be no real choice."),
        "skipped": _("%(share)s skipped it. It may be unclear, or not apply to them."),
        "drop_out": _("%(share)s stopped here, against %(median)s elsewhere."),
        "better_without": _(
            "without it, alpha would rise from %(alpha)s to %(without)s. Reword or drop it."
        ),
        "rare_option": _("hardly anybody (%(share)s) chose “%(option)s”."),
    }
    return sentences[flag.code] % _numbers(document, item, flag)


def _numbers(document: Questionnaire, item: Item, flag: ItemFlag) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in flag.numbers.items():
        if name == "option":
            found[name] = dict(answer_labels(document, item))[str(value)]
        elif name in ("share", "median"):
            found[name] = f"{value:.0%}" if float(value) >= 0.01 else f"{value:.1%}"
        else:
            found[name] = f"{value:.2f}"
    return found


def answer_labels(document: Questionnaire, item: Item) -> list[tuple[str, str]]:
    """The stored values of an item's answers, as text, each with what it stands for."""
    match item.kind:
        case "pair":
            a, b = document.poles.a.name, document.poles.b.name
            to = _("%(steps)d to %(pole)s")
            return [
                ("-2", to % {"steps": 2, "pole": a}),
                ("-1", to % {"steps": 1, "pole": a}),
                ("0", _("in the middle")),
                ("1", to % {"steps": 1, "pole": b}),
                ("2", to % {"steps": 2, "pole": b}),
            ]
        case "rating":
            return [(str(anchor.value), anchor.label) for anchor in document.anchors.rating]
        case _:
            return [(option.key, option.text) for option in item.options]


def scale_name(document: Questionnaire, scale: Scale) -> str:
    """What a scale holds."""
    pole = document.poles.a if scale.side == "a" else document.poles.b
    cluster = document.cluster[scale.cluster].name if scale.cluster else ""
    if scale.dimension:
        return _("Preference: %(name)s") % {"name": document.dimension[scale.dimension].name}
    whole = _("Readiness for %(pole)s") % {"pole": pole.name} if scale.side else _("Preference")
    return _("%(what)s: %(cluster)s") % {"what": whole, "cluster": cluster} if cluster else whole
