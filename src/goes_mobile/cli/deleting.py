"""Erasing a file, redacting a record, releasing what a colleague asked for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from goes_mobile.cli.commands import command
from goes_mobile.cli.files import write_file
from goes_mobile.cli.session import Session
from goes_mobile.cli.writing import Id, Kind
from goes_mobile.records import codes
from goes_mobile.services import accesses, deletion, disclosure, disclosure_files, retention
from goes_mobile.services.desk import Desk
from goes_mobile.state.profile import Profile
from goes_mobile.store.disk import disk_errors

Reason = Annotated[
    str,
    typer.Option(
        "--reason",
        help="A code (by_request, consent_withdrawn, no_purpose, retention_due, name_slipped_in, mistake); or words, "
        "which are sealed beside the record and deleted with it.",
        metavar="TEXT",
    ),
]


class Whole(StrEnum):
    person = "person"


@command()
def erase(
    session: Session,
    what: Annotated[Whole, typer.Argument(help="person: a young person's file.", metavar="person")],
    record: Id,
    reason: Reason,
) -> None:
    """Ask for a young person's whole file to be erased everywhere. A supervisor, another member, releases it.

    Example: goes-mobile erase person 0197… --reason by_request
    """
    _propose(session, deletion.PERSON, record, reason)


@command()
def redact(session: Session, kind: Kind, record: Id, reason: Reason) -> None:
    """Ask for one record to be taken out of everywhere, with its history: a name that slipped into a note.

    Example: goes-mobile redact encounter 0197… --reason name_slipped_in
    """
    _propose(session, kind, record, reason)


def _propose(session: Session, kind: str, record: str, reason: str) -> None:
    code, text = (reason, "") if reason in codes.codes(deletion.REASONS) else ("other", reason)

    async def work(profile: Profile) -> list[str]:
        orders: list[str] = []

        def then(desk: Desk) -> None:
            orders.extend(deletion.propose(desk, kind, record, code))

        await profile.do_then(then, deletion.request, kind, record, code, text)
        return orders

    told = {"kind": kind, "id": record, "orders": session.run(work), "reason": code}
    session.out.document(told, "Asked for. A supervisor releases it: goes-mobile orders --release {}".format(
        " --release ".join(told["orders"])
    ))  # fmt: skip


@command()
def orders(
    session: Session,
    release: Annotated[str, typer.Option("--release", help="Release this order; there is no way back.")] = "",
    decline: Annotated[str, typer.Option("--decline", help="Decline this order; --reason says why.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it is declined, for whoever asked.")] = "",
) -> None:
    """List what is asked to be deleted and how many devices have confirmed, one JSON object a line; or decide on one.

    Example: goes-mobile orders --release 0197…
    """

    async def work(profile: Profile) -> list[deletion.OrderLine]:
        if release:
            await profile.release(release)
        if decline:
            await profile.do(deletion.decline, decline, reason)
        return [line for line in await profile.ask(deletion.lines) if line.id in (release, decline) or not wanted]

    wanted = bool(release or decline)
    session.out.lines(_told(line) for line in session.run(work))


@command()
def calendar(session: Session) -> None:
    """List what the county's rules say is due to be deleted, and why, one JSON object a line. Changes nothing.

    Example: goes-mobile calendar
    """

    async def work(profile: Profile) -> list[retention.DueLine]:
        return await profile.ask(retention.calendar)

    session.out.lines(
        {
            "kind": line.kind, "id": line.id, "name": line.name, "due": line.due.isoformat(), "over": line.over,
            "counted_from": line.counted_from, "since": line.since.isoformat(), "months": line.months,
            "held_until": line.held_until.isoformat() if line.held_until else None, "requested": line.requested,
        }
        for line in session.run(work)
    )  # fmt: skip


@command()
def disclose(
    session: Session,
    what: Annotated[Whole, typer.Argument(help="person: a young person's file.", metavar="person")],
    record: Id,
    out: Annotated[Path, typer.Option("--out", help="The directory to write to.", file_okay=False)],
) -> None:
    """Write everything held about a young person (Art. 15 and 20 GDPR) as PDF and JSON; texts to read first are marked.

    Example: goes-mobile disclose person 0197… --out auskunft
    """

    async def work(profile: Profile) -> disclosure.Disclosure:
        found = await profile.ask(disclosure.of_person, record)
        for what in (accesses.DISCLOSED, accesses.EXPORTED):
            profile.note(what, "young_person", record)
        return found

    made = session.run(work)
    files = {"pdf": disclosure_files.as_pdf(made), "json": disclosure_files.as_json(made)}
    with disk_errors():
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for ending, content in files.items():
            write_file(out / f"auskunft-{record}.{ending}", content, "--out")
    told = {
        "person": record, "files": [str(out / f"auskunft-{record}.{ending}") for ending in files],
        "records": len(made.records), "to_check": made.to_check,
    }  # fmt: skip
    session.out.document(told, f"Written to {out}. Texts to read before it is handed out: {made.to_check}.")


def _told(line: deletion.OrderLine) -> dict[str, Any]:
    return {
        "id": line.id, "action": line.action, "state": line.state, "reason": line.reason, "text": line.text,
        "about": [{"kind": subject.kind, "id": subject.id} for subject in line.about],
        "proposed_by": line.proposed_by.name if line.proposed_by else "",
        "proposed_at": line.proposed_at.isoformat() if line.proposed_at else None,
        "released_by": line.released_by.name if line.released_by else "",
        "released_at": line.released_at.isoformat() if line.released_at else None,
        "asked": line.asked, "confirmed": line.confirmed, "here": line.here,
        "held_until": line.held_until.isoformat() if line.held_until else None, "refusal": line.refusal,
        "declined": line.declined, "declined_by": line.declined_by.name if line.declined_by else "",
    }  # fmt: skip
