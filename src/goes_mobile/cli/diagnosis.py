"""`doctor`: whether what lies on the disk is what was written, and whether the projection says the same."""

from __future__ import annotations

from typing import Any

import typer

from goes_mobile.cli import output
from goes_mobile.cli.checking import Examination, examine
from goes_mobile.cli.commands import command
from goes_mobile.cli.session import Session, store_of
from goes_mobile.protocol.problems import Damaged
from goes_mobile.state.profile import Profile


@command()
def doctor(session: Session) -> None:
    """Verify the journal, its chains and streams; unlocked also the projection, by replaying and comparing.

    Example: goes-mobile doctor --json
    """

    async def work(profile: Profile) -> Examination:
        return await profile.lane(examine, store_of(profile), output.progress)

    found = session.run(work, "if_given")
    output.progress_done()
    session.out.document(found.document(), _words(found))
    if found.problems:
        output.note(
            "Damaged data found. What can be read stays readable and is delivered; show this to an administrator."
        )
        raise typer.Exit(Damaged.exit_code)


def _words(found: Examination) -> str:
    told: dict[str, Any] = found.document()
    lines = [f"{name:<12} {value}" for name, value in told.items() if name not in ("problems", "held")]
    lines += [f"held         {count} × {reason}" for reason, count in found.held.items()]
    lines += [f"PROBLEM      {problem['what']} (entry {problem.get('seq', '–')})" for problem in found.problems]
    return "\n".join(lines)
