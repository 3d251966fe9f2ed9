"""Where a request comes from, for limits: behind a proxy only as far as that proxy is trusted (`server.py`)."""

from ipaddress import AddressValueError, IPv6Address, IPv6Network

from starlette.requests import Request


def client(request: Request) -> str:
    """Return the network address. Of IPv6 it is the first half: one subscriber has all of the second to change."""
    host = request.client.host if request.client else ""
    try:
        address = IPv6Address(host.partition("%")[0])
    except AddressValueError:
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(IPv6Network((address, 64), strict=False))
