"""A forgotten PIN: a supervisor's device or the sheet lets the member in again, and nothing that waited is lost."""

from __future__ import annotations

import os

import pytest

from goes_mobile.protocol import clear
from goes_mobile.protocol.codes import RecoverySheet
from goes_mobile.protocol.ids import to_text
from goes_mobile.protocol.problems import GoesError, InputRefused, Locked, Malformed
from goes_mobile.protocol.reset import Answer, Question
from goes_mobile.protocol.streams import GroupRef
from goes_mobile.store import resetting
from goes_mobile.vault.keyring import new_group
from goes_mobile.vault.lock import FLOOR
from tests.devices import OTHER_SITE, SECRET, SITE, County, Device

NEW = "ganz neu ausgedacht"


@pytest.fixture
def lea(county: County) -> Device:
    """Supervises the site."""
    device = county.enrol("supervisor", SITE)
    device.store.offer_escrow()
    county.sync()
    return device


@pytest.fixture
def anna(county: County, lea: Device) -> Device:
    """Her key is left with her supervisor; then she notes something without network, and her device locks."""
    device = county.enrol("outreach")
    county.sync()
    device.store.offer_escrow()
    county.sync()
    device.note("wartet noch")
    device.store.lock()
    return device


def ask(device: Device, new: str = NEW) -> str:
    return resetting.ask(device.store, new, cost=FLOOR)


def answer(helper: Device, code: str, sheet: RecoverySheet | None = None) -> str:
    return resetting.answer(helper.store, resetting.asking(helper.store, code), sheet)


def finish(device: Device, typed: str, new: str = NEW) -> None:
    resetting.finish(device.store, typed, new, cost=FLOOR)


def refused(error: type[GoesError], code: str) -> pytest.RaisesExc[GoesError]:
    return pytest.raises(error, check=lambda raised: raised.code == code)


def test_a_forgotten_pin_loses_nothing(county: County, anna: Device, lea: Device) -> None:
    code = ask(anna)
    assert len(code.split("-")) == 15
    assert to_text(anna.store.identity.member) == resetting.asking(lea.store, code).member
    finish(anna, answer(lea, code))
    assert anna.store.locked
    with refused(Locked, "wrong_pin"):
        anna.store.unlock(SECRET)
    anna.store.unlock(NEW)
    assert anna.notes() == {"wartet noch"}
    assert anna.findings() >= {"unlock_reset"}
    assert lea.findings() >= {"unlock_answered"}
    county.sync()
    assert lea.notes() == {"wartet noch"}


def test_it_goes_on_after_the_device_was_switched_off_in_between(anna: Device, lea: Device) -> None:
    code = ask(anna)
    anna.close()
    anna.open()
    assert resetting.asked(anna.store) == code
    finish(anna, answer(lea, code))
    anna.store.unlock(NEW)
    assert anna.notes() == {"wartet noch"}
    assert resetting.asked(anna.store) == ""


def test_the_sheet_helps_when_no_supervisor_is_left(county: County, anna: Device) -> None:
    code = ask(anna)
    with refused(InputRefused, "reset_not_yours"):
        answer(county.admin, code)
    with refused(InputRefused, "foreign_sheet"):
        answer(county.admin, code, RecoverySheet(bytes(32)))
    finish(anna, answer(county.admin, code, county.sheet))
    anna.store.unlock(NEW)
    assert anna.notes() == {"wartet noch"}


def test_only_supervisors_of_the_site_can_help(county: County, anna: Device) -> None:
    elsewhere, colleague = county.enrol("supervisor", OTHER_SITE), county.enrol("outreach")
    county.sync(elsewhere, colleague)
    code = ask(anna)
    for helper in (elsewhere, colleague):
        with refused(InputRefused, "reset_not_yours"):
            answer(helper, code)


def test_an_answer_counts_once_and_for_its_own_code(anna: Device, lea: Device) -> None:
    first = answer(lea, ask(anna))
    second = ask(anna)
    with refused(InputRefused, "reset_wrong_answer"):
        finish(anna, first)
    finish(anna, answer(lea, second))
    with refused(InputRefused, "reset_not_asked"):
        finish(anna, answer(lea, second))


def test_an_answer_opens_no_other_device(county: County, anna: Device, lea: Device) -> None:
    ben = county.enrol("outreach")
    county.sync(ben)
    ben.store.offer_escrow()
    county.sync(ben, lea)
    ben.store.lock()
    mine, his = ask(anna), ask(ben)
    with refused(InputRefused, "reset_wrong_answer"):
        finish(ben, answer(lea, mine))
    swapped = Question(Question.typed(his).name, Question.typed(mine).kem)
    with refused(InputRefused, "reset_wrong_answer"):
        finish(anna, answer(lea, swapped.code))


def test_whoever_remembers_voids_the_code(anna: Device, lea: Device) -> None:
    code = ask(anna)
    anna.store.unlock(SECRET)
    anna.store.lock()
    with refused(InputRefused, "reset_not_asked"):
        finish(anna, answer(lea, code))


def test_the_answer_is_worth_nothing_without_the_new_pin(anna: Device, lea: Device) -> None:
    told = answer(lea, ask(anna))
    for left in (4, 3, 2, 1):
        with pytest.raises(Locked) as error:
            finish(anna, told, "ganz falsch geraten")
        assert (error.value.code, error.value.facts) == ("reset_new_differs", {"tries_left": left})
    with refused(Locked, "reset_over"):
        finish(anna, told, "ganz falsch geraten")
    with refused(InputRefused, "reset_not_asked"):
        finish(anna, told)
    anna.store.unlock(SECRET)
    assert anna.notes() == {"wartet noch"}


def test_the_fresh_key_is_nowhere_on_the_disk(anna: Device, lea: Device) -> None:
    told = Answer.typed(answer(lea, ask(anna)))
    pending = anna.store.journal.get(resetting.PENDING)
    assert {"lock", "code", "wrong"} == set(pending)
    assert Question.typed(pending["code"]).kem not in pending["lock"]["sealed"]
    assert told.hidden not in b"".join(file.read_bytes() for file in anna.home.iterdir() if file.is_file())


def test_a_typing_error_names_its_group_and_costs_nothing(anna: Device, lea: Device) -> None:
    groups = ask(anna).split("-")
    groups[6] = groups[6][::-1] if groups[6] != groups[6][::-1] else "00000"
    with pytest.raises(Malformed) as error:
        resetting.asking(lea.store, "-".join(groups))
    assert (error.value.code, error.value.facts["group"]) == ("code_typo", 7)
    told = answer(lea, resetting.asked(anna.store)).split("-")
    with pytest.raises(Malformed) as error:
        finish(anna, "-".join(told[:-1]))
    assert error.value.code == "code_length"
    finish(anna, " ".join(told).lower())
    anna.store.unlock(NEW)


def test_what_is_no_code_of_ours_is_refused(county: County, anna: Device, lea: Device) -> None:
    with refused(InputRefused, "reset_unknown_device"):
        resetting.asking(lea.store, Question(b"other", os.urandom(32)).code)
    small = Question(Question.typed(ask(anna)).name, bytes(32))
    with refused(Malformed, "reset_bad_key"):
        answer(lea, small.code)
    with refused(InputRefused, "reset_unknown_answerer"):
        finish(anna, Answer(b"other", os.urandom(32)).code)


def test_pauses_after_wrong_tries_do_not_keep_help_away(anna: Device, lea: Device) -> None:
    for _ in range(6):
        with pytest.raises(Locked):
            anna.store.unlock("ganz falsch geraten")
    finish(anna, answer(lea, ask(anna)))
    anna.store.unlock(NEW)


def test_a_device_that_was_revoked_is_not_opened(county: County, anna: Device, lea: Device) -> None:
    code = ask(anna)
    county.admin.store.append_clear([
        clear.Revocation(device=anna.store.device, reason="stolen", control_position=1)
    ])  # fmt: skip
    county.sync(county.admin, lea)
    with refused(InputRefused, "reset_ended_device"):
        answer(lea, code)


def test_a_pin_may_follow_a_passphrase(anna: Device, lea: Device) -> None:
    bound = os.urandom(32)
    code = resetting.ask(anna.store, "482915", bound, FLOOR)
    resetting.finish(anna.store, answer(lea, code), "482915", bound, FLOOR)
    assert anna.store.gate.kind == "pin"
    anna.store.unlock("482915", bound)
    assert anna.notes() == {"wartet noch"}


def test_the_key_follows_when_the_supervisors_get_another(county: County, anna: Device, lea: Device) -> None:
    """A key made for somebody who came later, and for her alone: she can help too."""
    anna.store.unlock(SECRET)
    ledger, ref = county.admin.store.ledger, GroupRef("site_supervisors", SITE)
    old = [live.epoch for live in ledger.groups[ref.id(ledger.organisation)].live()]
    newer = county.enrol("supervisor", SITE)
    keys = newer.store.ledger.principals[newer.store.device]
    made = new_group(ref, ledger, [(keys.id, keys.kem)], replaces=old)
    county.admin.store.append_clear([made.record])
    county.sync(county.admin, anna)
    anna.store.offer_escrow()
    told = len(anna.own)
    anna.store.offer_escrow()
    assert len(anna.own) == told, "not again while nothing has changed"
    county.sync(anna, newer)
    anna.store.lock()
    finish(anna, answer(newer, ask(anna)))
    anna.store.unlock(NEW)


def test_a_profile_that_nobody_can_help_says_so(county: County, anna: Device) -> None:
    stranger = county.enrol("outreach")
    stranger.store.lock()
    with refused(InputRefused, "reset_no_escrow"):
        ask(stranger)
