"""What services ask the store to do, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from goes_mobile.protocol.blobs import SealedBlob

Versions = Mapping[str, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """A wish: set these fields of this record (new or known).

    ``base`` are the versions that were on the screen when the person decided; without it, all that is known now counts
    as seen. ``set`` maps fields, or flat paths (one part's field ``stops/<id>/left``, one element ``topics/work``, one
    count ``head_counts/age_14_17/female``), to values; see :func:`goes_mobile.records.values.flatten`.
    """

    kind: str
    id: str
    set: Mapping[str, Any] = field(default_factory=dict, repr=False)
    base: Versions | None = None
    delete: bool = False
    blobs: tuple[SealedBlob, ...] = ()
    """What its fields name, on disk together with it."""
    admits: str = ""
    """The site that may read the file this record lies in from now on, from its first entry on."""
    dismisses: str = ""
    """The site that may read it no more: what is sealed after this is for the others alone."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A change that is on disk: acknowledged, never lost."""

    kind: str
    id: str
    seq: int
    new: bool
