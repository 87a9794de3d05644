"""People who sign in, and the desks of those who coach."""

import uuid
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

NAME_MAX = PRACTICE_MAX = 150


class UserManager(BaseUserManager["User"]):
    """Makes users, who are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user; without a password they cannot sign in by one."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user who may do everything in the admin."""
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        # Whoever runs the site vouches for the address: no code needs to reach it first.
        address = apps.get_model("account", "EmailAddress")
        address.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person with an account, who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]  # AbstractUser's field, taken away
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=NAME_MAX, blank=True)
    # By it the consent ledger names a person, so that it says nothing once the account is gone.
    ledger_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    # What else than signing in shows that the account is used goes after its time; this stays.
    used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    # When an idle account was announced to be deleted (privacy/retention.py).
    idle_notice_at = models.DateTimeField(
        _("told about deletion at"), null=True, blank=True, editable=False
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email_whatever_its_case")
        ]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """The name to greet with."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """The name to greet with."""
        return self.get_full_name()


class CoachProfile(models.Model):
    """A coach's desk: whoever has one that is approved may invite people and be shared with."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="coach_profile"
    )
    practice = models.CharField(_("practice or school"), max_length=PRACTICE_MAX, blank=True)
    is_approved = models.BooleanField(_("approved"), default=True)
    rates_first = models.BooleanField(
        _("gives a view of their own before reading a result"), default=True
    )
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("coach desk")
        verbose_name_plural = _("coach desks")

    def __str__(self) -> str:
        return self.user.get_full_name()
