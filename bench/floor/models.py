"""What the floor stores."""

from typing import ClassVar

from django.db import models


class Given(models.Model):
    """Something given at an item of an attempt, as barely as can be."""

    attempt = models.UUIDField()
    item = models.CharField(max_length=60)
    value = models.CharField(max_length=60)

    objects: ClassVar[models.Manager["Given"]] = models.Manager()

    class Meta:
        app_label = "floor"
        constraints = (models.UniqueConstraint(name="one_per_item", fields=["attempt", "item"]),)

    def __str__(self) -> str:
        return f"{self.attempt}/{self.item}"
