"""`doctor`: whether what lies on the disk is what was written, and what can be shown about the server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from goes_mobile.cli import output
from goes_mobile.cli.checking import Examination, examine
from goes_mobile.cli.commands import command
from goes_mobile.cli.files import write_file
from goes_mobile.cli.session import Session, store_of
from goes_mobile.protocol import evidence as evidences
from goes_mobile.protocol.problems import Damaged
from goes_mobile.state.profile import Profile
from goes_mobile.store.disk import disk_errors
from goes_mobile.store.evidence import gather


@command()
def doctor(
    session: Session,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", help="Also write what this device can show about its server.")
    ] = None,
) -> None:
    """Verify the journal, its chains and streams; unlocked also the projection, by replaying and comparing.

    Example: goes-mobile doctor --json
    """

    async def work(profile: Profile) -> Examination:
        if evidence is not None:
            shown = await profile.lane(gather, store_of(profile))
            with disk_errors():
                write_file(evidence, shown.encode(), "--evidence")
        return await profile.lane(examine, store_of(profile), output.progress)

    found = session.run(work, "if_given")
    output.progress_done()
    session.out.document(found.document(), _words(found))
    if found.problems:
        output.note(
            "Damaged data found. What can be read stays readable and is delivered; show this to an administrator."
        )
        raise typer.Exit(Damaged.exit_code)


@command()
def check_evidence(
    session: Session, file: Annotated[Path, typer.Argument(metavar="FILE", help="What a device has written.")]
) -> None:
    """Check what a device says about its server: every signature, and what contradicts what. Needs no profile.

    Example: goes-mobile check-evidence nachweis.json --json
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"cannot be read ({type(error).__name__})", param_hint="FILE") from None
    told = evidences.read(evidences.parse(content))
    lines = [f"{told.receipts} receipts and {told.entries} entries checked."]
    lines += [f"noticed {count} × {code}" for code, count in told.findings.items()]
    lines += [f"PROVEN  {item['what']} {item.get('number', item.get('position', ''))}" for item in told.proven]
    lines += [f"WRONG   {item['what']}" for item in told.wrong]
    session.out.document({"ok": not told.wrong, **vars(told)}, "\n".join(lines))
    if told.wrong:
        output.note("This file contradicts itself: it was changed, or the device that wrote it is damaged.")
        raise typer.Exit(Damaged.exit_code)


def _words(found: Examination) -> str:
    told: dict[str, Any] = found.document()
    lines = [f"{name:<12} {value}" for name, value in told.items() if name not in ("problems", "held")]
    lines += [f"held         {count} × {reason}" for reason, count in found.held.items()]
    lines += [f"PROBLEM      {problem['what']} (entry {problem.get('seq', '–')})" for problem in found.problems]
    return "\n".join(lines)
