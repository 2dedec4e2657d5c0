"""The first start of a profile: found an organisation, join one with a code, or restore one with its sheet."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit

import flet as ft

from goes_mobile.protocol.codes import INVITE_BYTES, SHEET_BYTES, RecoverySheet, read
from goes_mobile.protocol.problems import GoesError, Malformed
from goes_mobile.records import presets
from goes_mobile.services.desk import Desk, Me
from goes_mobile.services.sheet import as_pdf
from goes_mobile.state.app import App
from goes_mobile.state.profile import Profile
from goes_mobile.state.secret import Strength, strength
from goes_mobile.state.settings import Wishes, keep, wishes
from goes_mobile.sync.enrolment import sheet_kept, sheet_words
from goes_mobile.sync.local import SERVER_URL

Step = Literal["choose", "found", "join", "recover", "working", "sheet", "welcome"]
GROUP = 5

# Which field an error of the entrance is about; what is not here stands above the button.
_ABOUT = {
    "setup_token_wrong": "token", "organisation_exists": "token", "unknown_invite": "code", "invite_expired": "code",
    "invite_used": "code", "code_typo": "code", "code_length": "code", "welcome_forged": "code",
    "foreign_sheet": "code",
    "passphrase_too_short": "secret", "pin_too_short": "secret", "pin_needs_device": "secret",
    "insecure_url": "server", "captive_portal": "server", "strange_answer": "server", "tls": "server",
    "no_connection": "server", "not_reachable": "server", "unknown_organisation": "server", "bad_url": "server",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error beside its field; ``code`` is a text key's end."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@ft.observable
@dataclass
class FirstStart:
    """What is typed lives here until it is done; nothing of it is written anywhere."""

    app: App
    step: Step = "choose"
    server: str = ""
    token: str = field(default="", repr=False)
    preset: str = ""
    name: str = field(default="", repr=False)
    sites: list[str] = field(default_factory=list)
    code: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    again: str = field(default="", repr=False)
    device_bound: bool = False
    language: str = "de"
    """What was chosen before there was a profile to keep it."""
    wrong: dict[str, Trouble] = field(default_factory=dict)
    """Field -> what is wrong with it; ``""`` is everything at once."""
    words: str = field(default="", repr=False)
    me: Me | None = None

    async def reload(self) -> None:
        """What the platform can do; a county is offered only if there is no other."""
        self.device_bound = await self.app.entrance.device_secret(self.app.profile) is not None
        if not self.preset and len(presets.names()) == 1:
            self.preset = presets.names()[0]

    # -- what is asked -----------------------------------------------------------------------------------------

    def begin(self, step: Step) -> None:
        self.wrong = {}
        self.step = step

    def set(self, name: str, value: Any) -> None:
        """One field; what was wrong with it is open again."""
        setattr(self, name, value)
        if name in self.wrong or "" in self.wrong:
            self.wrong = {key: trouble for key, trouble in self.wrong.items() if key not in (name, "")}

    def choose_county(self, name: str) -> None:
        """Its sites are others."""
        self.set("preset", name)
        self.sites = []

    def toggle_site(self, short: str, on: bool) -> None:
        self.sites = [*self.sites, short] if on else [s for s in self.sites if s != short]

    @property
    def neighbours(self) -> list[Profile]:
        """Others who work on this device."""
        return [profile for profile in self.app.profiles if profile.exists and profile is not self.app.profile]

    async def leave(self) -> None:
        """Back to who works here."""
        await self.app.choose(self.neighbours[0])

    @property
    def county(self) -> presets.Preset | None:
        return presets.preset(self.preset) if self.preset else None

    @property
    def strength(self) -> Strength:
        return strength(self.secret, self.device_bound)

    @property
    def groups(self) -> list[tuple[str, bool | None]]:
        """The code as typed: each group and whether it is right; ``None``: not finished, or behind a wrong one."""
        return checked_groups(self.code, SHEET_BYTES if self.step == "recover" else INVITE_BYTES)

    # -- what is done ------------------------------------------------------------------------------------------

    async def found(self) -> None:
        wrong = self._about_server()
        if not self.token.strip():
            wrong["token"] = Trouble("required")
        if not self.preset:
            wrong["preset"] = Trouble("required")
        if not self.name.strip():
            wrong["name"] = Trouble("required")
        if not await self._allowed(wrong, "found"):
            return
        make = partial(
            self.app.entrance.found, self.app.profile, address(self.server), self.token.strip(), self.preset,
            self.name.strip(), list(self.sites), self.secret,
        )  # fmt: skip
        words = await self._try(make, "found")
        if words is None:
            return
        self.words = words
        self.step = "sheet"

    async def join(self) -> None:
        if await self._allowed(self._about_server() | self._about_code(INVITE_BYTES), "join"):
            await self._enter_by(self.app.entrance.enrol, self.code.strip(), "join")

    async def recover(self) -> None:
        """With the sheet: an administrator's device that reads everything again."""
        if await self._allowed(self._about_server() | self._about_code(SHEET_BYTES), "recover"):
            await self._enter_by(self.app.entrance.recover, RecoverySheet.typed(self.code), "recover")

    async def _enter_by(self, entrance: Any, key: Any, back: Step) -> None:
        make = partial(entrance, self.app.profile, address(self.server), key, self.secret)
        if await self._try(make, back, "done") is None:
            return
        if self.app.profile.delivering is not None:
            with contextlib.suppress(GoesError):
                await self.app.profile.delivering.now()  # the own name is among what the others wrote
        self.me = await self.app.profile.ask(_who)
        self.step = "welcome"

    async def enter(self) -> None:
        """The first look at the screens; the sheet is on paper now."""
        await self.confirm()
        await keep(self.app, replace(await wishes(self.app) or Wishes(), language=self.language))
        await self.app.entered()

    async def save_sheet(self) -> str | None:
        """The sheet as a page to print, where the person wants it; ``None`` if they thought better of it."""
        if self.app.files is None:
            return None
        store = self.app.profile.store
        server = await self.app.profile.lane(store.settings.get, SERVER_URL, "") if store is not None else ""
        county, today = await self.app.profile.ask(_about_sheet)
        content = await asyncio.to_thread(as_pdf, self.words, county, server, today)
        return await self.app.files.save("wiederherstellungsblatt.pdf", content)

    async def confirm(self) -> None:
        """The sheet is on paper."""
        if self.words:
            await drop_sheet(self.app)
            self.words = ""

    def _about_server(self) -> dict[str, Trouble]:
        parts = urlsplit(address(self.server))
        if not self.server.strip():
            return {"server": Trouble("required")}
        return {} if parts.hostname and parts.scheme in ("http", "https") else {"server": Trouble("bad_url")}

    def _about_code(self, length: int) -> dict[str, Trouble]:
        if not self.code.strip():
            return {"code": Trouble("required")}
        try:
            read(self.code, length)
        except Malformed as error:
            return {"code": Trouble(error.code, dict(error.facts))}
        return {}

    async def _allowed(self, wrong: dict[str, Trouble], step: Step) -> bool:
        judged = self.strength
        if not judged.accepted:
            wrong["secret"] = Trouble(judged.code, {"missing": judged.missing})
        elif self.secret != self.again:
            wrong["again"] = Trouble("differs")
        self.wrong = wrong
        if wrong:
            return False
        self.step = "working"
        return True

    async def _try(self, make: Any, back: Step, done: str = "") -> Any:
        """What the entrance answers (or ``done``); an error goes back to the form, beside its field."""
        try:
            answer = await make()
        except GoesError as error:
            about = _ABOUT.get(error.code, "")
            self.wrong = {about: Trouble(error.code, dict(error.facts))}
            self.step = back
            return None
        except BaseException:
            self.step = back
            raise
        self.secret = self.again = self.token = self.code = ""
        return answer or done


def address(typed: str) -> str:
    """A server's address as people type it: without a scheme it is https, except on this machine."""
    bare = typed.strip().rstrip("/")
    if not bare or "://" in bare:
        return bare
    here = bare.split(":")[0].split("/")[0] in ("localhost", "127.0.0.1")
    return f"{'http' if here else 'https'}://{bare}"


def checked_groups(typed: str, length: int) -> list[tuple[str, bool | None]]:
    """Every group that was begun of a code of ``length`` bytes, with what is known about it."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    groups = [letters[at : at + GROUP] for at in range(0, len(letters), GROUP)]
    whole = sum(len(group) == GROUP for group in groups)
    wrong = 0
    if whole:
        try:
            read("".join(groups[:whole]), length)
        except Malformed as error:
            wrong = int(error.facts["group"]) if error.code == "code_typo" else 0
    return [(group, _known(number, wrong, whole)) for number, group in enumerate(groups, 1)]


def _known(number: int, wrong: int, whole: int) -> bool | None:
    if number > whole or (wrong and number > wrong):
        return None
    return number != wrong


def _who(desk: Desk) -> Me:
    return desk.me


def _about_sheet(desk: Desk) -> tuple[str, date]:
    return desk.preset.title, desk.today


# -- the sheet that is not on paper yet ------------------------------------------------------------------------


async def kept_sheet(app: App) -> str:
    """The words of a sheet that nobody has confirmed yet, after a crash for example; empty as a rule."""
    store = app.profile.store
    return await app.profile.lane(sheet_words, store) if store is not None else ""


async def drop_sheet(app: App) -> None:
    """The sheet is on paper: the profile forgets it."""
    store = app.profile.store
    if store is not None:
        await app.profile.lane(sheet_kept, store)
