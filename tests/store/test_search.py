"""Search: every saved word is found, by its beginning, however it is spelt, and nothing else is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from goes_mobile.store import search
from goes_mobile.store.change import Change
from goes_mobile.store.search import _FEW
from goes_mobile.store.store import Store
from tests.bench.profiles import encounter, found


@pytest.fixture(params=["fts5", "a phone without it"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param != "fts5":
        monkeypatch.setattr(search, "_FTS5", search._FTS5.replace("fts5", "fts_that_is_not_built_in"))
    store = found(tmp_path / "device")
    assert (
        store.projection.db.execute("SELECT sql FROM sqlite_master WHERE name='words'")
        .fetchone()[0]
        .startswith("CREATE VIRTUAL" if request.param == "fts5" else "CREATE TABLE")
    )
    return store


def note(store: Store, text: str) -> str:
    made = encounter(random.Random(1), 1)
    store.write([Change("encounter", made.id, {**made.set, "note": text, "place_note": ""})])
    return made.id


def found_ids(store: Store, text: str) -> list[str]:
    return [hit.id for hit in store.search(text, kinds=["encounter"])]


@pytest.mark.parametrize("asked", ["Führerschein", "führersch", "FUHRERSCH", "führerschein mofa", "mof füh"])
def test_words_are_found_by_their_beginning_without_case_and_marks(store: Store, asked: str) -> None:
    wanted = note(store, "Fragt nach Führerschein und Mofa.")
    note(store, "Etwas anderes, nur Mofaprüfung und Fahrerlaubnis.")
    assert found_ids(store, asked) == [wanted]
    store.close()


def test_a_beginning_of_many_words_finds_them_all(store: Store) -> None:
    made = [note(store, f"praktikum{chr(97 + number)}x") for number in range(_FEW + 5)]
    assert sorted(found_ids(store, "praktikum")) == sorted(made)
    store.close()


def test_what_was_saved_is_found_at_once_and_what_was_changed_only_by_its_new_words(store: Store) -> None:
    made = note(store, "erste Fassung")
    assert found_ids(store, "erste") == [made]
    store.write([Change("encounter", made, {"note": "zweite Fassung"})])
    assert found_ids(store, "erste") == []
    assert found_ids(store, "zweite") == [made]
    store.write([Change("encounter", made, delete=True)])
    assert found_ids(store, "zweite") == []
    store.close()


@pytest.mark.parametrize("asked", ["", "   ", '"', "*", "OR", "NEAR(", "'; DROP TABLE words", "_", "gibtesnicht"])
def test_what_is_no_word_finds_nothing_and_breaks_nothing(store: Store, asked: str) -> None:
    note(store, "Ein Satz.")
    assert found_ids(store, asked) == []
    store.close()
