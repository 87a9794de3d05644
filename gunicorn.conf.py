"""How gunicorn serves RoleAssess, for `./run` and for production alike."""

import os
import shutil
import sys
import tempfile

from django.core.exceptions import ImproperlyConfigured
from gunicorn.glogging import Logger

try:
    # Before anything is bound or forked: unsafe settings end the start with their sentences.
    from roleassess.settings import FORMATTERS, LOG_FORMAT
except ImproperlyConfigured as error:
    sys.exit(str(error))

# As prometheus_client calls it.
COUNTS = "PROMETHEUS_MULTIPROC_DIR"
OURS = "roleassess-counts-"
MEMORY = "/dev/shm"  # noqa: S108 - mkdtemp makes a folder of its own there

bind = os.environ.get("BIND", "127.0.0.1:8000")
# Threads wait for the database together; processes share the cores.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# Each worker loads the app itself, so that HUP brings in new code and no database connection
# is opened before the fork.
preload_app = False
timeout = 30
graceful_timeout = 30
# Longer than the idle time of common balancers would be better, but an idle browser connection
# must not hold a graceful stop.
keepalive = 5

# The app writes a line for each request itself, with the name of the page.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO")

# All workers count into one folder, so that any of them can tell the sum. A folder in memory,
# since a count is worth no write to a disk.
if os.environ.get("METRICS_TOKEN") and COUNTS not in os.environ:
    os.environ[COUNTS] = tempfile.mkdtemp(
        prefix=OURS, dir=MEMORY if os.access(MEMORY, os.W_OK) else None
    )


class OwnLines(Logger):
    """gunicorn's logger, which writes as the app does."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(FORMATTERS[LOG_FORMAT]())


logger_class = OwnLines


def when_ready(server) -> None:
    """Say where the site is, once a click on it would be answered."""
    print(f"RoleAssess is at {os.environ.get('SITE_URL', bind)}", flush=True)


def child_exit(server, worker) -> None:
    """What an ended worker has counted stays; what it alone had open is gone."""
    if COUNTS in os.environ:
        # Not at the top: it asks for the folder when it is loaded.
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server) -> None:
    if OURS in os.environ.get(COUNTS, ""):
        shutil.rmtree(os.environ[COUNTS], ignore_errors=True)
