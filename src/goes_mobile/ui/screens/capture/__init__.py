"""*Erfassen*: everything in one scroll, what the outing knows is filled in, one tap saves."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.state.capture import Capture, Keeping, Source, restore, take_back
from goes_mobile.ui.components import DraftKept, Icon, Loading, Message, SaveBar, Side, TextAction, Words
from goes_mobile.ui.frame import Notice, app, frame, go
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.look import look
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.screens.capture.hand import Hand
from goes_mobile.ui.screens.capture.more import More
from goes_mobile.ui.screens.capture.step import NextStep
from goes_mobile.ui.screens.capture.what import Coded, Mood, NoteField
from goes_mobile.ui.screens.capture.where import Head
from goes_mobile.ui.screens.capture.who import Who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, t
from goes_mobile.ui.theme import S

__all__ = ["CorrectionScreen", "DraftScreen", "GroupScreen", "PersonEncounterScreen", "RecordScreen"]


@component
def RecordScreen() -> ft.Control:
    return CaptureScreen("new")


@component
def GroupScreen() -> ft.Control:
    """From the outing: counting by age."""
    return CaptureScreen("new", group=True)


@component
def PersonEncounterScreen(person: str) -> ft.Control:
    return CaptureScreen("person", person)


@component
def DraftScreen(draft: str) -> ft.Control:
    return CaptureScreen("draft", draft)


@component
def CorrectionScreen(encounter: str) -> ft.Control:
    return CaptureScreen("record", encounter)


@component
def CaptureScreen(source: Source, about: str = "", group: bool = False) -> ft.Control:
    view, _ = ft.use_state(lambda: Capture(app(), source, about, group))
    ft.use_effect(_nothing, dependencies=[], cleanup=view.leave)
    use_start(view.reload)
    if view.gone:
        return _gone()
    if view.draft is None:
        return Screen(t("capture.title"), [Loading()], on_close=frame().leave, chip=False)
    return _Form(Hand(view), key=view.draft.id)


def _nothing() -> None:
    """A component keeps a clean-up only beside an effect."""


def _gone() -> ft.Control:
    return Screen(
        t("capture.title"),
        [
            Message(
                t("capture.gone"),
                t("capture.gone_detail"),
                icon=ft.Icons.EDIT_NOTE_OUTLINED,
                tone="look",
                action=t("missing.home"),
                on_action=lambda: go("/"),
            )
        ],
        on_close=frame().leave,
    )


@component
def _Form(hand: Hand) -> ft.Control:
    view = hand.view
    corrects = view.at_hand.corrects

    async def close() -> None:
        await view.close()
        frame().leave()

    step = NextStep(hand, view.mark("step"))
    note = NoteField(hand)
    body: list[ft.Control] = [
        Head(hand, view.mark("place")),
        Who(hand, view.mark("who")),
        Coded(hand, view.mark("topics"), "topics"),
        Coded(hand, view.mark("actions"), "actions"),
        Mood(hand, view.mark("mood")),
        *([note, step] if look().compact else [Side(note, step)]),
        More(hand, view.mark("more")),
        _ways_back(view),
    ]
    return Screen(
        t("capture.correct") if corrects else t("capture.title"),
        body,
        on_close=close,
        status=Kept(view.keeping),
        bar=SaveBar(
            t("capture.save"),
            lambda: _save(view),
            again="" if corrects else t("capture.next") if look().compact else t("capture.save_next"),
            on_again=lambda: _next(view),
            later=t("capture.later"),
            on_later=close,
        ),
    )


@component
def Kept(keeping: Keeping) -> ft.Control:
    """Redrawn alone: not the whole form for every key stroke."""
    if keeping.state != "saved":
        return DraftKept(keeping.state)
    shown = look()
    ok = shown.palette.ok
    words = t("capture.saved_short")
    content: list[ft.Control] = [Icon(ft.Icons.CHECK_CIRCLE, ok, 20, name=words if shown.roomy else None)]
    if not shown.roomy:
        content.append(Words(words, "meta", ok))
    return ft.Semantics(content=ft.Row(content, spacing=S, tight=True), live_region=True, container=True)


async def _save(view: Capture) -> None:
    try:
        saved = await view.save()
    except InputRefused as refused:
        _say_refused(refused)
        return
    if saved is None:
        return
    frame().leave()
    _tell_saved(view, saved)


async def _next(view: Capture) -> None:
    """Said in the corner, without moving anything: the thumb is already on its way to the next choice."""
    try:
        await view.save_and_next()
    except InputRefused as refused:
        _say_refused(refused)
        return
    frame().notices.clear()


def _say_refused(refused: InputRefused) -> None:
    said = refusal(refused.code, refused.facts)
    frame().notices.show(Notice(said, tone="look", detail=t("capture.draft_safe")))


def _tell_saved(view: Capture, saved: Any) -> None:
    """Told by a word and a tick, where it covers nothing; undone with one tap."""

    async def undo() -> None:
        again = await take_back(view.app, saved)
        go(f"/drafts/{again}")

    if saved.corrects:
        frame().notices.show(Notice(t("capture.corrected"), tone="ok"))
        return
    told = (
        t("capture.saved", where=view.saved_where, clock=clock(saved.at))
        if view.saved_where
        else t("capture.saved_nowhere", clock=clock(saved.at))
    )
    frame().notices.show(Notice(told, tone="ok", action=t("do.undo"), on_action=undo))


def _ways_back(view: Capture) -> ft.Control:
    """Throwing the draft away, or having back what was saved before it."""

    async def discard() -> None:
        draft = await view.discard()

        async def undo() -> None:
            await restore(view.app, draft)
            go(f"/drafts/{draft.id}")

        frame().leave()
        if draft.touched:
            frame().notices.show(Notice(t("capture.discarded"), tone="info", action=t("do.undo"), on_action=undo))

    async def bring_back() -> None:
        if view.before is not None:
            await view.close()
            go(f"/drafts/{await take_back(view.app, view.before)}")

    text = t("capture.discard_correction") if view.at_hand.corrects else t("capture.discard")
    ways = [TextAction(text, discard, icon=ft.Icons.DELETE_OUTLINE)]
    if view.before is not None:
        ways.append(TextAction(t("capture.before_back"), bring_back, icon=ft.Icons.UNDO))
    return ft.Row(ways, wrap=True, spacing=S, run_spacing=S, alignment=ft.MainAxisAlignment.CENTER)
