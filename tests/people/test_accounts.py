"""Accounts: how one gets one, in and out, and what nobody else learns of it (trust 1, 4)."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from assessments.http.limits import LOGIN_ACCOUNT, LOGIN_CODE_ACCOUNT, RESET_ACCOUNT, SIGNUP_IP
from assessments.http.logs import PRIVATE_LINK
from assessments.people.models import User
from tests.cast import (
    APP_KEY,
    PASSWORD,
    holder_of,
    new_attempt,
    published,
    signed_in,
    with_password,
    with_second_factor,
)

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "person@example.org", "nobody@example.org"
LOGIN, SIGNUP = reverse("account_login"), reverse("account_signup")
CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _no_code_of_another_test() -> None:
    """allauth remembers the codes of an app that were used, by a user's number."""
    cache.clear()


def code_of(message: Any) -> str:
    """The code that an e-mail names."""
    [code] = CODE.findall(message.body)
    return str(code)


def signed_in_as(client: Client) -> str | None:
    """Whose session it is."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else None


def app_code(steps: int = 0) -> str:
    """What the authenticator app shows, now or so many steps of half a minute on."""
    return format_hotp_value(hotp_value(APP_KEY, int(time.time()) // 30 + steps))


def masked(response: Any) -> str:
    """A page without what differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_an_address_and_the_code_sent_there_make_an_account_without_a_password(client: Client):
    response = client.post(SIGNUP, {"email": "New@Example.org"})
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert signed_in_as(client) is None
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    client.post(response.headers["Location"], {"code": code_of(message)})
    assert signed_in_as(client) == "new@example.org"
    assert not User.objects.get().has_usable_password()


def test_without_the_code_a_new_account_is_not_signed_in(client: Client):
    client.post(SIGNUP, {"email": "new@example.org"})
    response = client.post(reverse("account_email_verification_sent"), {"code": "BBBB-BBBB"})
    assert response.status_code == 422
    assert "Error:" in response.content.decode()
    assert signed_in_as(client) is None


def test_a_code_by_e_mail_signs_in(client: Client):
    with_password()
    client.post(reverse("account_request_login_code"), {"email": KNOWN})
    client.post(reverse("account_confirm_login_code"), {"code": code_of(mail.outbox[0])})
    assert signed_in_as(client) == KNOWN


def test_the_sign_in_page_sends_a_code_to_those_who_leave_the_password_out(client: Client):
    with_password()
    response = client.post(LOGIN, {"login": KNOWN})
    assert response.headers["Location"] == reverse("account_confirm_login_code")
    client.post(response.headers["Location"], {"code": code_of(mail.outbox[0])})
    assert signed_in_as(client) == KNOWN


def test_a_password_signs_in_whatever_the_case_of_the_address(client: Client):
    with_password()
    client.post(LOGIN, {"login": "Person@Example.ORG", "password": PASSWORD})
    assert signed_in_as(client) == KNOWN


def test_the_one_who_sets_up_the_site_signs_in_with_the_password_they_typed(client: Client):
    User.objects.create_superuser("root@example.org", PASSWORD)
    client.post(LOGIN, {"login": "root@example.org", "password": PASSWORD})
    assert signed_in_as(client) == "root@example.org"
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("page", "field", "more"),
    [
        ("account_login", "login", {"password": "not the right one at all"}),
        ("account_login", "login", {}),
        ("account_request_login_code", "email", {}),
        ("account_reset_password", "email", {}),
        ("account_signup", "email", {}),
    ],
)
def test_whether_an_address_has_an_account_is_not_told(
    page: str, field: str, more: dict[str, str]
):
    with_password()
    seen = []
    for address in (KNOWN, UNKNOWN):
        browser = Client()
        response = browser.post(reverse(page), {field: address, **more})
        where = response.headers.get("Location", "")
        shown = browser.get(where) if where else response
        mails, mail.outbox = len(mail.outbox), []
        body = masked(shown).replace(address, "ADDRESS")
        seen.append((response.status_code, where, shown.status_code, mails, body))
    assert seen[0] == seen[1]


def test_links_in_mails_lead_to_the_site_whatever_host_was_asked_for(settings):
    settings.ALLOWED_HOSTS = ["*"]
    with_password()
    evil = Client(headers={"host": "evil.example"})
    for address in (KNOWN, UNKNOWN):
        evil.post(reverse("account_reset_password"), {"email": address})
    evil.post(reverse("account_request_login_code"), {"email": KNOWN})
    Client(headers={"host": "evil.example"}).post(SIGNUP, {"email": KNOWN})
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        said = f"{message.subject} {message.body} {message.from_email}"
        assert "evil" not in said
        assert settings.SITE_URL in said
        assert message.subject.startswith(f"{settings.SITE_NAME}: ")


def reset_path(message: Any) -> str:
    """The path of the link for a new password."""
    [path] = re.findall(r"http://testserver(/account/password/reset/key/\S+)", message.body)
    return str(path)


def test_the_link_for_a_new_password_works_once_and_is_not_logged(client: Client):
    with_password()
    client.post(reverse("account_reset_password"), {"email": KNOWN})
    path = reset_path(mail.outbox[0])
    assert PRIVATE_LINK.sub(r"\1-", path) == "/account/password/reset/key/-/"
    form = client.get(path).headers["Location"]
    new = {"password1": "nine blue lamps outside", "password2": "nine blue lamps outside"}
    assert client.post(form, new).status_code == 302
    assert User.objects.get().check_password("nine blue lamps outside")
    again = Client()
    assert "This link has ended" in again.get(path).content.decode()


@pytest.mark.parametrize(
    "password",
    [
        "only fourteen!",
        "x" * 20 + "".join(map(chr, range(40, 150))),
        "password12345678",
        "roleassessroleassess",
        "RoleAssess-2026-RoleAssess",
        "abcabcabcabcabcabc",
        "123456789012345",
        "herons-person@example.org",
        "ProductManagement1",
    ],
)
def test_passwords_that_are_too_short_too_long_or_guessed_first_are_refused(password: str):
    with pytest.raises(ValidationError):
        validate_password(password, User(email=KNOWN, name="Heron"))


@pytest.mark.parametrize(
    "password",
    [
        "seven grey herons",
        "aaaaaaabcdefghijk lmn",
        "73950184629175038",
        "ein Wort für Zürich",
        "四つの言葉を並べて覚えやすくする文",
    ],
)
def test_of_what_a_password_is_made_is_not_prescribed(password: str):
    validate_password(password, User(email=KNOWN))


def test_a_password_is_checked_where_it_is_set(client: Client):
    user = User.objects.create_user("new@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    browser = Client()
    browser.post(reverse("account_request_login_code"), {"email": user.email})
    browser.post(reverse("account_confirm_login_code"), {"code": code_of(mail.outbox[0])})
    browser.post(reverse("account_request_reauthentication_code"), {"recipient": user.email})
    browser.post(
        reverse("account_confirm_reauthentication_code"), {"code": code_of(mail.outbox[1])}
    )
    address = reverse("account_set_password")
    weak = browser.post(address, {"password1": "roleassess2026!", "password2": "roleassess2026!"})
    assert weak.status_code == 422
    assert browser.post(address, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert "A password was set" in mail.outbox[-1].body


def test_password_fields_take_what_is_pasted_and_password_managers_know_them(client: Client):
    page = signed_in(with_password()).get(reverse("account_change_password")).content.decode()
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="new-password"' in page
    assert "onpaste" not in page


def test_what_a_browser_holds_outlives_signing_in_under_another_session_key():
    attempt = new_attempt(published())
    browser = holder_of(attempt)
    before = browser.session.session_key
    with_password()
    browser.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    assert signed_in_as(browser) == KNOWN
    assert browser.session.session_key != before
    assert browser.get(reverse("responses:section", args=[attempt.pk, 1])).status_code == 200


def test_what_a_browser_holds_outlives_creating_an_account():
    attempt = new_attempt(published())
    browser = holder_of(attempt)
    before = browser.session.session_key
    browser.post(SIGNUP, {"email": "new@example.org"})
    browser.post(reverse("account_email_verification_sent"), {"code": code_of(mail.outbox[0])})
    assert signed_in_as(browser) == "new@example.org"
    assert browser.session.session_key != before
    assert browser.get(reverse("responses:section", args=[attempt.pk, 1])).status_code == 200


def test_signing_out_leaves_nothing_in_the_browser():
    attempt = new_attempt(published())
    browser = holder_of(attempt)
    browser.force_login(with_password())
    address = reverse("responses:section", args=[attempt.pk, 1])
    assert browser.get(address).status_code == 200
    response = browser.post(reverse("account_logout"))
    assert response.headers["Location"] == "/"
    assert response.headers["Clear-Site-Data"] == '"storage"'
    assert signed_in_as(browser) is None
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_one_is_sent_on_within_the_site_only(elsewhere: str):
    with_password()
    sent = {"login": KNOWN, "password": PASSWORD}
    assert Client().post(LOGIN, {**sent, "next": elsewhere}).headers["Location"] == "/results/"
    assert Client().post(LOGIN, {**sent, "next": "/guide/"}).headers["Location"] == "/guide/"


def test_of_where_one_signed_in_only_the_network_is_kept(settings):
    with_password()
    browser = Client(REMOTE_ADDR="203.0.113.77")
    browser.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    assert UserSession.objects.get().ip == "203.0.113.0"
    assert "203.0.113.77" not in browser.get(reverse("usersessions_list")).content.decode()


def test_one_signs_out_all_other_browsers():
    user = with_password()
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    here.post(reverse("usersessions_list"))
    assert (signed_in_as(here), signed_in_as(there)) == (user.email, None)


def test_with_a_second_factor_neither_password_nor_code_is_enough(client: Client):
    with_second_factor(with_password())
    response = client.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert signed_in_as(client) is None
    other = Client()
    other.post(LOGIN, {"login": KNOWN})
    other.post(reverse("account_confirm_login_code"), {"code": code_of(mail.outbox[0])})
    assert signed_in_as(other) is None
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert signed_in_as(client) == KNOWN


def test_a_code_of_the_app_is_taken_once():
    with_second_factor(with_password())
    statuses = []
    code = app_code()
    for browser in (Client(), Client()):
        browser.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
        statuses.append(browser.post(reverse("mfa_authenticate"), {"code": code}).status_code)
    assert statuses == [302, 429]


def test_an_app_is_set_up_with_a_picture_in_the_page_and_gives_recovery_codes(client: Client):
    with_password()
    client.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    address = reverse("mfa_activate_totp")
    assert client.get(address).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(address).content.decode()
    assert '<svg class="qr"' in page
    assert "data:" not in page
    key = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(key, int(time.time()) // 30))
    response = client.post(address, {"code": code})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert (
        len(
            re.findall(
                r"<code>\d{8}</code>", client.get(response.headers["Location"]).content.decode()
            )
        )
        == 10
    )
    assert {one.type for one in Authenticator.objects.all()} == {"totp", "recovery_codes"}


def test_staff_without_a_second_factor_are_sent_to_add_one(settings):
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    browser = signed_in(staff)
    for page in ("admin:index", "admin:password_change"):
        assert browser.get(reverse(page)).headers["Location"] == reverse("mfa_index")
    assert "Staff need a second factor" in browser.get(reverse("mfa_index")).content.decode()
    settings.REQUIRE_STAFF_MFA = False
    assert browser.get(reverse("admin:index")).status_code == 200
    settings.REQUIRE_STAFF_MFA = True
    with_second_factor(staff)
    assert browser.get(reverse("admin:index")).status_code == 200


def test_the_admin_has_no_door_of_its_own(client: Client):
    User.objects.create_superuser("root@example.org", PASSWORD)
    door = reverse("admin:login")
    sent = {"username": "root@example.org", "password": PASSWORD}
    for response in (client.get(door), client.post(door, sent)):
        assert response.status_code == 302
        assert response.headers["Location"].startswith(LOGIN)
    assert signed_in_as(client) is None


def test_nobody_renames_or_removes_anothers_passkey():
    other = User.objects.create_user("other@example.org")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "theirs"})
    browser = signed_in(with_password())
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for page in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        address = reverse(page, args=[key.pk])
        assert (browser.get(address).status_code, browser.post(address).status_code) == (404, 404)
    assert Authenticator.objects.filter(pk=key.pk).exists()


def times(count: int, browser: Client, page: str, **sent: str) -> list[int]:
    """The statuses of the same form sent so many times."""
    return [browser.post(reverse(page), sent).status_code for _each in range(count)]


def test_a_password_is_guessed_ten_times_and_then_the_right_one_waits_too():
    with_password()
    guesses = times(LOGIN_ACCOUNT.tokens, Client(), "account_login", login=KNOWN, password="wrong")
    assert set(guesses) == {422}
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    right = elsewhere.post(LOGIN, {"login": f" {KNOWN.upper()} ", "password": PASSWORD})
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) > 0


def test_success_does_not_give_guesses_back():
    with_password()
    browser = Client()
    for _each in range(LOGIN_ACCOUNT.tokens):
        response = Client().post(LOGIN, {"login": KNOWN, "password": PASSWORD})
        assert response.status_code == 302
    assert times(1, browser, "account_login", login=KNOWN, password=PASSWORD) == [429]


@pytest.mark.parametrize("address", [KNOWN, UNKNOWN])
def test_mail_to_one_address_is_limited_whether_it_has_an_account_or_not(address: str):
    with_password()
    for page, limit in (
        ("account_reset_password", RESET_ACCOUNT),
        ("account_request_login_code", LOGIN_CODE_ACCOUNT),
    ):
        statuses = [
            Client().post(reverse(page), {"email": address}).status_code
            for _each in range(limit.tokens + 1)
        ]
        assert statuses == [302] * limit.tokens + [429]


def test_new_accounts_from_one_address_are_limited():
    statuses = [
        Client().post(SIGNUP, {"email": f"person{number}@example.org"}).status_code
        for number in range(SIGNUP_IP.tokens + 1)
    ]
    assert statuses == [302] * SIGNUP_IP.tokens + [429]


def test_codes_of_the_app_are_not_guessed_with_a_known_password():
    with_second_factor(with_password())
    browser = Client()
    browser.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    statuses = [
        browser.post(reverse("mfa_authenticate"), {"code": f"00000{number}"}).status_code
        for number in range(LOGIN_ACCOUNT.tokens)
    ]
    assert statuses == [422] * (LOGIN_ACCOUNT.tokens - 1) + [429]


def test_signing_out_is_never_limited():
    statuses = []
    user = with_password()
    for _each in range(70):
        browser = signed_in(user)
        statuses.append(browser.post(reverse("account_logout")).status_code)
    assert set(statuses) == {302}


class Away(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


def test_a_mail_server_that_is_away_is_told_and_loses_nothing(settings, client: Client):
    settings.EMAIL_BACKEND = f"{Away.__module__}.{Away.__name__}"
    client.post(SIGNUP, {"email": "new@example.org"})
    with_password()
    response = client.post(LOGIN, {"login": KNOWN})
    assert response.status_code == 503
    assert "The e-mail could not be sent" in response.content.decode()
    assert User.objects.filter(email="new@example.org").exists()


def test_a_change_stays_made_if_nobody_can_be_told_of_it(settings):
    browser = signed_in(with_password())
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    settings.EMAIL_BACKEND = f"{Away.__module__}.{Away.__name__}"
    new = "nine blue lamps outside"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post(reverse("account_change_password"), sent).status_code == 302
    assert User.objects.get().check_password(new)


def test_visitors_without_a_session_cost_no_query_and_get_no_cookie(
    client: Client, django_assert_num_queries: Any
):
    with django_assert_num_queries(0):
        response = client.get(reverse("guide:page", args=["faq"]))
    assert response.status_code == 200
    assert response.cookies == {}
    assert "Sign in" in response.content.decode()


def test_whoever_is_signed_in_finds_their_account_and_the_way_out():
    user = User.objects.create_user("person@example.org", name="Pat")
    page = signed_in(user).get(reverse("guide:landing")).content.decode()
    assert re.search(r'href="/account/"[^>]*>\s*Pat\s*</a>', page)
    assert f'href="{reverse("account_logout")}"' in page
