"""Synchronisation and how it stands."""

from __future__ import annotations

import asyncio
import signal
import time
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from goes_mobile.cli import output
from goes_mobile.cli.commands import command
from goes_mobile.cli.explaining import explain
from goes_mobile.cli.session import Session, store_of
from goes_mobile.protocol.problems import CannotWrite, GoesError, Locked, NotReachable, Refused
from goes_mobile.services import sync_view
from goes_mobile.state.delivery import Delivery
from goes_mobile.state.profile import Profile
from goes_mobile.sync.engine import Outcome
from goes_mobile.sync.state import SyncState

WRITING = ("disk_full", "read_only", "disk_error")


@command()
def sync(
    session: Session,
    once: Annotated[bool, typer.Option("--once", help="One round; without it: until SIGTERM.")] = False,
) -> None:
    """Exchange entries with the server. Locked, what waits is still delivered.

    Example: goes-mobile sync --once --json
    """

    async def work(profile: Profile) -> tuple[dict[str, Any], GoesError | None]:
        delivery = profile.delivering
        assert isinstance(delivery, Delivery)
        begun = time.monotonic()
        if not once:
            pushed, pulled = await _until_told(delivery, profile)
            return await _document(profile, pushed, pulled, begun), None
        outcome = await delivery.run()
        if outcome.ended and profile.ended:
            raise Refused("revoked", reason=profile.ended.reason)
        return await _document(profile, outcome.pushed, outcome.pulled, begun), _trouble(outcome)

    told, trouble = session.run(work, "if_given")
    session.out.document(told, "{pushed} sent, {pulled} received, {waiting} waiting.".format_map(told))
    if trouble is not None:
        output.note(explain(trouble))
        raise typer.Exit(trouble.exit_code)


async def _until_told(delivery: Delivery, profile: Profile) -> tuple[int, int]:
    """Rounds, listening and timers until SIGTERM or Ctrl-C, or until the device is revoked."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    delivery.subscribe(_show)
    delivery.subscribe(lambda _: told.set() if profile.ended else None)
    delivery.start()
    await told.wait()
    await delivery.stop()
    if profile.ended:
        raise Refused("revoked", reason=profile.ended.reason)
    output.progress_done()
    return delivery.pushed, delivery.pulled


def _show(state: SyncState) -> None:
    output.progress(f"{state.phase}: {state.waiting} waiting, {state.confirmed} confirmed {state.trouble}")


async def _document(profile: Profile, pushed: int, pulled: int, begun: float) -> dict[str, Any]:
    counts = await profile.lane(store_of(profile).counts)
    return {
        "pushed": pushed, "pulled": pulled, "waiting": counts.waiting, "quarantined": counts.held,
        "conflicts": counts.conflicts, "seconds": round(time.monotonic() - begun, 3),
    }  # fmt: skip


def _trouble(outcome: Outcome) -> GoesError | None:
    """What kind of failure a round was."""
    if not outcome.trouble:
        return None
    if outcome.trouble in WRITING:
        return CannotWrite(outcome.trouble)
    if outcome.trouble == "locked":
        return Locked("locked")
    return Refused(outcome.trouble) if outcome.reached else NotReachable(outcome.trouble)


@command()
def status(session: Session) -> None:
    """How it stands: what waits, what is confirmed. Works while locked.

    Example: goes-mobile status
    """

    async def work(profile: Profile) -> dict[str, Any]:
        store = store_of(profile)
        counts = await profile.lane(store.counts)
        last = counts.last_contact_ms
        return {
            "locked": store.locked, "cannot_write": store.cannot_write, "waiting": counts.waiting,
            "confirmed": counts.confirmed,
            "last_contact": datetime.fromtimestamp(last / 1000, UTC).isoformat() if last else None,
            "clock_offset_s": round(counts.clock_offset_ms / 1000), "conflicts": counts.conflicts,
            "quarantined": counts.held, "organisation": store.organisation.hex(), "device": store.device.hex(),
        }  # fmt: skip

    told = session.run(work, "if_given")
    session.out.document(told, "\n".join(f"{name:<15} {value}" for name, value in told.items()))


@command()
def correct_times(
    session: Session,
    keep: Annotated[bool, typer.Option("--keep", help="The times are right as they are: do not ask again.")] = False,
) -> None:
    """Set times right that a wrong clock has written; shows what it changed.

    Example: goes-mobile correct-times
    """

    async def work(profile: Profile) -> list[dict[str, Any]]:
        found = (await profile.ask(sync_view.wrong_times)).times
        if not keep:
            await profile.do(sync_view.correct_times)
        await profile.ask(sync_view.settle)
        return [
            {"kind": time.kind, "id": time.record, "field": time.path, "was": time.was.isoformat(),
             "now": (time.was if keep else time.would_be).isoformat()}
            for time in found
        ]  # fmt: skip

    told = session.run(work)
    session.out.document(
        told,
        "\n".join(f"{c['kind']} {c['id']} {c['field']}: {c['was']} → {c['now']}" for c in told) or "No wrong times.",
    )
