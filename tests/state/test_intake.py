"""Einlesen on the screen: nothing is written before somebody has seen what would be."""

from __future__ import annotations

from goes_mobile.services import encounters
from goes_mobile.state.intake import Intake
from tests.fakes.device import FakeFiles
from tests.state.team import Team

LIST = "Datum;Thema;Bemerkung\n2026-03-02;Wohnen;Sucht ein Zimmer\n2026-03-03;Schule;Fehlt oft\nneulich;;\n"


async def begun(team: Team, content: bytes) -> tuple[Intake, FakeFiles]:
    files = FakeFiles(chosen=content)
    team.admin.app.files = files
    view = Intake(team.admin.app)
    await view.choose()
    return view, files


async def noted(team: Team) -> list[str]:
    return sorted(line.snippet for line in (await team.admin.ask(encounters.lines)).lines)


async def test_a_list_is_tried_then_taken_in_once(team: Team):
    view, files = await begun(team, LIST.encode())
    assert view.tried is not None
    assert (view.tried.new, view.tried.same, [one.number for one in view.tried.refused]) == (2, 0, [4])
    assert await noted(team) == []
    await view.wire("Bemerkung", None)
    assert view.wiring is not None
    assert "Bemerkung" not in view.wiring.columns
    await view.wire("Bemerkung", "note")
    await view.write()
    assert view.written
    assert await noted(team) == ["Fehlt oft", "Sucht ein Zimmer"]
    assert await view.save_refused({one.code: "passt nicht" for one in view.tried.refused}) == "abgelehnt.csv"
    assert files.files["abgelehnt.csv"].decode("utf-8-sig") == "4;passt nicht"
    await view.choose()
    assert view.tried is not None
    assert (view.tried.new, view.tried.same) == (0, 2)


async def test_what_is_no_list_says_so_and_writes_nothing(team: Team):
    view, _ = await begun(team, b"PK\x03\x04 nothing of a workbook")
    assert (view.problem, view.table) == ("not_a_table", None)
    view, _ = await begun(team, b"rot;blau\n1;2\n")
    assert view.problem == "no_columns"
    assert await noted(team) == []
