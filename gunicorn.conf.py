"""How gunicorn serves RoleAssess, for `./run` and for production alike."""

import logging
import os
import re

from gunicorn.glogging import Logger

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

accesslog = "-"
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO")
# No query, no referrer, no user agent: what is needed to see load and faults.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'

# `/a/<token>/` opens somebody's attempt: whoever reads a log must not be able to.
PRIVATE_LINK = re.compile(r"/a/[^/\s?#\"']+")


class WithoutPrivateLinks(logging.Formatter):
    """Writes `/a/-/` for every private link, in tracebacks too; else as the formatter it wraps."""

    def __init__(self, wrapped: logging.Formatter) -> None:
        super().__init__()
        self._wrapped = wrapped

    def format(self, record: logging.LogRecord) -> str:
        return PRIVATE_LINK.sub("/a/-", self._wrapped.format(record))


class PrivateLinkLogger(Logger):
    """gunicorn's logger, whose every line is free of private links."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(WithoutPrivateLinks(handler.formatter))


logger_class = PrivateLinkLogger


def when_ready(server) -> None:
    """Say where the site is, once a click on it would be answered."""
    print(f"RoleAssess is at {os.environ.get('SITE_URL', bind)}", flush=True)
