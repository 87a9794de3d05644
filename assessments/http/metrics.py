"""What is counted of the service's work; the page where it is fetched is in health.py.

Each worker counts for itself. Under gunicorn the counts of all workers lie in one folder
(PROMETHEUS_MULTIPROC_DIR, which gunicorn.conf.py makes), so that any of them can tell the sum.
"""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

ACCESS = logging.getLogger("roleassess.access")

REQUESTS = Counter("roleassess_requests", "Requests answered.", ["page", "method", "status"])
SECONDS = Histogram(
    "roleassess_request_seconds",
    "From the first middleware to the answer.",
    ["page"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.5, 1, 2.5, 5, 10),
)
STARTS = Counter("roleassess_starts", "Attempts started.")
SAVES = Counter("roleassess_saves", "Answers sent, by what became of them.", ["outcome"])
FINISHES = Counter("roleassess_finishes", "Attempts finished.")


def observed(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A line in the access log and the counts of each request.

    No address, no query, no referrer, no user agent: what is needed to see load and faults.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        seconds = time.perf_counter() - began
        page, method = _page(request), _method(request)
        REQUESTS.labels(page, method, str(response.status_code)).inc()
        SECONDS.labels(page).observe(seconds)
        milliseconds = round(1000 * seconds)
        ACCESS.info(
            "%s %s %s %s ms", method, request.path, response.status_code, milliseconds,
            extra={"method": method, "path": request.path, "page": page,
                   "status": response.status_code, "ms": milliseconds},
        )  # fmt: skip
        return response

    return middleware


def _page(request: HttpRequest) -> str:
    """The name of the address, never the address: it may hold anything, and is without end."""
    if match := request.resolver_match:
        return match.view_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def _method(request: HttpRequest) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}
    return request.method if request.method in known else "other"
