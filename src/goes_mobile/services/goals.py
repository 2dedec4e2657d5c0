"""Goals: what somebody wants, in their words; steps are ticked, how far it has come is said on a scale of five."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import strokes
from goes_mobile.records.goal import Goal, Step
from goes_mobile.services import entries, filed
from goes_mobile.services.desk import Desk
from goes_mobile.store.change import Change


@dataclass(frozen=True, slots=True)
class StepView:
    """One step. ``late``: its day is over and it is not done."""

    id: str
    what: str = field(repr=False)
    who: str = field(repr=False)
    due: date | None
    done: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class GoalView:
    """One goal. ``signature``: what :mod:`goes_mobile.records.strokes` reads."""

    id: str
    wording: str = field(repr=False)
    life_domain: str | None
    steps: list[StepView]
    attainment: str | None
    review_on: date | None
    review_due: bool
    signed_on: date | None
    signature: str = field(repr=False)


def of_person(desk: Desk, person: str) -> list[GoalView]:
    """The newest first."""
    found: list[Goal] = filed.records(desk, "goal", person)
    return [_view(desk, goal) for goal in sorted(found, key=lambda g: g.id, reverse=True)]


def _view(desk: Desk, goal: Goal) -> GoalView:
    steps = [_step(desk, one, step) for one, step in sorted(goal.steps.items())]
    return GoalView(
        goal.id, goal.wording, goal.life_domain, steps, goal.attainment, goal.review_on,
        goal.review_on is not None and goal.review_on <= desk.today, goal.signed_by_person, goal.signature,
    )  # fmt: skip


def _step(desk: Desk, one: str, step: Step) -> StepView:
    late = step.done is None and step.due is not None and step.due < desk.today
    return StepView(one, step.what, step.who, step.due, step.done, late)


def tick(desk: Desk, goal: str, step: str) -> list[Change]:
    """Done today; :func:`untick` takes it back."""
    return _write(desk, goal, {_path(desk, goal, step, "done"): desk.today})


def untick(desk: Desk, goal: str, step: str) -> list[Change]:
    return _write(desk, goal, {_path(desk, goal, step, "done"): None})


def add_step(desk: Desk, goal: str, what: str) -> list[Change]:
    if not what.strip():
        raise InputRefused("required", field="what")
    return _write(desk, goal, {f"steps/{desk.new_id()}/what": what.strip()})


def rate(desk: Desk, goal: str, attainment: str | None) -> list[Change]:
    """How far it has come; ``None`` leaves it open again."""
    return _write(desk, goal, {"attainment": attainment})


def sign(desk: Desk, goal: str, signature: str) -> list[Change]:
    """The young person signs today, on this screen."""
    if not strokes.read(signature):
        raise InputRefused("required", field="signature")
    return _write(desk, goal, {"signature": signature, "signed_by_person": desk.today})


def _path(desk: Desk, goal: str, step: str, name: str) -> str:
    if step not in entries.get(desk, "goal", goal).steps:
        raise InputRefused("unknown_record", field="step")
    return f"steps/{step}/{name}"


def _write(desk: Desk, goal: str, told: Mapping[str, Any]) -> list[Change]:
    entries.get(desk, "goal", goal)
    return [Change("goal", goal, dict(told))]
