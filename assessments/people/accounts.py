"""How allauth does things here: addresses, names, mail, what it keeps of where one came from."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.people import mail
from assessments.people.origin import client_ip, kept_ip


@dataclass(frozen=True, slots=True)
class Site:
    """What e-mails call the site, instead of what the request called it."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    """Addresses in mails are the site's own, whatever Host a request named."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is switched off."),
        "email_password_mismatch": gettext_lazy(
            "The e-mail address and the password do not belong together."
        ),
        "duplicate_email": gettext_lazy("This is your e-mail address already."),
        "email_taken": gettext_lazy("Another account has this e-mail address."),
        "enter_current_password": gettext_lazy("This is not your password of now."),
        "incorrect_code": gettext_lazy(
            "This is not the code. Look at the newest e-mail, or ask for a new code."
        ),
        "incorrect_password": gettext_lazy("This is not your password."),
        "same_as_current": gettext_lazy("This is your e-mail address already."),
        "too_many_login_attempts": gettext_lazy(
            "That was not the code three times. Ask for a new one."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Everybody may have an account."""
        return True

    def is_safe_url(self, url: str) -> bool:
        """Whether one may be sent on there: within the site."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """What sessions and messages about changes tell of where: the network, not the address."""
        return kept_ip(client_ip(request))

    def format_email_subject(self, subject: str) -> str:
        """The subject with the site's name before it."""
        return f"{settings.SITE_NAME}: {subject}"

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ways to show once more who one is, the first one offered first."""
        words = {
            "reauthenticate": _("Use your password"),
            "reauthenticate_by_code": _("Get a code by e-mail"),
            "mfa_reauthenticate": _("Use a code of your app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of the templates; raises `MailNotSent`."""
        mail.hand_over(self._message(template_prefix, email, context))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell of a change that is already made, and stays so if nobody can be told."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except mail.MailNotSent:
            return

    def _message(self, template_prefix: str, email: str, context: dict[str, Any]) -> Any:
        # allauth builds them from the request, whose Host is whatever somebody sent.
        links = {
            name: settings.SITE_URL + urlsplit(value).path
            for name, value in context.items()
            if name.endswith("_url")
        }
        site = Site(settings.SITE_NAME, settings.SITE_URL)
        given = {**context, **links, "request": current.request, "email": email}
        return self.render_mail(template_prefix, email, {**given, "current_site": site})


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys and authenticator apps know the site by its settings."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This is not a code of now. Take the newest one."),
        "cannot_delete_authenticator": gettext_lazy("The second factor cannot be switched off."),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
    }

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """To whom a passkey belongs; never what Host says."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}

    def build_totp_svg(self, url: str) -> SafeString:
        """A QR picture that stands in the page itself, with its own white ground."""
        # Here, since no other page needs it.
        import qrcode

        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        dark = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on
        )
        return format_html(
            '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}">'
            '<rect width="{size}" height="{size}" fill="#fff"/>'
            '<path d="{dark}" fill="#000" shape-rendering="crispEdges"/></svg>',
            size=len(rows),
            label=_("QR code for your authenticator app"),
            dark=dark,
        )

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002
        """A name for a new passkey, which its owner may change."""
        count = user.authenticator_set.filter(type=type).count()  # type: ignore[attr-defined]
        return _("My passkey") if count == 0 else f"{_('My passkey')} {count + 1}"
