"""Nothing here connects to anything but this machine: who tries is refused, and found."""

from __future__ import annotations

import socket
from typing import Any

#: Addresses that something tried to connect to since the last look.
tried: list[Any] = []
_CONNECT, _CONNECT_EX = socket.socket.connect, socket.socket.connect_ex


def guard() -> None:
    """Refuse connections to other machines from now on."""
    socket.socket.connect = _connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]


def _foreign(self: socket.socket, address: Any) -> bool:
    if self.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    host = str(address[0])
    return not (host.startswith("127.") or host in ("::1", "localhost"))


def _connect(self: socket.socket, address: Any) -> None:
    if _foreign(self, address):
        tried.append(address)
        raise ConnectionRefusedError(f"tests connect to this machine only, not to {address}")
    _CONNECT(self, address)


def _connect_ex(self: socket.socket, address: Any) -> int:
    if _foreign(self, address):
        tried.append(address)
        return 111
    return _CONNECT_EX(self, address)
