"""One entry of the general kinds: its page, and the form it is written with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from goes_mobile.protocol.ids import new_id
from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, entries
from goes_mobile.services.desk import Named, Versions
from goes_mobile.services.entries import EntryView
from goes_mobile.state.app import App
from goes_mobile.state.kept import Kept


@ft.observable
@dataclass
class EntryPage:
    """One entry. `missing`: not on this device."""

    app: App
    kind: str
    record: str
    view: EntryView | None = None
    missing: bool = False

    async def reload(self) -> None:
        try:
            self.view = await self.app.ask(entries.detail, self.kind, self.record)
            self.missing = False
        except InputRefused:
            self.missing = True
            return
        if self.view.person is not None:
            self.app.note(accesses.opened(self.kind), self.kind, self.record)

    async def delete(self) -> None:
        await self.app.do(entries.delete, self.kind, self.record)

    async def restore(self) -> None:
        await self.app.do(entries.restore, self.kind, self.record)


@ft.observable
@dataclass
class EntryWriting:
    """A new entry, or a changed one. What is typed is a sealed draft until it is saved."""

    app: App
    kind: str
    person: str = ""
    record: str = ""
    """Empty for a new one."""
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    refs: dict[str, list[Named]] = field(default_factory=dict)
    about: Named | None = None
    kept: bool = False
    loaded: bool = False
    missing: bool = False
    _before: dict[str, Any] = field(default_factory=dict)
    _base: Versions | None = None

    def __post_init__(self) -> None:
        self._draft = Kept(self.app, f"{self.kind}:{self.record or self.person or 'new'}", self._was_kept)

    def _was_kept(self) -> None:
        self.kept = True

    async def reload(self) -> None:
        """Once: what arrives from others while the form is open must not change it under the fingers."""
        if self.loaded:
            return
        try:
            if self.record:
                form = await self.app.ask(entries.change_form, self.kind, self.record)
            else:
                form = await self.app.ask(entries.new_form, self.kind, self.person or None)
        except InputRefused:
            self.missing = True
            return
        typed = await self._draft.load()
        self._before, self._base = form.values, form.base
        self.values, self.refs, self.about = {**form.values, **typed}, form.refs, form.person
        self.kept, self.loaded = bool(typed), True

    def new_id(self) -> str:
        """For a new part."""
        return new_id(self.app.profile.clock())

    async def set(self, name: str, value: Any) -> None:
        self.values = {**self.values, name: value}
        self.errors = {k: v for k, v in self.errors.items() if k != name}
        self._draft.later(self._changed())

    def _changed(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if value != self._before.get(name)}

    async def drop(self) -> None:
        await self._draft.drop()

    async def save(self) -> str:
        """The entry's id; empty if something is missing, which `errors` then says."""
        try:
            if self.record:
                await self.app.do(entries.change, self.kind, self.record, self._changed(), self._base)
                saved = self.record
            else:
                changes = await self.app.do(entries.create, self.kind, self.person or None, self.values)
                saved = changes[0].id
        except InputRefused as refused:
            self.facts = refused.facts
            self.errors = {str(refused.facts.get("field", "")).partition("/")[0] or "": refused.code}
            return ""
        await self._draft.drop()
        return saved
