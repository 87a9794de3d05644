from __future__ import annotations

import json
from hashlib import sha256

import pytest
from pydantic import ValidationError

from assessments.instrument.canonical import (
    canonical_json,
    digest,
    item_revision,
    json_schema,
    parse_canonical,
)
from tests.instrument.small import small, small_data

KEYS = [item["key"] for item in small_data()["items"]]


def revisions(data):
    document = small(data)
    return {key: item_revision(document, key) for key in KEYS}


def changed_by(change):
    """The items whose revision that change of the data changes."""
    data = small_data()
    change(data)
    before, after = revisions(small_data()), revisions(data)
    return {key for key in KEYS if before[key] != after[key]}


def item(data, key):
    return next(row for row in data["items"] if row["key"] == key)


def test_canonical_json_is_sorted_and_has_no_spaces_between():
    text = canonical_json(small())

    parsed = json.loads(text)
    assert text == json.dumps(parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_canonical_json_keeps_letters_as_they_are():
    data = small_data()
    data["title"] = "Größe 😀"

    assert '"title":"Größe 😀"' in canonical_json(small(data))


def test_what_is_as_by_default_is_left_out():
    explicit = small_data()
    explicit["dimensions"][0].update(half_weight=False, guide=None)
    explicit["forms"][0]["rules"]["quality_cap"] = None

    assert canonical_json(small(explicit)) == canonical_json(small())
    assert "half_weight" not in json.loads(canonical_json(small()))["dimensions"][0]


def test_the_order_of_targets_is_no_difference():
    data = small_data()
    targets = data["roles"][0]["targets"]
    data["roles"][0]["targets"] = dict(reversed(targets.items()))

    assert digest(small(data)) == digest(small())


def test_the_digest_is_the_sha256_of_the_canonical_json():
    document = small()

    hexdigest = sha256(canonical_json(document).encode()).hexdigest()
    assert digest(document) == f"sha256:{hexdigest}"


def test_the_digest_of_a_document_never_changes():
    # If this fails (and the small document is what it was), stored editions lose their digests.
    assert (
        digest(small())
        == "sha256:ac358490059ab08286bbfee7cb7122e501c696a32da49cee511b6e0aebbb2228"
    )


def test_canonical_json_is_read_back_as_the_same_document():
    document = small()

    assert parse_canonical(canonical_json(document)) == document


def test_parsing_refuses_what_is_not_a_document():
    with pytest.raises(ValidationError):
        parse_canonical("{}")


def test_revisions_never_change():
    # If this fails, item analysis takes every item of the next edition for a new one.
    found = {key: item_revision(small(), key) for key in ("time-1", "time-a", "time-s")}

    assert found == {
        "time-1": "4c0b62f308639f34",
        "time-a": "63582a11e05d02ea",
        "time-s": "7257ca708c489235",
    }


def test_items_of_the_same_form_have_different_revisions():
    assert len(set(revisions(small_data()).values())) == len(KEYS)


@pytest.mark.parametrize(
    ("key", "path", "value"),
    [
        ("time-1", ["left", "text"], "I enjoy a whole evening with one piece of work."),
        ("time-1", ["right", "text"], "I enjoy a whole evening of talks."),
        ("time-1", ["dimension"], "growth"),
        ("time-a", ["text"], "Kept a whole day free."),
        ("time-a", ["side"], "b"),
        ("time-a", ["dimension"], "growth"),
        ("time-s", ["text"], "A hard part needs three days."),
        ("time-s", ["question"], "What would you do next?"),
        ("time-s", ["setting"], "mixed"),
        ("time-s", ["dimension"], "growth"),
        ("time-s", ["options", 0, "text"], "Move two meetings"),
        ("time-s", ["options", 0, "fit_a"], 1),
        ("time-s", ["options", 0, "fit_b"], 2),
        ("time-s", ["options", 0, "key"], "v"),
    ],
)
def test_what_a_taker_sees_and_the_keying_change_that_items_revision(key, path, value):
    def change(data):
        *around, last = path
        place = item(data, key)
        for step in around:
            place = place[step]
        place[last] = value

    assert changed_by(change) == {key}


def test_turning_a_pair_round_changes_its_revision():
    def turn(data):
        pair = item(data, "time-1")
        pair["left"], pair["right"] = pair["right"], pair["left"]

    assert changed_by(turn) == {"time-1"}


def test_exchanging_the_poles_of_a_pair_changes_its_revision():
    def exchange(data):
        pair = item(data, "time-1")
        pair["left"]["pole"], pair["right"]["pole"] = "b", "a"

    assert changed_by(exchange) == {"time-1"}


def test_the_order_of_options_belongs_to_the_revision():
    assert changed_by(lambda data: item(data, "time-s")["options"].reverse()) == {"time-s"}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("pair", lambda data: data["stems"].update(pair="Which one?")),
        ("pair", lambda data: data["anchors"]["pair"].insert(0, data["anchors"]["pair"].pop())),
        ("rating", lambda data: data["stems"].update(rating="How often?")),
        ("rating", lambda data: data["anchors"]["rating"][0].update(label="No")),
        ("rating", lambda data: data["anchors"]["rating"][0].update(text="I have not.")),
    ],
)
def test_stems_and_anchors_belong_to_the_revision_of_their_kind(kind, change):
    of_kind = {row["key"] for row in small_data()["items"] if row["kind"] == kind}

    assert changed_by(change) == of_kind


def test_sources_names_and_places_are_no_part_of_the_revision():
    def change(data):
        for row in data["items"]:
            row["source_refs"] = ["1.10"]
        data["items"].reverse()
        data["title"] = "Another title"
        data["poles"]["a"]["name"] = "Craft"

    assert changed_by(change) == set()


def test_the_key_is_no_part_of_the_revision():
    data = small_data()
    item(data, "time-1")["key"] = "time-9"
    data["forms"][0]["sections"][0]["items"][0] = "time-9"
    data["forms"][1]["sections"][0]["items"][0] = "time-9"

    assert item_revision(small(data), "time-9") == item_revision(small(), "time-1")


def test_an_unknown_item_has_no_revision():
    with pytest.raises(KeyError):
        item_revision(small(), "time-9")


def test_the_schema_says_what_it_is_and_what_a_document_needs():
    schema = json_schema()

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == [
        "schema",
        "slug",
        "title",
        "language",
        "licence",
        "sources",
        "glossary",
        "poles",
        "stems",
        "anchors",
        "background",
        "clusters",
        "dimensions",
        "items",
        "forms",
        "roles",
        "study",
    ]
    json.dumps(schema)
