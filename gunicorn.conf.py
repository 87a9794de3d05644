"""How gunicorn serves RoleAssess, for `./run` and for production alike."""

import os

from gunicorn.glogging import Logger

from assessments.http.logs import WithoutPrivateLinks

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
# No address, no query, no referrer, no user agent: what is needed to see load and faults.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'


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
