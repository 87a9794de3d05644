from __future__ import annotations

import json
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.instrument import plain
from assessments.instrument.canonical import canonical_json, parse_canonical
from assessments.instrument.checks import publishing_faults
from assessments.instrument.faults import DocumentFaults, Fault
from assessments.instrument.files import (
    read_data,
    read_json,
    read_yaml,
    read_yaml_file,
    write_json,
    write_yaml,
)
from tests.instrument.medium import medium_yaml, twelve_faults
from tests.instrument.small import small, small_data

CANONICAL = write_yaml(small())
PARSERS = pytest.mark.parametrize("parser", [yaml.CSafeLoader, yaml.SafeLoader])


def faults_of(read, text):
    with pytest.raises(DocumentFaults) as raised:
        read(text)
    return raised.value.faults


def told(text):
    """Where and what the faults of a YAML text are, as people are told."""
    return [str(fault) for fault in faults_of(read_yaml, text)]


def replaced(old, new):
    """The canonical text with one line changed, and that line's number."""
    assert CANONICAL.count(old) >= 1, old
    text = CANONICAL.replace(old, new, 1)
    return text, CANONICAL[: CANONICAL.index(old)].count("\n") + 1


def at(data, path):
    for step in path:
        data = data[step]
    return data


def wrong(*path, value):
    """What is said of the small questionnaire with another value there."""
    data = small_data()
    at(data, path[:-1])[path[-1]] = value
    return messages(data)


def messages(data):
    return [(".".join(map(str, f.path)), f.message) for f in faults_of(read_data, data)]


# There and back


def test_the_canonical_layout_comes_back_byte_for_byte():
    assert write_yaml(read_yaml(CANONICAL)) == CANONICAL


def test_a_document_comes_back_from_each_format():
    document = small()

    assert read_yaml(write_yaml(document)) == document
    assert read_yaml(write_yaml(document).encode()) == document
    assert read_json(write_json(document)) == document
    assert read_json(write_json(document).encode()) == document


def test_json_has_the_order_of_the_yaml():
    assert list(json.loads(write_json(small()))) == list(yaml.safe_load(CANONICAL))


def test_the_layout_is_indented_and_quotes_what_looks_like_something_else():
    assert CANONICAL.startswith(
        "schema: questionnaire/1\n"
        "slug: maker-manager\n"
        "title: Making or managing\n"
        "language: en\n"
        "licence: CC0\n"
        "sources:\n"
        "  - ref: '1.1'\n"
        "    title: Essay, first part\n"
        "  - ref: '1.10'\n"
        "    title: Essay, tenth part\n"
    )


def test_what_is_as_by_default_is_not_written():
    data = small_data()
    data["dimensions"][0].update(half_weight=False, guide=None)

    assert write_yaml(small(data)) == CANONICAL


def test_targets_are_written_in_the_order_of_the_dimensions():
    data = small_data()
    role = data["roles"][0]
    role["targets"] = dict(reversed(role["targets"].items()))

    assert write_yaml(small(data)) == CANONICAL


def test_targets_of_no_dimension_are_written_last():
    role = small().roles[0]
    odd = role.model_copy(update={"targets": {"odd": role.targets["time"], **role.targets}})
    written = yaml.safe_load(write_yaml(small().model_copy(update={"roles": (odd,)})))

    keys = ["time", "feedback", "choices", "growth", "odd"]
    assert list(written["roles"][0]["targets"]) == keys


def test_several_lines_stand_as_they_are():
    assert "      text: |-\n        Read both and note\n        what surprises you.\n" in CANONICAL


@pytest.mark.parametrize(
    "text",
    ["\nfirst", "last\n\n", " first\nsecond", "first \nsecond", "first\n second", "one\ntwo\n"],
)
def test_spaces_and_empty_lines_at_the_ends_come_back(text):
    data = small_data()
    data["glossary"][0]["gloss"] = text

    assert read_yaml(write_yaml(small(data))) == small(data)


def test_lines_with_spaces_at_their_ends_are_quoted():
    data = small_data()
    data["glossary"][0]["gloss"] = "first\n second"

    assert 'gloss: "first\\n second"' in write_yaml(small(data))


@pytest.mark.parametrize("text", ["2.1", "2.1a", "2 people", "-3 or less", ".5 and more", "1e5"])
def test_what_begins_like_a_number_is_quoted(text):
    data = small_data()
    data["title"] = text

    assert f"title: '{text}'\n" in write_yaml(small(data))


@pytest.mark.parametrize("text", ["a2", "- no", "+ and -", "... then 2"])
def test_a_number_later_on_needs_no_quotes(text):
    data = small_data()
    data["title"] = "Of " + text

    assert f"title: Of {text}\n" in write_yaml(small(data))


def test_an_endless_number_is_text():
    text, line = replaced("hours: 2", f"hours: {'9' * 5000}")

    assert told(text) == [
        f"line {line}: study.recommendations.0.hours: "
        f"Write a whole number here, without quotes, not `{'9' * 60}…`."
    ]


def test_letters_of_all_scripts_stand_as_they_are():
    data = small_data()
    data["title"] = "Größe 测量 😀"

    assert "title: Größe 测量 😀\n" in write_yaml(small(data))


def test_other_layouts_are_read_too():
    flow = json.dumps(small_data())

    assert read_yaml(flow) == small()
    assert read_yaml("\ufeff" + CANONICAL) == small()
    assert read_yaml(b"\xef\xbb\xbf" + CANONICAL.encode()) == small()
    assert read_yaml(CANONICAL.replace("\n", "\r\n")) == small()
    assert read_yaml("%YAML 1.1\n---\n# Comment\n" + CANONICAL + "...\n") == small()


@pytest.mark.parametrize("text", ["no", "on", "Yes", "2024-01-02", "1:30", "1e5", "0o7", "07"])
def test_words_that_other_readers_take_for_something_else_are_text(text):
    data = small_data()
    data["title"] = text

    unquoted, _ = replaced("title: Making or managing", f"title: {text}")
    assert read_yaml(unquoted).title == text
    assert f"title: '{text}'\n" in write_yaml(small(data))


def test_null_is_a_value_left_out():
    text, _ = replaced("    guide: choices\n", "    guide: null\n")
    also, _ = replaced("    guide: choices\n", "    guide:\n")

    assert read_yaml(text) == read_yaml(also)
    assert read_yaml(text).dimension["choices"].guide is None


# Keys that YAML readers disagree about, and a plain one.
ODD_KEYS = st.sampled_from(
    ["no", "on", "1", "10", "null", "true", "1e5", "0o7", "y", "2024-01-02"]
)
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
LINES = st.text(
    st.one_of(st.sampled_from(" :#-'\"{}[]&*!|>%@?,\\"), LETTERS), min_size=1, max_size=40
)
NAMES = LINES.filter(lambda text: not text.isspace())
TEXTS = (
    st.lists(LINES, min_size=1, max_size=4).map("\n".join).filter(lambda text: not text.isspace())
)
REFS = st.text(LETTERS, min_size=1, max_size=20).filter(lambda r: not r.isspace() and r != "1.1")
LONG_TEXTS = st.lists(st.text("ab:#- '", min_size=1, max_size=9), min_size=20, max_size=60).map(
    " ".join
)
IS_TEXT = {"text", "gloss", "definition", "pole_a", "both", "leans_b", "bad", "good", "note"}
IS_NAME = {"title", "licence", "term", "long_name", "short_a", "author", "status"}


def renamed(data, old, new):
    """The data with that key renamed wherever it stands."""
    if isinstance(data, dict):
        return {renamed(k, old, new): renamed(value, old, new) for k, value in data.items()}
    if isinstance(data, list):
        return [renamed(value, old, new) for value in data]
    return new if data == old else data


def places(data, names):
    """Every mapping and key where a text of those names stands."""
    if isinstance(data, list):
        return [place for row in data for place in places(row, names)]
    if not isinstance(data, dict):
        return []
    here = [(data, key) for key, value in data.items() if key in names and isinstance(value, str)]
    return here + [place for value in data.values() for place in places(value, names)]


@st.composite
def documents(draw):
    """Valid documents, made of the small one."""
    data = small_data()
    for names, texts in ((IS_TEXT, TEXTS | LONG_TEXTS), (IS_NAME, NAMES)):
        # An option before the items is a name of one line.
        found = places({part: data[part] for part in data if part != "background"}, names)
        for index in draw(st.sets(st.integers(0, len(found) - 1), max_size=5)):
            place, key = found[index]
            place[key] = draw(texts)
    data["dimensions"][0]["half_weight"] = draw(st.booleans())
    data["roles"][0]["targets"]["time"]["position"] = draw(st.integers(-2, 2))
    data["study"]["resources"][1]["year"] = draw(st.none() | st.integers(-(10**9), 10**9))
    for part in draw(st.sets(st.sampled_from(["background", "glossary", "roles"]))):
        data[part] = []
        if part == "roles":
            del data["study"]["recommendations"][1]["role"]
    data = renamed(data, "feedback", draw(ODD_KEYS))
    data = renamed(data, "1.10", draw(REFS))
    return small(data)


@given(documents())
@settings(max_examples=8)
def test_every_document_comes_back(document):
    text = write_yaml(document)

    assert read_yaml(text) == document
    assert write_yaml(read_yaml(text)) == text
    assert read_json(write_json(document)) == document
    assert parse_canonical(canonical_json(document)) == document
    assert write_yaml(parse_canonical(canonical_json(document))) == text


@given(documents())
@settings(max_examples=10)
def test_other_yaml_readers_read_the_same(document):
    assert read_data(yaml.safe_load(write_yaml(document))) == document


@given(documents())
@settings(max_examples=10)
def test_the_parser_in_python_reads_the_same(document):
    with patch.object(plain, "_PARSER", yaml.SafeLoader):
        assert read_yaml(write_yaml(document)) == document


# Junk

YAML_JUNK = st.text(
    st.one_of(
        st.sampled_from("\n \t:-?[]{},#&*!|>'\"%@`~\\ab01.<=\x00\x07\x85\u2028\ufeff\ud800"),
        st.characters(),
    )
)
PIECES = st.sampled_from(
    ["&a ", "*a", "!!python/object:os.system ", "- ", "? ", ": ", "[", "}", '"', "\t", "~", "1.5"]
    + ["\n---\n", "\n  ", "<<: ", "true", "\x00", "'", '"\\ud800"', '"\\UFFFFFFFF"', "9" * 5000]
)


def only_faults(read, text):
    """Reads, or raises faults that can be told; anything else comes out of here."""
    faults = ()
    try:
        read(text)
    except DocumentFaults as error:
        faults = error.faults
    for fault in faults:
        assert fault.message
        assert str(fault).encode()


@PARSERS
@given(junk=YAML_JUNK | st.binary())
def test_junk_raises_faults_and_nothing_else(parser, junk):
    with patch.object(plain, "_PARSER", parser):
        only_faults(read_yaml, junk)
    only_faults(read_json, junk)


@PARSERS
@given(st.data())
@settings(max_examples=30)
def test_a_damaged_file_raises_faults_and_nothing_else(parser, data):
    text = CANONICAL[: data.draw(st.sampled_from([600, 3000, len(CANONICAL)]))]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 12))
        text = text[:start] + data.draw(PIECES | st.text(max_size=3)) + text[end:]
    with patch.object(plain, "_PARSER", parser):
        only_faults(read_yaml, text)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.data())
def test_wrong_values_anywhere_raise_faults_and_nothing_else(data):
    document = small_data()
    place = document
    while True:
        steps = list(place) if isinstance(place, dict) else list(range(len(place)))
        step = data.draw(st.sampled_from(steps))
        if not place[step] or not isinstance(place[step], dict | list) or data.draw(st.booleans()):
            break
        place = place[step]
    place[step] = data.draw(JSON_VALUES)
    only_faults(read_data, document)
    only_faults(read_json, json.dumps(document))


# YAML itself


def test_syntax_is_told_with_its_line():
    text, line = replaced("slug: maker-manager", "slug: 'maker-manager")

    (fault,) = faults_of(read_yaml, text)
    assert fault.path == ()
    assert fault.message.startswith("This is not valid YAML (")
    assert fault.line is not None
    assert fault.line >= line


@PARSERS
@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a: b\nc: d: e\n", 2, "Put a text that has a colon in it in quotes."),
        ("a:\n\tb\n", 2, "Indent with spaces, not tabs, and quote a text that begins oddly."),
        ("a: 'b\n", 2, "Close the quote that was opened."),
        (
            "a: b\n  c\nd\n",
            4,
            "Look at the indentation and the quotes here and in the lines before.",
        ),
    ],
)
def test_syntax_comes_with_what_to_do(parser, text, line, hint):
    with patch.object(plain, "_PARSER", parser):
        (fault,) = faults_of(read_yaml, text)

    assert (fault.line, fault.message.endswith(hint)) == (line, True)


def test_an_escape_that_is_no_character_is_told():
    with patch.object(plain, "_PARSER", yaml.SafeLoader):
        (message,) = told('a: "\\UFFFFFFFF"')

    assert "This is not valid YAML (an escape here is not a character)." in message


def test_what_was_found_before_the_syntax_is_told_as_well():
    assert told("a: &x 1\nb: 'c\n")[0] == "line 1: a: Remove the anchor (`&name`)."


def test_the_same_key_twice_is_a_fault_with_both_lines():
    text, line = replaced("language: en\n", "language: en\nslug: other\n")

    assert told(text) == [
        f"line {line + 1}: slug: This key is here twice (first in line 2). Keep one."
    ]


def test_the_value_of_a_double_key_may_be_anything():
    text, line = replaced("language: en\n", "language: en\nslug: {a: [1, {b: c}], d: *e}\n")

    assert told(text) == [
        f"line {line + 1}: slug: This key is here twice (first in line 2). Keep one."
    ]


@pytest.mark.parametrize(
    "key", ["5", "1.5", "true", "null", "[a, b]", "? {a: b}\n", "&x y", "!!str z"]
)
def test_keys_are_texts(key):
    text, line = replaced("language: en\n", f"language: en\n{key}: {{x: [1]}}\n")

    assert told(text) == [
        f"line {line + 1}: document: A key must be a text; put a number in quotes."
    ]


def test_a_number_in_quotes_may_be_a_key():
    text, line = replaced("language: en\n", "language: en\n'5': x\n")

    assert told(text)[0].startswith(f"line {line + 1}: 5: Unknown key `5`.")


def test_anchors_are_refused():
    text, line = replaced("licence: CC0", "licence: &x CC0")

    assert told(text) == [f"line {line}: licence: Remove the anchor (`&name`)."]


def test_aliases_are_refused_and_nothing_else_is_said_of_them():
    text, line = replaced("licence: CC0", "licence: &x CC0")
    text = text.replace("title: Essay, first part", "title: *x")

    assert told(text) == [
        f"line {line}: licence: Remove the anchor (`&name`).",
        f"line {line + 3}: sources.0.title: Write the value out; aliases (`*name`) are not read.",
    ]


def test_a_billion_laughs_are_over_quickly():
    laughs = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join(9 * [f'*{old}'])}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )

    refused = [message for message in told(laughs) if "aliases" in message]
    assert len(refused) == 8 * 9


@pytest.mark.parametrize("tag", ["!!str", "!", "!!python/name:os.system", "!x"])
def test_tags_are_refused(tag):
    text, line = replaced("licence: CC0", f"licence: {tag} CC0")

    assert told(text) == [f"line {line}: licence: Remove the tag (`!name`)."]


def test_a_tag_on_a_list_is_refused():
    text, line = replaced("glossary:\n", "glossary: !!set\n")

    assert told(text) == [f"line {line}: glossary: Remove the tag (`!name`)."]


def test_one_document_a_file():
    lines = CANONICAL.count("\n")

    assert told(CANONICAL + "---\na: b\n") == [
        f"line {lines + 1}: document: Keep one document per file."
    ]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~"])
def test_an_empty_file_is_told(text):
    (fault,) = faults_of(read_yaml, text)

    assert fault.message == "Write keys with their values here (`key: value`), not nothing."


@PARSERS
@pytest.mark.parametrize("deep", ["[" * 400_000, "a: " + "{a: " * 100_000, "- " * 300_000])
def test_deep_nesting_is_refused_before_it_hurts(parser, deep):
    with patch.object(plain, "_PARSER", parser):
        (fault,) = faults_of(read_yaml, deep)

    assert fault.message == "Nest no deeper than 20 levels."
    assert len(fault.path) == 21


def test_too_large_a_file_is_refused_unread():
    (fault,) = faults_of(read_yaml, "#" * 1_300_000)

    assert fault == Fault(
        (),
        "This file has 1.3 MB; a questionnaire may have 1 MB. Remove what does not belong in it.",
    )
    assert faults_of(read_yaml, b"#" * 1_300_000) == (fault,)


def test_a_file_just_small_enough_is_read():
    room = 1_000_000 - len(CANONICAL.encode())

    assert read_yaml(CANONICAL + "#" * room) == small()
    assert len(faults_of(read_yaml, CANONICAL + "#" * (room + 1))) == 1


def test_another_encoding_than_utf8_is_told_with_its_line():
    assert told("a: b\nc: ü\n".encode("latin-1")) == ["line 2: document: Save this file as UTF-8."]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\ud800", "\uffff"])
def test_invisible_characters_are_refused_with_their_line(character):
    text, line = replaced("licence: CC0", f"licence: C{character}C0")

    assert told(text) == [
        f"line {line}: document: Remove the invisible character U+{ord(character):04X}."
    ]


@pytest.mark.parametrize(
    "escape", ["\\0", "\\a", "\\t", "\\r", "\\e", "\\x7f", "\\N", "\\L", "\\P"]
)
def test_escapes_bring_in_no_control_characters(escape):
    text, line = replaced("gloss: A first version that", f'gloss: "A{escape}b"\n#')

    (message,) = told(text)
    assert message.startswith(
        f"line {line}: glossary.0.gloss: "
        "Write something that can be seen, without tabs and control characters."
    )


def test_faults_come_in_the_order_of_the_file():
    text = CANONICAL.replace("- w", "- x").replace("slug: maker-manager", "slug: Maker")
    text = text.replace("cluster: path", "cluster: day-2").replace("kind: book", "kind: film")

    lines = [fault.line for fault in faults_of(read_yaml, text)]
    assert None not in lines
    assert lines == sorted(lines)
    assert len(lines) > 3


def test_a_file_of_forty_kilobytes_tells_twelve_kinds_of_faults_with_their_lines():
    text, faults = twelve_faults()

    assert 38_000 < len(text.encode()) < 44_000
    assert len(faults) == 12
    assert read_yaml(medium_yaml()).slug == "pm-b2b-b2c"
    assert told(text) == faults


def test_faults_that_are_found_later_get_their_lines():
    text, line = replaced("text: Kept a half day", "text: Kept never a half day")
    read = read_yaml_file(text)

    lines = [(f.line, f.path) for f in read.located(publishing_faults(read.document))]
    assert read.document == read_yaml(text)
    assert lines == [(line, ("items", 8, "text"))]


def test_a_file_of_nothing_but_faults_is_not_told_to_the_end():
    faults = faults_of(read_yaml, CANONICAL + "".join(f"x{n}: 1\n" for n in range(700)))

    assert len(faults) == 501
    assert faults[-1].message == "Mend these first; there are more."


# Lines


def test_a_missing_key_has_the_line_of_what_it_is_missing_in():
    text, line = replaced("    gloss: A first version that others may look at.\n", "")

    assert told(text) == [f"line {line - 1}: glossary.0.gloss: `gloss` is missing. Add it."]


def test_a_key_missing_at_the_top_has_the_first_line():
    text, _ = replaced("licence: CC0\n", "")

    assert told(text) == ["line 1: licence: `licence` is missing. Add it."]


def test_a_wrong_value_has_the_line_of_its_key():
    text, line = replaced("  - term: Draft", "  - term:\n      - Draft")

    assert told(text) == [f"line {line}: glossary.0.term: Write a text here, not a list."]


def test_an_entry_of_a_list_has_its_own_line():
    text, line = replaced("    - Both equally", "    - 3")

    assert told(text) == [
        f"line {line}: anchors.pair.2: "
        'This is read as a number or true/false, not as text: put it in quotes, "3".'
    ]


def test_numbers_are_told_as_they_are_written():
    text, line = replaced("ref: '1.10'", "ref: 1.10")

    assert told(text)[0] == (
        f"line {line}: sources.1.ref: "
        'This is read as a number or true/false, not as text: put it in quotes, "1.10".'
    )


def test_yes_is_not_true():
    text, line = replaced("rows: true", "rows: yes")

    assert told(text) == [f"line {line}: forms.0.rules.rows: Write true or false here, not `yes`."]


# Sentences


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (["title"], None, "Write a text here, not nothing."),
        (["title"], ["x"], "Write a text here, not a list."),
        (["title"], {"x": 1}, "Write a text here, not keys with values."),
        (
            ["title"],
            True,
            'This is read as a number or true/false, not as text: put it in quotes, "True".',
        ),
        (["title"], "", "Write something here; it is empty."),
        (["title"], "x" * 151, "Shorten this to 150 characters; it has 151."),
        (
            ["title"],
            " ",
            "Write something that can be seen, in one line, without tabs. This is ` `.",
        ),
        (
            ["title"],
            "a\nb",
            "Write something that can be seen, in one line, without tabs. This is `a�b`.",
        ),
        (
            ["stems", "pair"],
            " \n ",
            "Write something that can be seen, without tabs and control characters. "
            "This is ` � `.",
        ),
        (
            ["slug"],
            "Maker_manager",
            "Use small letters, digits and single hyphens, as in `first-of-two`. "
            "This is `Maker_manager`.",
        ),
        (
            ["language"],
            "English",
            "Write a language code here, as in `en` or `pt-BR`. This is `English`.",
        ),
        (
            ["study", "resources", 0, "url"],
            "javascript:" + "x" * 60,
            "Write a web address here that begins with https:// or http://. "
            "This is `javascript:" + "x" * 49 + "…`.",
        ),
        (
            ["study", "resources", 0, "year"],
            "2009",
            "Write a whole number here, without quotes, not `2009`.",
        ),
        (
            ["study", "resources", 0, "year"],
            2009.5,
            "Write a whole number here, without quotes, not `2009.5`.",
        ),
        (["study", "recommendations", 0, "hours"], 0, "Write a number of 1 or more, not `0`."),
        (["study", "recommendations", 0, "hours"], 41, "Write a number of 40 or less, not `41`."),
        (["forms", 0, "rules", "rows"], 1, "Write true or false here, not `1`."),
        (
            ["poles", "a", "colour"],
            "oragne",
            "Write one of `orange`, `blue`, `purple`, `teal` here, not `oragne`. "
            "Did you mean `orange`?",
        ),
        (
            ["poles", "a", "colour"],
            None,
            "Write one of `orange`, `blue`, `purple`, `teal` here, not nothing.",
        ),
        (["schema"], "questionnaire/2", "Write `questionnaire/1` here, not `questionnaire/2`."),
        (["sources"], "1.1", "Write a list here (lines that begin with `- `), not `1.1`."),
        (["sources", 0], "1.1", "Write keys with their values here (`key: value`), not `1.1`."),
        (
            ["roles", 0, "targets"],
            ["time"],
            "Write keys with their values here (`key: value`), not a list.",
        ),
        (["items", 0], 5, "Write keys with their values here (`key: value`), not `5`."),
        (["forms", 0, "sections", 0, "items"], [], "List at least 1 here, not 0."),
        (["anchors", "pair"], ["x"] * 6, "List at most 5 here, not 6."),
        (["items"], small_data()["items"] * 30, "List at most 500 here, not 600."),
    ],
)
def test_a_wrong_value_is_told_with_what_to_do(path, value, sentence):
    told = wrong(*path, value=value)

    assert (".".join(map(str, path)), sentence) in told


def test_a_list_that_is_too_short_is_told_by_what_is_missing():
    assert wrong("anchors", "pair", value=["x"] * 3) == [
        ("anchors.pair.3", "This list is too short: add entry 4."),
        ("anchors.pair.4", "This list is too short: add entry 5."),
    ]


def test_an_unknown_kind_is_told_at_the_kind():
    assert wrong("items", 0, "kind", value="pairs") == [
        (
            "items.0.kind",
            "Write one of `pair`, `rating`, `scenario` here, not `pairs`. Did you mean `pair`?",
        )
    ]


def test_a_missing_kind_is_told_at_the_kind():
    data = small_data()
    del data["items"][0]["kind"]

    assert messages(data) == [("items.0.kind", "`kind` is missing. Add it.")]


def test_an_unknown_key_is_told_with_the_nearest():
    assert wrong("items", 0, "dimenson", value="time") == [
        ("items.0.dimenson", "Unknown key `dimenson`. Did you mean `dimension`?")
    ]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        (["poles"], "a, b"),
        (["items", 0, "left"], "pole, text"),
        (["items", 10], "key, kind, dimension, side, text, source_refs"),
        (["items", 19, "options", 0], "key, text, fit_a, fit_b"),
        (["anchors", "rating", 4], "value, label, text"),
        (["roles", 0, "targets", "time"], "position, weight"),
        (["study", "resources", 1], "key, kind, title, author, year, url, note"),
    ],
)
def test_an_unknown_key_is_told_with_those_known_there(path, known):
    assert wrong(*path, "zzz", value=1) == [
        (".".join(map(str, [*path, "zzz"])), f"Unknown key `zzz`. Known here: {known}.")
    ]


def test_a_long_unknown_key_is_shortened():
    ((_, message),) = wrong("x" * 100_000, value=1)

    assert message.startswith(f"Unknown key `{'x' * 60}…`. Known here: schema, ")


def test_half_a_character_in_json_is_told():
    (fault,) = faults_of(read_json, write_json(small()).replace("CC0", "\\ud800"))

    assert fault.path == ("licence",)
    assert fault.message.startswith("This cannot be read: ")


def test_a_target_with_a_key_that_is_none_is_told_once():
    data = small_data()
    data["roles"][0]["targets"]["Time!"] = {"position": 0, "weight": 0}

    assert messages(data) == [
        (
            "roles.0.targets.Time!",
            "Use small letters, digits and single hyphens, as in `first-of-two`. This is `Time!`.",
        )
    ]


# JSON


def test_json_syntax_is_told_with_its_line():
    (fault,) = faults_of(read_json, '{\n"a": 1,\n}')

    assert fault.line is not None
    assert fault.message.startswith("This is not valid JSON (")


def test_the_same_key_twice_in_json_is_a_fault():
    text = write_json(small()).replace('"licence"', '"slug": "x",\n  "licence"')

    faults = faults_of(read_json, text)
    assert [f.message for f in faults] == ["The key `slug` is twice in one object. Keep one."]


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 30 + "]" * 30, '{"a": ' + "9" * 5000 + "}"])
def test_json_that_is_too_deep_or_has_endless_numbers_is_told(text):
    (fault,) = faults_of(read_json, text)

    assert fault.message == "Nest no deeper than 20 levels, and write ordinary numbers."


def test_too_large_json_is_refused_unread():
    (fault,) = faults_of(read_json, " " * 1_300_000)

    assert fault.message.startswith("This file has 1.3 MB;")


# Names of things


def test_names_and_schema_are_told_together():
    data = small_data()
    data["title"] = 5
    data["items"][0]["dimension"] = "tiem"
    data["items"][1]["kind"] = "?"

    assert [path for path, _ in messages(data)] == ["title", "items.1.kind", "items.0.dimension"]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (["dimensions", 0, "cluster"], "dya", "There is no cluster `dya`. Did you mean `day`?"),
        (["items", 0, "dimension"], "tim", "There is no dimension `tim`. Did you mean `time`?"),
        (["items", 0, "source_refs", 0], "9", "There is no source `9`. Add it or mend this."),
        (["dimensions", 0, "source_refs", 0], "9", "There is no source `9`. Add it or mend this."),
        (
            ["forms", 0, "sections", 3, "items", 4],
            "zzz",
            "There is no item `zzz`. Add it or mend this.",
        ),
        (["roles", 0, "near", 0, "role"], "zzz", "There is no role `zzz`. Add it or mend this."),
        (
            ["roles", 0, "near", 0, "role"],
            "specialist",
            "A role is not near itself. Remove it or name another.",
        ),
        (
            ["study", "foundation", 0],
            "zzz",
            "There is no recommendation `zzz`. Add it or mend this.",
        ),
        (
            ["study", "recommendations", 0, "resources", 0],
            "zzz",
            "There is no resource `zzz`. Add it or mend this.",
        ),
        (
            ["study", "recommendations", 1, "dimension"],
            "zzz",
            "There is no dimension `zzz`. Add it or mend this.",
        ),
        (
            ["study", "recommendations", 1, "role"],
            "zzz",
            "There is no role `zzz`. Add it or mend this.",
        ),
        (
            ["study", "recommendations", 1, "source_refs", 0],
            "zzz",
            "There is no source `zzz`. Add it or mend this.",
        ),
        (
            ["items", 0, "right", "pole"],
            "a",
            "Both statements are of pole `a`. Give one the other pole.",
        ),
        (
            ["forms", 0, "sections", 1, "items", 0],
            "time-1",
            "The item `time-1` is on this form twice. Remove one.",
        ),
        (
            ["anchors", "rating", 0, "value"],
            1,
            "List the anchors from 0 to 4: this one is 0.",
        ),
    ],
)
def test_a_name_of_something_that_is_not_there_is_told(path, value, sentence):
    assert wrong(*path, value=value) == [(".".join(map(str, path)), sentence)]


@pytest.mark.parametrize(
    ("rows", "name", "what"),
    [
        (["sources"], "ref", "source"),
        (["glossary"], "term", "term"),
        (["background"], "key", "background question"),
        (["background", 0, "options"], "key", "option"),
        (["clusters"], "key", "cluster"),
        (["dimensions"], "key", "dimension"),
        (["items"], "key", "item"),
        (["items", 16, "options"], "key", "option"),
        (["forms"], "key", "form"),
        (["roles"], "key", "role"),
        (["study", "resources"], "key", "resource"),
        (["study", "recommendations"], "key", "recommendation"),
    ],
)
def test_the_same_key_on_two_rows_is_told_at_the_second(rows, name, what):
    data = small_data()
    place = at(data, rows)
    place.append(dict(place[0]))
    path = ".".join(map(str, [*rows, len(place) - 1, name]))

    sentence = f"The {what} `{place[0][name]}` is here twice. Rename or remove one."
    assert messages(data) == [(path, sentence)]


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (["dimensions", 0, "source_refs"], "The source `1.1` is here twice. Remove one."),
        (["items", 0, "source_refs"], "The source `1.1` is here twice. Remove one."),
        (
            ["study", "recommendations", 1, "source_refs"],
            "The source `1.10` is here twice. Remove one.",
        ),
        (
            ["study", "recommendations", 0, "resources"],
            "The resource `R01` is here twice. Remove one.",
        ),
        (["study", "foundation"], "`start` is here twice. Remove one."),
        (["study", "tie_order"], "The dimension `time` is here twice. Remove one."),
    ],
)
def test_the_same_entry_twice_in_a_list_is_told(entries, sentence):
    data = small_data()
    place = at(data, entries)
    place.append(place[0])

    assert messages(data) == [(".".join(map(str, [*entries, len(place) - 1])), sentence)]


def test_the_same_neighbour_twice_is_told():
    data = small_data()
    near = data["roles"][0]["near"]
    near.append(dict(near[0]))

    assert messages(data) == [
        ("roles.0.near.1.role", "The role `lead` is named twice. Remove one.")
    ]


def test_a_role_needs_a_target_for_every_dimension_and_no_other():
    data = small_data()
    targets = data["roles"][0]["targets"]
    targets["odd"] = targets.pop("growth")

    assert messages(data) == [
        ("roles.0.targets.odd", "There is no dimension `odd`. Add it or mend this."),
        ("roles.0.targets", "The target for `growth` is missing. Add it."),
    ]


def test_the_tie_order_has_every_dimension_and_no_other():
    data = small_data()
    data["study"]["tie_order"][1] = "odd"

    assert messages(data) == [
        ("study.tie_order.1", "There is no dimension `odd`. Add it or mend this."),
        ("study.tie_order", "The dimension `growth` is missing. Add it where it belongs."),
    ]


def test_a_list_that_is_not_there_makes_no_faults_elsewhere():
    data = small_data()
    del data["dimensions"]

    assert messages(data) == [("dimensions", "`dimensions` is missing. Add it.")]


def test_what_names_nothing_makes_no_other_faults():
    data = small_data()
    del data["roles"][0]["targets"]
    del data["study"]["tie_order"]

    assert messages(data) == [
        ("roles.0.targets", "`targets` is missing. Add it."),
        ("study.tie_order", "`tie_order` is missing. Add it."),
    ]
