"""Calling other programs: one JSON message to an address that a blueprint names, over the network and nowhere inside it.

The address is looked up once and the call goes to what was looked up, so that a name cannot point elsewhere in between.
When it is called, and how often it is tried, is the outbox's matter.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 10


class Refused(ValueError):
    """An address that is not called; the text says why."""


def call(url: str, data: Any, *, inside: bool = False) -> None:
    """POST data as JSON. inside: also to addresses of this machine and its own network.

    Raises Refused for an address that is not called, OSError when nobody answers, ValueError when the answer is no success.
    Redirects are not followed.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused("A webhook's address begins with http:// or https://.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Refused("The port of this address is no number.") from None
    address = _look_up(parts.hostname, port, inside)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT)
    plain = socket.create_connection(address, timeout=TIMEOUT)
    try:
        if parts.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
        else:
            connection.sock = plain
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = json.dumps(data, ensure_ascii=False).encode()
        connection.request("POST", target, body, {"Content-Type": "application/json", "User-Agent": "Espalier"})
        status = connection.getresponse().status
    finally:
        connection.close()
        plain.close()
    if not 200 <= status < 300:
        raise ValueError(f"The other side answered {status}.")


def _look_up(host: str, port: int, inside: bool) -> tuple[str, int]:
    for _, _, _, _, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(found[0]).partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        if not inside and not (mapped or address).is_global:
            raise Refused(f"{host} is an address of this machine or its own network.")
        return str(found[0]), port
    raise Refused(f"{host} is not known.")
