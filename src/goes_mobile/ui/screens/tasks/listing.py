"""What is to be done: mine, the site's, what is done; the most urgent first."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.tasks import TaskLine, Which
from goes_mobile.state.tasks import TaskList
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import Chip, Chips, Loading, Nothing, Outlined, SaveBar, Section
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.tasks import TaskRows
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view

ORDER = ("overdue", "today", "soon", "later", "none", "done")
TABS: tuple[Which, ...] = ("mine", "site", "done")


@component
def TasksScreen() -> ft.Control:
    """From Heute; back leads there."""
    return TaskListScreen("/")


@component
def MoreTasksScreen() -> ft.Control:
    """From Mehr; back leads there."""
    return TaskListScreen("/more")


@component
def TaskListScreen(back: str) -> ft.Control:
    view = use_view(TaskList, "task", "young_person", "encounter")
    if view.lines is None:
        body: list[ft.Control] = [Loading()]
    elif view.lines:
        body = _groups(view.lines, view.which)
    else:
        body = [_nothing(view.which)]
    chips = [
        Chip(t(f"tasks.{which}"), view.which == which, lambda on, w=which: view.choose(w), key=which) for which in TABS
    ]
    thumb = look().compact

    def new() -> None:
        go("/new/task")

    return Screen(
        t("tasks.title"),
        body,
        back=back,
        actions=[] if thumb else [Outlined(t("tasks.new"), new, icon=ft.Icons.ADD)],
        head=Chips(*chips),
        bar=SaveBar(t("tasks.new"), new, icon=ft.Icons.ADD) if thumb and view.lines else None,
    )


def _groups(lines: list[TaskLine], which: Which) -> list[ft.Control]:
    sections: list[ft.Control] = []
    for when in ORDER:
        group = [line for line in lines if line.when == when]
        if not group:
            continue
        tone: Tone = "lost" if when == "overdue" else "plain"
        rows = TaskRows(group, others=which != "mine")
        if when == "done":
            sections.append(rows)
        else:
            sections.append(Section(t(f"tasks.when_{when}"), rows, count=len(group), tone=tone, key=when))
    return sections


def _nothing(which: Which) -> ft.Control:
    detail = t(f"tasks.none_{which}_detail")
    if which == "done":
        return Nothing(t("tasks.none_done"), detail, icon=ft.Icons.TASK_ALT_OUTLINED)
    return Nothing(t(f"tasks.none_{which}"), detail, action=t("tasks.new"), on_action=lambda: go("/new/task"))
