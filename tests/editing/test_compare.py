"""Two versions compared: what differs is told, word by word, and not by colour alone."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from assessments.questionnaires.desk import read_desk
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import (
    Dimension,
    Form,
    Item,
    Option,
    Placement,
    Role,
    Section,
    Target,
)
from assessments.questionnaires.services import freeze
from tests.editing.desks import address, editor, published_desk
from tests.instrument.small import small, small_data

pytestmark = pytest.mark.django_db


def compared(desk: Questionnaire, **asked: str | int) -> str:
    """The page's HTML."""
    reply = editor().get(address("compare", desk), asked)
    assert reply.status_code == 200
    return reply.content.decode()


def said(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def headings(html: str) -> list[str]:
    """The groups of what differs."""
    return [" ".join(one.split()) for one in re.findall(r"<h2>(.*?)</h2>", html, re.DOTALL)]


def test_nothing_differs_says_so():
    desk, _edition = published_desk()
    html = compared(desk)
    assert "Nothing differs." in said(html)
    assert headings(html) == []


def test_every_kind_of_change_has_its_group():
    desk, _edition = published_desk()
    of_desk = {"questionnaire": desk}
    ratings = list(Item.objects.filter(**of_desk, kind="rating"))
    pairs = list(Item.objects.filter(**of_desk, kind="pair"))
    Item.objects.filter(pk=ratings[0].pk).update(text=ratings[0].text + " Twice.")
    Item.objects.filter(pk=ratings[1].pk).update(side="b" if ratings[1].side == "a" else "a")
    Item.objects.filter(pk=pairs[0].pk).delete()
    new = Item.objects.create(
        **of_desk, key="quite-new", kind="rating", dimension=ratings[0].dimension, side="a",
        text="I have done this", place=900,
    )  # fmt: skip
    form = Form.objects.filter(**of_desk).first()
    first, *_others = form.sections.all()
    Placement.objects.create(section=first, item=new, place=900)
    moved = first.placements.exclude(item=new).last()
    Placement.objects.filter(pk=moved.pk).update(place=0)
    for place, one in enumerate(first.placements.exclude(pk=moved.pk), start=1):
        Placement.objects.filter(pk=one.pk).update(place=place)
    Dimension.objects.filter(**of_desk).update(half_weight=True)
    Target.objects.filter(role__questionnaire=desk, weight=3).update(weight=1)
    Section.objects.filter(pk=first.pk).update(title="Another title")
    html = compared(desk)
    found = {heading.rpartition(" (")[0] for heading in headings(html)}
    assert found >= {
        "Questions added", "Questions reworded", "Questions keyed otherwise", "Questions moved",
        "Questions retired", "Dimensions", "Forms", "Roles",
    }  # fmt: skip
    assert "quite-new" in html
    assert "It counts for" in said(html)


def test_a_reworded_text_is_told_word_by_word_in_marks_that_are_read_aloud():
    desk, _edition = published_desk()
    Role.objects.filter(questionnaire=desk).update(gloss="Short and <b>sweet</b>.")
    html = compared(desk)
    assert re.search(r'<ins><span class="visually-hidden">\[put in: </span>', html)
    assert re.search(r'<del><span class="visually-hidden">\[taken out: </span>', html)
    assert "&lt;" in html
    assert "<b>sweet" not in html


def test_blanks_between_words_are_kept():
    desk, _edition = published_desk()
    item = Item.objects.filter(questionnaire=desk, kind="rating").first()
    Item.objects.filter(pk=item.pk).update(text=f"{item.text} Twice, in fact.")
    html = compared(desk)
    marked = next(one for one in re.findall(r'desk-text">(.*?)</span>\s*</div>', html, re.DOTALL)
                  if "Twice" in one)  # fmt: skip
    spoken = re.compile(r'<span class="visually-hidden">.*?</span>')
    text = re.sub(r"<[^>]+>", "", spoken.sub("", marked))
    assert text == f"{item.text} Twice, in fact."


def test_any_two_versions_have_an_address():
    desk, _edition = published_desk()
    data = small_data()
    data["title"] = "Another title"
    freeze(questionnaire=desk, document=small(data), at=timezone.now())
    assert "Another title" in compared(desk, before=1, after=2)
    assert "Nothing differs." in said(compared(desk, before=2, after=2))
    assert "Nothing differs." in said(compared(desk, before=1, after="desk"))
    # The newest edition and the desk, where nothing is asked.
    assert "Another title" in compared(desk)


@pytest.mark.parametrize("asked", ["9", "nonsense", "-1", "", "1.5", "٣"])
def test_what_is_not_there_is_told(asked: str):
    desk, _edition = published_desk()
    reply = editor().get(address("compare", desk), {"before": asked, "after": "desk"})
    assert reply.status_code == 404
    assert "There is no such edition." in reply.content.decode()


def test_an_incomplete_desk_leads_to_the_check():
    desk, _edition = published_desk()
    Option.objects.filter(item__questionnaire=desk).update(text="")
    assert address("check", desk) in compared(desk)
    # Two editions can still be compared.
    assert "Nothing differs." in said(compared(desk, before=1, after=1))


def test_before_the_first_edition_there_is_only_the_desk():
    empty = Questionnaire.objects.create(slug="other", title="Other", changed_at=timezone.now())
    assert "it cannot be read" in said(compared(empty))


@pytest.mark.parametrize("is_large", [False, True])
def test_compare_asks_the_same_number_of_queries_at_two_sizes(
    is_large: bool, django_assert_num_queries
):
    desk, _edition = published_desk()
    if is_large:
        for number in range(6):
            data = small_data()
            data["title"] = f"Title {number}"
            freeze(questionnaire=desk, document=small(data), at=timezone.now())
        Item.objects.filter(questionnaire=desk).update(source_refs="")
    browser = editor()
    browser.get(address("compare", desk))  # a process reads an edition once
    assert read_desk(desk).plain
    with django_assert_num_queries(QUERIES_OF_COMPARE):
        assert browser.get(address("compare", desk)).status_code == 200


QUERIES_OF_COMPARE = 32
