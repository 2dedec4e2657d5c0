"""What must hold when everything has calmed down, whatever happened before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from goes_mobile.protocol.entry import running
from goes_mobile.protocol.merge import Registers
from goes_mobile.protocol.streams import ORG
from tests.simulation.device import Device
from tests.simulation.people import MARKER, Memory
from tests.simulation.server import Server


def broken(server: Server, devices: Sequence[Device], memory: Memory) -> list[str]:
    """Every law that does not hold, in words."""
    reading = {device.name: readable(device) for device in devices}
    return [
        *memory.wrongs, *_numbering(server), *_nothing_lost(server, devices, memory), *_nothing_waits(devices),
        *_gapless(server, devices), *_alike(devices), *_nothing_undone(devices), *_only_granted(devices, reading),
        *_server_is_blind(server, devices),
    ]  # fmt: skip


def readable(device: Device) -> set[bytes]:
    """The streams whose content this device was granted."""
    organisation = device.local.organisation
    return {ref.id(organisation) for ref in (ORG, *(ref for ref, _ in device.writes_to()))}


def _numbering(server: Server) -> list[str]:
    """Numbers and positions without gap or double, and running hashes that anybody can recompute."""
    feed = server.feed
    wrongs = []
    if [stored.number for stored in feed.log] != list(range(1, len(feed.log) + 1)):
        wrongs.append("the feed's numbers have gaps")
    doubled = [same for same, times in Counter(stored.entry.hash for stored in feed.log).items() if times > 1]
    if doubled:
        wrongs.append(f"the server holds {len(doubled)} entries twice")
    for stream in feed.streams.values():
        at = b""
        for position, stored in enumerate(stream.entries, 1):
            at = running(at, stored.entry.hash, position)
            if stored.position != position or stream.running[position] != at:
                wrongs.append(f"position {position} of a stream is not what its running hash says")
                break
    return wrongs


def _nothing_lost(server: Server, devices: Sequence[Device], memory: Memory) -> list[str]:
    """What was called saved is on its device, at the server, and on every device that may read it."""
    at_server = {stored.entry.hash for stored in server.feed.log}
    wrongs = []
    for device in devices:
        mine = {ack.operation.op: ack for ack in memory.saved if ack.device == device.name}
        here = device.local.entries_of_operations()
        lost = sum(1 for op in mine if op not in here)
        if lost:
            wrongs.append(f"{device.name} has lost {lost} of its own saves")
        undelivered = sum(1 for op in mine if op in here and not here[op] & at_server)
        if undelivered:
            wrongs.append(f"{undelivered} saves of {device.name} are not at the server")
    for device in devices:
        here, may = device.local.entries_of_operations(), readable(device)
        names = {other.name for other in devices}
        lacking = sum(1 for a in memory.saved if a.device in names and a.stream in may and a.operation.op not in here)
        if lacking:
            wrongs.append(f"{device.name} lacks {lacking} saves that it may read")
    return wrongs


def _nothing_waits(devices: Sequence[Device]) -> list[str]:
    wrongs = []
    for device in devices:
        waiting = device.local.waiting()
        held = device.local.held_back()
        if waiting:
            wrongs.append(f"{len(waiting)} entries still wait on {device.name}")
        if held:
            wrongs.append(f"{device.name} holds back {held}")
    return wrongs


def _gapless(server: Server, devices: Sequence[Device]) -> list[str]:
    """Every reader has every position of its streams, and the same running hash as the server."""
    wrongs = []
    for device in devices:
        for stream in sorted(readable(device) | {device.local.control}):
            theirs = server.feed.head(stream)
            mine = device.local.reached(stream)
            if theirs.position and (mine.position, mine.running) != (theirs.position, theirs.running):
                wrongs.append(f"{device.name} is at {mine.position} of {theirs.position} in a stream")
    return wrongs


def _alike(devices: Sequence[Device]) -> list[str]:
    """Devices that may read the same record show the same versions of it, the same one first."""
    seen: dict[str, dict[str, list[str]]] = {}
    for device in devices:
        for record in device.local.records():
            registers = device.local.looks(record)
            if registers is not None:
                seen.setdefault(record, {}).setdefault(_picture(registers), []).append(device.name)
    return [f"a record looks different: {sorted(looks.values())}" for looks in seen.values() if len(looks) > 1]


def _picture(registers: Registers) -> str:
    standing = [
        (path, repr(registers.shown(path)), sorted(version.op.hex() for version in versions))
        for path, versions in sorted(registers.candidates.items())
    ]
    return f"{standing} {registers.last.operation.op.hex()}"


def _nothing_undone(devices: Sequence[Device]) -> list[str]:
    """A version that somebody knowingly replaced is nowhere a candidate again, however wrong a clock was."""
    wrongs = []
    for device in devices:
        for record in device.local.records():
            registers = device.local.looks(record)
            assert registers is not None
            for operation in device.local.operations_of(record):
                for path in operation.set:
                    now = {version.op for version in registers.candidates.get(path, ())}
                    if now & set(operation.seen.get(path, ())):
                        wrongs.append(f"{device.name} shows again what had been replaced")
    return wrongs


def _only_granted(devices: Sequence[Device], reading: dict[str, set[bytes]]) -> list[str]:
    """No device holds a key of a stream it was not granted."""
    return [
        f"{device.name} holds the key of a stream that it was not granted"
        for device in devices
        for stream in device.local.keys.streams
        if stream not in reading[device.name]
    ]


def _server_is_blind(server: Server, devices: Sequence[Device]) -> list[str]:
    """Neither a word nor a key is among the server's bytes."""
    held = server.everything()
    wrongs = ["the server holds what somebody wrote"] if MARKER.encode() in held else []
    secrets = {secret for device in devices for secret in device.local.secrets()}
    if any(secret in held for secret in sorted(secrets)):
        wrongs.append("the server holds a key")
    return wrongs
