"""Importing from an office's own lists."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from goes_mobile.cli import output
from goes_mobile.cli.commands import command
from goes_mobile.cli.explaining import explain
from goes_mobile.cli.session import Session
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import importing
from goes_mobile.services.desk import Desk
from goes_mobile.services.importing import Row, Wiring
from goes_mobile.services.tables import Table
from goes_mobile.state.importing import taken_in
from goes_mobile.state.profile import Profile


class What(StrEnum):
    encounters = "encounters"
    people = "people"
    partners = "partners"


@command(name="import")
def import_(
    session: Session,
    what: Annotated[What, typer.Argument(help="encounters, people or partners.", metavar="KIND")],
    file: Annotated[Path, typer.Argument(help="A CSV or Excel (.xlsx) file.", metavar="FILE", exists=True)],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="TOML or JSON: field by heading, code by word.", exists=True)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line and write nothing.")] = False,
) -> None:
    """Read in an office's own list. The same file again adds nothing; without a mapping the headings are guessed.

    Bad lines are named with their number and reason and left out; good lines are kept (exit code 6).

    Example: goes-mobile import encounters liste.csv --dry-run
    """
    kind = importing.KINDS[what.value]

    async def work(profile: Profile) -> dict[str, Any]:
        table, wiring = await profile.ask(_opened, kind, file, mapping)
        told = {"new": 0, "same": 0, "refused": 0}

        def tell(rows: list[Row]) -> None:
            for row in rows:
                told["refused" if row.refused else "new" if row.change else "same"] += 1
                if row.refused:
                    output.note(f"line {row.number}: {explain(row.refused)}")
            output.progress(f"{sum(told.values())} of {len(table.lines)} lines")

        await taken_in(profile, kind, table, wiring, tell, dry_run=dry_run)
        output.progress_done()
        unused = [heading for heading in table.headings if heading and heading not in wiring.columns]
        return {"kind": kind, **told, "dry_run": dry_run, "columns": wiring.columns, "unused": unused}

    said = session.run(work)
    words = "{new} new, {same} there already, {refused} refused.".format(**said)
    session.out.document(said, f"Nothing was written: {words}" if dry_run else words)
    if said["refused"]:
        raise typer.Exit(InputRefused.exit_code)


def _opened(desk: Desk, kind: str, file: Path, mapping: Path | None) -> tuple[Table, Wiring]:
    try:
        content, told = file.read_bytes(), mapping.read_bytes() if mapping else None
    except OSError as error:
        raise typer.BadParameter(f"cannot be read ({error.strerror})", param_hint="FILE") from None
    return importing.opened(desk, kind, file.name, content, told)
