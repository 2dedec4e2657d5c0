"""Writing records: add, set, delete."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from goes_mobile.cli import output
from goes_mobile.cli.commands import command
from goes_mobile.cli.explaining import explain
from goes_mobile.cli.session import Session, as_values
from goes_mobile.cli.usage import check_kind
from goes_mobile.protocol.problems import CannotWrite, Damaged, GoesError, InputRefused, Locked
from goes_mobile.services import scripting
from goes_mobile.services.desk import Desk
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change

BATCH = 200
"""Lines in one transaction: a big file is fast, and an id is still printed only after its record is on disk."""
_END = None
Kind = Annotated[str, typer.Argument(help="The kind of record, e.g. encounter.", metavar="KIND", callback=check_kind)]
Id = Annotated[str, typer.Argument(help="The record's id.", metavar="ID")]


@dataclass(slots=True)
class Line:
    """One line of input on its way."""

    number: int
    raw: bytes = field(repr=False)
    changes: list[Change] = field(default_factory=list)
    refused: str = ""


@command()
def add(
    session: Session,
    kind: Kind,
    file: Annotated[str, typer.Option("--file", help="JSON lines; - is standard input.", allow_dash=True)] = "-",
) -> None:
    """Add records from JSON lines; each id is printed once its record is safely on disk.

    Bad lines are named with their number and reason and left out; good lines are kept (exit code 6).

    Example: echo '{"at": "2026-11-24T14:52:00+01:00", "topics": ["housing"]}' | goes-mobile add encounter
    """

    async def work(profile: Profile) -> int:
        refused = 0
        with _opened(file) as source:
            for batch in _batches(source):
                await _write(profile, kind, batch)
                refused += _tell(batch)
                output.progress(f"{batch[-1].number} lines")
        output.progress_done()
        return refused

    if session.run(work):
        raise typer.Exit(InputRefused.exit_code)


async def _write(profile: Profile, kind: str, batch: list[Line]) -> None:
    """One transaction for the batch; if the store refuses it, line by line, so that good lines are kept."""
    try:
        await profile.do(_plan, kind, batch)
    except (InputRefused, GoesError) as error:
        if isinstance(error, CannotWrite | Damaged | Locked):
            raise
        for line in batch:
            if line.refused:
                continue
            try:
                await profile.do(_plan, kind, [line])
            except GoesError as own:
                if isinstance(own, CannotWrite | Damaged | Locked):
                    raise
                line.refused = explain(own)


def _plan(desk: Desk, kind: str, batch: list[Line]) -> list[Change]:
    planned: list[Change] = []
    for line in batch:
        if line.refused:
            continue
        try:
            line.changes = scripting.made(desk, kind, _parsed(line.raw))
        except GoesError as error:
            line.refused = explain(error)
        else:
            planned += line.changes
    return planned


def _tell(batch: list[Line]) -> int:
    refused = 0
    for line in batch:
        if line.refused:
            refused += 1
            output.note(f"line {line.number}: {line.refused}")
        else:
            output.Output(as_json=True).line({"line": line.number, "id": line.changes[0].id})
    return refused


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise InputRefused("not_utf8") from None
    except json.JSONDecodeError as error:
        raise InputRefused("not_json", at=error.pos + 1) from None
    except RecursionError:
        raise InputRefused("nested_too_deeply") from None
    if not isinstance(found, dict):
        raise InputRefused("not_an_object_line")
    return found


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(name, name, 0)


def _opened(file: str) -> BinaryIO:
    if file == "-":
        return _Unclosed(sys.stdin.buffer)  # type: ignore[return-value]
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise typer.BadParameter(f"cannot be read ({error.strerror})", param_hint="--file") from None


class _Unclosed:
    """Standard input stays open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __enter__(self) -> BinaryIO:
        return self._stream

    def __exit__(self, *_: object) -> None:
        return None


def _batches(source: BinaryIO) -> Iterator[list[Line]]:
    """What is there now, up to a batch: whoever writes a line and waits for its id gets it at once."""
    lines: queue.Queue[Line | None] = queue.Queue(maxsize=4 * BATCH)
    threading.Thread(target=_read, args=(source, lines), daemon=True).start()
    ended = False
    while not ended:
        batch: list[Line] = []
        line = lines.get()
        while line is not _END:
            batch.append(line)
            if len(batch) == BATCH:
                break
            try:
                line = lines.get_nowait()
            except queue.Empty:
                break
        else:
            ended = True
        if batch:
            yield batch


def _read(source: BinaryIO, lines: queue.Queue[Line | None]) -> None:
    try:
        for number, raw in enumerate(source, 1):
            text = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            if text.strip():
                lines.put(Line(number, text))
    finally:
        lines.put(_END)


@command(name="set")
def set_(
    session: Session,
    kind: Kind,
    record: Id,
    values: Annotated[
        list[str], typer.Argument(help="What to set; VALUE is JSON, or else text.", metavar="FIELD=VALUE…")
    ],
) -> None:
    """Change fields of a record, as one operation.

    A field of several values takes a list, or one element: topics/housing=true.

    Example: goes-mobile set encounter 0197… note="Called back" minutes=20
    """

    async def work(profile: Profile) -> dict[str, Any]:
        await profile.do(scripting.changed, kind, record, as_values(values))
        return {"kind": kind, "id": record}

    session.out.document(session.run(work), "Saved.")


@command()
def delete(session: Session, kind: Kind, record: Id) -> None:
    """Delete a record. Its history stays; `set KIND ID deleted=false` brings it back.

    Example: goes-mobile delete task 0197…
    """

    async def work(profile: Profile) -> dict[str, Any]:
        await profile.do(scripting.deleted, kind, record)
        return {"kind": kind, "id": record, "deleted": True}

    session.out.document(session.run(work), "Deleted. `set KIND ID deleted=false` brings it back.")
