"""Eine Akte teilen oder übergeben: a young person's file offered to another site, its answer, and its end.

Who may read follows from the keys alone. What is written in the referral says why; where two people decided apart from
each other, the keys say what came of it, on every device the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from sqlmodel import col, or_, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import codes
from goes_mobile.records.referral import Referral
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import consents, organisation, people, sameness
from goes_mobile.services.consent_texts import Recipient
from goes_mobile.services.consents import ConsentForm
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import all_named, name_of, named
from goes_mobile.store.change import Change

State = Literal["offered", "shared", "handed_over", "declined", "ended"]
MODES = "referral_mode"
PURPOSE = "handover"
NEWS_DAYS = 14


@dataclass(frozen=True, slots=True)
class ReferralView:
    """An offer and what became of it. ``because``: why it was declined or ended."""

    id: str
    person: str
    alias: str = field(repr=False)
    giver: Named | None
    to: Named | None
    mode: str
    state: State
    reason: str = field(repr=False)
    because: str = field(repr=False)
    since: date
    by: Named | None
    offered_by: Named | None
    mine: bool
    """Our site made the offer."""
    to_answer: bool
    """It is ours to accept or to decline."""
    to_end: bool
    """Either side may take the file back, or give it back."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a file stands between the sites. ``closed``: we keep what we had, and can write nothing more. ``readers``: by
    site, who reads what comes."""

    current: ReferralView | None
    earlier: list[ReferralView]
    closed: bool
    may_offer: bool
    readers: list[tuple[Named, list[Named]]]


@dataclass(slots=True)
class OfferForm:
    """``agreed``: the young person has said so today; needed while no consent for a hand-over is valid."""

    to: str = ""
    mode: str = "shared"
    reason: str = field(default="", repr=False)
    handover: str | None = None
    agreed: bool = False
    guardian: str = field(default="", repr=False)


def of_person(desk: Desk, person: str) -> Sharing:
    views = _views(desk, person)
    closed = desk.archive.closed(person)
    current = views[0] if views and (closed or views[0].state in ("offered", "shared")) else None
    return Sharing(
        current, views[1:] if current else views, closed,
        may_offer=not closed and bool(_readers(desk, person) & set(desk.me.sites)) and bool(receivers(desk, person)),
        readers=_by_site(desk, person),
    )  # fmt: skip


def _by_site(desk: Desk, person: str) -> list[tuple[Named, list[Named]]]:
    found = [
        (Named(reader.site, name_of(desk, "site", reader.site)), all_named(desk, "member", reader.members))
        for reader in desk.archive.readers(person) if reader.group == "site"
    ]  # fmt: skip
    return sorted(found, key=lambda site: site[0].name.casefold())


def receivers(desk: Desk, person: str) -> list[Named]:
    """The sites a file can be offered to: where somebody works, and nobody reads it yet."""
    known = _readers(desk, person)
    staffed = {site.id for member in organisation.members(desk) for site in member.sites}
    return [Named(site.id, site.name) for site in organisation.sites(desk) if site.id in staffed - known]


def will_read(desk: Desk, site: str) -> list[Named]:
    """Whose devices read the file once it is offered to their site."""
    return [member for member in organisation.colleagues(desk, site) if member.id != desk.me.member]


def agreement(desk: Desk, person: str) -> bool:
    """Whether a consent for handing over is valid today."""
    return any(c.purpose == PURPOSE and c.holds(desk.today) for c in consents.of_person(desk, person))


def offer(desk: Desk, person: str, form: OfferForm) -> list[Change]:
    """Let another site read the file, and ask it to take part. Who has read something cannot unread it."""
    found = people.get(desk, person)
    sameness.refuse_merged(desk, person)
    site = _ours(desk, person, found)
    if form.to not in {receiver.id for receiver in receivers(desk, person)}:
        reading = form.to in _readers(desk, person)
        raise InputRefused("already_shared" if reading else "site_without_keys", field="to")
    if form.mode not in codes.codes(MODES):
        raise InputRefused("unknown_reason", field="mode", known=", ".join(codes.codes(MODES)))
    changes = _agreement(desk, person, form)
    values = {
        "person": person, "site": site, "to": form.to, "mode": form.mode, "reason": form.reason.strip(),
        "handover": form.handover, "sent_on": desk.today,
    }  # fmt: skip
    return [*changes, Change("referral", desk.new_id(), values, admits=form.to)]


def _agreement(desk: Desk, person: str, form: OfferForm) -> list[Change]:
    """What the young person has said, recorded as their consent."""
    if agreement(desk, person):
        return []
    if not form.agreed:
        raise InputRefused("needs_agreement", field="agreed")
    office = name_of(desk, "site", form.to)
    readers = [Recipient(name=reader.name, office=office) for reader in organisation.colleagues(desk, form.to)]
    everything = list(codes.codes("data_category"))
    given = ConsentForm(PURPOSE, everything, readers, form="spoken", guardian=form.guardian)
    return consents.give(desk, person, given)


def accept(desk: Desk, referral: str) -> list[Change]:
    """The other site takes part from now on; a file that is handed over is theirs alone."""
    found = _open(desk, referral, ("offered",))
    if found.to not in desk.me.sites:
        raise InputRefused("not_your_offer")
    accepted = {"accepted_on": desk.today}
    if found.mode != "handed_over":
        return [Change("referral", referral, accepted)]
    moved = Change("young_person", found.person, {"site": found.to})
    return [moved, Change("referral", referral, accepted, dismisses=found.site)]


def decline(desk: Desk, referral: str, because: str) -> list[Change]:
    """The other site does not take part, and reads no further."""
    found = _open(desk, referral, ("offered",))
    if found.to not in desk.me.sites:
        raise InputRefused("not_your_offer")
    told = {"declined_on": desk.today, "declined_because": _reason(because)}
    return [Change("referral", referral, told, dismisses=found.to)]


def end(desk: Desk, referral: str, because: str) -> list[Change]:
    """Either side ends it; the site that offered the file keeps it."""
    found = _open(desk, referral, ("offered", "shared"))
    if {found.site, found.to}.isdisjoint(desk.me.sites):
        raise InputRefused("not_your_offer")
    told = {"ended_on": desk.today, "ended_because": _reason(because)}
    return [Change("referral", referral, told, dismisses=found.to)]


def running(desk: Desk, person: str) -> str:
    """The referral that is open between a file's sites; refused if there is none."""
    current = of_person(desk, person).current
    if current is None or current.state not in ("offered", "shared"):
        raise InputRefused("not_shared")
    return current.id


def offered(desk: Desk) -> list[ReferralView]:
    """Every offer that nobody has answered yet, whoever made it."""
    query = select(Referral).where(
        col(Referral.deleted).is_(False), col(Referral.accepted_on).is_(None), col(Referral.declined_on).is_(None),
        col(Referral.ended_on).is_(None), Referral.to != "",
    )  # fmt: skip
    found = [_view(desk, r, newest=True) for r in desk.read.exec(query) if r.id == _newest(desk, r)]
    return [view for view in found if view.state == "offered" and not desk.archive.closed(view.person)]


def news(desk: Desk) -> list[ReferralView]:
    """For *Heute*: offers to our site, and for a while what the other site has made of ours."""
    recent = desk.today - timedelta(days=NEWS_DAYS)
    told = [col(Referral.sent_on), col(Referral.accepted_on), col(Referral.declined_on), col(Referral.ended_on)]
    query = select(Referral).where(
        col(Referral.deleted).is_(False), Referral.to != "",
        or_(col(Referral.accepted_on).is_(None), *(moment >= recent for moment in told)),
    )  # fmt: skip
    found = [_view(desk, r, newest=True) for r in desk.read.exec(query) if r.id == _newest(desk, r)]
    return [view for view in found if view.to_answer or (view.since >= recent and _answers_me(desk, view))]


def _answers_me(desk: Desk, view: ReferralView) -> bool:
    """Somebody of the other site has answered or ended what we are part of."""
    return view.state != "offered" and view.by is not None and view.by.id != desk.me.member


def _reason(because: str) -> str:
    if not because.strip():
        raise InputRefused("required", field="because")
    return because.strip()


def _open(desk: Desk, referral: str, states: tuple[State, ...]) -> Referral:
    found = desk.read.get(Referral, referral)
    if found is None or found.deleted:
        raise InputRefused("unknown_record")
    if desk.archive.closed(found.person):
        raise InputRefused("file_closed")
    if _state(desk, found, newest=found.id == _newest(desk, found)) not in states:
        raise InputRefused("offer_is_over")
    return found


def _ours(desk: Desk, person: str, found: YoungPerson) -> str:
    """The site of ours that offers: the file's own, if it is one of ours."""
    mine = [site for site in desk.me.sites if site in _readers(desk, person)]
    if not mine:
        raise InputRefused("file_closed" if desk.archive.closed(person) else "not_your_site")
    return found.site if found.site in mine else mine[0]


def _readers(desk: Desk, person: str) -> set[str]:
    """The sites whose devices read the file now."""
    return {reader.site for reader in desk.archive.readers(person) if reader.group == "site"}


def _views(desk: Desk, person: str) -> list[ReferralView]:
    """Newest first."""
    query = select(Referral).where(Referral.person == person, col(Referral.deleted).is_(False), Referral.to != "")
    found = list(desk.read.exec(query.order_by(col(Referral.id).desc())))
    return [_view(desk, referral, newest=place == 0) for place, referral in enumerate(found)]


def _newest(desk: Desk, referral: Referral) -> str:
    query = select(Referral.id).where(
        Referral.person == referral.person, col(Referral.deleted).is_(False), Referral.to != ""
    )
    return str(desk.read.exec(query.order_by(col(Referral.id).desc()).limit(1)).first())


def _state(desk: Desk, referral: Referral, newest: bool) -> State:
    over: State | None = "declined" if referral.declined_on else "ended" if referral.ended_on else None
    handed = referral.mode == "handed_over" and referral.accepted_on is not None
    if newest:
        reading = _readers(desk, referral.person)
        if handed and referral.to in reading and referral.site not in reading:
            return "handed_over"
        if over is None and referral.to not in reading:
            return "ended"
    return over or ("handed_over" if handed else "shared" if referral.accepted_on else "offered")


def _view(desk: Desk, referral: Referral, newest: bool) -> ReferralView:
    state = _state(desk, referral, newest)
    theirs, ours = referral.to in desk.me.sites, referral.site in desk.me.sites
    since = {
        "offered": referral.sent_on, "shared": referral.accepted_on, "handed_over": referral.accepted_on,
        "declined": referral.declined_on, "ended": referral.ended_on,
    }[state]  # fmt: skip
    return ReferralView(
        referral.id, referral.person, name_of(desk, "young_person", referral.person),
        named(desk, "site", referral.site), named(desk, "site", referral.to), referral.mode or "shared", state,
        referral.reason,
        referral.declined_because or referral.ended_because,
        since or desk.day_of(referral.changed_at or desk.now),
        named(desk, "member", referral.changed_by or None),
        named(desk, "member", referral.created_by or None), ours, theirs and state == "offered",
        (theirs or ours) and state in ("offered", "shared"),
    )  # fmt: skip
