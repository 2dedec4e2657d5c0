"""Einlesen: a list, line by line, in batches between which other work has its turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from goes_mobile.protocol.problems import CannotWrite, Damaged, GoesError, Locked
from goes_mobile.services import importing
from goes_mobile.services.desk import Desk
from goes_mobile.services.importing import Row, Wiring
from goes_mobile.services.tables import Line, Table
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change


async def taken_in(
    profile: Profile, kind: str, table: Table, wiring: Wiring, tell: Callable[[list[Row]], None], *, dry_run: bool
) -> None:
    """Reads in a list. ``tell`` hears of each batch once it is on disk; stopped in between, what was told of stays."""
    seen = await profile.ask(importing.taken, kind)
    for start in range(0, len(table.lines), importing.BATCH):
        lines = table.lines[start : start + importing.BATCH]
        if dry_run:
            tell(await profile.ask(importing.rows, kind, table, wiring, lines, seen))
        else:
            tell(await _written(profile, kind, table, wiring, lines, seen))


async def _written(
    profile: Profile, kind: str, table: Table, wiring: Wiring, lines: Sequence[Line], seen: set[str]
) -> list[Row]:
    """One transaction; if the store refuses it, line by line, so that good lines are kept."""
    made: list[Row] = []

    def plan(desk: Desk, some: Sequence[Line], known: set[str]) -> list[Change]:
        found = importing.rows(desk, kind, table, wiring, some, known)
        made.extend(found)
        return [row.change for row in found if row.change]

    before = set(seen)
    try:
        await profile.do(plan, lines, seen)
        return made
    except (CannotWrite, Damaged, Locked):
        raise
    except GoesError:
        made.clear()
        seen.intersection_update(before)
    for line in lines:
        try:
            await profile.do(plan, [line], seen)
        except (CannotWrite, Damaged, Locked):
            raise
        except GoesError as refused:
            made[-1].change, made[-1].refused = None, refused
    return made
