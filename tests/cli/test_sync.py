"""`sync` against a real server process, and against what is not one."""

from __future__ import annotations

import json
import signal
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from goes_mobile.protocol.codes import InviteSecret
from tests.cli.county import Cli, County
from tests.serving import RunningServer, initialise

pytestmark = pytest.mark.processes
AT = "2026-11-20T14:52:00+01:00"
FIELDS = {"pushed", "pulled", "waiting", "quarantined", "conflicts", "seconds"}


def test_what_was_noted_offline_reaches_the_supervisor(county: County) -> None:
    (record,) = county.jana.add("encounter", {"at": AT, "place_note": "Bahnhof Plochingen"})
    with county.server.running():
        told = county.jana.sync()
        assert set(told) == FIELDS
        assert told["pushed"] >= 1
        assert told["waiting"] == 0
        county.sabine.sync()
    assert [line["where"] for line in county.sabine.ok("review-queue").json] == ["Bahnhof Plochingen"]
    assert county.jana.show("encounter", record)["delivery"] == "server"


def test_a_round_without_news_changes_nothing(county: County) -> None:
    with county.server.running():
        county.jana.sync()
        told = county.jana.sync()
    assert (told["pushed"], told["pulled"], told["waiting"]) == (0, 0, 0)


def test_locked_it_still_delivers(county: County) -> None:
    with county.server.running():
        county.jana.sync()
        county.jana.add("encounter", {"at": AT})
        result = county.jana.run("sync", "--once", pin=None)
    assert (result.code, result.json["waiting"]) == (0, 0)
    assert result.json["pushed"] > 0


def test_without_a_server_nothing_is_lost(county: County) -> None:
    county.jana.add("encounter", {"at": AT})
    result = county.jana.run("sync", "--once")
    assert (result.code, set(result.json)) == (4, FIELDS)
    assert result.json["waiting"] > 0
    assert "Nothing is lost" in result.err
    with county.server.running():
        assert county.jana.sync()["waiting"] == 0


HTML = b"<html><body>Bitte anmelden</body></html>"
HEAD = b"HTTP/1.1 %s\r\nConnection: close\r\n"
ANSWERS = {
    "a web page": HEAD % b"200 OK" + b"Content-Type: text/html\r\nContent-Length: 40\r\n\r\n" + HTML,
    "half a body": HEAD % b"200 OK" + b"Content-Type: application/msgpack\r\nContent-Length: 500\r\n\r\n\x80",
    "nonsense": b"220 smtp.example.org ready\r\n",
    "an error": HEAD % b"500 Internal Server Error" + b"Content-Length: 0\r\n\r\n",
    "a redirect": HEAD % b"302 Found" + b"Location: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "nothing": b"",
}


@contextmanager
def answering(port: int, answer: bytes) -> Iterator[None]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(answer)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Handler) as impostor:
        thread = threading.Thread(target=impostor.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield
        finally:
            impostor.shutdown()
            thread.join()


@pytest.mark.parametrize("what", sorted(ANSWERS))
def test_what_answers_but_is_no_server(county: County, what: str) -> None:
    county.jana.add("encounter", {"at": AT})
    with answering(county.port, ANSWERS[what]):
        result = county.jana.run("sync", "--once")
    assert (result.code, result.json["pushed"]) == (4, 0)
    assert result.json["waiting"] > 0
    assert "ost" in result.err, "says that nothing is lost"
    with county.server.running():
        assert county.jana.sync()["waiting"] == 0


def test_until_told_to_stop(county: County) -> None:
    county.jana.add("encounter", {"at": AT})
    with county.server.running():
        process = county.jana.process("sync", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with process:
            while county.sabine.sync()["pulled"] == 0:
                assert process.poll() is None
            in_use = county.jana.run("status")
            assert (in_use.code, "another program" in in_use.err.lower()) == (8, True)
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=30)
        assert (process.returncode, set(json.loads(out))) == (0, FIELDS)
    assert county.jana.ok("status").json["waiting"] == 0


def test_another_organisations_server_gets_nothing(county: County) -> None:
    county.jana.add("encounter", {"at": AT})
    other = county.place / "anderer"
    initialise(other)
    with RunningServer(other, None, "--port", str(county.port)):
        result = county.jana.run("sync", "--once")
    assert (result.code, "another server" in result.err) == (5, True)
    assert result.json["pushed"] == 0
    assert result.json["waiting"] > 0


# -- invites -----------------------------------------------------------------------------------------------------------


def refused(cli: Cli, county: County, code: str, exit_code: int, words: str) -> None:
    result = cli.run("enrol", "--server", county.server.url, "--code", code)
    assert (result.code, result.out) == (exit_code, "")
    assert words in result.err


def test_invite_codes_that_are_no_good(county: County) -> None:
    with county.server.running():
        code = county.invite("Neue Kollegin", "office", "workmobil")
        wrong = ("X" if code[0] != "X" else "Y") + code[1:]
        refused(Cli(county.place / "a"), county, wrong, 6, "group 1")
        refused(Cli(county.place / "b"), county, code[:-6], 6, "groups")
        refused(Cli(county.place / "c"), county, InviteSecret(b"\x07" * 16).code, 5, "no such invite")
        first = Cli(county.place / "neu")
        first.ok("enrol", "--server", county.server.url, "--code", code.lower().replace("-", " "))
        assert first.ok("status").json["waiting"] == 0
        refused(Cli(county.place / "d"), county, code, 5, "has been used")
        result = first.run(
            "enrol", "--server", county.server.url, "--code", county.invite("Noch eine", "office", "workmobil")
        )
        assert (result.code, "profile already" in result.err) == (6, True)


def test_an_expired_invite(county: County) -> None:
    with county.server.running():
        county.admin.clock_ms = -2 * 3_600_000
        code = county.invite("Zu spät", "office", "workmobil", hours=0.02)
        county.admin.clock_ms = 0
        refused(Cli(county.place / "spaet"), county, code, 5, "expired")


def test_who_may_invite_whom(county: County) -> None:
    with county.server.running():
        below = county.sabine.run("invite", "--role", "outreach", "--site", "workmobil", "--member", "Praktikant")
        above = county.sabine.run("invite", "--role", "supervisor", "--site", "workmobil", "--member", "Chefin")
        elsewhere = county.jana.run("invite", "--role", "office", "--site", "workmobil", "--member", "Freundin")
        nowhere = county.admin.run("invite", "--role", "office", "--site", "gibtsnicht", "--member", "X")
    assert (below.code, above.code, elsewhere.code, nowhere.code) == (0, 6, 6, 2)
