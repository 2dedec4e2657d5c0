"""What is known about a field, said once: ``shown(...)`` in the record's file, read by everything else."""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal, NewType, TypeVar, Union, get_args, get_origin

from goes_mobile.records import text
from goes_mobile.records.columns import SCALARS

Scalar = type[str] | type[int] | type[float] | type[bool] | type[date] | type[time]
Shape = Literal["plain", "set", "parts", "tally", "count"]
"""``plain`` one value · ``set`` many codes or references · ``parts`` small records in a record · ``tally`` a count
per cell, ``count`` a part's one count, both added up over devices."""

Code = str
"""A value of a code list; one this version does not know is kept and shown as it is."""
Ref = str
"""The id of another record."""
Tally = dict[str, dict[str, int]]
Count = NewType("Count", int)
"""How many were counted, in a part: two colleagues who count at once both count."""
_P = TypeVar("_P")
Parts = dict[str, _P]
"""Parts by their id; the ids sort in the order the parts were made."""

EVERY_PURPOSE = ("support", "handover", "case_conference", "sgb_2", "sgb_3", "sgb_8", "evaluation")
"""Counted facts: any legal domain and the evaluation (which gets them without a person)."""
HELP = ("support", "handover", "case_conference", "sgb_8")
"""What was told in confidence: for the help itself, not for a benefits office."""

_REQUIRED = object()


@dataclass(frozen=True, slots=True, eq=False)
class FieldInfo:
    """A field of a record or of a part, with all that forms, lists, search, export and documentation need."""

    name: str
    de: str
    en: str
    shape: Shape
    type: Scalar
    """The Python type of a plain value or of a set's elements: str, int, float, bool, datetime, date, time."""
    required: bool
    default: Any
    codes: str | None
    cells: tuple[str, str] | None
    ref: str | None
    listed: bool
    counted: bool
    sensitive: bool
    multiline: bool
    searchable: bool
    consent: str | None
    purposes: tuple[str, ...]
    in_form: bool
    limit: int
    ge: int | None
    le: int | None
    index: bool
    expected: Literal["past", "future"] | None
    begins: Literal["today", "me"] | None
    part: Mapping[str, FieldInfo] | None
    part_class: Any
    settable: bool
    blob: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What ``shown`` was told, until the class is made and the annotation adds the type."""

    labels: tuple[str, str]
    told: dict[str, Any]


def shown(
    de: str,
    en: str,
    *,
    default: Any = _REQUIRED,
    codes: str | None = None,
    cells: tuple[str, str] | None = None,
    ref: str | None = None,
    listed: bool = False,
    counted: bool = False,
    sensitive: bool = False,
    multiline: bool = False,
    searchable: bool = False,
    consent: str | None = None,
    purposes: tuple[str, ...] = (),
    in_form: bool = True,
    limit: int | None = None,
    ge: int | None = None,
    le: int | None = None,
    index: bool = False,
    expected: Literal["past", "future"] | None = None,
    begins: Literal["today", "me"] | None = None,
    settable: bool = True,
    blob: bool = False,
) -> Any:
    """Everything about a field in one line.

    ``de``/``en`` label · ``codes`` its code list · ``cells`` the two code lists of a tally · ``ref`` the kind it
    refers to (``*`` any) · ``listed`` shown in lists · ``counted`` may be grouped by in reports · ``sensitive`` never
    in a summary or log · ``searchable`` found by the text search · ``consent`` the category of data that a consent
    must name before it may be filled (such a field is sensitive) · ``purposes`` what it may be passed on for
    · ``blob`` names a sealed file that is kept beside the record (:class:`goes_mobile.protocol.blobs.BlobRef`)
    · ``limit`` characters · ``ge``/``le`` bounds of a number · ``index`` looked up by it · ``expected`` a date on the
    other side of today brings a hint · ``begins`` what a new form begins with: today (now), or whoever is working.
    Without ``default`` a field is needed, unless its type allows None or holds several values.
    """
    told = dict(locals())
    labels = (told.pop("de"), told.pop("en"))
    return Shown(labels, told)


def field_info(name: str, spec: Shown, annotation: Any) -> FieldInfo:
    """The field's description from its line and its annotation."""
    if isinstance(annotation, str):
        raise TypeError(f"{name}: a module with records must not import annotations from __future__")
    told = dict(spec.told)
    told["sensitive"] = told["sensitive"] or told["consent"] is not None
    shape, scalar, part_class, optional = _read(name, annotation)
    default = told.pop("default")
    required = default is _REQUIRED and shape == "plain" and not optional
    if default is _REQUIRED:
        default = 0 if shape == "count" else None
    if told["limit"] is None:
        told["limit"] = text.LONG if told["multiline"] else text.SHORT
    return FieldInfo(
        name=name, de=spec.labels[0], en=spec.labels[1], shape=shape, type=scalar, required=required, default=default,
        part=part_class.__shown__ if part_class else None, part_class=part_class, **told,
    )  # fmt: skip


def _read(name: str, annotation: Any) -> tuple[Shape, type[Any], type[Any] | None, bool]:
    """Shape, scalar type, class of the parts, whether None is allowed."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        if len(inner) == 1 and inner[0] in SCALARS:
            return "plain", inner[0], None, True
    elif annotation in SCALARS:
        return "plain", annotation, None, False
    elif origin is list and arguments[0] in SCALARS:
        return "set", arguments[0], None, False
    elif annotation is Count:
        return "count", int, None, False
    elif annotation == Tally:
        return "tally", int, None, False
    elif origin is dict and hasattr(arguments[1], "__shown__"):
        return "parts", dict, arguments[1], False
    raise TypeError(f"{name}: {annotation} is not a plain value, a list of them, Parts[...], Tally or Count")


def annotations_of(namespace: Mapping[str, Any]) -> Mapping[str, Any]:
    """The annotations in a class body, also where they are computed late (Python 3.14)."""
    if "__annotations__" in namespace or sys.version_info < (3, 14):
        found: Mapping[str, Any] = namespace.get("__annotations__", {})
        return found
    import annotationlib  # type: ignore[import-not-found,unused-ignore]  # there from 3.14 on

    annotate = annotationlib.get_annotate_from_class_namespace(namespace)
    return annotationlib.call_annotate_function(annotate, annotationlib.Format.VALUE) if annotate else {}
