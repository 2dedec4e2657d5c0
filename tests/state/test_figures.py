"""Auswertung: a period, a site, a file; small numbers are hidden before the screen sees them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from goes_mobile.state.figures import FORMATS, Figures, span
from tests.fakes.device import FakeFiles
from tests.state.team import Team


@pytest.mark.parametrize(
    ("period", "today", "start"),
    [
        ("month", date(2026, 11, 24), date(2026, 11, 1)),
        ("quarter", date(2026, 11, 24), date(2026, 10, 1)),
        ("quarter", date(2026, 3, 31), date(2026, 1, 1)),
        ("year", date(2026, 11, 24), date(2025, 12, 1)),
        ("year", date(2028, 2, 29), date(2027, 3, 1)),
        ("year", date(2027, 1, 31), date(2026, 2, 1)),
        ("year", date(2026, 12, 31), date(2026, 1, 1)),
    ],
)
def test_periods_end_today(period, today, start):
    assert span(period, today) == (start, today)


async def test_a_report_follows_period_and_site(team: Team):
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil", "jugendbuero-nuertingen")
    for days in (1, 1, 1, 40, 40, 40, 40, 40):
        await sabine.note("Kommt wieder.", at=team.clock.now - timedelta(days=days))
    view = Figures(sabine.app)
    await view.reload()
    assert view.report is not None
    assert view.report.figures[0].cell.value == 8
    assert [site.name for site in view.sites] == ["Jugendbüro Nürtingen", "Workmobil"]
    await view.choose_site(view.sites[0].id)
    assert view.report.figures[0].cell.value in (0, None)
    await view.choose_site(None)
    await view.choose_period("month")
    assert view.report.figures[0].cell.shown == "<5"
    await view.choose_days(start=date(2026, 1, 1))
    assert view.period == "own"
    await view.choose_days(end=date(2025, 1, 1))
    assert view.error == "ends_before_start"
    assert view.report.start == date(2026, 1, 1)


async def test_every_format_becomes_a_file_without_a_name_in_it(team: Team):
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    for n in range(6):
        await sabine.note(f"Nummer {n}")
    view = Figures(sabine.app)
    await view.reload()
    assert await view.save("pdf") is None
    folder = FakeFiles()
    sabine.app.files = folder
    for wanted in FORMATS:
        assert await view.save(wanted) == f"auswertung-2025-12-01-2026-11-24.{wanted}"
    assert folder.files["auswertung-2025-12-01-2026-11-24.pdf"].startswith(b"%PDF")
    made = json.loads(folder.files["auswertung-2025-12-01-2026-11-24.json"])
    assert view.report is not None
    assert made["check_sum"] == view.report.check_sum
    assert not view.writing
