"""`add`: durable before its id is printed; bad lines are named, good ones kept."""

from __future__ import annotations

import json
import subprocess
import uuid

import pytest

from tests.cli.county import Cli

AT = "2026-11-20T14:52:00+01:00"


def test_one_record_a_line(jana: Cli) -> None:
    first, second = jana.add(
        "encounter", {"at": AT, "topics": ["housing"]}, {"at": AT, "site": "workmobil", "note": "Zwei"}
    )
    assert uuid.UUID(first) != uuid.UUID(second)
    shown = jana.show("encounter", first)
    assert (shown["topics"], shown["at"], shown["delivery"]) == (["housing"], "2026-11-20T13:52:00+00:00", "waiting")
    assert shown["site"] == jana.show("encounter", second)["site"]


def test_bad_lines_are_named_and_good_lines_kept(jana: Cli) -> None:
    lines = [
        json.dumps({"at": AT, "note": "gut"}), "{kein json", json.dumps({"at": "gestern"}), "",
        json.dumps({"note": "ohne Zeit"}), json.dumps([1]), json.dumps({"at": AT, "gibtsnicht": 1}),
        json.dumps({"at": AT, "minutes": -1}), "NaN", json.dumps({"at": AT, "note": "auch gut"}),
    ]  # fmt: skip
    result = jana.run("add", "encounter", "--json", stdin="\n".join(lines))
    assert result.code == 6
    assert [line["line"] for line in result.lines] == [1, 10]
    named = dict(line.split(": ", 1) for line in result.err.splitlines())
    assert set(named) == {f"line {n}" for n in (2, 3, 5, 6, 7, 8, 9)}
    assert named["line 3"] == "at must be a date and time like 2026-03-01T15:30:00+01:00."
    assert named["line 5"] == "at is needed."
    assert named["line 7"] == "encounter has no field gibtsnicht."
    assert {record["note"] for record in jana.list("encounter")} == {"gut", "auch gut"}


def test_bytes_that_are_no_text(jana: Cli) -> None:
    good = json.dumps({"at": AT, "note": "mit BOM"}).encode()
    result = jana.run("add", "encounter", stdin=b"\xef\xbb\xbf" + good + b"\n\xff\xfe\n" + b"[" * 20_000 + b"\n")
    assert result.code == 6
    assert [line["line"] for line in result.lines] == [1]
    assert "line 2: not UTF-8." in result.err
    assert "line 3: " in result.err


@pytest.mark.parametrize("note", ["x" * 100_000, "👩🏽‍🚒👨‍👩‍👧", "مرحبا بكم", "Zeile\nzwei\tdrei", "a\u202eb"])
def test_any_text_comes_back_as_it_was(jana: Cli, note: str) -> None:
    (record,) = jana.add("encounter", {"at": AT, "note": note})
    assert jana.show("encounter", record)["note"] == note


def test_nul_and_half_characters_are_left_out(jana: Cli) -> None:
    result = jana.ok("add", "encounter", stdin='{"at": "' + AT + '", "note": "vor\\u0000her \\ud800 da"}')
    assert jana.show("encounter", result.json["id"])["note"] == "vorher  da"


def test_a_note_beyond_all_bounds_is_refused(jana: Cli) -> None:
    result = jana.run("add", "encounter", stdin=json.dumps({"at": AT, "note": "x" * 200_001}))
    assert (result.code, result.err) == (6, "line 1: note holds at most 200000 characters, this has 200001.\n")


@pytest.mark.parametrize("at", ["2031-01-01T00:00:00+00:00", "2019-05-05T12:00:00+02:00"])
def test_future_and_past_dates_are_kept(jana: Cli, at: str) -> None:
    (record,) = jana.add("encounter", {"at": at})
    assert jana.show("encounter", record)["at"][:4] == at[:4]


def test_a_code_this_version_does_not_know_is_kept(jana: Cli) -> None:
    (record,) = jana.add("encounter", {"at": AT, "topics": ["hoverboards", "school"], "place": "moon_base"})
    shown = jana.show("encounter", record)
    assert (shown["topics"], shown["place"]) == (["hoverboards", "school"], "moon_base")
    assert [found["id"] for found in jana.list("encounter", "--where", "topics=hoverboards")] == [record]


def test_ages_outside_the_programme_are_kept(jana: Cli) -> None:
    (child,) = jana.add("young_person", {"alias": "Kleine Schwester", "birth_year": 2017})
    (record,) = jana.add("encounter", {"at": AT, "people": [child], "head_counts": {"over_27": {"female": 1}}})
    assert jana.show("encounter", record)["people"] == [child]


def test_several_people_get_a_participation_each(jana: Cli) -> None:
    first, second = jana.add("young_person", {"alias": "Falke"}, {"alias": "Luna"})
    (group,) = jana.add("encounter", {"at": AT, "setting": "group", "people": [first, second]})
    assert jana.show("encounter", group)["people"] == []
    assert {part["person"] for part in jana.list("participation", "--where", f"encounter={group}")} == {first, second}


def test_identifying_fields_need_a_consent(jana: Cli) -> None:
    result = jana.run("add", "young_person", stdin='{"alias": "Falke", "family_name": "Kaya"}')
    assert (result.code, result.err) == (6, "line 1: family_name needs a valid consent for identity.\n")
    (person,) = jana.add("young_person", {"alias": "Falke"})
    assert jana.run("set", "young_person", person, "family_name=Kaya").code == 6
    jana.add(
        "consent", {"person": person, "purpose": "support", "data_categories": ["identity"], "given_on": "2026-01-01"}
    )
    jana.ok("set", "young_person", person, "family_name=Kaya")
    assert jana.show("young_person", person)["family_name"] == "Kaya"


def test_an_id_of_ones_own_is_taken_once(jana: Cli) -> None:
    own = str(uuid.uuid4())
    assert jana.add("encounter", {"id": own, "at": AT}) == [own]
    result = jana.run("add", "encounter", stdin=json.dumps({"id": own, "at": AT}))
    assert (result.code, result.out) == (6, "")
    assert len(jana.list("encounter")) == 1


@pytest.mark.parametrize("kind", ["review", "review_answer"])
def test_reviews_have_their_own_commands(jana: Cli, kind: str) -> None:
    assert jana.run("add", kind, stdin="{}").code == 6


def test_a_role_may_write_its_kinds_only(jana: Cli) -> None:
    result = jana.run("add", "site", stdin='{"name": "Neues Büro", "short_name": "neu"}')
    assert (result.code, result.err) == (6, "line 1: Your role may not write this kind of record (site).\n")


def test_a_file_larger_than_a_batch(jana: Cli, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("in") / "many.jsonl"
    file.write_text("\n".join(json.dumps({"at": AT, "note": str(n)}) for n in range(450)))
    result = jana.ok("add", "encounter", "--file", str(file))
    assert [line["line"] for line in result.lines] == list(range(1, 451))
    assert len({line["id"] for line in result.lines}) == 450
    assert len(jana.list("encounter")) == 450


@pytest.mark.processes
def test_whoever_waits_for_an_id_gets_it_at_once(jana: Cli) -> None:
    process = jana.process("add", "encounter", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        for number in (1, 2, 3):
            process.stdin.write(json.dumps({"at": AT}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["line"] == number
        process.kill()
    assert len(jana.list("encounter")) == 3
