"""The base of all records: a class is table, validation, form, list, export and documentation at once."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, dataclass_transform

from sqlalchemy import MetaData
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm import registry as sqlalchemy_registry
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig
from sqlmodel.main import SQLModelMetaclass

from goes_mobile.records import registry
from goes_mobile.records.columns import column_type
from goes_mobile.records.fields import (
    EVERY_PURPOSE,
    HELP,
    Code,
    Count,
    FieldInfo,
    Parts,
    Ref,
    Shown,
    Tally,
    annotations_of,
    field_info,
    shown,
)

__all__ = [
    "EVERY_PURPOSE", "HELP", "TABLES", "Code", "Count", "Part", "Parts", "Record", "Ref", "Tally", "record", "shown",
]  # fmt: skip

record = registry.record
_EMPTY = {"set": list, "parts": dict, "tally": dict}


@dataclass_transform(kw_only_default=True, field_specifiers=(Field, shown))
class RecordMeta(SQLModelMetaclass):
    """Turns every ``shown(...)`` line into a column and keeps what it said under ``__shown__``."""

    def __new__(cls, name: str, bases: tuple[type[Any], ...], namespace: dict[str, Any], **kwargs: Any) -> Any:
        annotations = annotations_of(namespace)
        fields: dict[str, FieldInfo] = {}
        for base in reversed(bases):
            fields.update(getattr(base, "__shown__", {}))
        for field, spec in list(namespace.items()):
            if isinstance(spec, Shown):
                info = fields[field] = field_info(field, spec, annotations[field])
                namespace[field] = _column(info)
        return super().__new__(cls, name, bases, {**namespace, "__shown__": fields}, **kwargs)


def _column(info: FieldInfo) -> Any:
    more: dict[str, Any] = {"sa_type": column_type(info.shape, info.type, info.part_class), "index": info.index}
    if info.shape in _EMPTY:
        return Field(default_factory=_EMPTY[info.shape], **more)
    return Field(**more) if info.required else Field(default=info.default, **more)


class Part(SQLModel, metaclass=RecordMeta):
    """A small record inside a record: a stop of an outing, a step of a goal."""

    __shown__: ClassVar[dict[str, FieldInfo]]

    def __repr__(self) -> str:
        return f"{type(self).__name__}(•••)"

    __str__ = __repr__


class Record(SQLModel, metaclass=RecordMeta, registry=sqlalchemy_registry()):
    """What every record has. The projection fills what cannot be set."""

    # Errors of a validation must not carry what somebody wrote.
    model_config = SQLModelConfig(hide_input_in_errors=True)
    __shown__: ClassVar[dict[str, FieldInfo]]

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  (SQLAlchemy passes the class)
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    id: str = Field(primary_key=True)
    site: Ref = shown("Einrichtung", "site", ref="site", default="", in_form=False, counted=True)
    created_at: datetime | None = shown("Erfasst am", "recorded at", in_form=False, settable=False)
    created_by: Ref = shown("Erfasst von", "recorded by", ref="member", default="", in_form=False, settable=False)
    changed_at: datetime | None = shown("Geändert am", "changed at", in_form=False, settable=False)
    changed_by: Ref = shown("Geändert von", "changed by", ref="member", default="", in_form=False, settable=False)
    deleted: bool = shown("Gelöscht", "deleted", default=False, in_form=False)
    conflicts: str = shown("Zwei Fassungen", "two versions", default="", in_form=False, settable=False)
    """JSON list of the paths that have several candidates; empty if none."""
    subject: Ref | None = shown("Akte", "file", ref="young_person", index=True, in_form=False, settable=False)
    """The young person whose file this belongs to, by the kind's stream rule."""
    version: str = shown("Fassung", "version", default="", in_form=False, settable=False)
    """Fingerprint of the operations it is made of: a review names the version it saw."""
    extra: dict[str, Any] = Field(default_factory=dict, sa_type=column_type("extra", dict, None))
    """Paths this version does not know, kept as they came."""

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> None:
        """Refuses what no single field can tell; ``values`` are all columns as they will be."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.__dict__.get('id')!r})"

    __str__ = __repr__


TABLES: MetaData = Record.metadata
"""The projection's tables, apart from those of a server in the same process."""
