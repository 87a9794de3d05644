"""Where the pages of a questionnaire are.

The home questionnaire's are at the root, as if there were no other; those of the others have
the same names and stand under `/q/<slug>/`.
"""

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from assessments.questionnaires.editions import PublishedEdition, latest_edition


def is_home(slug: str) -> bool:
    """Whether it is the questionnaire that the site offers first."""
    return slug == settings.HOME_QUESTIONNAIRE


def page_of(slug: str, name: str, *args: str) -> str:
    """The address of a page that every questionnaire has, by its URL name."""
    return reverse(name, args=args if is_home(slug) else (slug, *args))


def explaining_or_404(slug: str) -> PublishedEdition:
    """The newest edition ("" = of the home questionnaire), retired or not; else `Http404`."""
    edition = latest_edition(slug or settings.HOME_QUESTIONNAIRE)
    if edition is None:
        raise Http404
    return edition
