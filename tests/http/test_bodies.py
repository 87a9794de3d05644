"""How much may be sent at once (ASVS 5.2.1)."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.http.middleware import MOST_BYTES


class Counted(io.BytesIO):
    """A body that knows how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found


@pytest.mark.parametrize("path", ["/start/", "/nowhere/", "/account/login/", "/admin/"])
def test_a_body_larger_than_any_upload_is_refused_unread(path: str):
    body = Counted(b"x" * 100)
    sent: dict[str, Any] = {"CONTENT_LENGTH": str(MOST_BYTES + 1), "wsgi.input": body}
    response = Client().generic("POST", path, content_type="multipart/form-data", **sent)
    assert (response.status_code, body.taken) == (400, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["", "0", "x", "-1", str(MOST_BYTES)])
def test_any_other_length_is_read_by_the_page(length: str):
    response = Client().generic("POST", reverse("responses:start"), CONTENT_LENGTH=length)
    assert response.status_code == 422
