"""The stream follows the subject: rules that tell which stream a record lives in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from goes_mobile.protocol.streams import ORG, StreamRef

Values = Mapping[str, Any]
StreamRule = Callable[[Values], StreamRef]
"""From a record's values (with ``id`` and ``site``) to its stream."""


def of_org(_: Values) -> StreamRef:
    """People, places and what the whole organisation shares."""
    return ORG


def of_site(values: Values) -> StreamRef:
    """The site's own stream; nothing in it may name a young person."""
    return StreamRef("site", values.get("site") or "")


def of_supervisors(values: Values) -> StreamRef:
    """What only its author and the site's supervisors may read."""
    return StreamRef("site_supervisors", values.get("site") or "")


def of_person(values: Values) -> StreamRef:
    """The record *is* the young person."""
    return StreamRef("person", values.get("id") or "")


def by_subject(values: Values) -> StreamRef:
    """The stream of the one young person a record is about; the site's if it is about nobody or about several."""
    person = values.get("person")
    if not person:
        people = values.get("people") or ()
        person = next(iter(people)) if len(people) == 1 else None
    return StreamRef("person", person) if person else of_site(values)
