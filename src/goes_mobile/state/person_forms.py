"""The forms around a young person: new, change, consent. What is typed is a sealed draft until it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import flet as ft

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import accesses, consents, people, person_file
from goes_mobile.services.consent_texts import Recipient
from goes_mobile.services.consents import SIGNED_HERE, ConsentForm
from goes_mobile.services.desk import Desk, Versions
from goes_mobile.services.people import PersonForm, Similar
from goes_mobile.services.person_file import PersonView
from goes_mobile.state.app import App
from goes_mobile.state.consent_talk import ConsentTalk
from goes_mobile.state.kept import Kept

OPEN = ("alias", "birth_year", "gender", "municipality", "languages")
"""What a file may hold without any consent."""
NEW = "person:new"


def closed_without_consent() -> list[str]:
    """The fields that wait for a consent."""
    return consents.closed_fields(frozenset())


@ft.observable
@dataclass
class NewPerson:
    """A new file: an alias is enough. While typing it is asked whether this is somebody known."""

    app: App
    values: dict[str, Any] = field(default_factory=dict)
    similar: Similar | None = None
    errors: dict[str, str] = field(default_factory=dict)
    kept: bool = False
    loaded: bool = False
    _others: set[str] = field(default_factory=set)
    _turn: int = 0

    def __post_init__(self) -> None:
        self._draft = Kept(self.app, NEW, self._was_kept)

    def _was_kept(self) -> None:
        self.kept = True

    async def reload(self) -> None:
        if not self.loaded:
            self.values = await self._draft.load()
            self.loaded = True
            self.kept = bool(self.values)

    async def set(self, name: str, value: Any) -> None:
        self.values = {**self.values, name: value}
        self.errors = {k: v for k, v in self.errors.items() if k != name}
        self._draft.later(self.values)
        if name in ("alias", "birth_year"):
            await self._look()

    async def _look(self) -> None:
        """Asked about, never decided: the most likely one that was not answered with "somebody else"."""
        self._turn = turn = self._turn + 1
        alias = str(self.values.get("alias") or "")
        found = []
        if len(alias.strip()) > 1:
            found = await self.app.ask(people.similar, alias, birth_year=self.values.get("birth_year"))
        if turn == self._turn:
            self.similar = next((s for s in found if s.line.id not in self._others), None)

    async def another(self) -> None:
        """Not the same person."""
        if self.similar is not None:
            self._others.add(self.similar.line.id)
        await self._look()

    async def drop(self) -> None:
        await self._draft.drop()

    async def save(self) -> str:
        """The new file's id; empty if something is missing, which `errors` then says."""
        form = PersonForm(**{name: self.values[name] for name in OPEN if self.values.get(name) is not None})
        try:
            saved = await self.app.do(people.create, form)
        except InputRefused as refused:
            self.errors = {str(refused.facts.get("field", "alias")): refused.code}
            return ""
        await self._draft.drop()
        return saved[0].id


@ft.observable
@dataclass
class ChangePerson:
    """Changing a file. `view` is what was there when the form was opened; only what differs is saved."""

    app: App
    person: str
    view: PersonView | None = None
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    kept: bool = False
    _base: Versions = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._draft = Kept(self.app, f"person:{self.person}", self._was_kept)

    def _was_kept(self) -> None:
        self.kept = True

    async def reload(self) -> None:
        """Once: what arrives from others while the form is open must not change it under the fingers."""
        if self.view is None:
            view, self._base = await self.app.ask(_open, self.person)
            self.app.note(accesses.OPENED, "young_person", self.person)
            typed = await self._draft.load()
            self.values = {**_values(view), **typed}
            self.kept = bool(typed)
            self.view = view

    @property
    def granted(self) -> set[str]:
        """The categories of data that may be noted."""
        closed = self.view.closed if self.view else []
        return {c for f in closed_without_consent() if f not in closed and (c := consents.needs(f))}

    async def set(self, name: str, value: Any) -> None:
        self.values = {**self.values, name: value}
        self.errors = {k: v for k, v in self.errors.items() if k != name}
        self._draft.later(self._changed())

    def _changed(self) -> dict[str, Any]:
        if self.view is None:
            return {}
        before = _values(self.view)
        return {name: value for name, value in self.values.items() if value != before.get(name)}

    async def drop(self) -> None:
        await self._draft.drop()

    async def save(self) -> bool:
        try:
            await self.app.do(people.change, self.person, self._changed(), self._base)
        except InputRefused as refused:
            self.errors = {str(refused.facts.get("field", "alias")): refused.code}
            return False
        await self._draft.drop()
        return True


def _open(desk: Desk, person: str) -> tuple[PersonView, Versions]:
    return person_file.detail(desk, person), desk.archive.versions("young_person", person)


def _values(view: PersonView) -> dict[str, Any]:
    """The form's values: names of the record's fields."""
    return {
        "alias": view.alias, "given_name": view.given_name, "family_name": view.family_name,
        "birth_year": view.birth_year, "birth_date": view.birth_date, "gender": view.gender,
        "municipality": view.municipality, "languages": list(view.languages), "phone": view.phone,
        "messenger": view.messenger, "mail": view.mail, "safe_contact_note": view.safe_contact,
        "residence_status": view.residence_status,
    }  # fmt: skip


@ft.observable
@dataclass
class NewConsent:
    """A consent that a young person gave: for what, which data, until when."""

    app: App
    person: str
    alias: str = ""
    guardian_under: int = 0
    """The county's age below which a guardian consents too; 0 if that person is older."""
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    kept: bool = False
    loaded: bool = False
    known: list[Recipient] = field(default_factory=list)
    """People of the partners, to choose from."""

    def __post_init__(self) -> None:
        self._draft = Kept(self.app, f"consent:{self.person}", self._was_kept)

    def _was_kept(self) -> None:
        self.kept = True

    async def reload(self) -> None:
        if self.loaded:
            return
        self.alias, self.guardian_under, today = await self.app.ask(_who, self.person)
        self.known = await self.app.ask(consents.known_recipients)
        form = ConsentForm()
        first = {
            "purpose": form.purpose, "categories": form.categories, "recipients": [], "given_on": today,
            "form": SIGNED_HERE,
        }  # fmt: skip
        typed = await self._draft.load()
        self.values = {**first, **typed}
        self.kept = bool(typed)
        self.loaded = True

    async def set(self, name: str, value: Any) -> None:
        self.values = {**self.values, name: value}
        self.errors = {k: v for k, v in self.errors.items() if k != name}
        self._draft.later(self.values)

    async def drop(self) -> None:
        await self._draft.drop()

    async def save(self) -> bool:
        try:
            await self.app.do(consents.give, self.person, ConsentForm(**dict(self.values)))
        except InputRefused as refused:
            self._refused(refused)
            return False
        await self._draft.drop()
        return True

    async def talk(self) -> ConsentTalk | None:
        """What is turned to the young person to sign; nothing if something is missing. What was filled in stays a
        draft until they have said yes."""
        form = ConsentForm(**dict(self.values))
        try:
            asked = await self.app.ask(consents.terms, self.person, form)
        except InputRefused as refused:
            self._refused(refused)
            return None
        return ConsentTalk(self.app, self.person, form, asked, self._draft.drop)

    def _refused(self, refused: InputRefused) -> None:
        self.facts = refused.facts
        self.errors = {str(refused.facts.get("field", "purpose")): refused.code}


def _who(desk: Desk, person: str) -> tuple[str, int, date]:
    line = people.line(desk, person)
    if line is None:
        raise InputRefused("unknown_record", field="person")
    young = line.age is not None and line.age < desk.preset.guardian_under
    return line.alias, desk.preset.guardian_under if young else 0, desk.today
