"""For whoever watches the service."""

import os
from collections.abc import Iterator

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from assessments.http.access import public_page


@public_page
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@public_page
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers too; else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("database down\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


@public_page
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The counts in Prometheus' text format, for whoever has METRICS_TOKEN; else 404 or 401."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(given, settings.METRICS_TOKEN):
        response = HttpResponse("wrong token\n", content_type="text/plain", status=401)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    database = CollectorRegistry()
    database.register(_Database())
    return HttpResponse(_counted() + generate_latest(database), content_type=CONTENT_TYPE_LATEST)


def _counted() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


class _Database(Collector):
    """Whether it answers, and on PostgreSQL how many connections are open, of how many."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """As it is at this moment; nothing is counted, so there is nothing to keep."""
        found: dict[str, tuple[str, int]] = {}
        try:
            found = _connections()
            is_up = 1
        except Error:
            is_up = 0
        yield _gauge("up", "1 while the database answers.", is_up)
        for name, (text, count) in found.items():
            yield _gauge(name, text, count)


def _gauge(name: str, text: str, value: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"roleassess_database_{name}", text, value)


def _connections() -> dict[str, tuple[str, int]]:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT 1")
            return {}
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state <> 'idle'),"
            " current_setting('max_connections')::int"
            " FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
        opened, busy, limit = cursor.fetchone()
    return {
        "connections": ("Connections open, of all clients.", opened),
        "connections_busy": ("Those with a query or transaction under way.", busy),
        "connections_limit": ("How many the server takes.", limit),
    }
