"""Dokumente in a file: what there is, how far it has come, adding and opening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.services.attachments import AttachmentLine
from goes_mobile.state.documents import Documents
from goes_mobile.ui.codes import options, say
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import (
    Card,
    Disc,
    Group,
    Loading,
    Menu,
    Meta,
    Outlined,
    PickSheet,
    Pill,
    Row,
    Section,
    Sheet,
    TextAction,
    use_question,
    use_sheet,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import number, t
from goes_mobile.ui.theme import SMALL, L
from goes_mobile.ui.views import use_view

_STAGES: dict[str, tuple[ft.IconData, Tone]] = {
    "waiting": (ft.Icons.SCHEDULE_OUTLINED, "look"),
    "sending": (ft.Icons.CLOUD_UPLOAD_OUTLINED, "info"),
    "server": (ft.Icons.CLOUD_DONE_OUTLINED, "ok"),
    "fetching": (ft.Icons.CLOUD_DOWNLOAD_OUTLINED, "info"),
    "away": (ft.Icons.CLOUD_OUTLINED, "plain"),
    "there": (ft.Icons.CLOUD_DOWNLOAD_OUTLINED, "primary"),
}
THUMBNAIL = 56


@component
def PersonDocuments(person: str, may_write: bool) -> ft.Control:
    view = use_view(lambda app: Documents(app, person), "attachment", "delivery")
    leaving, set_leaving = ft.use_state(None)
    files = view.app.files is not None
    adds = files and may_write

    async def give_out() -> None:
        where = await view.give_out(leaving)
        if where is not None:
            frame().notices.show(Notice(t("documents.given", where=where), tone="ok"))

    async def delete(line: AttachmentLine) -> None:
        async def back() -> None:
            await view.restore(line)

        await view.delete(line)
        frame().notices.show(
            Notice(t("documents.deleted", name=line.name), tone="ok", action=t("do.undo"), on_action=back)
        )

    use_sheet(
        view.chosen is not None,
        lambda: PickSheet(
            t("documents.which"),
            options("attachment_kind"),
            None,
            lambda kind, file=view.chosen: view.add(file, kind),  # closing the sheet lets go of it
            view.drop,
        ),
        on_close=view.drop,
    )
    use_sheet(view.opened is not None, lambda: _picture(view), on_close=view.close)
    use_question(
        leaving is not None,
        t("documents.leave_title"),
        t("documents.leave_detail"),
        t("documents.leave"),
        give_out,
        t("documents.leave_not"),
        lambda: set_leaving(None),
    )
    if view.lines is None:
        return Section(t("documents.title"), Loading(t("documents.loading")))
    content: list[ft.Control] = []
    if view.lines:
        content.append(
            Group(
                [_row(view, line, delete if may_write else None, set_leaving, files=files) for line in view.lines],
                inset=THUMBNAIL + 2 * L,
            )
        )
    else:
        add = Outlined(t("documents.add"), view.pick, icon=ft.Icons.ATTACH_FILE)
        content.append(Card(Meta(t("documents.none")), *([ft.Row([add], wrap=True)] if adds else [])))
    if view.working:
        content.append(Loading(t("documents.working")))
    if any(line.stage in ("waiting", "sending", "away") for line in view.lines):
        content.append(ft.Row([TextAction(t("documents.try_now"), view.try_now)]))
    more = adds and bool(view.lines)
    return Section(
        t("documents.title"),
        *content,
        count=len(view.lines) or None,
        action=t("documents.add_short") if more else "",
        on_action=view.pick if more else None,
    )


def _row(view: Documents, line: AttachmentLine, delete: Callable[[AttachmentLine], Any] | None,
         leave: Callable[[AttachmentLine], None], *, files: bool) -> ft.Control:  # fmt: skip
    icon, tone = _STAGES[line.stage]
    stage = t(f"documents.stage_{line.stage}", done=line.done, parts=line.parts)
    items: list[tuple[str, ft.IconData | None, Any]] = []
    if line.here and files:
        items.append((t("documents.save_as"), ft.Icons.SAVE_ALT_OUTLINED, lambda: leave(line)))
    if delete is not None:
        items.append((t("documents.delete"), ft.Icons.DELETE_OUTLINED, lambda: delete(line)))
    everywhere = f"/delete/attachment/{line.id}"
    items.append((t("deletion.ask_person"), ft.Icons.DELETE_FOREVER_OUTLINED, lambda: go(everywhere)))
    press: Any = None
    if line.stage == "there":
        press = lambda: view.fetch(line)  # noqa: E731
    if line.here:
        press = (lambda: view.open(line)) if line.picture else (lambda: leave(line)) if files else None
    return Row(
        line.name,
        joined(say("attachment_kind", line.kind), size(line.size)),
        leading=_thumbnail(line),
        trailing=Menu(t("documents.more", name=line.name), items),
        below=[Pill(stage, icon, tone)],
        on_press=press,
        name=_does(line),
        key=line.id,
    )


def _does(line: AttachmentLine) -> str | None:
    if line.stage == "there":
        return t("documents.fetch", name=line.name)
    return t("documents.open", name=line.name) if line.picture else None


def _thumbnail(line: AttachmentLine) -> ft.Control:
    if line.thumbnail is None:
        icon = ft.Icons.IMAGE_OUTLINED if line.picture else ft.Icons.DESCRIPTION_OUTLINED
        return ft.Container(Disc(icon), width=THUMBNAIL, alignment=ft.Alignment.CENTER)
    return ft.Image(
        src=line.thumbnail,
        width=THUMBNAIL,
        height=THUMBNAIL,
        fit=ft.BoxFit.COVER,
        border_radius=SMALL,
        exclude_from_semantics=True,
        gapless_playback=True,
    )


def _picture(view: Documents) -> ft.Control:
    line = view.opened
    if line is None:
        return ft.Container()
    picture = ft.Image(src=view.content, fit=ft.BoxFit.CONTAIN, semantics_label=line.name)
    return Sheet(
        line.name,
        [ft.Container(picture, padding=ft.Padding.symmetric(horizontal=L), alignment=ft.Alignment.CENTER)],
        on_close=view.close,
    )


def size(of: int) -> str:
    """240 KB, 1,4 MB; never parted at the end of a line."""
    if of < 1_000_000:
        return f"{number(max(1, round(of / 1000)))}\u00a0KB"
    return f"{number(round(of / 1_000_000, 1))}\u00a0MB"
