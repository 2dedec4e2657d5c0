"""The kinds of records there are. A kind registers itself when its module is imported; every module here is."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.records.roles import Writers
from goes_mobile.records.subject import StreamRule

if TYPE_CHECKING:
    from goes_mobile.protocol.streams import StreamRef
    from goes_mobile.records.base import Record

_Class = TypeVar("_Class", bound="type[Record]")
_kinds: dict[str, Kind] = {}


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of record: its class (= table), its names, its fields, where it lives and who may write it."""

    name: str
    cls: type[Record]
    de: str
    en: str
    icon: str
    fields: Mapping[str, FieldInfo]
    """Its own fields, in the order of the form."""
    stream: StreamRule
    writers: Writers
    dated: str = "created_at"
    """The field that says when it was: what lists are ordered by and timelines stand at."""
    titled: tuple[str, ...] = ()
    """The fields whose values are its title, as far as they are filled."""
    general: bool = False
    """Written and shown by the general form and page; other kinds have screens of their own."""
    trace: bool = False
    """Noted by the program itself about its own device: one record for each device and stream, which counts only if
    that device sealed it. It is delivered along with what people save and never waits, asks or shows up as work."""

    @cached_property
    def all_fields(self) -> Mapping[str, FieldInfo]:
        """Its own fields and those every record has."""
        return {**self.fields, **common()}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of its table."""
        return tuple(self.cls.metadata.tables[self.name].columns.keys())

    @cached_property
    def form(self) -> tuple[FieldInfo, ...]:
        """What a form asks for."""
        return tuple(info for info in self.fields.values() if info.in_form)

    @cached_property
    def listed(self) -> tuple[FieldInfo, ...]:
        """What a list shows."""
        return tuple(info for info in self.fields.values() if info.listed)

    @cached_property
    def searched(self) -> tuple[FieldInfo, ...]:
        """What the text search looks into."""
        return tuple(
            info
            for info in self.fields.values()
            if info.searchable or any(inner.searchable for inner in (info.part or {}).values())
        )

    @cached_property
    def counted(self) -> tuple[FieldInfo, ...]:
        """What reports may group by."""
        return tuple(info for info in self.fields.values() if info.counted)

    @cached_property
    def blobs(self) -> tuple[FieldInfo, ...]:
        """What names a sealed file beside the record."""
        return tuple(info for info in self.fields.values() if info.blob)

    @cached_property
    def csv(self) -> tuple[str, ...]:
        """The columns of a table export."""
        return ("id", "site", "created_at", *(name for name, info in self.fields.items() if not info.blob))


def record(
    name: str,
    *,
    de: str,
    en: str,
    icon: str,
    stream: StreamRule,
    writers: Writers,
    dated: str = "created_at",
    titled: tuple[str, ...] = (),
    general: bool = False,
    trace: bool = False,
) -> Callable[[_Class], _Class]:
    """Registers a record class under the name that operations, streams, tests and the manual use.

    ``dated`` and ``titled`` name fields: see :class:`Kind`.
    """

    def register(cls: _Class) -> _Class:
        every = common()
        fields = {field: info for field, info in cls.__shown__.items() if field not in every}
        if name in _kinds or name != cls.__tablename__:
            raise TypeError(f"{name} must be the one class of that name, in words joined by _")
        if not {dated, *titled} <= cls.__shown__.keys():
            raise TypeError(f"{name} has no such field: {dated}, {', '.join(titled)}")
        _kinds[name] = Kind(name, cls, de, en, icon, fields, stream, writers, dated, titled, general, trace)
        return cls

    return register


def common() -> Mapping[str, FieldInfo]:
    """The fields every record has."""
    from goes_mobile.records.base import Record  # which itself registers nothing, but needs the decorator from here

    return Record.__shown__


def kinds() -> list[Kind]:
    """All kinds, by name."""
    _discover()
    return [_kinds[name] for name in sorted(_kinds)]


def known(name: str) -> bool:
    """Whether this version knows the kind; operations on others are kept and passed on."""
    _discover()
    return name in _kinds


def kind(name: str) -> Kind:
    """The kind of that name, or a refusal."""
    found = _kinds.get(name)
    if found is None:
        _discover()
        found = _kinds.get(name)
    if found is None:
        raise FieldRefused("kind", "unknown_kind", known=", ".join(sorted(_kinds)))
    return found


def goes_along(name: str) -> bool:
    """Whether it is delivered without being counted as somebody's work: traces, and what devices call themselves."""
    return is_trace(name) or name == "device"


def is_trace(name: str) -> bool:
    """Whether records of this kind are noted by the program itself; one that this version does not know is not."""
    found = _kinds.get(name)
    return found.trace if found is not None else known(name) and _kinds[name].trace


def field(kind_name: str, name: str) -> FieldInfo:
    """The description of one field, also of those every record has."""
    info = kind(kind_name).all_fields.get(name)
    if info is None:
        raise FieldRefused(name, "unknown_field", kind=kind_name)
    return info


def can_conflict(kind_name: str, path: str) -> bool:
    """Whether two candidates of a path are a question to people: elements of sets, counts and traces never are."""
    if is_trace(kind_name):
        return False
    name, *rest = path.split("/")
    info = kind(kind_name).all_fields.get(name) if known(kind_name) else None
    if info is not None and info.part and len(rest) > 1:
        info = info.part.get(rest[1])
    return info is None or info.shape not in ("set", "tally", "count")


def stream(kind_name: str, values: Mapping[str, Any]) -> StreamRef:
    """Where a record with these values (``id``, ``site`` and its fields) lives."""
    return kind(kind_name).stream(values)


@cache
def _discover() -> None:
    """Imports every module of this package; works the same in a wheel, a zip and a packaged app."""
    package = importlib.import_module("goes_mobile.records")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
