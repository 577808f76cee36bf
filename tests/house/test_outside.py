"""What comes from outside and goes there: huge bodies are refused early, and nobody is called."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Iterator
from itertools import repeat

import pytest
from flask import Flask

from tests import outside
from tests.workers import serving

MEGABYTE = b"x" * (1 << 20)
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
FILE = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'


def test_a_connection_to_another_machine_is_refused_and_found() -> None:
    for kind, host in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with socket.socket(kind) as caller, pytest.raises(ConnectionRefusedError):
            caller.connect((host, 80))
        with socket.socket(kind) as caller:
            assert caller.connect_ex((host, 80)) != 0
    assert [address[0] for address in outside.tried] == ["192.0.2.1"] * 2 + ["2001:db8::1"] * 2
    outside.tried.clear()


def post(port: int, kind: str, body: Iterable[bytes], length: int | None) -> tuple[int, int]:
    """Send a body, in chunks where no length is said; gives the status and how much was taken."""
    said = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    head = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n{said}\r\n\r\n"
    taken = 0
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head.encode())
        try:
            for piece in body:
                line.sendall(piece)
                taken += len(piece)
        except OSError:
            pass  # It has answered already and reads no more.
        return int(line.recv(100).split()[1]), taken


def fields(n: int) -> Iterator[bytes]:
    for at in range(n):
        yield b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % at
    yield b"--b--\r\n"


@pytest.mark.slow
@pytest.mark.once
def test_huge_bodies_are_refused_before_they_are_read(app: Flask) -> None:
    many = b"".join(fields(10_000))
    returns = FILE + b"\r" + b"a" * (50 << 20)
    chunk = b"%x\r\n%b\r\n" % (len(MEGABYTE), MEGABYTE)
    with serving(app, workers=1) as port:
        for kind, body, length in (
            (FORM, repeat(MEGABYTE, 1024), 1 << 30),
            (FORM, repeat(chunk, 1024), None),
            (PARTS, [many], len(many)),
            (PARTS, [returns], len(returns)),
            (PARTS, [FILE, *repeat(MEGABYTE, 1024)], 1 << 30),
        ):
            before = time.monotonic()
            status, taken = post(port, kind, body, length)
            assert status in (400, 403, 413), (kind, length)
            # What is not read takes no memory.
            assert taken <= 64 << 20, (kind, length)
            assert time.monotonic() - before < 10, (kind, length)
