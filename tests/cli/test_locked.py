"""PIN and passphrase: where they come from, and what wrong ones cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.county import PIN, Cli


def test_a_wrong_passphrase(jana: Cli) -> None:
    result = jana.run("list", "encounter", pin="ganz falsch geraten")
    assert (result.code, result.out) == (3, "")
    assert "Wrong PIN or passphrase" in result.err
    assert jana.run("list", "encounter").code == 0


def test_wrong_tries_back_off_and_that_is_remembered(jana: Cli) -> None:
    for _ in range(5):
        assert jana.run("status", pin="ganz falsch geraten").code == 3
    pausing = jana.run("status")
    assert (pausing.code, "Try again in" in pausing.err) == (3, True)
    jana.clock_ms = -3_600_000
    assert jana.run("status").code == 3, "turning the clock back gains nothing"
    jana.clock_ms = 120_000
    assert jana.run("status").code == 0


def test_status_works_while_locked(jana: Cli) -> None:
    result = jana.run("status", pin=None)
    assert (result.code, result.json["locked"]) == (0, True)


def test_reading_needs_a_secret(jana: Cli) -> None:
    result = jana.run("list", "encounter", pin=None)
    assert (result.code, "--pin-file" in result.err) == (3, True)


def test_the_secret_from_a_file(jana: Cli, tmp_path: Path) -> None:
    file = tmp_path / "pin"
    file.write_text(PIN + "\nzweite Zeile\n")
    assert jana.run("list", "encounter", "--pin-file", str(file), pin=None).code == 0
    assert jana.run("--pin-file", str(file), "list", "encounter", pin="wird nicht gefragt").code == 0
    assert jana.run("list", "encounter", "--pin-file", str(tmp_path / "fehlt"), pin=None).code == 2


@pytest.mark.parametrize(("secret", "told"), [("123456", "This computer keeps no secret"), ("kurz", "at least 10")])
def test_a_new_profile_wants_a_passphrase(tmp_path: Path, secret: str, told: str, founded_code: str, url: str) -> None:
    result = Cli(tmp_path / "neu", pin=secret).run("enrol", "--server", url, "--code", founded_code)
    assert (result.code, told in result.err) == (6, True)


@pytest.fixture
def url() -> str:
    return "http://127.0.0.1:9"


@pytest.fixture
def founded_code() -> str:
    from goes_mobile.protocol.codes import InviteSecret

    return InviteSecret(bytes(16)).code
