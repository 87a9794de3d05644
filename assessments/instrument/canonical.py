"""A document as bytes that never vary: what is stored, and what digests are taken of."""

import json
from hashlib import sha256
from typing import Any

from assessments.instrument.document import Anchors, Item, Questionnaire, Stems

REVISION_LENGTH = 16  # hex digits; enough for the items of one questionnaire


def canonical_json(document: Questionnaire) -> str:
    """The document as JSON with sorted keys and no spaces, not escaped beyond what JSON needs.

    What is as by default, None included, is left out. So a later release may add an optional key
    and an old edition still has its digest; it may not change a default of `questionnaire/1`.
    """
    return _compact(document.model_dump(by_alias=True, exclude_defaults=True))


def digest(document: Questionnaire) -> str:
    """`sha256:` and the hex digest of the canonical JSON in UTF-8."""
    return f"sha256:{sha256(canonical_json(document).encode()).hexdigest()}"


def parse_canonical(text: str) -> Questionnaire:
    """The document of stored canonical JSON.

    For what has been through `read_yaml` or publishing: whether names fit is not asked again.
    Raises pydantic's `ValidationError`.
    """
    return Questionnaire.model_validate_json(text)


def item_revision(document: Questionnaire, item_key: str) -> str:
    """A short hash of what a taker sees of an item, and of its keying; raises `KeyError`.

    Two editions share an item exactly when its key and its revision are equal. Sources are not
    part of it, nor is the key.
    """
    item = document.item[item_key]
    seen = _seen(item, document.stems, document.anchors)
    return sha256(_compact(seen).encode()).hexdigest()[:REVISION_LENGTH]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `questionnaire/1`, for editors and other programs."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Questionnaire.model_json_schema(),
    }


def _seen(item: Item, stems: Stems, anchors: Anchors) -> dict[str, object]:
    # Named one by one: a key that the document gains later must not change old revisions.
    common = {"kind": item.kind, "dimension": item.dimension}
    match item.kind:
        case "pair":
            return common | {
                "stem": stems.pair,
                "anchors": anchors.pair,
                "left": [item.left.pole, item.left.text],
                "right": [item.right.pole, item.right.text],
            }
        case "rating":
            return common | {
                "stem": stems.rating,
                "anchors": [[a.value, a.label, a.text] for a in anchors.rating],
                "side": item.side,
                "text": item.text,
            }
        case _:
            return common | {
                "setting": item.setting,
                "text": item.text,
                "question": item.question,
                "options": [[o.key, o.text, o.fit_a, o.fit_b] for o in item.options],
            }


def _compact(data: object) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
