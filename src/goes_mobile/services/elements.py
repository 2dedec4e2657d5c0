"""Asking for elements of a set, which lies in the projection as JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, func, select


def contains(column: Any, element: str) -> ColumnElement[bool]:
    """Whether a set column has this element."""
    elements = func.json_each(column).table_valued("value")
    return exists(select(1).select_from(elements).where(elements.c.value == element))
