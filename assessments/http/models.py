"""What is counted about requests."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateBucket(models.Model):
    """How much of one limit one sender has used up, without who it is."""

    # An HMAC of limit and sender: neither an address nor an IP can be read from it.
    key = models.CharField(_("key"), max_length=64, primary_key=True)
    # The one number a token bucket needs: from then on it is as good as no row.
    full_at = models.DateTimeField(_("full again at"), db_index=True)

    class Meta:
        verbose_name = _("rate bucket")
        verbose_name_plural = _("rate buckets")

    def __str__(self) -> str:
        return self.key
