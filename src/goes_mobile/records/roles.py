"""Groups of roles that may write a kind of record. What else a role may do: `goes_mobile.protocol.roles`."""

from __future__ import annotations

from goes_mobile.protocol.roles import ROLES, Role

Writers = frozenset[Role]

OUTREACH: Role = "outreach"
OFFICE: Role = "office"
SUPERVISOR: Role = "supervisor"
ADMIN: Role = "admin"

STAFF: Writers = frozenset({OUTREACH, OFFICE, SUPERVISOR, ADMIN})
"""Everybody who works with young people; an administrator does so at the sites they belong to."""
LEADS: Writers = frozenset(role for role in STAFF if "name_members" in ROLES[role].may)
"""Those who answer for people and places."""
SUPERVISORS: Writers = frozenset({SUPERVISOR})
"""Those who check the work of others."""
ADMINS: Writers = frozenset(role for role in STAFF if "change_roles" in ROLES[role].may)
