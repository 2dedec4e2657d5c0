"""The records that lie in a young person's file, and in the others that are the same person's."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from goes_mobile.records import registry
from goes_mobile.services import sameness
from goes_mobile.services.desk import Desk


def records(desk: Desk, kind: str, person: str) -> list[Any]:
    """Those of a kind, without deleted ones, in no order."""
    cls: Any = registry.kind(kind).cls
    return list(
        desk.read.exec(select(cls).where(cls.person.in_(sameness.ids(desk, person)), col(cls.deleted).is_(False)))
    )
