"""What a browser is told beside the page (ASVS 3.4, 3.5.8, 14.3.2)."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse

POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
YEAR = 365 * 24 * 3600


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nowhere/", "/admin/", "/account/login/", "/healthz"])
def test_every_answer_is_closed_to_other_sites(path: str):
    response = Client().get(path)
    told = {name: response.headers.get(name) for name in ("Permissions-Policy", *ALWAYS)}
    assert told == {"Permissions-Policy": POLICY, **ALWAYS}


@pytest.mark.django_db
def test_no_answer_allows_another_origin():
    response = Client(headers={"origin": "https://evil.example"}).get("/")
    assert not [name for name in response.headers if name.startswith("Access-Control-")]


@override_settings(
    SECURE_SSL_REDIRECT=True,
    SECURE_HSTS_SECONDS=YEAR,
    SECURE_HSTS_INCLUDE_SUBDOMAINS=True,
    SECURE_HSTS_PRELOAD=True,
)
def test_over_https_a_browser_is_told_to_stay_there_and_without_it_is_sent_there():
    told = Client().get(reverse("healthz"), secure=True).headers
    assert told["Strict-Transport-Security"] == f"max-age={YEAR}; includeSubDomains; preload"
    moved = Client().get("/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "https://testserver/")


def test_another_method_than_a_page_has_is_not_supported():
    assert Client().generic("TRACE", "/healthz").status_code == 405
