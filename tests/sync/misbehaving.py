"""A tiny HTTP server that answers whatever a test wants, byte for byte."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from goes_mobile.protocol import wire

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Misbehaving:
    """Answers each request with the next of ``answers``, the last one for ever; counts connections and requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                self.requests.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                await answer(writer)
                await writer.drain()
                if writer.is_closing():
                    return
        writer.close()


@contextlib.asynccontextmanager
async def misbehaving(*answers: Answer) -> AsyncIterator[Misbehaving]:
    behaviour = Misbehaving(*answers)
    server = await asyncio.start_server(behaviour.serve, "127.0.0.1", 0)
    behaviour.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield behaviour
    finally:
        server.close()


def http(body: bytes, kind: str = wire.MEDIA_TYPE, status: str = "200 OK", length: int | None = None,
         extra: str = "") -> bytes:  # fmt: skip
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n{extra}\r\n".encode() + body


def says(data: bytes, *, then_close: bool = False) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        if then_close:
            await writer.drain()
            writer.close()

    return answer


def hello(challenge: bytes = b"c") -> bytes:
    return wire.dump(wire.Hello(server_id=bytes(16), server_sign=bytes(32), time_ms=1, challenge=challenge))
