"""What each role may do: the one table. The control log is judged by it, on the server and on devices alike; screens,
commands and the page `docs/Rollen.md` follow from it.

What a role may *read* is what its certificate entitles it to hold keys of; nothing else is a secret's guard. Which
kinds of record it may *write* stands beside each kind (`goes_mobile.records`), in the groups below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from goes_mobile.protocol.streams import GroupType

Role = Literal["outreach", "office", "supervisor", "admin"]
Right = Literal[
    "figures",
    "name_members",
    "release_orders",
    "decide_late",
    "see_access",
    "change_roles",
    "renew_keys",
    "complete_log",
]
"""``figures``: reports and exports · ``name_members``: names of the staff · ``release_orders``: the second pair of
eyes for an erasure · ``decide_late``: what came after its author's authority had ended · ``see_access``: who opened
which file · ``renew_keys``: a group's keys, without keeping them · ``complete_log``: bring a restored server back to
life."""


@dataclass(frozen=True, slots=True)
class Rights:
    """``reads``: groups whose keys a certificate entitles to, a site's only at the member's own sites. ``appoints``:
    whom to invite and to revoke; ``everywhere``, or at own sites only."""

    reads: frozenset[GroupType]
    appoints: frozenset[Role] = frozenset()
    everywhere: bool = False
    may: frozenset[Right] = frozenset()


_STAFF: frozenset[GroupType] = frozenset({"org", "site"})

ROLES: dict[str, Rights] = {
    "outreach": Rights(_STAFF),
    "office": Rights(_STAFF),
    "supervisor": Rights(
        _STAFF | {"site_supervisors", "coordination"}, appoints=frozenset({"outreach", "office"}),
        may=frozenset({"figures", "name_members", "release_orders", "decide_late", "see_access"}),
    ),
    "admin": Rights(
        _STAFF | {"coordination"}, appoints=frozenset({"outreach", "office", "supervisor", "admin"}), everywhere=True,
        may=frozenset({"figures", "name_members", "change_roles", "renew_keys", "complete_log"}),
    ),
}  # fmt: skip
NOBODY = Rights(frozenset())


def rights(role: str) -> Rights:
    """Of a role; one that this version does not know may nothing."""
    return ROLES.get(role, NOBODY)


def who_may(right: Right) -> frozenset[str]:
    """The roles with a right."""
    return frozenset(role for role, given in ROLES.items() if right in given.may)
