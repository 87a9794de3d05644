"""Exit 0 while the site in this container answers; else 1 with a line that says why."""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 4


def main() -> int:
    """Ask /healthz, in the name of the site: others are refused."""
    port = int(os.environ["BIND"].rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    host = urlsplit(os.environ["SITE_URL"]).netloc
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if status != http.HTTPStatus.OK:
        sys.stderr.write(f"/healthz answers {status}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
