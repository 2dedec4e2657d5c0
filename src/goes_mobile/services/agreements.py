"""Vereinbarungen of a case conference become tasks: each once, under the agreement's own id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goes_mobile.records.task import Task
from goes_mobile.services.desk import Desk
from goes_mobile.store.change import Change

Parts = Mapping[str, Any]


def tasks_of(desk: Desk, conference: str, values: Mapping[str, Any]) -> list[Change]:
    """The tasks of agreements that have none yet; ``values`` are the conference's as they will be.

    Whoever writes the minutes has the task, and who is to do it stands before what: often it is no member of the team.
    """
    found = []
    for agreement, told in sorted(_parts(values.get("agreements")).items()):
        what = str(told.get("what") or "").strip()
        if not what or desk.read.get(Task, agreement) is not None:
            continue
        who = str(told.get("responsible") or "").strip()
        task = {
            "title": f"{who}: {what}" if who else what, "due": told.get("due"), "assignee": desk.me.member,
            "person": values.get("person"), "site": values.get("site"), "about_kind": "case_conference",
            "about_id": conference,
        }  # fmt: skip
        found.append(Change("task", agreement, {name: value for name, value in task.items() if value}))
    return found


def _parts(agreements: Any) -> dict[str, Mapping[str, Any]]:
    return {one: part if isinstance(part, Mapping) else part.model_dump() for one, part in (agreements or {}).items()}
