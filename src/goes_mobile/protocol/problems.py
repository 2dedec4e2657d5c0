"""Everything that can go wrong in a way a person or a script must understand.

GoesError                    code, facts (never personal data)
├── InputRefused             what was typed or sent in cannot become a record (exit 6)
├── Locked                   no key is open, or the PIN was wrong (exit 3)
├── InUse                    another process has this profile or data directory open (exit 8)
├── CannotWrite              disk full or read-only (exit 9)
├── Damaged                  stored data do not verify (exit 7)
├── Malformed                bytes that are no entry, message, code or key
├── NotReachable             no answer, or not one of ours: try later (exit 4)
└── Refused                  the server said no, with one of its stable codes (exit 5)
"""

from __future__ import annotations

from typing import Any


class GoesError(Exception):
    """Root of all expected errors: a stable ``code`` (a text key for people) and harmless ``facts``."""

    exit_code = 1

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        shown = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{code} ({shown})" if shown else code)


class InputRefused(GoesError):
    """Input that cannot become a record; ``facts["field"]`` names the field, never its value."""

    exit_code = 6


class Locked(GoesError):
    """The profile is locked, the PIN was wrong, or attempts have to pause (``facts["wait_s"]``)."""

    exit_code = 3


class InUse(GoesError):
    """Another process has this profile or data directory open."""

    exit_code = 8


class CannotWrite(GoesError):
    """The disk is full or read-only; what was acknowledged before is safe."""

    exit_code = 9


class Damaged(GoesError):
    """Stored data do not verify; the rest stays readable."""

    exit_code = 7


class Malformed(GoesError):
    """Bytes that are no entry, message, key or code of ours."""

    exit_code = 6


class NotReachable(GoesError):
    """No answer, half an answer, or somebody else's answer (a captive portal). Nothing is lost."""

    exit_code = 4


class Refused(GoesError):
    """The server refused with a stable code; ``status`` is its HTTP status."""

    exit_code = 5

    def __init__(self, code: str, status: int = 403, **facts: Any) -> None:
        self.status = status
        super().__init__(code, **facts)


# Stable codes of the server's problems (RFC 9457 `type` ends in the code) and their HTTP status.
PROBLEMS: dict[str, int] = {
    "malformed": 400,
    "unauthorised": 401,
    "session_expired": 401,
    "revoked": 403,
    "not_allowed": 403,
    "unknown_organisation": 404,
    "unknown_invite": 404,
    "unknown_stream": 404,
    "invite_expired": 410,
    "invite_used": 410,
    "setup_token_wrong": 403,
    "organisation_exists": 409,
    "feed_restarted": 409,
    "blob_differs": 409,
    "too_large": 413,
    "too_old": 426,
    "no_room": 507,
    "busy": 503,
    "stopping": 503,
}


def problem(code: str, **facts: Any) -> Refused:
    """The error both sides raise for a stable server code."""
    return Refused(code, status=PROBLEMS[code], **facts)
