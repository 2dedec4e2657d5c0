"""With ``--json`` stdout holds exactly one document, or, for some commands, one object a line; nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.county import Cli, County, copy

AT = "2026-11-20T14:52:00+01:00"


@pytest.fixture(scope="module")
def asked(founded: County, tmp_path_factory: pytest.TempPathFactory) -> tuple[County, str]:
    """An encounter of Jana's about which Sabine asks, known to both."""
    county = copy(founded, tmp_path_factory.mktemp("asked") / "county")
    with county.server.running():
        (record,) = county.jana.add("encounter", {"at": AT, "note": "Bahnhof Plochingen"})
        county.everyone_syncs()
        county.sabine.ok("review", record, "--verdict", "question", "--comment", "Wann?")
        county.everyone_syncs()
    return county, record


@pytest.fixture
def county(asked: tuple[County, str], tmp_path: Path) -> County:
    return copy(asked[0], tmp_path / "county")


@pytest.fixture
def record(asked: tuple[County, str]) -> str:
    return asked[1]


@pytest.mark.parametrize("command", [
    "show encounter {record}", "set encounter {record} minutes=20", "delete encounter {record}", "status", "doctor",
    "devices", "questions", "review-queue", "correct-times",
    "report funder --from 2026-11-01 --to 2026-11-30 --out {out}",
])  # fmt: skip
def test_one_document(county: County, record: str, tmp_path: Path, command: str) -> None:
    said = county.jana.ok(*command.format(record=record, out=tmp_path / "report.json").split(), "--json")
    assert isinstance(said.json, dict | list)
    assert said.out.count("\n") == 1


def test_the_answers_of_review_and_answer(county: County, record: str) -> None:
    (asked,) = county.jana.ok("questions", "--json").json
    assert (asked["record"], asked["comment"], asked["asker"]) == (record, "Wann?", "Sabine Wolf")
    assert set(county.jana.ok("answer", asked["review"], "Um drei.", "--json").json) == {"id", "review"}
    said = county.sabine.ok("review", record, "--verdict", "approved", "--json").json
    assert set(said) == {"id", "record", "verdict"}


def test_a_round_without_a_server_is_one_document_too(jana: Cli) -> None:
    said = jana.run("sync", "--once", "--json")
    assert (said.code, set(said.json)) == (
        4, {"pushed", "pulled", "waiting", "quarantined", "conflicts", "seconds"}
    )  # fmt: skip


@pytest.mark.parametrize("command", ["list encounter", "search plochingen", "history encounter {record}"])
def test_one_object_a_line(county: County, record: str, command: str) -> None:
    said = county.jana.ok(*command.format(record=record).split(), "--json")
    assert said.lines
    assert all(isinstance(json.loads(line), dict) for line in said.out.splitlines())


@pytest.mark.parametrize(("command", "code"), [
    ("show encounter nirgends", 6), ("list encounter --where gibtsnicht=1", 6), ("list gibtsnicht", 2),
    ("invite --role office --member X --site workmobil", 4),
])  # fmt: skip
def test_what_went_wrong_is_not_on_stdout(county: County, command: str, code: int) -> None:
    said = county.admin.run(*command.split(), "--json")
    assert (said.code, said.out) == (code, "")
    assert said.err
