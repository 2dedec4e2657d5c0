"""Whatever store, sync and services can answer with, a person reads a sentence about it, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import goes_mobile
from goes_mobile.protocol.problems import PROBLEMS
from goes_mobile.store.arrivals import CHAIN_REASONS
from goes_mobile.store.opening import BODY_REASONS
from goes_mobile.ui import text

SOURCES = Path(goes_mobile.__file__).parent
CODE = re.compile(r"[a-z]+(_[a-z]+)*_?")
ENROLMENT = {"unknown_invite", "invite_expired", "invite_used", "setup_token_wrong", "organisation_exists"}
"""What the server says before there is anything to deliver; the first start has its own texts."""
NO_SCREEN = {
    "exists_already", "has_a_command", "nested_too_deeply", "no_profile", "not_an_object_line", "not_comparable",
    "not_json", "profile_exists", "unknown_format", "unknown_verdict",
}  # fmt: skip
"""Only the command line can be refused like this: screens offer nothing that does not exist."""


def calls(*places: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call below these packages, and the name that is called."""
    for place in places:
        for file in sorted((SOURCES / place).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def words(*nodes: ast.AST) -> set[str]:
    """The codes in them; the beginning of a composed one ends with a stroke and stands for many."""
    inside = [inner.value for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Constant)]
    return {code for code in inside if isinstance(code, str) and CODE.fullmatch(code)}


def held() -> set[str]:
    """Reasons for which the store keeps entries apart."""
    found = {*CHAIN_REASONS, *BODY_REASONS}
    for name, call in calls("store"):
        if name in ("hold", "_hold", "_not_opened", "Held", "Kept"):
            found |= words(*call.args)
        found |= words(*(keyword.value for keyword in call.keywords if keyword.arg == "held"))
    return found


def findings() -> set[str]:
    """What store and sync notice about server and disk."""
    found: set[str] = set()
    for name, call in calls("store", "sync"):
        if name == "find" and call.args and isinstance(call.args[0], ast.Constant):
            found |= words(call.args[0])
        if name == "append" and isinstance(call.args[0], ast.Tuple) and "findings" in ast.unparse(call.func):
            found |= words(call.args[0].elts[0])
    return found


def troubles() -> set[str]:
    """Why nothing is delivered."""
    found = set(PROBLEMS) - ENROLMENT
    for name, call in calls("sync"):
        if name == "NotReachable":
            found |= words(call.args[0])
    # Offline is a state, a new feed is taken up at once, and a photo waits for its entry, which tells why it waits.
    return found - {"no_connection", "feed_restarted", "unknown_stream"}


def refusals() -> set[str]:
    """Why something a person did was not taken."""
    found: set[str] = set()
    for name, call in calls("store", "services", "records"):
        if name == "InputRefused" and call.args and isinstance(call.args[0], ast.Constant):
            found |= words(call.args[0])
    return found - NO_SCREEN


def test_the_search_finds_what_is_known_to_be_there():
    assert {"withheld", "does_not_fit", "no_key", "gap", "refused_"} <= held()
    assert {"rolled_back", "body_withheld", "fork", "receipt_broken"} <= findings()
    assert {"captive_portal", "busy"} <= troubles()
    assert {"site_without_keys", "required"} <= refusals()


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_code_has_its_sentence(language):
    there = text.catalogue(language)
    wanted = (
        {f"sync.held_{code.removesuffix('_')}" for code in held()}
        | {f"sync.finding_{code}" for code in findings()}
        | {f"sync.meaning_{code}" for code in findings()}
        | {f"sync.trouble_{code}" for code in troubles()}
        | {f"refused.{code}" for code in refusals()}
    )
    assert wanted - there.keys() == set()
