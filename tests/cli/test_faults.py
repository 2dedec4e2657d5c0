"""Full disks, read-only places, flipped bits, two programs at one profile: told clearly, nothing confirmed is lost."""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.county import BIN, Cli, County

AT = "2026-11-20T14:52:00+01:00"


@pytest.mark.processes
def test_a_full_disk(jana: Cli) -> None:
    """The file may not grow beyond a limit: what has an id is there, what has none is told."""
    many = "\n".join(json.dumps({"at": AT, "note": f"{n} " + "x" * 2000}) for n in range(3000)).encode()
    largest = max(file.stat().st_size for file in jana.home.iterdir()) + 600_000
    process = jana.process(
        "add", "encounter", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
    )  # fmt: skip
    out, err = process.communicate(many, timeout=60)
    assert process.returncode == 9, err
    assert b"What was confirmed before is safe" in err
    told = {json.loads(line)["id"] for line in out.splitlines()}
    assert 0 < len(told) < 3000
    assert told <= {record["id"] for record in jana.list("encounter")}
    (again,) = jana.add("encounter", {"at": AT, "note": "es geht weiter"})
    assert jana.show("encounter", again)["note"] == "es geht weiter"
    assert jana.ok("doctor").json["ok"]


@pytest.mark.processes
def test_a_disk_that_takes_nothing_is_still_read(jana: Cli) -> None:
    (note,) = jana.add("encounter", {"at": AT, "note": "Am Bahnhof"})

    def run(*arguments: str) -> tuple[int, bytes, bytes]:
        process = jana.process(
            *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        )  # fmt: skip
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    code, out, err = run("status")
    assert (code, json.loads(out)["cannot_write"]) == (0, "disk_error")
    assert b"What is there can be read" in err
    assert json.loads(run("show", "encounter", note)[1])["note"] == "Am Bahnhof"
    assert run("doctor")[0] == 0
    assert run("set", "encounter", note, "note=verloren")[0] == 9
    assert jana.show("encounter", note)["note"] == "Am Bahnhof"


def test_a_place_nobody_may_write_to(county: County) -> None:
    with county.server.running():
        code = county.invite("Ohne Platz", "office", "workmobil")
        refused = Cli(Path("/sys/goes")).run("enrol", "--server", county.server.url, "--code", code)
    assert (refused.code, "Cannot write" in refused.err) == (9, True)


def flip(home: Path) -> int:
    """One bit of the newest sealed entry of a journal; its number."""
    journal = sqlite3.connect(home / "journal.db")
    seq, raw = journal.execute(
        "SELECT seq, raw FROM entry WHERE suite=1 AND own=1 ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    bent = bytearray(raw)
    bent[len(raw) // 2] ^= 1
    journal.execute("UPDATE entry SET raw=? WHERE seq=?", (bytes(bent), seq))
    journal.commit()
    journal.close()
    return int(seq)


def test_a_flipped_bit(county: County) -> None:
    jana = county.jana
    good, bad = jana.add("encounter", {"at": AT, "note": "bleibt"}) + jana.add(
        "encounter", {"at": AT, "note": "verloren"}
    )
    seq = flip(jana.home)
    assert [record["id"] for record in jana.list("encounter")] == [good], "the rest is readable"
    doctor = jana.run("doctor")
    assert (doctor.code, doctor.json["ok"]) == (7, False)
    assert seq in {problem.get("seq") for problem in doctor.json["problems"]}
    (later,) = jana.add("encounter", {"at": AT, "note": "danach"})
    with county.server.running():
        assert jana.sync()["waiting"] == 0
        county.sabine.sync()
        assert {record["id"] for record in county.sabine.list("encounter")} == {good, later}, "a new chain goes on"
    assert bad not in {record["id"] for record in jana.list("encounter")}


def test_a_bit_flipped_after_the_server_has_it(county: County) -> None:
    """The server has the entry whole; the doctor says that ours is not."""
    jana = county.jana
    (record,) = jana.add("encounter", {"at": AT, "note": "beim Server"})
    with county.server.running():
        jana.sync()
        flip(jana.home)
        assert jana.run("doctor").code == 7
        jana.sync()
        county.sabine.sync()
        assert county.sabine.show("encounter", record)["note"] == "beim Server"


@pytest.mark.parametrize("what", ["pages", "no database"])
def test_a_journal_that_is_no_journal(jana: Cli, what: str) -> None:
    file = jana.home / "journal.db"
    content = bytearray(file.read_bytes())
    content[:] = b"kein SQLite" * 1000 if what == "no database" else content[:1024] + bytes(len(content) - 1024)
    file.write_bytes(bytes(content))
    for suffix in ("-wal", "-shm"):
        (jana.home / f"journal.db{suffix}").unlink(missing_ok=True)
    result = jana.run("status")
    assert (result.code, "damaged" in result.err) == (7, True)


@pytest.mark.processes
def test_two_programs_at_one_profile(jana: Cli) -> None:
    first = jana.process("add", "encounter", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert first.stdin is not None
    assert first.stdout is not None
    with first:
        first.stdin.write(json.dumps({"at": AT}).encode() + b"\n")
        first.stdin.flush()
        first.stdout.readline()
        second = jana.run("add", "encounter", stdin=json.dumps({"at": AT}))
        assert (second.code, second.out, "another program" in second.err.lower()) == (8, "", True)
    assert len(jana.list("encounter")) == 1


@pytest.mark.processes
def test_two_servers_at_one_data_directory(county: County) -> None:
    with county.server.running():
        second = subprocess.run(
            [BIN / "goes-sync-server", "serve", "--data", county.server.data, "--port", "0"],
            capture_output=True,
            check=False,
        )
    assert (second.returncode, second.stdout) == (8, b"")


@pytest.mark.parametrize("years", [10, -10])
def test_a_clock_ten_years_off_for_three_days(county: County, years: int) -> None:
    """Nothing is lost, nothing a colleague wrote is undone, and the times are offered for correction."""
    jana, sabine = county.jana, county.sabine
    (shared,) = jana.add("encounter", {"at": AT, "note": "vorher", "minutes": 5})
    with county.server.running():
        county.everyone_syncs()
        off = years * 365 * 86_400_000
        written = []
        for day in range(3):
            jana.clock_ms = off + day * 86_400_000
            if years > 0 and day == 0:
                jana.sync()  # so far ahead it seems to have gone without contact for years, and asks for one first
            written += jana.add("encounter", {"at": AT, "note": f"Tag {day}"})
        jana.ok("set", "encounter", shared, "minutes=10")
        sabine.ok("set", "encounter", shared, "note=von Sabine")
        sabine.sync()
        jana.sync()
        county.everyone_syncs()
        jana.ok("set", "encounter", shared, "minutes=20")
        county.everyone_syncs()
        sabine.ok("set", "encounter", shared, "minutes=30")
        county.everyone_syncs()
        for cli in (jana, sabine):
            shown = cli.show("encounter", shared)
            assert (shown["note"], shown["minutes"], shown["conflicts"]) == ("von Sabine", 30, [])
            assert {record["id"] for record in cli.list("encounter")} == {shared, *written}
        assert abs(jana.ok("status").json["clock_offset_s"]) > 9 * 365 * 86_400


def test_times_of_a_wrong_clock_are_set_right(county: County) -> None:
    jana = county.jana
    with county.server.running():
        jana.sync()
        jana.clock_ms = 3 * 3_600_000
        (task,) = jana.add("task", {"title": "Anrufen", "done_at": "2026-11-20T20:00:00+00:00"})
        jana.sync()
        (changed,) = jana.ok("correct-times").json
        assert (changed["id"], changed["field"], changed["was"]) == (task, "done_at", "2026-11-20T20:00:00+00:00")
        assert jana.show("task", task)["done_at"][:13] in ("2026-11-20T16", "2026-11-20T17")
        assert jana.ok("correct-times").json == []
