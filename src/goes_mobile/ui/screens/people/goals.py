"""Goals in the file: what somebody wants, in their words; steps to tick, how far it has come, whether it is signed."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from goes_mobile.services.goals import GoalView, StepView
from goes_mobile.state.casework import CaseworkActions
from goes_mobile.ui.codes import say
from goes_mobile.ui.colours import GOALS, contrast
from goes_mobile.ui.components import (
    Card,
    Disc,
    Field,
    IconAction,
    Meta,
    Pill,
    Pills,
    Row,
    Section,
    Subtitle,
    TextAction,
    Tick,
    Tonal,
)
from goes_mobile.ui.components.words import Icon, Label, Words
from goes_mobile.ui.frame import Notice, app, frame, go
from goes_mobile.ui.guarded import component, guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import numeric_day, short_day, t
from goes_mobile.ui.theme import SMALL, L, M, S

SCALE = {"minus_2": -2, "minus_1": -1, "zero": 0, "plus_1": 1, "plus_2": 2}


def GoalPart(person: str, goals: Sequence[GoalView], *, closed: bool) -> list[ft.Control]:
    """The section; nothing where there is none."""
    if not goals:
        return []
    cards = [GoalCard(person, goal, closed, key=goal.id) for goal in goals]
    new = lambda: go(f"/new/entry/goal/{person}")  # noqa: E731
    return [
        Section(t("goal.title"), *cards, count=len(goals), action="" if closed else t("entry.add"), on_action=new,
                spacing=M)
    ]  # fmt: skip


@component
def GoalCard(person: str, goal: GoalView, closed: bool) -> ft.Control:
    adding, set_adding = ft.use_state(False)
    typed: ft.Ref[str] = ft.use_ref("")
    actions = CaseworkActions(app())

    async def tick(step: StepView, done: bool) -> None:
        await actions.tick(goal.id, step.id, done)

        async def back() -> None:
            frame().notices.clear()
            await actions.tick(goal.id, step.id, not done)

        said = t("goal.step_done" if done else "goal.step_open")
        frame().notices.show(Notice(said, tone="ok", action=t("do.undo"), on_action=back))

    async def add(text: str = "") -> None:
        await actions.add_step(goal.id, text or typed.current)
        typed.current = ""
        set_adding(False)

    async def rate(code: str) -> None:
        await actions.rate(goal.id, None if code == goal.attainment else code)

    head = ft.Row(
        [
            Icon(ft.Icons.FORMAT_QUOTE, look().palette.primary),
            Label(joined(t("goal.i_want"), say("life_domain", goal.life_domain)), look().palette.primary, expand=True),
            IconAction(ft.Icons.EDIT_OUTLINED, t("goal.open"), lambda: go(f"/people/{person}/entry/goal/{goal.id}")),
        ],
        spacing=S,
    )
    steps = [
        _read(step)
        if closed
        else Tick(step.what, step.done is not None, lambda on, step=step: tick(step, on), detail=_about(step))
        for step in goal.steps
    ]
    more: list[ft.Control] = []
    if adding:
        field = Field(t("goal.new_step"), "", lambda text: setattr(typed, "current", text), on_submit=add,
                      autofocus=True)  # fmt: skip
        more = [field, ft.Row([Tonal(t("goal.keep_step"), add, icon=ft.Icons.CHECK)], wrap=True)]
    elif not closed:
        more = [ft.Row([TextAction(t("goal.new_step"), lambda: set_adding(True), icon=ft.Icons.ADD)], wrap=True)]
    return Card(
        ft.Container(
            ft.Column([head, Subtitle(f"„{goal.wording}“")], spacing=4, tight=True),
            padding=ft.Padding.only(left=L, right=S, top=S),
        ),
        *([ft.Column(steps, spacing=0, tight=True)] if steps else []),
        ft.Container(
            ft.Column(
                [*more, Scale(goal.attainment, rate, closed=closed), *_foot(goal)],
                spacing=M,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            padding=ft.Padding.only(left=L, right=L, bottom=L),
        ),
        padding=0,
        spacing=S,
    )


def _read(step: StepView) -> ft.Control:
    """A step of a file that is closed to us."""
    done = step.done is not None
    return Row(step.what, _about(step), leading=Disc(ft.Icons.CHECK if done else ft.Icons.CIRCLE_OUTLINED,
                                                    "ok" if done else "plain"))  # fmt: skip


def _about(step: StepView) -> str:
    if step.done is not None:
        return joined(step.who, t("goal.done_on", day=short_day(step.done)))
    day = "" if step.due is None else t("goal.late" if step.late else "goal.until", day=short_day(step.due))
    return joined(step.who, day)


def _foot(goal: GoalView) -> list[ft.Control]:
    """When to look again, and whose hand it carries."""
    pills: list[ft.Control] = []
    if goal.review_on is not None:
        key = "goal.review_due" if goal.review_due else "goal.review_on"
        tone = "look" if goal.review_due else "plain"
        pills.append(Pill(t(key, day=numeric_day(goal.review_on)), ft.Icons.EVENT_OUTLINED, tone))  # type: ignore[arg-type]
    if goal.signed_on is not None:
        pills.append(Pill(t("goal.signed", day=numeric_day(goal.signed_on)), ft.Icons.DRAW_OUTLINED, "ok"))
    return [Pills(*pills)] if pills else []


def Scale(chosen: str | None, on_choose: object, *, closed: bool = False) -> ft.Control:
    """How far it has come, from −2 to +2; the word stands below, so the colour never speaks alone."""
    p = look().palette
    cells: list[ft.Control] = []
    for code, n in SCALE.items():
        here = code == chosen
        ground = GOALS[n] if here else p.container_high
        ink = max("#FFFFFF", "#191C1B", key=lambda colour: contrast(ground, colour)) if here else p.ink_soft
        words = Words(f"{n:+d}".replace("-", "−") if n else "0", "label", ink, text_align=ft.TextAlign.CENTER)
        words.semantics_label = say("attainment", code)
        cells.append(
            ft.Semantics(
                content=ft.Container(
                    ft.Row([words], alignment=ft.MainAxisAlignment.CENTER),
                    padding=ft.Padding.symmetric(vertical=14),
                    bgcolor=ground,
                    border=ft.Border.all(p.border, p.outline),
                    border_radius=SMALL,
                    ink=not closed,
                    on_click=None if closed else guarded(on_choose, code, touch="selection"),  # type: ignore[arg-type]
                ),
                checked=here,
                container=True,
                expand=True,
            )
        )
    said = say("attainment", chosen) or t("goal.not_rated")
    return ft.Column([ft.Row(cells, spacing=6), Meta(said)], spacing=4, tight=True,
                     horizontal_alignment=ft.CrossAxisAlignment.STRETCH)  # fmt: skip
