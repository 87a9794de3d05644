"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """The site's name and the address of its source code."""
    return {"site_name": settings.SITE_NAME, "source_code_url": settings.SOURCE_CODE_URL}
