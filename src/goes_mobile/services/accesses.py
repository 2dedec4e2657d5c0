"""Zugriffe: who opened, or gave out, what of a file. Noted by the program, read by supervisors and in a disclosure."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.protocol.roles import who_may
from goes_mobile.records import registry
from goes_mobile.records.access import Access
from goes_mobile.records.participation import Participation
from goes_mobile.services.desk import Desk
from goes_mobile.store.change import Change

OPENED, ENCOUNTER, DOCUMENT = "opened", "encounter", "document"
GIVEN_OUT, DISCLOSED, EXPORTED = "given_out", "disclosed", "exported"
_OPENED_BY_KIND = {"encounter": ENCOUNTER, "participation": ENCOUNTER, "attachment": DOCUMENT}


def note(desk: Desk, what: str, kind: str, record: str) -> list[Change]:
    """In each file that the record is of: once a day and device for each sort of access, for documents each."""
    document = record if kind == "attachment" else None
    looks = (_look(desk, what, person, site, document) for person, site in _files(desk, kind, record))
    return [look for look in looks if look is not None]


def opened(kind: str) -> str:
    """What it is called when a record of this kind is opened."""
    return _OPENED_BY_KIND.get(kind, OPENED)


def may_see(desk: Desk, kind: str = "access") -> None:
    """Who opened what is for supervisors; a colleague's device holds it because the file is kept as one."""
    if registry.is_trace(kind) and desk.me.role not in who_may("see_access"):
        raise InputRefused("accesses_role")


def _look(desk: Desk, what: str, person: str, site: str, document: str | None) -> Change | None:
    trace = desk.archive.trace_id(person)
    known = desk.read.get(Access, trace)
    look = f"{desk.today:%Y%m%d}-{what}" + (f"-{document}" if document else "")
    if known is not None and look in known.looks:
        return None
    told: dict[str, Any] = {"person": person, "site": site, "device": desk.me.device} if known is None else {}
    told |= {f"looks/{look}/what": what, f"looks/{look}/at": desk.now}
    if document:
        told[f"looks/{look}/document"] = document
    return Change("access", trace, told)


def _files(desk: Desk, kind: str, record: str) -> list[tuple[str, str]]:
    """(person, site): the one whose file the record is in, or those who are named in a group."""
    found = desk.read.get(registry.kind(kind).cls, record) if registry.known(kind) else None
    if found is None or registry.is_trace(kind):
        return []
    if found.subject:
        return [(found.subject, found.site)]
    parts = select(Participation).where(Participation.encounter == record, col(Participation.deleted).is_(False))
    return [(part.person, found.site) for part in desk.read.exec(parts)]
