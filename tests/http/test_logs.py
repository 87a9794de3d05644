"""Log lines: one a record, readable by programs, with the request and without secrets."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from assessments.http.logs import JsonLines, TextLines
from assessments.http.request_id import current_request_id, with_request_id

TOKEN = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"


def record(message: str, *args: Any, **extra: Any) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "some.where", "levelname": "WARNING", "msg": message, "args": args, **extra}
    )
    made.created = 0.5
    return made


def raised() -> Any:
    try:
        raise ValueError(f"no such page: /a/{TOKEN}/")
    except ValueError:
        return sys.exc_info()


def test_json_says_when_where_what_and_whatever_it_was_given():
    line = JsonLines().format(record("took %s\nms", 7, status=200, request=object()))
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.500Z", "level": "WARNING", "logger": "some.where",
        "message": "took 7\nms", "status": 200,
    }  # fmt: skip
    assert "\n" not in line


def test_text_says_the_same_and_nobody_can_begin_a_line_of_their_own():
    line = TextLines().format(record("Not Found: %s", "/x\n2026 ERROR all\x1b[31m is lost\x85"))
    assert line == (
        "1970-01-01T00:00:00.500Z WARNING some.where: "
        "Not Found: /x\\x0a2026 ERROR all\\x1b[31m is lost\\x85"
    )


def test_text_tells_of_an_event_what_stands_beside_its_name():
    line = TextLines().format(record("not_proved", event="not_proved", user=7, network="::\n"))
    assert line == "1970-01-01T00:00:00.500Z WARNING some.where: not_proved user=7 network=::\\x0a"


@pytest.mark.parametrize("lines", [JsonLines, TextLines])
def test_no_private_link_gets_in_not_even_in_a_traceback(lines: type[logging.Formatter]):
    made = record("GET %s", f"/a/{TOKEN}/", exc_info=raised(), path=f"/invitation/{TOKEN}/")
    line = lines().format(made)
    assert TOKEN not in line
    assert "ValueError: no such page: /a/-/" in line


def test_a_request_has_one_number_in_its_lines_and_in_its_answer():
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(current_request_id())
        seen.append(json.loads(JsonLines().format(record("hello")))["request_id"])
        assert f" some.where [{seen[0]}]: hello" in TextLines().format(record("hello"))
        return HttpResponse()

    reply = with_request_id(answer)(RequestFactory().get("/"))
    assert [reply.headers["X-Request-ID"]] * 2 == seen
    assert len(seen[0]) == 16
    assert current_request_id() == ""


@pytest.mark.parametrize(
    ("proxies", "sent", "kept"),
    [
        (1, "4bf92f3577b34da6-1", True),
        (0, "4bf92f3577b34da6-1", False),
        (1, "x", False),
        (1, 'evil"\n2026 ERROR', False),
        (1, 65 * "a", False),
    ],
)
def test_only_our_own_proxy_may_choose_the_number(
    settings: Any, proxies: int, sent: str, kept: bool
):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Request-ID": sent})
    reply = with_request_id(lambda _: HttpResponse())(request)
    assert (reply.headers["X-Request-ID"] == sent) is kept


def test_the_error_page_tells_the_number(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory):
    from assessments.http.errors import server_error

    reply = with_request_id(server_error)(rf.get("/"))
    assert f"<code>{reply.headers['X-Request-ID']}</code>" in reply.content.decode()
    assert "give this number" not in server_error(rf.get("/")).content.decode()


def test_each_request_is_logged_with_the_name_of_its_page_and_without_its_query(
    client: Client, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO, logger="roleassess.access"):
        client.get("/healthz?e-mail=ann@example.org")
    [line] = [one for one in caplog.records if one.name == "roleassess.access"]
    said = json.loads(JsonLines().format(line))
    assert {name: said[name] for name in ("method", "path", "page", "status")} == {
        "method": "GET", "path": "/healthz", "page": "healthz", "status": 200,
    }  # fmt: skip
    assert "ann@example.org" not in str(said)
