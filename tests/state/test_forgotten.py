"""A forgotten passphrase, on the two screens it needs; what was noted before is there afterwards."""

from __future__ import annotations

import pytest

from goes_mobile.state.app import App
from goes_mobile.state.forgotten import Forgotten, HandingOut, Helping
from tests.state.team import SECRET, Colleague, Team

NEW = "ganz neu ausgedacht"


@pytest.fixture
async def jana(team: Team) -> Colleague:
    """Noted something, and locked."""
    colleague = await team.enrol("Jana Keller", "outreach", "workmobil")
    await colleague.note("wartet noch")
    await colleague.app.lock()
    return colleague


@pytest.fixture
async def sabine(team: Team) -> Colleague:
    return await team.enrol("Sabine Wolf", "supervisor", "workmobil")


async def asked(app: App) -> Forgotten:
    view = Forgotten(app)
    await view.reload()
    view.set("new", NEW)
    view.set("again", NEW)
    await view.ask()
    assert view.code, view.errors
    return view


async def helped(helper: App, code: str) -> str:
    view = Helping(helper)
    view.set("code", code)
    await view.look()
    assert (view.who, view.role) == ("Jana Keller", "outreach")
    await view.help()
    assert view.answer, view.errors
    return view.answer


async def test_a_supervisor_helps_and_nothing_is_lost(sabine: Colleague, jana: Colleague):
    view = await asked(jana.app)
    view.set("answer", await helped(sabine.app, view.code))
    assert [right for _, right in view.groups] == [True] * 15
    await view.finish()
    assert jana.app.status.phase == "open"
    assert (view.new, view.answer) == ("", "")
    with jana.store.session() as session:
        assert session.connection().exec_driver_sql("SELECT note FROM encounter").scalar_one() == "wartet noch"


async def test_what_is_missing_stands_beside_its_field(sabine: Colleague, jana: Colleague):
    view = Forgotten(jana.app)
    await view.reload()
    view.set("new", "kurz")
    await view.ask()
    assert view.errors == {"new": "passphrase_too_short"}
    view.set("new", NEW)
    await view.ask()
    assert view.errors == {"again": "differs"}
    view.set("again", NEW)
    await view.ask()
    await view.finish()
    assert view.errors == {"answer": "required"}
    view.set("answer", "XXXXX")
    await view.finish()
    assert (view.errors, view.facts["group"]) == ({"answer": "code_typo"}, 1)
    view.set("answer", await helped(sabine.app, view.code))
    await view.finish()
    assert jana.app.status.phase == "open"


async def test_the_code_is_still_there_after_the_screen_was_left(sabine: Colleague, jana: Colleague):
    first = await asked(jana.app)
    view = Forgotten(jana.app)
    await view.reload()
    assert (view.code, view.remembered) == (first.code, False)
    view.set("answer", await helped(sabine.app, view.code))
    await view.finish()
    assert view.errors == {"new": "required"}
    for tries in range(5, 0, -1):
        view.set("new", SECRET)
        await view.finish()
        assert view.errors == {"new": "reset_new_differs" if tries > 1 else "reset_over"}
    assert view.code == "", "from the beginning; nothing is lost"
    again = await asked(jana.app)
    again.set("answer", await helped(sabine.app, again.code))
    await again.finish()
    assert jana.app.status.phase == "open"


async def test_who_cannot_help_is_told_and_the_sheet_can(team: Team, sabine: Colleague, jana: Colleague):
    code = (await asked(jana.app)).code
    view = Helping(team.admin.app)
    view.set("code", code[:-1])
    await view.look()
    assert (view.errors, view.who) == ({"code": "code_typo"}, "")
    view.set("code", code)
    await view.look()
    await view.help()
    assert view.errors == {"code": "reset_not_yours"}
    view.set("by_sheet", True)
    view.set("words", team.sheet.words)
    await view.look()
    await view.help()
    assert view.answer, view.errors
    assert view.words == ""


async def test_the_sheet_hands_out_what_is_lacking(team: Team, jana: Colleague):
    view = HandingOut(team.admin.app)
    await view.hand_out()
    assert view.errors == {"words": "required"}
    view.set("words", team.sheet.words)
    await view.hand_out()
    assert (view.errors, view.words) == ({}, "")
    again = HandingOut(team.admin.app)
    again.set("words", team.sheet.words)
    await again.hand_out()
    assert again.handed == 0
