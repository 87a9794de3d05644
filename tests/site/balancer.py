"""Several servers of one site behind a balancer of the tests' own; to visitors it is one address.

The balancer passes requests on in turn, as common ones do by default: a server that cannot be
reached is passed over, and a read whose server broke off is asked of the next. A write that a
server may have begun is never sent twice: its connection breaks, as it does without a balancer.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.live import HOST, Live, new_site
from tests.site.client import at_once

READS = (b"GET ", b"HEAD ")
PATIENCE_SECONDS = 20.0


@contextlib.contextmanager
def balanced_site(
    folder: Path, database_url: str, count: int
) -> Iterator[tuple[Live, list[Live], Counter[int]]]:
    """What visitors reach, the servers behind it, all running, and how often each answered.

    They share a database and nothing else. The first is not a server: the balancer has its
    address.
    """
    with new_site(folder, database_url) as front:
        servers = [_server(folder / str(number), front) for number in range(count)]
        with balancer(front.url, [server.url for server in servers]) as answered:
            try:
                at_once(server.start for server in servers)
                yield front, servers, answered
            finally:
                at_once(server.stop for server in servers)


def _server(folder: Path, front: Live) -> Live:
    folder.mkdir()
    server = Live(folder, front.database_url)
    # All say the address by which visitors know them. One process each: there are several.
    server.environ |= {"SITE_URL": front.url, "WEB_CONCURRENCY": "1"}
    return server


@contextlib.contextmanager
def balancer(url: str, behind: list[str]) -> Iterator[Counter[int]]:
    """Listen at `url` for the servers at the addresses behind it, until left.

    Gives how often each of them has answered, by its place in the list.
    """
    answered: Counter[int] = Counter()
    ready, loop = threading.Event(), asyncio.new_event_loop()
    listening = asyncio.Event()

    async def serve() -> None:
        turns = itertools.count()
        ports = [_port(one) for one in behind]

        async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                request = await _read_request(reader)
                place, reply = await _ask_in_turn(request, ports, next(turns))
                answered[place] += 1
                writer.write(reply)
                await writer.drain()
            writer.close()

        async with await asyncio.start_server(pass_on, HOST, _port(url)):
            ready.set()
            await listening.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    assert ready.wait(PATIENCE_SECONDS)
    try:
        yield answered
    finally:
        loop.call_soon_threadsafe(listening.set)
        thread.join(PATIENCE_SECONDS)
        loop.close()


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    """One whole request, which then asks that the connection be closed after its answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    lines.insert(1, b"Connection: close")
    return b"\r\n".join(lines) + await reader.readexactly(_content_length(lines))


async def _ask_in_turn(request: bytes, ports: list[int], turn: int) -> tuple[int, bytes]:
    """The place of the server that answered, and its answer; raises OSError if none does."""
    for number in range(len(ports)):
        place = (turn + number) % len(ports)
        try:
            reader, writer = await asyncio.open_connection(HOST, ports[place])
        except OSError:
            continue
        with contextlib.suppress(OSError):
            writer.write(request)
            reply = await reader.read(-1)
            writer.close()
            if _is_whole(reply):
                return place, reply
        if not request.startswith(READS):
            break
    raise ConnectionError("no server answered")


def _is_whole(reply: bytes) -> bool:
    """Whether nothing is missing that the reply announces."""
    head, blank, body = reply.partition(b"\r\n\r\n")
    return bool(blank) and len(body) >= _content_length(head.split(b"\r\n"))


def _content_length(lines: list[bytes]) -> int:
    found = (line for line in lines if line.lower().startswith(b"content-length:"))
    return next((int(line.partition(b":")[2]) for line in found), 0)


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port
