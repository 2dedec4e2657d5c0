"""Reviews: a supervisor's verdict on the version that was on the screen, the author's answer, and back again.

Nobody reviews their own records. A verdict names the digest of the versions it saw: when the record changes, it no
longer holds and the record is in the queue again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, text
from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import registry
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.review import Review
from goes_mobile.records.review_answer import ReviewAnswer
from goes_mobile.services import names
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named
from goes_mobile.store.change import Change

State = Literal["open", "approved", "question", "answered", "returned", "changed"]
Verdict = Literal["approved", "question", "returned"]
TO_DO: frozenset[State] = frozenset({"open", "answered", "changed"})
LOOK_BACK = timedelta(days=400)
DONE_SHOWN = 50
SHOWN = 200
READY = ("who_accompanies", "check_number", "name_in_note", "first_contact", "next_step")
"""Ready-made questions; the screens say them under ``review.ready.<code>``."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A record waiting for a supervisor, or for its author."""

    kind: str
    id: str
    at: datetime
    where: str = field(repr=False)
    setting: str | None
    author: Named | None
    state: State
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """``open``: the supervisor's turn · ``waiting``: the author's turn · ``done``: approved, newest first."""

    open: list[QueueLine]
    waiting: list[QueueLine]
    done: list[QueueLine]
    open_total: int = 0
    waiting_total: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict or answer of the talk about a record, oldest first."""

    id: str
    at: datetime | None
    who: Named | None
    verdict: str | None
    text: str = field(repr=False)
    mine: bool


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """What a supervisor asked me about one of my records."""

    review: str
    kind: str
    record: str
    where: str = field(repr=False)
    at: datetime
    asker: Named | None
    comment: str = field(repr=False)
    asked_at: datetime | None
    verdict: str


def state(desk: Desk, kind: str, record: str) -> State:
    """Where the review of one record stands."""
    return states(desk, kind, [record])[record]


def states(desk: Desk, kind: str, records: Sequence[str]) -> dict[str, State]:
    latest = _latest(desk, records)
    answered = _answered(desk, [review.id for review in latest.values()])
    versions = _versions(desk, kind, list(latest))
    return {record: _state(latest.get(record), versions.get(record, ""), answered) for record in records}


def _state(review: Review | None, version: str, answered: Container[str]) -> State:
    if review is None:
        return "open"
    return _standing(review.verdict, bool(review.seen) and review.seen != version, review.id in answered)


def _standing(verdict: str, changed: bool, answered: bool) -> State:
    if answered:
        return "answered"
    if changed:
        return "changed"
    return {"approved": "approved", "question": "question"}.get(verdict, "returned")  # type: ignore[return-value]


def seen(desk: Desk, kind: str, record: str) -> str:
    """The fingerprint of the version that is on the screen now."""
    return _versions(desk, kind, [record]).get(record, "")


def _versions(desk: Desk, kind: str, records: Sequence[str]) -> dict[str, str]:
    cls = registry.kind(kind).cls
    found: dict[str, str] = {}
    for start in range(0, len(records), 500):
        query = select(col(cls.id), col(cls.version)).where(col(cls.id).in_(records[start : start + 500]))
        found.update((record, version) for record, version in desk.read.exec(query))
    return found


def _latest(desk: Desk, records: Iterable[str]) -> dict[str, Review]:
    """The newest verdict on each record."""
    latest: dict[str, Review] = {}
    wanted = list(records)
    for start in range(0, len(wanted), 500):
        query = select(Review).where(
            col(Review.record).in_(wanted[start : start + 500]), col(Review.deleted).is_(False)
        )
        for review in desk.read.exec(query):
            known = latest.get(review.record)
            if known is None or _order(known) < _order(review):
                latest[review.record] = review
    return latest


def _order(review: Review) -> tuple[float, str]:
    return (review.created_at.timestamp() if review.created_at else 0.0, review.id)


def _answered(desk: Desk, reviews: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(reviews), 500):
        query = select(ReviewAnswer.review).where(
            col(ReviewAnswer.review).in_(reviews[start : start + 500]), col(ReviewAnswer.deleted).is_(False)
        )
        found.update(desk.read.exec(query))
    return found


def queue(desk: Desk) -> Queue:
    """What my sites' colleagues recorded: oldest first where I am to decide. Of many, the first are shown."""
    places: dict[str, list[_Turn]] = {"open": [], "waiting": [], "done": []}
    for turn in _turns(desk):
        places["open" if turn.state in TO_DO else "done" if turn.state == "approved" else "waiting"].append(turn)
    done = sorted(places["done"], key=lambda turn: turn.said_at or "", reverse=True)[:DONE_SHOWN]
    urgent = sorted(places["open"], key=lambda turn: turn.state != "answered")  # somebody waits for an answer
    return Queue(
        _lines(desk, urgent[:SHOWN]), _lines(desk, places["waiting"][:SHOWN]), _lines(desk, done),
        len(places["open"]), len(places["waiting"]),
    )  # fmt: skip


def open_count(desk: Desk) -> int:
    """For the badge."""
    return sum(turn.state in TO_DO for turn in _turns(desk))


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose turn it is with one encounter."""

    id: str
    state: State
    said_at: str | None


_TURNS = """
SELECT e.id, r.verdict, r.seen <> '' AND r.seen <> e.version, a.review IS NOT NULL, r.created_at
FROM encounter e
LEFT JOIN (SELECT record, id, verdict, seen, created_at, row_number() OVER (
    PARTITION BY record ORDER BY created_at DESC, id DESC) AS turn FROM review WHERE deleted = 0) r
  ON r.record = e.id AND r.turn = 1
LEFT JOIN (SELECT DISTINCT review FROM review_answer WHERE deleted = 0) a ON a.review = r.id
WHERE e.deleted = 0 AND e.draft = 0 AND e.created_by <> :me AND e.at >= :since AND e.site IN :sites ORDER BY e.at
"""


def _turns(desk: Desk) -> list[_Turn]:
    """One pass of plain SQL over a year of encounters; objects are made for what is shown alone."""
    if not desk.me.supervises:
        return []
    since = (desk.now - LOOK_BACK).isoformat()
    query = text(_TURNS).bindparams(bindparam("sites", expanding=True))
    found = desk.read.connection().execute(query, {"me": desk.me.member, "since": since, "sites": list(desk.me.sites)})
    return [
        _Turn(record, "open" if verdict is None else _standing(verdict, bool(changed), bool(answered)), said_at)
        for record, verdict, changed, answered, said_at in found
    ]


def _lines(desk: Desk, turns: Sequence[_Turn]) -> list[QueueLine]:
    found: dict[str, Encounter] = {}
    for start in range(0, len(turns), 500):
        part = [turn.id for turn in turns[start : start + 500]]
        found.update((e.id, e) for e in desk.read.exec(select(Encounter).where(col(Encounter.id).in_(part))))
    return [_queue_line(desk, found[turn.id], turn) for turn in turns]


def _queue_line(desk: Desk, encounter: Encounter, turn: _Turn) -> QueueLine:
    return QueueLine(
        "encounter", encounter.id, encounter.at, names.where(desk, encounter), encounter.setting,
        named(desk, "member", encounter.created_by), turn.state,
        datetime.fromisoformat(turn.said_at) if turn.said_at else None,
    )  # fmt: skip


def talk(desk: Desk, record: str) -> list[Said]:
    """All verdicts and answers on a record, oldest first."""
    reviews = list(desk.read.exec(select(Review).where(Review.record == record, col(Review.deleted).is_(False))))
    ids = [review.id for review in reviews]
    answers = desk.read.exec(
        select(ReviewAnswer).where(col(ReviewAnswer.review).in_(ids), col(ReviewAnswer.deleted).is_(False))
    )
    said = [
        Said(r.id, r.created_at, named(desk, "member", r.created_by), r.verdict, r.comment, _mine(desk, r.created_by))
        for r in reviews
    ]
    said += [
        Said(a.id, a.created_at, named(desk, "member", a.created_by), None, a.text, _mine(desk, a.created_by))
        for a in answers
    ]
    return sorted(said, key=lambda s: (s.at or desk.now, s.id))


def _mine(desk: Desk, member: str) -> bool:
    return member == desk.me.member


def verdict(
    desk: Desk, record: str, given: Verdict, comment: str = "", on: str | None = None, kind: str = "encounter"
) -> list[Change]:
    """The verdict on what was on the screen. ``on``: the digest shown there; another one means it changed meanwhile."""
    cls = registry.kind(kind).cls
    found = desk.read.get(cls, record)
    if found is None or found.deleted:
        raise InputRefused("unknown_record", field="record")
    if not desk.me.supervises:
        raise InputRefused("role_may_not_write", kind="review")
    if found.created_by == desk.me.member:
        raise InputRefused("own_record", field="record")
    if found.site not in desk.me.sites:
        raise InputRefused("not_your_site", field="record")
    if given not in ("approved", "question", "returned"):
        raise InputRefused("unknown_verdict", field="verdict")
    if given != "approved" and not comment.strip():
        raise InputRefused("required", field="comment")
    now = seen(desk, kind, record)
    if on is not None and on != now:
        raise InputRefused("changed_meanwhile", field="record")
    values = {"record_kind": kind, "record": record, "verdict": given, "seen": now, "site": found.site}
    if comment.strip():
        values["comment"] = comment
    if found.subject:
        values["person"] = found.subject
    return [Change("review", desk.new_id(), values)]


def take_back(desk: Desk, review: str) -> list[Change]:
    """„Rückgängig“ right after a verdict."""
    found = desk.read.get(Review, review)
    if found is None or found.created_by != desk.me.member:
        raise InputRefused("unknown_record", field="review")
    return [Change("review", review, delete=True)]


def my_questions(desk: Desk) -> list[QuestionLine]:
    """Questions and returns on my records that I have not answered, oldest first."""
    query = (
        select(Review, Encounter)
        .join(Encounter, col(Encounter.id) == col(Review.record))
        .where(
            col(Encounter.created_by) == desk.me.member, col(Encounter.deleted).is_(False),
            col(Review.deleted).is_(False), col(Review.verdict) != "approved",
        )
        .order_by(col(Review.created_at))
    )  # fmt: skip
    found = list(desk.read.exec(query))
    latest = _latest(desk, {encounter.id for _, encounter in found})
    answered = _answered(desk, [review.id for review, _ in found])
    lines = []
    for review, encounter in found:
        if latest[encounter.id].id != review.id:
            continue
        if _state(review, encounter.version, answered) not in ("question", "returned"):
            continue
        lines.append(QuestionLine(
            review.id, "encounter", encounter.id, names.where(desk, encounter), encounter.at,
            named(desk, "member", review.created_by), review.comment, review.created_at, review.verdict,
        ))  # fmt: skip
    return lines


def answer(desk: Desk, review: str, reply: str) -> list[Change]:
    """The author's reply; the record is in the supervisor's queue again."""
    found = desk.read.get(Review, review)
    if found is None:
        raise InputRefused("unknown_record", field="review")
    record = desk.read.get(registry.kind(found.record_kind).cls, found.record)
    if record is not None and record.created_by != desk.me.member:
        raise InputRefused("not_your_record", field="review")
    if not reply.strip():
        raise InputRefused("required", field="text")
    values = {"review": review, "text": reply, "site": found.site}
    if found.person:
        values["person"] = found.person
    return [Change("review_answer", desk.new_id(), values)]


def kind_of(desk: Desk, record: str) -> str:
    """The kind of a record that may be reviewed, by its id."""
    for kind in ("encounter", "participation", "outing", "task", "young_person", "consent"):
        if desk.read.get(registry.kind(kind).cls, record) is not None:
            return kind
    raise InputRefused("unknown_record", field="record")
