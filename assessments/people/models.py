"""People who sign in."""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


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
    name = models.CharField(_("name"), max_length=150, blank=True)

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
