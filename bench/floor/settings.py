"""The site's own settings, middleware and all, with nothing behind them but the floor's views."""

from pathlib import Path

from roleassess.settings import *  # noqa: F403 - the same settings is the point
from roleassess.settings import INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "bench.floor"]
ROOT_URLCONF = "bench.floor.urls"
TEMPLATES = [{**TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
