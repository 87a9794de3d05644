"""Deleting an account in the admin erases the person, as they would themselves."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from assessments.people.admin import UserAdmin
from assessments.people.models import User
from assessments.privacy.services import erase_account

# Accounts lie below privacy and know nothing of it, so their page is extended from here.
admin.site.unregister(User)


@admin.register(User)
class UserAdminThatErases(UserAdmin):
    """Accounts; one that is deleted goes with all that is theirs, and stays gone on a restore."""

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Erase the person."""
        erase_account(user=obj, at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Erase each of them."""
        for user in queryset:
            self.delete_model(request, user)
