"""The server as a real process: push and pull over one stream, and over a thousand streams from ten devices.

    python -m tests.bench.server [--entries 10000] [--streams 1000] [--devices 10] [--database-url URL]

Prints one JSON row a line: ``{"name", "value", "unit"}``. Entries are sealed and signed beforehand; what is measured is
the way from there to a verified, signed receipt, and back out, on cores that client and server share.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import Entry
from goes_mobile.protocol.service import Service
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.sync.driver import HttpServer
from tests.actors import SITE, Actor, Organisation
from tests.serving import RunningServer, initialise

NOTE = (
    "Haben am Bahnhof lange gesprochen. Er sucht eine Ausbildung in der Werkstatt, braucht Hilfe bei der Bewerbung. "
    * 3
)


async def open_service(server: HttpServer, actor: Actor) -> Service:
    hello = await server.hello()
    session = await server.open_session(actor.session_request(hello.server_id, hello.challenge))
    return server.session(session.token)


async def push(service: Service, server_sign: bytes, entries: list[Entry]) -> int:
    """Pushes in full batches; every receipt is verified."""
    receipts = 0
    for batch in batches(entries):
        answer = await service.push(wire.PushRequest(entries=tuple(entry.raw for entry in batch)))
        assert not answer.refused
        assert not answer.gaps
        assert not answer.unknown
        receipts += len(wire.read_receipts(answer.receipts, server_sign).items)
    return receipts


def batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    for start in range(0, len(entries), wire.MAX_PUSH_ENTRIES):
        yield entries[start : start + wire.MAX_PUSH_ENTRIES]


async def pull(service: Service) -> tuple[int, wire.Cursor]:
    cursor, entries, more = wire.Cursor(), 0, True
    while more:
        answer = await service.pull(wire.PullRequest(cursor=cursor))
        cursor, more = answer.cursor, answer.more
        entries += len(answer.entries)
    return entries, cursor


def row(name: str, value: float, unit: str) -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit}), flush=True)


async def measure(url: str, setup_token: str, options: Any) -> None:
    server = HttpServer(url)
    team = Organisation.found(random.Random(1).randbytes)
    devices = [team.enrol("outreach") for _ in range(options.devices)]
    entries = tuple(entry.raw for entry in team.control)
    await server.found(wire.FoundRequest(setup_token=setup_token, organisation=team.id, entries=entries))
    sign = (await server.hello()).server_sign
    services = [await open_service(server, device) for device in devices]

    site = StreamRef("site", SITE)
    stream = site.id(team.id)
    made = [devices[0].open_stream(site)] + [devices[0].note(stream, NOTE) for _ in range(options.entries - 1)]
    row("entry size", sum(len(entry.raw) for entry in made) / len(made), "bytes")
    began = time.perf_counter()
    assert await push(services[0], sign, made) == options.entries
    row("push, one stream", options.entries / (time.perf_counter() - began), "entries/s")
    began = time.perf_counter()
    assert await push(services[0], sign, made) == options.entries
    row("push again, all known", options.entries / (time.perf_counter() - began), "entries/s")
    began = time.perf_counter()
    pulled, _ = await pull(services[1])
    row("pull, one stream", pulled / (time.perf_counter() - began), "entries/s")

    each = options.streams // options.devices
    files = [[StreamRef("person", f"{number}-{index}") for index in range(each)] for number in range(options.devices)]
    rounds = options.entries // options.streams
    work = []
    for device, refs in zip(devices, files, strict=True):
        opened = [device.open_stream(ref) for ref in refs]
        noted = [device.note(ref.id(team.id), NOTE) for _ in range(rounds) for ref in refs]
        work.append([*opened, *noted])
    total = sum(map(len, work))
    began = time.perf_counter()
    done = await asyncio.gather(*(push(service, sign, part) for service, part in zip(services, work, strict=True)))
    assert sum(done) == total
    row(
        f"push, {options.streams} streams from {options.devices} devices",
        total / (time.perf_counter() - began),
        "entries/s",
    )
    began = time.perf_counter()
    pulled, cursor = await pull(services[1])
    row("pull, all of it", pulled / (time.perf_counter() - began), "entries/s")

    took = []
    for _ in range(100):
        began = time.perf_counter()
        await services[1].pull(wire.PullRequest(cursor=cursor))
        took.append(time.perf_counter() - began)
    row("pull without change, median", sorted(took)[50] * 1000, "ms")
    await server.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--devices", type=int, default=10)
    parser.add_argument("--database-url")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        initialised = initialise(Path(data), options.database_url)
        with RunningServer(Path(data), options.database_url) as running:
            asyncio.run(measure(running.url, initialised["setup_token"], options))


if __name__ == "__main__":
    main()
