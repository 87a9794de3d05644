"""Pieces of pages are kept by all that they depend on."""

from django.template import engines

from assessments.templatetags.pieces import _rendered, piece


def test_a_piece_is_what_an_include_of_the_same_values_gives():
    included = engines["django"].from_string(
        '{% include "components/score_bar.html" with value=value only %}'
    )
    for value in (None, 0, 1, 40):
        assert piece("components/score_bar.html", value=value) == included.render({"value": value})


def test_a_piece_is_rendered_once_for_equal_values():
    _rendered.cache_clear()
    for value in (40, 41, 40):
        piece("components/score_bar.html", value=value)
    assert _rendered.cache_info().misses == 2


def test_a_piece_escapes_what_it_is_given():
    assert "&lt;b&gt;" in piece("components/score_bar.html", value="<b>")
