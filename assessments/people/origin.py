"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN_IP = "0.0.0.0"  # noqa: S104 - no address that one listens on
# How much of an address may be kept: enough to recognise a provider, too little to find a person.
KEPT_BITS = {4: 24, 6: 48}


def client_ip(request: HttpRequest) -> str:
    """The sender's address in its one spelling; for IPv6 the /64 that one subscriber holds.

    `X-Forwarded-For` is believed only as far as TRUSTED_PROXIES of our own wrote it, counted from
    its right end: what stands further left is whatever the sender claims.
    """
    hops = settings.TRUSTED_PROXIES
    claimed = [ip for ip in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if ip.strip()]
    given = claimed[-hops] if 0 < hops <= len(claimed) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(given.strip())
    except ValueError:
        # A socket file has no address; nor has nonsense. All of them share one.
        return UNKNOWN_IP
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False).network_address)
    return str(address)


def kept_ip(address: str) -> str:
    """As much of an address as may be stored: its /24, or its /48 for IPv6."""
    bits = KEPT_BITS[ip_address(address).version]
    return str(ip_network(f"{address}/{bits}", strict=False).network_address)
