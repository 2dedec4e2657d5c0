"""*Erfassen*: what is typed is a sealed draft within a second, and one tap makes it a record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, get_args

import flet as ft

from goes_mobile.records.hints import Hint
from goes_mobile.records.stop import Stop
from goes_mobile.services import capture, encounters, outing, tasks
from goes_mobile.services.capture import CaptureDraft, Choices, DraftPerson
from goes_mobile.services.desk import BERLIN, Desk, Named
from goes_mobile.state.app import App
from goes_mobile.store.change import Change

PAUSE_S = 0.4
"""From the first unsaved key stroke until the draft is sealed."""
DRAFTS = "draft"
"""What those follow who show drafts."""

Source = Literal["new", "draft", "record", "person"]
Part = Literal["place", "who", "topics", "actions", "mood", "step", "more"]
_HINTED: tuple[Part, ...] = ("place", "who", "step")


@ft.observable
@dataclass
class Keeping:
    """Whether the last change is safe; an observable of its own, so that typing redraws a tick and nothing else."""

    state: Literal["", "kept", "saved"] = ""
    """``saved``: the one before is a record, and nothing has been changed in this one."""


@dataclass(frozen=True, slots=True)
class _Start:
    draft: CaptureDraft
    choices: Choices
    where: str
    hints: list[Hint]
    tour: list[Named]
    """The stops of the running outing, first in the list of places."""


@ft.observable
@dataclass
class Mark:
    """A part of the screen, drawn again when its number changes: one tap redraws one part."""

    number: int = 0

    def touch(self) -> None:
        self.number += 1


@ft.observable
@dataclass
class Capture:
    """One encounter on its way. ``source`` and ``about``: a new one, a draft, a record to correct, with a person."""

    app: App
    source: Source = "new"
    about: str = ""
    group: bool = False
    draft: CaptureDraft | None = None
    gone: bool = False
    """What should be opened is not there any more."""
    keeping: Keeping = field(default_factory=Keeping)
    _marks: dict[Part, Mark] = field(default_factory=lambda: {part: Mark() for part in get_args(Part)})
    _start: _Start | None = field(default=None, repr=False)
    _where: str = field(default="", repr=False)
    _hints: list[Hint] = field(default_factory=list)
    _said_where: str = field(default="", repr=False)
    _before: CaptureDraft | None = field(default=None, repr=False)
    _busy: bool = False
    _changed: bool = False
    _told: bool = False
    _keeper: asyncio.Task[None] | None = None

    async def reload(self) -> None:
        """Once: nothing that arrives from elsewhere may move under the hand that types."""
        if self.draft is None:
            self.app.before_lock.append(self.keep)
            await self._begin(self._first)

    async def leave(self) -> None:
        """The screen is gone. Locked over, the draft waits for whoever unlocks."""
        if self.keep in self.app.before_lock:
            self.app.before_lock.remove(self.keep)
        if self.app.status.phase == "open" and self.draft is not None:
            await self.keep()
            if self.app.left_open == self.draft.id:
                self.app.left_open = ""
            self._tell()

    def _tell(self) -> None:
        """Those who show drafts look again, once."""
        if not self._told:
            self._told = True
            self.app.tell(DRAFTS)

    async def _begin(self, make: Callable[[Desk], CaptureDraft | None]) -> None:
        found = await self.app.ask(_begun, make)
        if found is None:
            self.gone = True
            return
        draft = found.draft
        if self.group and self.source == "new":
            draft.setting = "group"
        self._start, self._where, self._hints = found, found.where, found.hints
        self._told = False
        self.keeping.state = "kept" if draft.changed_at else ""
        if draft.changed_at:
            self.app.left_open = draft.id
        self.draft = draft

    def _first(self, desk: Desk) -> CaptureDraft | None:
        left = self.app.left_open
        match self.source:
            case "draft":
                return capture.load_draft(desk, self.about)
            case "record":
                return capture.load_draft(desk, self.about) or capture.correction(desk, self.about)
            case "person":
                return capture.new_draft(desk, self.about)
            case _:
                # The screen locked over it: it goes on where it stopped.
                return (capture.load_draft(desk, left) if left else None) or capture.new_draft(desk)

    def mark(self, part: Part) -> Mark:
        return self._marks[part]

    @property
    def choices(self) -> Choices:
        return self._known.choices

    @property
    def tour(self) -> list[Named]:
        return self._known.tour

    @property
    def where(self) -> str:
        return self._where

    @property
    def saved_where(self) -> str:
        """Where the last saved one was, to say so."""
        return self._said_where

    @property
    def before(self) -> CaptureDraft | None:
        """What was saved with „Nächste“ a moment ago, to have it back."""
        return self._before

    @property
    def hints(self) -> list[Hint]:
        return self._hints

    @property
    def _known(self) -> _Start:
        if self._start is None:
            raise RuntimeError("the draft is not there yet")
        return self._start

    @property
    def at_hand(self) -> CaptureDraft:
        if self.draft is None:
            raise RuntimeError("the draft is not there yet")
        return self.draft

    # -- what is typed and tapped ------------------------------------------------------------------------------

    def write(self, **values: Any) -> None:
        """Text: kept, not drawn again; the field shows it already."""
        for name, value in values.items():
            setattr(self.at_hand, name, value)
        self._touch()

    def put(self, part: Part, **values: Any) -> None:
        """A choice: kept, and its part drawn."""
        self.write(**values)
        self.mark(part).touch()

    def toggle(self, name: Literal["topics", "actions"], code: str, on: bool) -> None:
        chosen: list[str] = getattr(self.at_hand, name)
        self.put(name, **{name: [*chosen, code] if on else [c for c in chosen if c != code]})

    async def like_last(self) -> bool:
        """*Wie beim letzten Mal*; whether there was one."""
        told = await self.app.ask(capture.like_last, self.at_hand)
        self.write(**told)
        for part in ("topics", "actions", "more"):
            self.mark(part).touch()
        return bool(told)

    def again(self, part: Part, name: str, value: Any) -> None:
        """One of several; a second tap takes it back."""
        self.put(part, **{name: None if getattr(self.at_hand, name) == value else value})

    def set_group(self, group: bool) -> None:
        draft = self.at_hand
        if group == (draft.setting != "single"):
            return
        if not group and len(draft.people) > 1:
            draft.people = draft.people[:1]
        self.put("who", setting="group" if group else "single")
        self.mark("place").touch()

    def count(self, age: str, gender: str, by: int) -> None:
        capture.tap(self.at_hand, age, gender, by)
        self.put("who")

    def undo_count(self) -> None:
        capture.undo_tap(self.at_hand)
        self.put("who")

    def add(self, person: DraftPerson) -> None:
        """A second one makes it a group."""
        capture.add_person(self.at_hand, person)
        self.put("who")
        self.mark("place").touch()

    def remove(self, person: str) -> None:
        capture.remove_person(self.at_hand, person)
        self.put("who")

    async def choose_known(self, person: str) -> None:
        self.add(await self.app.ask(capture.known_person, person))

    async def at_stop(self, stop: str) -> None:
        """A stop, with its municipality."""
        town = await self.app.ask(_municipality, stop)
        await self._move_to(place="stop", stop=stop, place_note="", municipality=town or self.at_hand.municipality)

    async def at_place(self, place: str) -> None:
        await self._move_to(place=place, stop=None)

    async def say_place(self, note: str) -> None:
        await self._move_to(place_note=note)

    async def in_municipality(self, name: str) -> None:
        await self._move_to(municipality=name)

    async def _move_to(self, **values: Any) -> None:
        self.write(**values)
        self._where = await self.app.ask(capture.where, self.at_hand)
        self.mark("place").touch()

    def move(self, day: date | None = None, clock: time | None = None) -> None:
        """Another day or time, as the clock on the wall says it."""
        local = self.at_hand.at.astimezone(BERLIN)
        moved = datetime.combine(day or local.date(), clock or local.time(), BERLIN)
        self.put("place", at=moved.astimezone(UTC))

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.app.profile.clock() / 1000, BERLIN).date()

    def ahead(self, days: int) -> date:
        return self.today + timedelta(days=days)

    # -- chips -------------------------------------------------------------------------------------------------

    def offered(self, name: Literal["topics", "actions"], most: int) -> list[str]:
        """One's own most used, and whatever else is chosen: a chip never jumps under the thumb."""
        listed: list[str] = list(getattr(self.choices, name))
        first = listed[:most]
        return [*first, *(code for code in getattr(self.at_hand, name) if code not in first)]

    # -- keeping -----------------------------------------------------------------------------------------------

    def _touch(self) -> None:
        self._changed = True
        self.keeping.state = ""
        self.app.left_open = self.at_hand.id
        if self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._keep_soon())

    async def _keep_soon(self) -> None:
        await asyncio.sleep(PAUSE_S)
        self._keeper = None
        if self._changed and self.app.status.phase == "open":
            await self.keep()

    async def keep(self) -> None:
        """What is on the screen, sealed. An untouched form leaves nothing behind."""
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None
        if not self._changed or self.draft is None:
            return
        self._changed = self._told = False
        # A copy: the lane must not read what the hand is changing. Not through the app's own door, which closes
        # before the keys go.
        hints = await self.app.profile.ask(_keep, replace(self.at_hand))
        if not self._changed:
            self.keeping.state = "kept"
        if hints != self._hints:
            self._hints = hints
            for part in _HINTED:
                self.mark(part).touch()

    async def close(self) -> None:
        """The cross: the draft stays."""
        await self.keep()
        self.app.left_open = ""
        self._tell()

    async def discard(self) -> CaptureDraft:
        """The draft is thrown away; what it was, for „Rückgängig“."""
        await self._stop_keeping()
        draft = self.at_hand
        await self.app.ask(capture.drop_draft, draft.id)
        self.app.left_open = ""
        self._tell()
        return draft

    async def _stop_keeping(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None
        self._changed = False

    # -- saving ------------------------------------------------------------------------------------------------

    async def save(self) -> CaptureDraft | None:
        """Sealed, on disk, shown. What was saved, for „Rückgängig“; ``None`` while another save is on its way."""
        if self._busy:
            return None
        self._busy = True
        try:
            await self._stop_keeping()
            draft = self.at_hand
            await self.app.do_then(lambda desk: capture.after_save(desk, draft), capture.save, draft)
        except BaseException:
            self._changed = True
            await self.keep()
            raise
        finally:
            self._busy = False
        self.app.left_open = ""
        self._said_where, self._told = self._where, True
        return draft

    async def save_and_next(self) -> CaptureDraft | None:
        """The next one begins at the same place."""
        saved = await self.save()
        if saved is not None:
            self.group = saved.setting != "single"
            self.source = "new"
            await self._begin(capture.new_draft)
            self._before = saved
            self.keeping.state = "saved"
        return saved


async def restore(app: App, draft: CaptureDraft) -> None:
    """A thrown away draft is there again."""
    await app.ask(capture.keep_draft, draft)


async def take_back(app: App, saved: CaptureDraft) -> str:
    """What was just saved is a draft again; its id."""
    await app.do(_unsave, saved)
    return await app.ask(_draft_again, saved)


def _unsave(desk: Desk, saved: CaptureDraft) -> list[Change]:
    changes = encounters.delete(desk, saved.id)
    changes += [Change("participation", part.id, delete=True) for part in capture.participations(desk, saved.id)]
    for line in encounters.detail(desk, saved.id).tasks:
        changes += tasks.delete(desk, line.id)
    return changes


def _draft_again(desk: Desk, saved: CaptureDraft) -> str:
    """Under a new id: the old one is deleted for good. Files made with it exist, so they are chosen now."""
    people = [replace(person, new=False) for person in saved.people]
    again = replace(saved, id=desk.new_id(), task=desk.new_id(), people=people)
    capture.keep_draft(desk, again)
    return again.id


def _begun(desk: Desk, make: Callable[[Desk], CaptureDraft | None]) -> _Start | None:
    draft = make(desk)
    if draft is None:
        return None
    running = outing.running(desk)
    tour = [Named(v.stop, v.name) for v in running.visits if v.stop] if running else []
    return _Start(draft, capture.choices(desk), capture.where(desk, draft), capture.check(desk, draft), tour)


def _keep(desk: Desk, draft: CaptureDraft) -> list[Hint]:
    if draft.touched or draft.corrects:
        capture.keep_draft(desk, draft)
    else:
        capture.drop_draft(desk, draft.id)
    return capture.check(desk, draft)


def _municipality(desk: Desk, stop: str) -> str:
    found = desk.read.get(Stop, stop)
    return found.municipality if found else ""
