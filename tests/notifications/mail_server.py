"""A mail server on loopback that keeps what it is given."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

Letter = tuple[list[str], bytes]


class _Server(socketserver.ThreadingTCPServer):
    letters: list[Letter]


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.recipients: list[str] = []
        self.say("220 ready")
        for line in self.rfile:
            if not self.answer(line.decode().strip()):
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def answer(self, line: str) -> bool:
        word = line.upper()
        if word.startswith("RCPT TO:"):
            self.recipients.append(line[8:].strip(" <>"))
        if word.startswith("DATA"):
            self.say("354 go on")
            self.server.letters.append((self.recipients, self.body()))
        self.say("221 bye" if word.startswith("QUIT") else "250 ok")
        return not word.startswith("QUIT")

    def body(self) -> bytes:
        return b"".join(iter(self.rfile.readline, b".\r\n"))


@contextmanager
def mail_server() -> Iterator[tuple[int, list[Letter]]]:
    """Gives its port and the letters it took: (recipients, message)."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.letters = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], server.letters
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
