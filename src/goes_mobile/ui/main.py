"""One window, or browser tab, on the app: what stands before all screens, when it locks, what the sync chip says.

serve(device.session, web=True, port=8550, opening=device.open, closing=device.close)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import flet as ft

from goes_mobile.protocol.problems import GoesError
from goes_mobile.services import review
from goes_mobile.state.app import App
from goes_mobile.state.first_start import kept_sheet
from goes_mobile.ui.assets import ASSETS
from goes_mobile.ui.frame import Delivery, Frame, Net, Notice
from goes_mobile.ui.look import Appearance, look
from goes_mobile.ui.screens.ended import EndedScreen
from goes_mobile.ui.screens.first_start import FirstStartScreen, SheetScreen
from goes_mobile.ui.screens.rest import RestScreen
from goes_mobile.ui.screens.trouble import TroubleScreen
from goes_mobile.ui.screens.unlock import UnlockScreen
from goes_mobile.ui.shell import show
from goes_mobile.ui.text import t
from goes_mobile.ui.web import web_app
from goes_mobile.ui.wishes import restore, seen

if TYPE_CHECKING:
    from goes_mobile.sync.state import SyncState

REVIEWED = ("encounter", "review", "review_answer")
HIDDEN = (ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE)
SEEN = (ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME)
POCKET = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
"""Their task switcher takes its picture before the app counts as hidden, and then nothing is drawn any more. Elsewhere
a window without the focus still lies in sight, and is read."""
Life = Callable[[], Awaitable[None]]


def _first_start() -> ft.Control:
    return FirstStartScreen()


def _unlock() -> ft.Control:
    return UnlockScreen()


def _ended() -> ft.Control:
    return EndedScreen()


def _sheet() -> ft.Control:
    return SheetScreen()


class Window:
    """A page and the app behind it. Observables change only on the page's own loop, whoever announces something."""

    def __init__(self, page: ft.Page, app: App, appearance: Appearance | None = None) -> None:
        self.page = page
        self.app = app
        self._dressed = ""
        """For whose profile the page is dressed."""
        self.frame = show(page, app, appearance=appearance, prepare=self._prepare)
        self._usual = seen(self.frame)
        self._resting = False
        """Somebody made the screen say nothing; until a tap it does not even say who works here."""
        self._hidden = False
        self._cover = ft.Container(visible=False, expand=True)
        page.overlay.append(self._cover)
        # Listeners are held weakly; these two live as long as the page's events need them.
        self._moved = self._status_moved
        app.status.subscribe(self._moved)
        page.on_app_lifecycle_state_change = self._life
        page.on_disconnect = self._disconnected
        page.on_connect = self._connected
        page.on_close = self._closed

    def _prepare(self, frame: Frame) -> None:
        frame.station.gate = _blank
        frame.on_touch = self._touched
        frame.station.on_lock = self._rest

    async def open(self) -> None:
        """Look at what is there."""
        try:
            await self.app.start()
        except GoesError as error:
            code = error.code
            self.frame.station.gate = lambda: TroubleScreen(code, self.open)
            return
        await self.settle()

    # -- what stands before the screens -----------------------------------------------------------------------------

    def _status_moved(self, _sender: Any, _field: str | None) -> None:
        self._run(self.settle)

    def _run(self, work: Life) -> None:
        """On the page's loop, if somebody is there to see it; whoever comes back finds everything settled."""
        if self.page.session.connection is not None:
            with suppress(RuntimeError):  # the loop is closing
                self.page.run_task(work)

    async def settle(self) -> None:
        """The app's status, as the frame shows it."""
        status, frame = self.app.status, self.frame
        if self._dressed != status.profile:
            if self._dressed:  # where somebody else was is nobody's business; an address that was opened with stays
                frame.below = "/"
                frame.go("/")
            self._dressed = status.profile
            await restore(frame, self._usual)
        tell(frame.delivery, status.sync, self.app.profile.delivering is not None)
        station = frame.station
        if status.phase == "open" and status.me is not None:
            if station.gate not in (None, _sheet):
                await self._opened()
            return
        frame.notices.clear()
        station.badges = {}
        station.name = ""
        station.turned = None  # whoever unlocks gives the PIN anyway
        locked = self._rests if self._resting else _unlock
        station.gate = {"empty": _first_start, "ended": _ended}.get(status.phase, locked)

    async def _opened(self) -> None:
        status, station = self.app.status, self.frame.station
        if status.me is None:
            return
        self.frame.notices.clear()
        if self.app.profile.store is not None and self.app.profile.store.cannot_write:
            self.frame.notices.show(Notice(t("trouble.cannot_write"), "look", t("trouble.only_reading")))
        station.role = "supervisor" if status.me.role == "supervisor" else "team"
        station.name = status.me.name
        station.gate = _sheet if await kept_sheet(self.app) else None
        if status.me.supervises:
            self.app.subscribe(REVIEWED, self._reviewed)
            await self._count_reviews()

    async def _rest(self) -> None:
        """One tap, and nothing is to be read any more; the keys go at once."""
        self._resting = True
        self.frame.notices.clear()
        self.frame.station.gate = self._rests
        await self.app.lock()

    def _rests(self) -> ft.Control:
        return RestScreen(self._wake)

    async def _wake(self) -> None:
        self._resting = False
        await self.settle()

    def _reviewed(self) -> None:
        self._run(self._count_reviews)

    async def _count_reviews(self) -> None:
        with suppress(GoesError):
            self.frame.station.badges = {"/review": await self.app.ask(review.open_count)}

    # -- who is there -----------------------------------------------------------------------------------------------

    def _touched(self) -> None:
        if self.app.status.phase == "open":
            self.app.presence.touched()

    async def _life(self, event: ft.AppLifecycleStateChangeEvent) -> None:
        """Away: nothing to be read in the task switcher, and locked at once for whoever wishes so. A browser tells
        of its tab what a device tells of its window."""
        state = event.state
        if state in HIDDEN or (state is ft.AppLifecycleState.INACTIVE and self.page.platform in POCKET):
            self._show_cover(True)
        if state in HIDDEN:
            self._hidden = True
            await self.app.presence.left()
        elif state in SEEN:
            self._hidden = False
            await self.app.presence.returned()
            await self.settle()
            # After what settle() has changed is drawn: what was open is not shown for a moment.
            self._run(self._uncover)
        self._tell_delivering()

    async def _uncover(self) -> None:
        self._show_cover(self._hidden)

    def _show_cover(self, on: bool) -> None:
        self._cover.bgcolor = look().palette.surface
        self._cover.visible = on
        self._cover.update()

    def _tell_delivering(self) -> None:
        delivering: Any = self.app.profile.delivering
        if delivering is not None and not self.page.web and hasattr(delivering, "foreground"):
            delivering.foreground(not self._hidden)

    async def _disconnected(self, _event: Any) -> None:
        """The browser is gone, or only its network: whoever comes back unlocks again."""
        if self.app.status.phase == "open":
            await self.app.lock()
        await self.settle()

    async def _connected(self, _event: Any) -> None:
        """What changed while nobody was there has not been drawn."""
        self.frame.station.gate = _blank
        await self.settle()

    async def _closed(self, _event: Any) -> None:
        await self.app.leave()


@ft.component
def _blank() -> ft.Control:
    return ft.Container()


def tell(delivery: Delivery, state: SyncState, delivers: bool = True) -> None:
    """What the sync chip says, from what synchronisation knows."""
    delivery.waiting = state.waiting
    delivery.since = (
        datetime.fromtimestamp(state.last_contact_ms / 1000, UTC)
        if state.phase == "offline" and state.last_contact_ms
        else None
    )
    delivery.net = _net(state, delivers)


def _net(state: SyncState, delivers: bool) -> Net:
    if not delivers or state.phase == "offline":
        return "offline"
    if state.phase == "trouble":
        return "broken"
    if state.waiting:
        return "sending" if state.phase == "sending" else "waiting"
    return "delivered"


# -- starting ---------------------------------------------------------------------------------------------------------


def opener(session: Callable[[], App], appearance: Callable[[], Appearance] = Appearance) -> Callable[[ft.Page], Any]:
    """What Flet runs for every page that opens."""

    async def start(page: ft.Page) -> None:
        window = Window(page, session(), appearance())
        page.session.store.set("goes.window", window)
        await window.open()

    return start


def serve(
    app_factory: Callable[[], App], *, web: bool, port: int, host: str = "127.0.0.1",
    opening: Life | None = None, closing: Life | None = None,
) -> None:  # fmt: skip
    """The screens until they are closed: in a window of this machine, or for browsers. ``opening`` before the first."""
    asyncio.run(_serve(opener(app_factory), web, port, host, opening, closing))


async def _serve(
    start: Callable[[ft.Page], Any], web: bool, port: int, host: str, opening: Life | None, closing: Life | None
) -> None:
    if opening is not None:
        await opening()
    try:
        if web:
            await serve_web(start, port=port, host=host)
        else:
            await ft.run_async(start, assets_dir=str(ASSETS))
    finally:
        if closing is not None:
            await closing()


async def serve_web(start: Callable[[ft.Page], Any], *, port: int, host: str = "127.0.0.1") -> None:
    """For browsers, until told to stop."""
    import uvicorn  # only the demo and a trusted office computer have it

    config = uvicorn.Config(web_app(start), host=host, port=port, log_level="warning", ws="websockets-sansio")
    await uvicorn.Server(config).serve()
