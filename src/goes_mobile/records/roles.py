"""Roles and the groups of roles that may write a kind of record: the one place that says so."""

from __future__ import annotations

from typing import Literal

Role = Literal["outreach", "office", "supervisor", "admin"]
Writers = frozenset[Role]

OUTREACH: Role = "outreach"
OFFICE: Role = "office"
SUPERVISOR: Role = "supervisor"
ADMIN: Role = "admin"

STAFF: Writers = frozenset({OUTREACH, OFFICE, SUPERVISOR, ADMIN})
"""Everybody who works with young people; an administrator does so at the sites they belong to."""
LEADS: Writers = frozenset({SUPERVISOR, ADMIN})
"""Those who answer for people and places."""
SUPERVISORS: Writers = frozenset({SUPERVISOR})
"""Those who check the work of others."""
ADMINS: Writers = frozenset({ADMIN})
