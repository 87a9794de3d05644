"""Reading and sending the pages of the desk as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.db import models
from django.test import Client as Browser
from django.urls import reverse

from assessments.questionnaires.desk import read_desk
from assessments.questionnaires.models import DeskChange, Questionnaire

Fields = dict[str, Any]


class _Form(HTMLParser):
    """The fields of the form that says what it has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Fields] = []
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "form":
            self.forms.append({})
        if tag == "input" and name and self.forms:
            is_box = found.get("type") in {"checkbox", "radio"}
            if found.get("type") != "submit" and (not is_box or "checked" in found):
                self.forms[-1][name] = found.get("value") or ("on" if is_box else "")
        if tag == "textarea":
            self.textarea = name
            self.forms[-1][name] = ""
        if tag == "select":
            self.select = name
        if tag == "option" and self.select and self.forms:
            fields = self.forms[-1]
            if "selected" in found or self.select not in fields:
                fields[self.select] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""
        if tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.forms[-1][self.textarea] += data.removeprefix("\n")


def fields_of(html: str) -> Fields:
    """What the form of a page would send if one pressed Save at once."""
    form = _Form()
    form.feed(html)
    [fields] = [fields for fields in form.forms if "seen" in fields]
    return {name: value for name, value in fields.items() if "__prefix__" not in name}


def page_of(row: models.Model, page: str = "change") -> str:
    """The address of a row's page in the admin."""
    return reverse(f"admin:assessments_{row._meta.model_name}_{page}", args=[row.pk])


def list_of(model: type[models.Model], desk: Questionnaire | None = None) -> str:
    """The address of a list, of one desk if it is given."""
    address = reverse(f"admin:assessments_{model._meta.model_name}_changelist")
    return f"{address}?questionnaire__id__exact={desk.pk}" if desk else address


def opened(browser: Browser, address: str) -> Fields:
    """A page that somebody has opened: what it would send."""
    response = browser.get(address)
    assert response.status_code == 200, response.status_code
    return fields_of(response.content.decode())


def document(desk: Questionnaire) -> Any:
    """What the desk says, as plain data."""
    return read_desk(Questionnaire.objects.get(pk=desk.pk)).plain


def newest(desk: Questionnaire) -> DeskChange:
    """The last entry of a desk's history."""
    return DeskChange.objects.filter(questionnaire=desk).latest("pk")


def editor_of(change: DeskChange) -> str:
    """The name of who made an entry."""
    return change.by.name if change.by else ""


def told(change: DeskChange) -> list[tuple[str, str, str, Any, Any]]:
    """The differences of an entry: part, field, kind, before, after."""
    return [
        ("/".join(one["part"]), one["field"], one["kind"], one["before"], one["after"])
        for one in change.differences
    ]
