"""Every text that is asked for exists in both languages, with the same facts; none is left over."""

from __future__ import annotations

import ast
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

import goes_mobile.ui
from goes_mobile.ui import text
from goes_mobile.ui.look import drawn_as

SOURCES = Path(goes_mobile.ui.__file__).parents[1]
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
PREFIX = re.compile(r"[a-z][a-z0-9_]*\.([a-z0-9_]+\.)*[a-z0-9_]*")


def asked() -> tuple[set[str], set[str], set[str], set[str]]:
    """Keys given to `t`, constant prefixes of keys given to it, and what could be a key or such a prefix elsewhere."""
    keys, prefixes, literals, computed = set(), set(), set(), set()
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                literals.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begin = str(node.values[0].value)
                if PREFIX.fullmatch(begin):
                    computed.add(begin)
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("t", "has")):
                continue
            key = node.args[0]
            if isinstance(key, ast.Constant):
                keys.add(key.value)
            elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
                prefixes.add(key.values[0].value)
    return keys, prefixes, literals, computed


def facts(message: text.Text) -> set[str]:
    forms = (message,) if isinstance(message, str) else message
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_text_that_is_asked_for_exists(language):
    keys, prefixes, _, _ = asked()
    there = text.catalogue(language)
    assert keys - there.keys() == set()
    for prefix in prefixes:
        assert any(key.startswith(prefix) for key in there), f"no text begins with {prefix}"


def test_no_text_is_left_over():
    keys, prefixes, literals, computed = asked()
    unused = {
        key
        for key in text.catalogue("de")
        if key not in keys | literals and not any(key.startswith(prefix) for prefix in prefixes | computed)
    }
    assert unused == set()


def test_both_languages_say_the_same():
    german, english = text.catalogue("de"), text.catalogue("en")
    assert german.keys() == english.keys()
    for key, message in german.items():
        assert facts(message) == facts(english[key]), key
        assert isinstance(message, tuple) == isinstance(english[key], tuple), key
        assert all((message,) if isinstance(message, str) else message), f"{key} is empty"
        assert all((english[key],) if isinstance(english[key], str) else english[key]), f"{key} is empty"


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_texts_avoid_the_words_of_machines(language):
    machine = re.compile(r"konflikt(?!\w)|\btoken\b|entität|\bupload|ungültig|\binvalid|\bentity\b|\bOK\b", re.I)
    said = {
        key: message
        for key, message in text.catalogue(language).items()
        if machine.search(" ".join((message,) if isinstance(message, str) else message))
    }
    assert said == {}


def test_plurals_and_languages():
    assert text.t("net.waiting", n=1) == "1 wartet"
    assert text.t("net.waiting", n=3) == "3 warten"
    with drawn_as(language="en"):
        assert text.t("net.waiting", n=3) == "3 waiting"
        assert text.label("Schule", "school") == "school"
    assert text.label("Schule", "school") == "Schule"


def test_a_missing_text_shows_its_key_and_crashes_nothing():
    assert text.t("no.such_text", n=3) == "no.such_text"


def test_dates_are_said_as_people_say_them():
    now = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert text.long_day(now) == "Dienstag, 24. November"
    assert text.short_day(date(2026, 11, 19), now) == "19. Nov."
    assert text.short_day(date(2025, 11, 19), now) == "19. Nov. 2025"
    assert text.when(now.replace(hour=9, minute=5), now) == "heute 09:05"
    assert text.when(now - timedelta(days=1), now) == f"gestern {text.clock(now)}"
    assert text.due(date(2026, 11, 24), now) == "heute"
    assert text.due(date(2026, 11, 25), now) == "morgen"
    assert text.due(date(2026, 11, 20), now) == "seit Fr"
    assert text.due(date(2026, 12, 31), now) == "31. Dez."
    assert text.numeric_day(date(2026, 12, 1)) == "01.12.2026"
    assert text.number(1870) == "1.870"
    with drawn_as(language="en"):
        assert text.long_day(now) == "Tuesday, 24 November"
        assert text.number(1870) == "1,870"


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(seconds=20), "1 Min."),
        (timedelta(minutes=59), "59 Min."),
        (timedelta(hours=3), "3 Std."),
        (timedelta(hours=47), "47 Std."),
        (timedelta(days=13), "13 Tagen"),
        (timedelta(weeks=7), "7 Wochen"),
        (timedelta(minutes=-5), "1 Min."),
    ],
)
def test_durations_use_the_largest_fitting_unit(duration, said):
    assert text.lasting(duration) == said
