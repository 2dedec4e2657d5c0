"""A profile becomes somebody's device; nothing that was typed is lost on the way, and no sheet goes unseen."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from goes_mobile.protocol.codes import INVITE_BYTES, InviteSecret, RecoverySheet
from goes_mobile.protocol.ids import site_id
from goes_mobile.protocol.problems import NotReachable, problem
from goes_mobile.state.app import App
from goes_mobile.state.first_start import FirstStart, address, checked_groups, kept_sheet
from goes_mobile.state.profile import Profile
from tests.fakes.entrance import FakeEntrance
from tests.state.team import COUNTY, Clock

GOOD = "drei gute worte zusammen"


@pytest.fixture
async def view(tmp_path: Path) -> AsyncIterator[FirstStart]:
    profile = Profile(tmp_path / "new", Clock())
    app = App([profile], entrance=FakeEntrance())
    await app.start()
    assert app.status.phase == "empty"
    view = FirstStart(app)
    await view.reload()
    yield view
    await profile.close()


def fill(view: FirstStart) -> None:
    view.begin("found")
    for name, text in (
        ("server", "sync.landkreis.de/"),
        ("token", "abc"),
        ("name", " Petra Amann "),
        ("secret", GOOD),
        ("again", GOOD),
    ):
        view.set(name, text)
    view.choose_county(COUNTY)
    view.toggle_site("workmobil", True)


async def test_whoever_founds_is_in_after_the_sheet_is_on_paper(view: FirstStart):
    fill(view)
    await view.found()
    assert view.step == "sheet"
    assert len(view.words.split("-")) == 13
    assert view.app.entrance.asked == [
        ("found", "https://sync.landkreis.de", "abc", COUNTY, "Petra Amann", ("workmobil",))
    ]
    assert view.secret == view.again == view.token == ""
    assert view.app.status.phase == "empty", "the sheet stands before the screens"
    await view.enter()
    assert view.app.status.phase == "open"
    assert view.app.status.me is not None
    assert (view.app.status.me.name, view.app.status.me.sites) == ("Petra Amann", (site_id("workmobil"),))
    assert await kept_sheet(view.app) == ""


async def test_a_sheet_that_nobody_confirmed_is_shown_again(view: FirstStart):
    fill(view)
    await view.found()
    words = view.words
    await view.app.profile.lock()
    again = App([view.app.profile], entrance=view.app.entrance)
    await again.start()
    assert again.status.phase == "locked"
    await again.unlock(GOOD)
    assert await kept_sheet(again) == words
    second = FirstStart(again)
    second.words = await kept_sheet(again)
    await second.confirm()
    assert await kept_sheet(again) == ""


async def test_what_is_missing_stands_beside_its_field(view: FirstStart):
    view.begin("found")
    await view.found()
    assert {name: trouble.code for name, trouble in view.wrong.items()} == dict.fromkeys(
        ("server", "token", "preset", "name", "secret"), "required"
    )
    assert view.step == "found"
    view.set("secret", "kurz")
    assert "secret" not in view.wrong
    fill(view)
    view.set("again", GOOD + "!")
    await view.found()
    assert view.wrong["again"].code == "differs"
    assert view.app.entrance.asked == []


async def test_another_county_has_other_sites(view: FirstStart):
    fill(view)
    view.choose_county("kreis-soest")
    assert view.sites == []
    assert view.county is not None
    assert {site.municipality for site in view.county.sites} >= {"Soest", "Lippstadt", "Warstein"}


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (problem("setup_token_wrong"), "token"),
        (problem("organisation_exists"), "token"),
        (NotReachable("no_connection"), "server"),
        (NotReachable("captive_portal"), "server"),
        (problem("busy"), ""),
    ],
)
async def test_a_refusal_goes_back_to_the_filled_form(view: FirstStart, error: Exception, field: str):
    fill(view)
    view.app.entrance.fails = error
    await view.found()
    assert view.step == "found"
    assert list(view.wrong) == [field]
    assert (view.name, view.secret) == (" Petra Amann ", GOOD), "nobody types it twice"
    await view.found()
    assert view.step == "sheet"


async def test_joining_greets_by_name(view: FirstStart):
    view.begin("join")
    code = InviteSecret(os.urandom(16)).code
    for name, text in (("server", "localhost:8420"), ("code", code.lower()), ("secret", GOOD), ("again", GOOD)):
        view.set(name, text)
    await view.join()
    assert view.step == "welcome"
    assert view.me is not None
    assert view.me.name == "Jana Keller"
    assert view.app.entrance.asked[0][:2] == ("enrol", "http://localhost:8420")
    await view.enter()
    assert view.app.status.phase == "open"


async def test_a_used_code_is_said_at_the_code(view: FirstStart):
    view.begin("join")
    for name, text in (
        ("server", "sync.landkreis.de"), ("code", InviteSecret(os.urandom(16)).code), ("secret", GOOD), ("again", GOOD),
    ):  # fmt: skip
        view.set(name, text)
    view.app.entrance.fails = problem("invite_used")
    await view.join()
    assert (view.step, view.wrong["code"].code) == ("join", "invite_used")


async def test_a_mistyped_code_never_reaches_the_server(view: FirstStart):
    view.begin("join")
    view.set("server", "sync.landkreis.de")
    view.set("code", "ABCDE")
    await view.join()
    assert "code" in view.wrong
    assert view.app.entrance.asked == []


async def test_the_sheet_is_printed_from_memory(view: FirstStart):
    fill(view)
    await view.found()
    assert await view.save_sheet() is None, "a program without a place for files"
    kept = Kept()
    view.app.files = kept
    assert await view.save_sheet() == "wiederherstellungsblatt.pdf"
    assert kept.content.startswith(b"%PDF-")
    assert view.words.encode() not in kept.content, "drawn, not written: no search finds it on a disk"


@dataclass
class Kept:
    content: bytes = field(default=b"", repr=False)

    async def save(self, name: str, content: bytes) -> str:
        self.content = content
        return name


async def test_the_sheet_brings_an_organisation_back(view: FirstStart):
    sheet = RecoverySheet(bytes(range(32)))
    view.begin("recover")
    for name, text in (("server", "sync.landkreis.de"), ("secret", GOOD), ("again", GOOD)):
        view.set(name, text)
    view.set("code", InviteSecret(bytes(16)).code)
    await view.recover()
    assert view.wrong["code"].code == "code_length"
    view.set("code", sheet.words)
    assert [right for _, right in view.groups] == [True] * 13
    view.app.entrance.fails = problem("unknown_organisation")
    await view.recover()
    assert (view.step, view.wrong["server"].code) == ("recover", "unknown_organisation")
    await view.recover()
    assert (view.step, view.code, view.secret) == ("welcome", "", "")
    assert view.app.entrance.asked[-1] == ("recover", "https://sync.landkreis.de", sheet.words)
    await view.enter()
    assert view.app.status.phase == "open"


def test_each_group_of_a_code_is_checked_by_itself():
    code = InviteSecret(bytes(range(16))).code
    groups = code.split("-")
    assert checked_groups("", INVITE_BYTES) == []
    assert checked_groups(code[:3], INVITE_BYTES) == [(code[:3], None)]
    assert checked_groups(code, INVITE_BYTES) == [(group, True) for group in groups]
    assert checked_groups(code.lower().replace("-", " "), INVITE_BYTES) == [(group, True) for group in groups]
    wrong = groups[2][:-1] + ("A" if groups[2][-1] != "A" else "B")
    typed = "-".join([*groups[:2], wrong, *groups[3:5]])
    assert [right for _, right in checked_groups(typed, INVITE_BYTES)] == [True, True, False, None, None]


def test_addresses_as_people_type_them():
    assert address(" sync.landkreis.de/ ") == "https://sync.landkreis.de"
    assert address("localhost:8420") == "http://localhost:8420"
    assert address("http://10.0.0.5:8420") == "http://10.0.0.5:8420"
    assert address("") == ""
