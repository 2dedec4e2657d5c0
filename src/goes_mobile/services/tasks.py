"""Tasks: what somebody will do by when. Done, put off, handed to a colleague; all of it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlmodel import col, or_, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.task import Task
from goes_mobile.records.values import diff
from goes_mobile.services import sameness
from goes_mobile.services.desk import Desk, Named, Versions
from goes_mobile.services.names import name_of, named
from goes_mobile.store.change import Change

When = Literal["overdue", "today", "soon", "later", "none", "done"]
Which = Literal["mine", "site", "all", "done"]
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list. ``days`` until due, negative when overdue."""

    id: str
    title: str = field(repr=False)
    due: date | None
    when: When
    days: int | None
    person: Named | None
    about_kind: str | None
    about: str | None
    about_words: str = field(repr=False)
    assignee: Named | None
    mine: bool
    done_at: datetime | None
    conflict: bool


@dataclass(slots=True)
class TaskForm:
    title: str = field(default="", repr=False)
    due: date | None = None
    assignee: str | None = None
    person: str | None = None
    about_kind: str | None = None
    about: str | None = None
    site: str = ""


def lines(desk: Desk, which: Which = "mine", person: str | None = None, limit: int = 200) -> list[TaskLine]:
    """Open tasks, the most urgent first; ``done`` gives those done, newest first."""
    query = select(Task).where(col(Task.deleted).is_(False))
    if which == "done":
        query = query.where(col(Task.done_at).is_not(None)).order_by(col(Task.done_at).desc())
    else:
        query = query.where(col(Task.done_at).is_(None)).order_by(
            col(Task.due).is_(None), col(Task.due), col(Task.created_at)
        )
    if which == "mine":
        query = query.where(Task.assignee == desk.me.member)
    elif which == "site":
        query = query.where(or_(col(Task.site).in_(desk.me.sites), Task.assignee == desk.me.member))
    if person is not None:
        query = query.where(col(Task.person).in_(sameness.ids(desk, person)))
    return [line(desk, task) for task in desk.read.exec(query.limit(limit))]


def due_now(desk: Desk, limit: int = 50) -> list[TaskLine]:
    """My tasks that are overdue or due today."""
    query = (
        select(Task)
        .where(col(Task.deleted).is_(False), col(Task.done_at).is_(None), Task.assignee == desk.me.member)
        .where(col(Task.due) <= desk.today)
        .order_by(col(Task.due), col(Task.created_at))
    )
    return [line(desk, task) for task in desk.read.exec(query.limit(limit))]


def line(desk: Desk, task: Task) -> TaskLine:
    days = (task.due - desk.today).days if task.due else None
    about = name_of(desk, task.about_kind, task.about_id) if task.about_kind and task.about_id else ""
    return TaskLine(
        task.id, task.title, task.due, _when(task, days), days, named(desk, "young_person", task.person),
        task.about_kind, task.about_id, about, named(desk, "member", task.assignee),
        task.assignee == desk.me.member, task.done_at, bool(task.conflicts),
    )  # fmt: skip


def _when(task: Task, days: int | None) -> When:
    if task.done_at is not None:
        return "done"
    if days is None:
        return "none"
    if days < 0:
        return "overdue"
    if days == 0:
        return "today"
    return "soon" if days <= SOON_DAYS else "later"


def get(desk: Desk, task: str) -> Task:
    found = desk.read.get(Task, task)
    if found is None:
        raise InputRefused("unknown_record", field="task")
    return found


def create(desk: Desk, form: TaskForm) -> list[Change]:
    if not form.title.strip():
        raise InputRefused("required", field="title")
    values = {
        "title": form.title, "due": form.due, "assignee": form.assignee or desk.me.member, "person": form.person,
        "about_kind": form.about_kind, "about_id": form.about, "site": form.site or desk.me.site,
    }  # fmt: skip
    return [Change("task", desk.new_id(), {name: value for name, value in values.items() if value})]


def done(desk: Desk, task: str, note: str = "") -> list[Change]:
    get(desk, task)
    values: dict[str, Any] = {"done_at": desk.now}
    if note.strip():
        values["done_note"] = note
    return [Change("task", task, values)]


def reopen(desk: Desk, task: str) -> list[Change]:
    get(desk, task)
    return [Change("task", task, {"done_at": None})]


def postpone(desk: Desk, task: str, to: date) -> list[Change]:
    if to < desk.today:
        raise InputRefused("in_the_past", field="due")
    get(desk, task)
    return [Change("task", task, {"due": to})]


def assign(desk: Desk, task: str, member: str) -> list[Change]:
    get(desk, task)
    return [Change("task", task, {"assignee": member})]


def change(desk: Desk, task: str, values: Mapping[str, Any], base: Versions | None = None) -> list[Change]:
    told = diff("task", get(desk, task).model_dump(), values)
    return [Change("task", task, told, base=base)] if told else []


def delete(desk: Desk, task: str) -> list[Change]:
    get(desk, task)
    return [Change("task", task, delete=True)]
