"""What stands around every screen: navigation, title with sync chip and lock, notices; and `show`, which starts a page.

Compact: bottom bar. Medium and above: rail with "Erfassen" on top, lock and person below. Expanded: a list and its
detail beside each other. Back on the phone, swipe and browser history all go through the router's view stack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from goes_mobile.ui.components.bars import SyncChip
from goes_mobile.ui.components.buttons import IconAction
from goes_mobile.ui.components.cards import Banner
from goes_mobile.ui.components.states import Message
from goes_mobile.ui.components.words import Headline, Meta
from goes_mobile.ui.frame import Frame, Handler, Notices, Station, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import Appearance, keep_look, look
from goes_mobile.ui.navigation import BottomBar, Rail
from goes_mobile.ui.routes import PLACES, SYNC_PATH, Place, route_tree
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import COLUMN, XL, L, M, S, fonts, theme

LONG_WORD = 10
"""Letters of a headline at 200 % that fit beside two icons on a phone; a longer word would be broken inside."""

# -- what a screen returns ---------------------------------------------------------------------------------------


def Screen(
    title: str,
    body: Sequence[ft.Control] | ft.Control,
    *,
    subtitle: str = "",
    aside: Sequence[ft.Control] = (),
    actions: Sequence[ft.Control] = (),
    leading: ft.Control | None = None,
    bar: ft.Control | None = None,
    back: str | None = None,
    on_close: Handler | None = None,
    status: ft.Control | None = None,
    head: ft.Control | None = None,
    pane: bool = False,
    chip: bool = True,
) -> ft.Control:
    """A whole screen: title left, sync chip right, then what scrolls, then what stays at the thumb.

    `body`: a list scrolls as one column; a single control (`Listing`) scrolls itself. `aside`: a second column from
    1200 on, below the body otherwise. `back`: path of the arrow; `on_close`: cross of a form, with `status` instead of
    the chip. `head` stays above what scrolls (search, tabs). `bar`: `SaveBar` or `CountBar`. `pane`: this is a list
    with its detail beside it; it has the chip for both, as an icon.
    """
    shown = look()
    # Fields across a whole desktop are hard to read: there a form is one column, title and save bar with it.
    narrow = on_close is not None and shown.spacious
    header = _header(title, subtitle, actions, leading, back, on_close, status, chip, pane)
    parts: list[ft.Control] = [_middle(header) if narrow else header]
    if not pane:  # what stands beside it has the notice
        parts.append(NoticeSlot(frame().notices))
    if head is not None:
        edge = 16 if pane else shown.edge
        above = ft.Container(head, padding=ft.Padding.only(left=edge, right=edge, bottom=M))
        parts.append(_middle(above) if narrow else above)
    parts.append(_scrolling(body, aside, narrow=narrow))
    if bar is not None:
        if narrow and isinstance(bar, ft.Container) and bar.content is not None:
            bar.content = _middle(bar.content, COLUMN)
        parts.append(bar)
    return ft.Column(parts, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _middle(content: ft.Control, width: float = COLUMN + 48) -> ft.Control:
    return ft.Row([ft.Container(content, width=width)], alignment=ft.MainAxisAlignment.CENTER)


def _column(content: Sequence[ft.Control], **more: Any) -> ft.Column:
    return ft.Column(list(content), spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, **more)


def _scrolling(body: Sequence[ft.Control] | ft.Control, aside: Sequence[ft.Control], *, narrow: bool) -> ft.Control:
    shown = look()
    if isinstance(body, ft.BaseControl):
        return ft.Container(body, expand=True)
    if aside and shown.window == "wide":
        content: ft.Control = ft.Row(
            [ft.Container(_column(body), expand=7), ft.Container(_column(aside), expand=5)],
            spacing=XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        content = _column([*body, *aside])
        if narrow:
            content = _middle(content, COLUMN)
    return ft.Column(
        [ft.Container(content, padding=ft.Padding.only(left=shown.edge, right=shown.edge, bottom=XL))],
        spacing=0,
        expand=True,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _header(
    title: str,
    subtitle: str,
    actions: Sequence[ft.Control],
    leading: ft.Control | None,
    back: str | None,
    on_close: Handler | None,
    status: ft.Control | None,
    chip: bool,
    pane: bool,
) -> ft.Control:
    shown = look()
    around = frame()
    words: list[ft.Control] = [Headline(title)]
    if subtitle:
        words.append(Meta(subtitle))
    form, closes = on_close is not None, t("do.close" if status is None else "do.close_form")
    if status is not None and shown.compact and not shown.roomy and len(title) > (7 if form else 12):
        words.append(status)
        status = None
    named: list[ft.Control] = [ft.Column(words, spacing=0, tight=True, expand=True)]
    if leading is not None:
        named.insert(0, leading)
    way: list[ft.Control] = []
    if on_close is not None:
        way.append(IconAction(ft.Icons.CLOSE, closes, on_close))
    elif back is not None:
        way.append(IconAction(ft.Icons.ARROW_BACK, t("do.back"), lambda: around.go(back)))
    right: list[ft.Control] = list(actions)
    if status is not None:
        right.append(status)
    elif chip and not form:
        # A title is never cut and rarely wrapped: beside a long one the chip is only its icon.
        grown = shown.roomy and (shown.window != "wide" or bool(actions))
        crowded = shown.window == "medium" and bool(way and actions)
        short = pane or grown or crowded or (shown.compact and (len(title) > 9 or bool(actions)))
        right.append(SyncChip(around.delivery, lambda: around.go(SYNC_PATH), icon_only=short))
    if form or (chip and shown.compact):  # elsewhere the lock stands in the navigation
        right.append(LockButton(around.station))
    edge = 16 if pane else shown.edge
    two_lines = shown.compact and bool(way) and leading is not None
    # A large title and what stands beside it have no room in one line.
    if shown.roomy and right and (pane or shown.window != "wide"):
        two_lines = two_lines or len(right) > 2 or (bool(way) and (pane or shown.compact or len(right) > 1))
        two_lines = two_lines or (shown.compact and max(map(len, title.split()), default=0) > LONG_WORD)
    # A lone icon at the right has its own room around it.
    lone = 12 if right and _iconic(right[-1], form or (chip and shown.compact)) else 0
    if two_lines:
        lines: list[ft.Control] = [
            ft.Row([*way, ft.Container(expand=True), *right], spacing=S),
            ft.Container(ft.Row(named, spacing=L), padding=ft.Padding.only(left=12 if way else 0, right=lone)),
        ]
    else:
        lines = [ft.Row([*way, ft.Row(named, spacing=L, expand=True), *right], spacing=S)]
    return ft.Container(
        content=ft.Column(lines, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=ft.Padding.only(
            left=edge - (12 if way else 0),
            right=edge - lone,
            top=M,
            bottom=M,
        ),
    )


def _iconic(last: ft.Control, lock: bool) -> bool:
    return lock or isinstance(last, ft.IconButton | ft.PopupMenuButton)


@component
def LockButton(station: Station) -> ft.Control:
    if station.on_lock is None:
        return ft.Container()
    return IconAction(ft.Icons.LOCK_OUTLINED, t("do.lock"), station.on_lock)


@component
def NoticeSlot(notices: Notices) -> ft.Control:
    """Below the title, above what scrolls: never over the save bar."""
    notice = notices.shown
    if notice is None:
        return ft.Container()
    edge = look().edge
    return ft.Container(
        Banner(
            notice.text,
            notice.detail,
            tone=notice.tone,
            action=notice.action,
            on_action=notice.on_action,
            on_close=notices.clear,
            live=True,
        ),
        padding=ft.Padding.only(left=edge, right=edge, bottom=M),
    )


# -- the views of the router -------------------------------------------------------------------------------------


def _named(place: Place, params: dict[str, str]) -> str:
    """The key of a screen: another record is another screen with its own state."""
    return f"{place.path}?{sorted(params.items())}"


def _own(place: Place, params: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in params.items() if f":{name}" in place.path}


def _view(place: Place, content: ft.Control, location: str, path: str) -> ft.View:
    shown = look()
    p = shown.palette
    form = place.kind == "form"
    if not form:
        frame().below = location
    bar = None
    if form:
        inside = content
    elif shown.compact:
        inside, bar = content, BottomBar(frame().station, location)
    else:
        inside = ft.Row(
            [Rail(frame().station, location), ft.VerticalDivider(width=1, color=p.outline_soft), content],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    column = [ft.Container(inside, expand=True), *([bar] if bar else [])]
    return ft.View(
        route=path,
        padding=0,
        spacing=0,
        bgcolor=p.surface,
        fullscreen_dialog=form,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        controls=[
            ft.SafeArea(
                content=ft.Column(column, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
                expand=True,
            )
        ],
    )


@component
def Stage(place: Place) -> Any:
    """One screen as a view of its own."""
    params = ft.use_route_params()
    location = ft.use_route_location()
    path = ft.use_view_path()
    mine = _own(place, params)
    content = place.load()(**mine, key=_named(place, mine))
    return _view(place, ft.Container(content, expand=True), location, path)


@component
def Pair(place: Place) -> Any:
    """A list and, beside it, what was chosen in it."""
    params = ft.use_route_params()
    location = ft.use_route_location()
    outlet = ft.use_route_outlet()
    p = look().palette
    mine = _own(place, params)
    both = ft.Row(
        [
            ft.Container(place.load()(**mine, key=_named(place, mine)), width=360, bgcolor=p.bars),
            ft.VerticalDivider(width=1, color=p.outline_soft),
            ft.Container(outlet, expand=True),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return _view(place, ft.Container(both, expand=True), location, place.path)


@component
def Pane(place: Place) -> ft.Control:
    """The detail beside a list."""
    mine = _own(place, ft.use_route_params())
    return place.load()(**mine, key=_named(place, mine))


@component
def Unchosen(place: Place) -> ft.Control:
    choose = Message(t("pair.choose"), icon=ft.Icons.ARROW_BACK, tone="plain", card=False)
    return ft.Column(
        [
            ft.Container(NoticeSlot(frame().notices), padding=ft.Padding.only(top=L)),
            ft.Container(choose, alignment=ft.Alignment.CENTER, expand=True),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def Missing() -> ft.Control:
    return Screen(
        t("missing.title"),
        [
            Message(
                t("missing.detail"),
                "",
                icon=ft.Icons.WRONG_LOCATION_OUTLINED,
                tone="look",
                action=t("missing.home"),
                on_action=lambda: frame().go("/"),
            )
        ],
    )


@component
def Root(around: Frame, appearance: Appearance, station: Station, places: tuple[Place, ...]) -> Any:
    """Subscribed to the appearance: when it changes, everything is drawn anew."""
    shown = appearance.look()
    keep_look(around.page, shown)
    ft.use_effect(lambda: _dress(around.page), dependencies=[shown])
    gate = station.gate or station.turned
    if gate is not None:
        return [
            ft.View(
                route="/locked",
                padding=0,
                bgcolor=shown.palette.surface,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                controls=[ft.SafeArea(content=ft.Container(gate(), expand=True), expand=True)],
            )
        ]
    return ft.Router(
        route_tree(
            places,
            stage=lambda place: Stage(place, key=place.path),
            pair=lambda place: Pair(place, key=place.path),
            pane=lambda place: Pane(place, key=place.path),
            unchosen=lambda place: Unchosen(place, key=f"{place.path}?"),
            beside=shown.spacious,
        ),
        not_found=Missing,
        manage_views=True,
    )


def _dress(page: ft.Page) -> None:
    shown = look()
    page.theme = theme(shown)
    page.dark_theme = page.theme
    page.theme_mode = ft.ThemeMode.DARK if shown.palette.dark else ft.ThemeMode.LIGHT
    page.update()


def show(
    page: ft.Page,
    app: Any = None,
    *,
    appearance: Appearance | None = None,
    places: tuple[Place, ...] = PLACES,
    prepare: Callable[[Frame], None] | None = None,
) -> Frame:
    """Starts a page. `prepare` fills the frame (who works, delivery, lock) before the first picture."""
    page.title = "GO!ES mobil"  # never a name: titles show up in task switchers and histories
    page.fonts = fonts()
    page.padding = 0
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[ft.Locale("de", "DE"), ft.Locale("en", "GB")], current_locale=ft.Locale("de", "DE")
    )
    around = Frame(page, app, appearance)
    around.settle()
    if prepare is not None:
        prepare(around)
    _dress(page)
    page.on_resize = lambda _: around.settle()
    page.on_platform_brightness_change = lambda _: around.settle()
    page.run_task(around.read_system)
    page.render_views(Root, around, around.appearance, around.station, places)
    return around
