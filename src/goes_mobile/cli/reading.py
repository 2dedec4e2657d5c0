"""Reading records: show, list, search, history."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from goes_mobile.cli.commands import command
from goes_mobile.cli.session import Session, as_values
from goes_mobile.cli.usage import as_day
from goes_mobile.cli.writing import Id, Kind
from goes_mobile.records import display
from goes_mobile.services import accesses, device_names, look_up, scripting, values
from goes_mobile.services.desk import Desk
from goes_mobile.services.names import name_of
from goes_mobile.state.profile import Profile


@command()
def show(session: Session, kind: Kind, record: Id) -> None:
    """Show one record with all its fields, deleted or not.

    Example: goes-mobile show encounter 0197…
    """

    async def work(profile: Profile) -> tuple[dict[str, Any], str]:
        found = await profile.ask(_shown, kind, record)
        profile.note(accesses.opened(kind), kind, record)
        return found

    told, words = session.run(work)
    session.out.document(told, words)


def _shown(desk: Desk, kind: str, record: str) -> tuple[dict[str, Any], str]:
    told = scripting.plain(desk, kind, record)
    lines = [
        f"{display.label(kind, name, 'en'):<24} {value}"
        for name, value in told.items()
        if value not in (None, "", [], {})
    ]
    return told, "\n".join(lines)


@command(name="list")
def list_(
    session: Session,
    kind: Kind,
    where: Annotated[list[str] | None, typer.Option("--where", help="FIELD=VALUE; may be repeated.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="From this day on, like 2026-03-01.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="At most so many.", min=1)] = None,
) -> None:
    """List records of a kind, newest first, one JSON object a line.

    For a field of several values --where asks whether the value is among them.

    Example: goes-mobile list encounter --where topics=housing --since 2026-03-01 --limit 20
    """
    asked = [scripting.Where(name, value) for pair in where or [] for name, value in as_values([pair]).items()]
    day = as_day(since, "--since") if since else None

    async def work(profile: Profile) -> list[dict[str, Any]]:
        return await profile.ask(scripting.listed, kind, asked, day, limit)

    session.out.lines(session.run(work))


@command()
def search(
    session: Session,
    text: Annotated[str, typer.Argument(help="Words, or their beginnings.", metavar="TEXT")],
    limit: Annotated[int, typer.Option("--limit", help="At most so many.", min=1)] = 50,
) -> None:
    """Search everything this device may read, one JSON object a line.

    Example: goes-mobile search "Bahnhof Plochingen"
    """

    async def work(profile: Profile) -> list[look_up.Found]:
        return await profile.ask(look_up.everything, text, limit)

    for found in session.run(work):
        at = found.at.isoformat() if found.at else None
        session.out.line({"kind": found.kind, "id": found.id, "title": found.title, "snippet": found.snippet, "at": at})


@command()
def history(session: Session, kind: Kind, record: Id) -> None:
    """Show who changed which field when, newest first, one JSON object a line.

    Example: goes-mobile history encounter 0197…
    """

    async def work(profile: Profile) -> list[dict[str, Any]]:
        found = await profile.ask(_history, kind, record)
        profile.note(accesses.opened(kind), kind, record)
        return found

    session.out.lines(session.run(work))


def _history(desk: Desk, kind: str, record: str) -> list[dict[str, Any]]:
    scripting.get(desk, kind, record)
    return [
        {
            "at": item.at.isoformat(), "member": item.member,
            "who": name_of(desk, "member", item.member) if item.member else "", "device": item.device.hex(),
            "device_name": device_names.called(desk, item.device.hex()),
            "op": item.op.hex(), "field": item.path, "label": values.label(desk, kind, item.path), "old": item.old,
            "old_beside": list(item.beside), "new": item.new, "stands": item.candidate, "conflict": item.conflict,
        }
        for item in desk.archive.history(kind, record)
    ]  # fmt: skip
