"""Secrets as people type them: every slip is found, and named by its group."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goes_mobile.protocol.codes import ALPHABET, INVITE_BYTES, SHEET_BYTES, InviteSecret, RecoverySheet, read, spell
from goes_mobile.protocol.problems import Malformed
from tests.protocol.making import ident

SECRETS = st.one_of(
    st.binary(min_size=INVITE_BYTES, max_size=INVITE_BYTES), st.binary(min_size=SHEET_BYTES, max_size=SHEET_BYTES)
)


@given(SECRETS)
def test_what_was_spelt_is_read_again(secret: bytes) -> None:
    spelt = spell(secret)
    assert read(spelt, len(secret)) == secret
    assert {len(group) for group in spelt.split("-")} == {5}


@given(
    SECRETS,
    st.sampled_from([str.lower, str.upper]),
    st.sampled_from(["", " ", "-", "–", "—", "‑", "\u00a0", "\n", " - "]),
)
def test_case_spaces_and_dashes_do_not_matter(secret: bytes, case: object, between: str) -> None:
    spelt = str.lower(spell(secret)) if case is str.lower else spell(secret)
    assert read(f" {spelt.replace('-', between)} ", len(secret)) == secret


@given(SECRETS)
def test_letters_that_look_like_digits_are_read_as_digits(secret: bytes) -> None:
    for seeming, true in (("O", "0"), ("I", "1"), ("L", "1"), ("o", "0"), ("i", "1"), ("l", "1")):
        assert read(spell(secret).replace(true, seeming), len(secret)) == secret


@given(SECRETS, st.integers(0), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found_in_its_group(secret: bytes, at: int, letter: str) -> None:
    letters = [*spell(secret).replace("-", "")]
    at %= len(letters)
    if letters[at] == letter:
        return
    letters[at] = letter
    with pytest.raises(Malformed) as refused:
        read("".join(letters), len(secret))
    assert refused.value.facts["group"] == at // 5 + 1


@given(SECRETS, st.integers(0))
def test_every_swap_of_neighbours_is_found(secret: bytes, at: int) -> None:
    letters = [*spell(secret).replace("-", "")]
    at %= len(letters) - 1
    if letters[at] == letters[at + 1]:
        return
    letters[at], letters[at + 1] = letters[at + 1], letters[at]
    with pytest.raises(Malformed) as refused:
        read("".join(letters), len(secret))
    assert refused.value.facts["group"] in (at // 5 + 1, (at + 1) // 5 + 1)


def swapped(secret: bytes, at: int) -> bytes | None:
    """What is read when two neighbouring groups change places; ``None`` if it is refused."""
    groups = spell(secret).split("-")
    at %= len(groups) - 1
    groups[at], groups[at + 1] = groups[at + 1], groups[at]
    try:
        return read("-".join(groups), len(secret))
    except Malformed:
        return None


@given(SECRETS, st.integers(0))
@example(bytes.fromhex("0000000000000000000016 3f014d9200"), 4)
def test_swapped_groups_are_never_read_as_the_secret(secret: bytes, at: int) -> None:
    """One in a thousand slips through its two check characters; it is a secret then that nobody was given."""
    alike = spell(secret).split("-")
    at %= len(alike) - 1
    assert swapped(secret, at) != secret or alike[at][:4] == alike[at + 1][:4]


def test_swapped_groups_are_found() -> None:
    dice = random.Random(7)
    secrets = [dice.randbytes(SHEET_BYTES) for _ in range(2000)]
    assert sum(swapped(secret, dice.randrange(12)) is None for secret in secrets) > 1980


@pytest.mark.parametrize("length", [INVITE_BYTES, SHEET_BYTES])
def test_too_little_and_too_much_are_told_apart_from_a_slip(length: int) -> None:
    groups = spell(bytes(length)).split("-")
    for typed in ("", "-".join(groups[:-1]), "-".join([*groups, spell(bytes(1)).split("-")[0]])):
        with pytest.raises(Malformed) as refused:
            read(typed, length)
        assert refused.value.code in ("code_length", "code_typo")
    with pytest.raises(Malformed) as refused:
        read("-".join(groups[:-1]), length)
    assert (refused.value.code, refused.value.facts["given"]) == ("code_length", len(groups) - 1)
    with pytest.raises(Malformed) as refused:
        read("-".join(groups)[:-1], length)
    assert (refused.value.code, refused.value.facts["group"]) == ("code_typo", len(groups))


def test_an_invites_keys_look_up_and_welcome_key_have_nothing_in_common() -> None:
    invite = InviteSecret(ident())
    other = InviteSecret.typed(invite.code)
    assert (other.keys, other.lookup, other.welcome_key) == (invite.keys, invite.lookup, invite.welcome_key)
    secrets = [invite.secret, invite.lookup, invite.welcome_key, invite.keys.sign_secret, invite.keys.kem_secret]
    assert len({s[:16] for s in secrets}) == len(secrets)
    assert invite.code not in repr(invite)


def test_a_sheets_root_and_recovery_key_have_nothing_in_common() -> None:
    sheet = RecoverySheet(ident() + ident())
    other = RecoverySheet.typed(sheet.words)
    assert (other.root, other.recovery_kem, other.organisation) == (
        sheet.root,
        sheet.recovery_kem,
        sheet.root.principal,
    )
    secrets = [sheet.secret, sheet.recovery_kem, sheet.root.sign_secret, sheet.root.kem_secret]
    assert len(set(secrets)) == len(secrets)
    assert sheet.words not in repr(sheet)


def test_a_sheet_is_not_taken_for_an_invite() -> None:
    with pytest.raises(Malformed):
        InviteSecret.typed(RecoverySheet(ident() + ident()).words)
