"""The tablet's way to the server, and the switch that cuts it: a small proxy, a page with one button."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

PAGE = """<!doctype html><html lang="de"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Netz des Tablets</title><style>
body{{font:17px/1.5 system-ui,sans-serif;background:#F7F6F2;color:#191C1B;
display:grid;place-items:center;min-height:95vh;margin:0}}
main{{background:#fff;border:1px solid #DFDFDA;border-radius:20px;padding:32px;max-width:26rem}}
h1{{font-size:26px;margin:0 0 8px}}button{{font:600 17px system-ui;border:0;border-radius:12px;padding:16px 24px;
background:#0B5A5E;color:#fff;width:100%;margin-top:16px;cursor:pointer}}</style>
<main><h1>{title}</h1><p>{text}</p>
<form method="post" action="/{action}"><button autofocus>{button}</button></form></main>"""
WORDS = {
    True: ("Das Tablet hat Netz", "Was gespeichert wird, geht gleich zum Server.", "off", "Netz trennen"),
    False: ("Das Tablet ist offline", "Alles bleibt auf dem Tablet sicher gespeichert.", "on", "Netz verbinden"),
}
_PIECE = 64 * 1024


class Cut:
    """Forwards connections to the server while ``connected``; cutting ends those there are."""

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self.connected = True
        self.port = 0
        self.page_port = 0
        self.told: list[Callable[[bool], None]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []

    async def open(self, port: int = 0, page_port: int = 0) -> None:
        way = await asyncio.start_server(self._forward, "127.0.0.1", port)
        page = await asyncio.start_server(self._serve_page, "127.0.0.1", page_port)
        self.port, self.page_port = (server.sockets[0].getsockname()[1] for server in (way, page))
        self._servers = [way, page]

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        self._end_all()
        if self._running:
            await asyncio.wait(self._running, timeout=2)

    def switch(self, connected: bool | None = None) -> bool:
        """Cuts or joins; without a wish the other way round."""
        self.connected = not self.connected if connected is None else connected
        if not self.connected:
            self._end_all()
        for tell in self.told:
            tell(self.connected)
        return self.connected

    def _end_all(self) -> None:
        for task in list(self._running):
            task.cancel()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.connected:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        there: asyncio.StreamWriter | None = None
        try:
            back, there = await asyncio.open_connection("127.0.0.1", self.server_port)
            ways = [asyncio.ensure_future(_copy(reader, there)), asyncio.ensure_future(_copy(back, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._running.discard(task)
            for end in (writer, there):
                if end is not None:
                    end.transport.abort()

    async def _serve_page(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One page: GET shows it, POST /on and /off switch."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            async with asyncio.timeout(5):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, path, *_ = head.split(" ", 2)
            if method == "POST" and path in ("/on", "/off"):
                self.switch(path == "/on")
                answer = "HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            else:
                title, text, action, button = WORDS[self.connected]
                body = PAGE.format(title=title, text=text, action=action, button=button)
                answer = (
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
                    f"Content-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n{body}"
                )
            writer.write(answer.encode())
            await writer.drain()
        writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
