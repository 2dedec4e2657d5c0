"""The control log: who may what. Every sentence about certificates, invites, grants and orders, and who may not."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol import clear
from goes_mobile.protocol.entry import Entry, decode
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.ledger import Ledger, certified_by_itself
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import GroupRef
from tests.actors import NOW, OTHER_SITE, SITE, Actor, Organisation


@pytest.fixture
def team() -> Organisation:
    return Organisation.found(Random(7).randbytes, sites=(SITE, OTHER_SITE))


def says(team: Organisation, author: Actor, record: clear.Clear) -> str:
    """What the ledger makes of a record by this author."""
    return team.ledger.apply(author.say(team.control_stream, record))


def newcomer(team: Organisation) -> dict[str, bytes]:
    public = KeyPair.from_seed(team.random(32)).public
    return {"sign": public.sign, "kem": public.kem}


def invite(team: Organisation, role: str = "outreach", sites: tuple[str, ...] = (SITE,), **more: Any) -> clear.Invite:
    return clear.Invite(**newcomer(team), member=more.pop("member", team.random(16)), role=role, sites=sites,
                        expires_at=more.pop("expires_at", NOW + 1), **more)  # type: ignore[arg-type]  # fmt: skip


def epoch(
    team: Organisation, ref: GroupRef, to: list[bytes], name: bytes | None = None, replaces: tuple[bytes, ...] = ()
) -> clear.Epoch:
    grants = tuple(clear.Sealed(to=principal, sealed=team.random(80)) for principal in to)
    return clear.Epoch(owner_type=ref.type, owner=ref.id(team.id), subject=ref.subject, epoch=name or team.random(16),
                       kem=team.random(32), replaces=replaces, grants=grants)  # fmt: skip


# -- the root -----------------------------------------------------------------------------------------------------


def test_only_the_roots_own_founding_founds() -> None:
    team = Organisation.found(Random(1).randbytes)
    other = Organisation.found(Random(2).randbytes)
    ledger = Ledger(team.id)
    foreign = other.control[0]
    assert certified_by_itself(foreign) == other.sheet.root.public.sign
    assert ledger.apply(foreign) == "not_allowed"
    pretended = clear.Founding(root_sign=team.sheet.root.public.sign, recovery_kem=bytes(32), server_sign=bytes(32))
    assert ledger.apply(other.root.say(team.control_stream, pretended)) == "not_allowed"
    assert ledger.apply(team.control[0]) == "ok"


def test_a_second_founding_changes_nothing(team: Organisation) -> None:
    again = team.ledger.founding
    assert again is not None
    assert says(team, team.root, again) == "ok"
    assert says(team, team.root, again.model_copy(update={"server_sign": b"\x01" * 32})) == "not_allowed"
    assert team.ledger.founding == again


def test_a_founding_proves_itself_only_for_its_own_organisation(team: Organisation) -> None:
    founding = team.control[0]
    assert certified_by_itself(founding) is not None
    assert certified_by_itself(team.control[1]) is None
    assert certified_by_itself(decode(founding.redacted())) is None
    moved = replace(founding, header=replace(founding.header, organisation=bytes(16)))
    assert certified_by_itself(moved) is None


def test_the_root_certifies_administrators_and_nothing_else(team: Organisation) -> None:
    admin = clear.Administrator(**newcomer(team), member=team.random(16))
    assert says(team, team.root, admin) == "ok"
    for record in (invite(team), clear.Device(**newcomer(team), at=NOW), epoch(team, GroupRef("org"), []),
                   clear.Revocation(device=team.admin.id, reason="lost", control_position=1),
                   clear.RoleChange(member=team.admin.member, role="outreach"),
                   clear.Order(order=team.random(16), action="erase", stream=team.random(16))):  # fmt: skip
        assert says(team, team.root, record) == "not_allowed"


def test_nobody_else_certifies_administrators(team: Organisation) -> None:
    admin = clear.Administrator(**newcomer(team), member=team.random(16))
    for author in (team.admin, team.enrol("supervisor"), team.invite("supervisor")[1]):
        assert says(team, author, admin) == "not_allowed"
    assert clear.Administrator(**newcomer(team), member=team.random(16), role="outreach").role == "outreach"
    assert (
        says(team, team.root, clear.Administrator(**newcomer(team), member=bytes(16), role="outreach")) == "not_allowed"
    )


def test_the_root_cannot_be_revoked(team: Organisation) -> None:
    """Or one administrator could make the recovery sheet worthless for everybody."""
    revoked = clear.Revocation(device=team.root.id, reason="lost", control_position=1)
    assert says(team, team.admin, revoked) == "not_allowed"
    assert says(team, team.root, clear.Administrator(**newcomer(team), member=team.random(16))) == "ok"


# -- certificates -------------------------------------------------------------------------------------------------


def test_unknown_authors_are_told_apart_from_those_who_may_not(team: Organisation) -> None:
    stranger = Actor(team, KeyPair.from_seed(bytes(32)))
    assert says(team, stranger, invite(team)) == "unknown_author"
    assert says(team, team.enrol("outreach"), invite(team)) == "not_allowed"


@pytest.mark.parametrize(
    ("role", "sites", "verdict"),
    [
        ("outreach", (SITE,), "ok"), ("office", (SITE,), "ok"), ("supervisor", (SITE,), "not_allowed"),
        ("admin", (SITE,), "not_allowed"), ("outreach", (OTHER_SITE,), "not_allowed"),
        ("outreach", (SITE, OTHER_SITE), "not_allowed"), ("outreach", (), "not_allowed"),
    ],
)  # fmt: skip
def test_supervisors_invite_only_below_themselves_and_for_their_own_sites(
    team: Organisation, role: str, sites: tuple[str, ...], verdict: str
) -> None:
    supervisor = team.enrol("supervisor", [SITE])
    assert says(team, supervisor, invite(team, role, sites)) == verdict


def test_a_supervisor_cannot_speak_for_somebody_above_by_inviting_their_member(team: Organisation) -> None:
    supervisor, other = team.enrol("supervisor", [SITE]), team.enrol("outreach", [OTHER_SITE])
    for member in (team.admin.member, supervisor.member, other.member):
        assert says(team, supervisor, invite(team, member=member)) == "not_allowed"
    below = team.enrol("outreach", [SITE])
    assert says(team, supervisor, invite(team, member=below.member)) == "ok"
    assert says(team, team.admin, invite(team, member=supervisor.member)) == "ok"


def test_an_invite_certifies_a_device_with_its_own_member_role_and_sites(team: Organisation) -> None:
    _, invited = team.invite("office", [OTHER_SITE])
    device = team.device(invited)
    known = team.ledger.principals[device.id]
    assert (known.sort, known.member, known.role, known.sites) == ("device", invited.member, "office", (OTHER_SITE,))
    assert known.active
    for author in (team.admin, device):
        assert says(team, author, clear.Device(**newcomer(team), at=NOW)) == "not_allowed"


def test_an_invite_that_has_run_out_certifies_nobody(team: Organisation) -> None:
    _, invited = team.invite("outreach", expires_at=NOW)
    assert says(team, invited, clear.Device(**newcomer(team), at=NOW + 1)) == "not_allowed"
    assert says(team, invited, clear.Device(**newcomer(team), at=NOW)) == "ok"


def test_a_revoked_invite_certifies_nobody(team: Organisation) -> None:
    _, invited = team.invite("outreach")
    team.revoke(invited)
    assert says(team, invited, clear.Device(**newcomer(team), at=NOW)) == "not_allowed"


def test_two_devices_from_one_invite_are_both_suspended(team: Organisation) -> None:
    _, invited = team.invite("outreach")
    first = team.device(invited)
    assert team.ledger.principals[first.id].active
    again = clear.Device(sign=first.keys.public.sign, kem=first.keys.public.kem, at=NOW)
    assert says(team, invited, again) == "ok"
    assert team.ledger.principals[first.id].active  # the same once more is no second device
    second = team.device(invited)
    assert [team.ledger.principals[d.id].suspended for d in (first, second)] == [True, True]
    for device in (first, second):
        assert says(team, device, clear.Escrow(grants=())) == "not_allowed"
        assert team.ledger.groups_of(device.id) == []


def test_the_same_key_cannot_come_back_as_somebody_else(team: Organisation) -> None:
    device = team.enrol("outreach")
    team.revoke(device)
    public = device.keys.public
    raised = clear.Administrator(sign=public.sign, kem=public.kem, member=device.member)
    says(team, team.root, raised)
    known = team.ledger.principals[device.id]
    assert (known.role, known.active) == ("outreach", False)


# -- roles and revocation -----------------------------------------------------------------------------------------


def revocation(device: Actor) -> clear.Revocation:
    return clear.Revocation(device=device.id, reason="lost", control_position=5, positions={bytes(16): 3})


def test_authority_ends_with_revocation_and_what_came_before_counts(team: Organisation) -> None:
    supervisor = team.enrol("supervisor")
    assert says(team, supervisor, invite(team)) == "ok"
    team.revoke(supervisor)
    assert says(team, supervisor, invite(team)) == "not_allowed"
    first = team.ledger.principals[supervisor.id].revoked
    assert says(team, team.admin, revocation(supervisor).model_copy(update={"reason": "stolen"})) == "ok"
    assert team.ledger.principals[supervisor.id].revoked == first


def test_who_may_revoke_whom(team: Organisation) -> None:
    supervisor, colleague = team.enrol("supervisor"), team.enrol("supervisor")
    below, elsewhere = team.enrol("outreach"), team.enrol("outreach", [OTHER_SITE])
    assert says(team, below, revocation(elsewhere)) == "not_allowed"
    for device in (colleague, elsewhere, team.admin):
        assert says(team, supervisor, revocation(device)) == "not_allowed"
    assert says(team, supervisor, revocation(below)) == "ok"
    assert says(team, team.admin, revocation(supervisor)) == "ok"
    assert says(team, team.admin, revocation(Actor(team, KeyPair.from_seed(bytes(32))))) == "unknown_subject"


def test_nobody_revokes_their_own_device_and_the_last_administrator_stays(team: Organisation) -> None:
    assert says(team, team.admin, revocation(team.admin)) == "not_allowed"
    second = Actor(team, KeyPair.from_seed(team.random(32)), team.random(16), "admin")
    public = second.keys.public
    says(team, team.root, clear.Administrator(sign=public.sign, kem=public.kem, member=second.member))
    assert says(team, second, revocation(second)) == "not_allowed"
    assert says(team, second, revocation(team.admin)) == "ok"
    assert says(team, team.admin, revocation(second)) == "not_allowed"
    assert says(team, second, clear.RoleChange(member=second.member, role="outreach", sites=(SITE,))) == "not_allowed"


def test_a_change_of_role_is_for_all_devices_and_for_invites_that_are_still_open(team: Organisation) -> None:
    member = team.random(16)
    _, first = team.invite("supervisor")
    device = team.device(first)
    record = invite(team, "supervisor", member=first.member)
    assert says(team, team.admin, record) == "ok"
    change = clear.RoleChange(member=first.member, role="outreach", sites=(OTHER_SITE,))
    assert says(team, device, change) == "not_allowed"
    assert says(team, team.admin, change) == "ok"
    known = {p.sort: (p.role, p.sites) for p in team.ledger.principals.values() if p.member == first.member}
    assert known == {"device": ("outreach", (OTHER_SITE,)), "invite": ("outreach", (OTHER_SITE,))}
    assert says(team, team.admin, clear.RoleChange(member=member, role="office")) == "ok"


def test_what_a_role_allowed_then_stays_allowed(team: Organisation) -> None:
    """A supervisor's reviews do not vanish when the supervisor moves to another desk."""
    supervisor = team.enrol("supervisor")
    for position, role in ((100, "office"), (200, "supervisor")):
        changed = team.admin.say(
            team.control_stream,
            clear.RoleChange(member=supervisor.member, role=role, sites=(SITE,)),  # type: ignore[arg-type]
        )
        assert team.ledger.apply(changed, position) == "ok"
    known = team.ledger.principals[supervisor.id]
    assert [known.role_at(p) for p in (0, 99, 100, 199, 200, 10**9)] == [
        "supervisor", "supervisor", "office", "office", "supervisor", "supervisor",
    ]  # fmt: skip


def test_a_change_that_is_not_placed_yet_rules_nothing_that_was_written(team: Organisation) -> None:
    supervisor = team.enrol("supervisor")
    says(team, team.admin, clear.RoleChange(member=supervisor.member, role="office", sites=(SITE,)))
    known = team.ledger.principals[supervisor.id]
    assert (known.role, known.role_at(10**9)) == ("office", "supervisor")


# -- groups -------------------------------------------------------------------------------------------------------


def test_administrators_are_not_readers(team: Organisation) -> None:
    admin = team.ledger.principals[team.admin.id]
    held = {ref: team.ledger.may_hold(admin, GroupRef(*ref)) for ref in (
        ("org", ""), ("coordination", ""), ("site", SITE), ("site_supervisors", SITE), ("recovery", "")
    )}  # fmt: skip
    assert [*held.values()] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("role", "sites", "expected"),
    [
        ("outreach", [SITE], [1, 1, 0, 0, 0]),
        ("supervisor", [SITE], [1, 1, 0, 1, 1]),
        ("office", [OTHER_SITE], [1, 0, 1, 0, 0]),
    ],
)
def test_groups_go_by_role_and_site(
    team: Organisation, role: clear.Role, sites: list[str], expected: list[int]
) -> None:
    device = team.enrol(role, sites)
    principal = team.ledger.principals[device.id]
    refs = [GroupRef("org"), GroupRef("site", SITE), GroupRef("site", OTHER_SITE), GroupRef("site_supervisors", SITE),
            GroupRef("coordination")]  # fmt: skip
    assert [team.ledger.may_hold(principal, ref) for ref in refs] == [bool(e) for e in expected]
    assert set(team.ledger.groups_of(device.id)) == {r.id(team.id) for r, e in zip(refs, expected, strict=True) if e}


def test_a_group_is_begun_by_an_administrator_and_renewed_by_who_holds_it(team: Organisation) -> None:
    holder, stranger = team.enrol("outreach", [SITE]), team.enrol("outreach", [OTHER_SITE])
    ref = GroupRef("site", SITE)
    assert says(team, holder, epoch(team, GroupRef("site", "new"), [])) == "not_allowed"
    assert says(team, team.admin, epoch(team, GroupRef("site", "new"), [])) == "ok"
    assert says(team, stranger, epoch(team, ref, [stranger.id])) == "not_allowed"
    assert says(team, holder, epoch(team, ref, [holder.id])) == "ok"


def test_an_epoch_must_be_what_it_says(team: Organisation) -> None:
    made = epoch(team, GroupRef("site", SITE), [])
    for wrong in ({"owner": bytes(16)}, {"subject": OTHER_SITE}, {"owner_type": "site_supervisors"}, {"kem": b"short"},
                  {"owner_type": "person"}, {"owner_type": "control"}, {"owner_type": "recovery"}):  # fmt: skip
        assert says(team, team.admin, made.model_copy(update=wrong)) == "not_allowed"


def test_grants_go_only_to_those_whose_certificate_entitles_them(team: Organisation) -> None:
    inside, outside = team.enrol("outreach", [SITE]), team.enrol("outreach", [OTHER_SITE])
    ref = GroupRef("site", SITE)
    made = epoch(team, ref, [inside.id, outside.id, team.admin.id, team.random(16)])
    assert says(team, team.admin, made) == "not_allowed"
    recorded = team.ledger.groups[ref.id(team.id)].epochs[made.epoch]
    assert [*recorded.sealed] == [inside.id]


def test_a_grant_needs_a_holder_and_a_known_epoch(team: Organisation) -> None:
    one, two, outside = (team.enrol("outreach", [site]) for site in (SITE, SITE, OTHER_SITE))
    ref = GroupRef("site", SITE)
    made = epoch(team, ref, [one.id])
    says(team, team.admin, made)
    grant = clear.Grant(owner=made.owner, epoch=made.epoch, grants=(clear.Sealed(to=two.id, sealed=b"x"),))
    assert says(team, outside, grant) == "not_allowed"
    assert says(team, two, grant) == "not_allowed"
    assert says(team, one, grant.model_copy(update={"epoch": bytes(16)})) == "unknown_subject"
    assert says(team, one, grant.model_copy(update={"owner": bytes(16)})) == "unknown_subject"
    assert says(team, one, grant) == "ok"
    assert two.id in team.ledger.holders(made.owner)


def test_a_grant_that_does_not_open_does_not_keep_out_the_one_that_does(team: Organisation) -> None:
    one, two = team.enrol("outreach"), team.enrol("outreach")
    made = epoch(team, GroupRef("site", SITE), [one.id])
    says(team, team.admin, made)
    for sealed in (b"rubbish", b"rubbish", b"true", *(bytes([n]) for n in range(30))):
        grant = clear.Grant(owner=made.owner, epoch=made.epoch, grants=(clear.Sealed(to=two.id, sealed=sealed),))
        assert says(team, one, grant) == "ok"
    offers = team.ledger.groups[made.owner].epochs[made.epoch].offers(two.id)
    assert offers[:2] == [b"rubbish", b"true"]
    assert len(offers) < 20
    assert team.ledger.groups[made.owner].epochs[made.epoch].offers(bytes(16)) == []


def test_two_renewals_apart_are_both_live_until_a_third_replaces_them(team: Organisation) -> None:
    ref = GroupRef("org")
    [old] = team.ledger.groups[ref.id(team.id)].live()
    one, two = epoch(team, ref, [], replaces=(old.epoch,)), epoch(team, ref, [], replaces=(old.epoch,))
    for made in (one, two):
        assert says(team, team.admin, made) == "ok"
    live = {e.epoch for e in team.ledger.groups[ref.id(team.id)].live()}
    assert live == {one.epoch, two.epoch}
    third = epoch(team, ref, [], replaces=(one.epoch, two.epoch))
    says(team, team.admin, third)
    assert [e.epoch for e in team.ledger.groups[ref.id(team.id)].live()] == [third.epoch]


def test_a_group_never_loses_its_last_key(team: Organisation) -> None:
    """An epoch that replaces itself, or two that replace each other, would leave a group that nothing is granted to."""
    ref = GroupRef("org")
    [old] = team.ledger.groups[ref.id(team.id)].live()
    mine, later = team.random(16), team.random(16)
    says(team, team.admin, epoch(team, ref, [], name=mine, replaces=(mine, later, old.epoch)))
    assert [e.epoch for e in team.ledger.groups[ref.id(team.id)].live()] == [mine]
    says(team, team.admin, epoch(team, ref, [], name=later, replaces=(mine,)))
    assert [e.epoch for e in team.ledger.groups[ref.id(team.id)].live()] == [later]


def test_an_open_invite_is_granted_what_is_renewed_meanwhile_and_a_used_one_is_not(team: Organisation) -> None:
    ref = GroupRef("site", SITE)
    _, invited = team.invite("outreach")
    assert invited.id in team.ledger.holders(ref.id(team.id))
    device = team.device(invited)
    assert invited.id not in team.ledger.holders(ref.id(team.id))
    assert device.id in team.ledger.holders(ref.id(team.id))
    assert ref.id(team.id) in team.ledger.ever_in(invited.id)


def test_revoked_devices_hold_nothing(team: Organisation) -> None:
    device = team.enrol("outreach")
    team.revoke(device)
    assert team.ledger.groups_of(device.id) == []
    assert not team.ledger.may_hold(team.ledger.principals[device.id], GroupRef("org"))
    assert team.ledger.entitled(team.ledger.principals[device.id], GroupRef("org"))


# -- orders -------------------------------------------------------------------------------------------------------


def order(team: Organisation, action: str = "redact", entries: tuple[bytes, ...] = ()) -> clear.Order:
    return clear.Order(order=team.random(16), action=action, stream=team.random(16), entries=entries)  # type: ignore[arg-type]


def test_an_order_needs_two_people_and_the_second_is_a_supervisor(team: Organisation) -> None:
    outreach, supervisor = team.enrol("outreach"), team.enrol("supervisor")
    made = order(team)
    release = clear.Release(order=made.order)
    assert says(team, supervisor, release) == "unknown_subject"
    assert says(team, supervisor, made) == "ok"
    for author in (supervisor, outreach, team.admin):
        assert says(team, author, release) == "not_allowed"
    assert team.ledger.orders[made.order].released_by is None
    second = team.enrol("supervisor")
    assert says(team, second, release) == "ok"
    assert team.ledger.orders[made.order].released_by == second.id


def test_the_same_person_on_a_second_device_is_no_second_person(team: Organisation) -> None:
    _, invited = team.invite("supervisor")
    one = team.device(invited)
    record = invite(team, "supervisor", member=invited.member)
    says(team, team.admin, record)
    pair = KeyPair.from_seed(team.random(32))
    made = order(team)
    says(team, one, made)
    _, other = team.invite("supervisor")
    twin = Actor(team, pair, invited.member, "supervisor", (SITE,))
    team.ledger.principals[twin.id] = replace(team.ledger.principals[one.id], id=twin.id)
    assert says(team, twin, clear.Release(order=made.order)) == "not_allowed"
    assert says(team, team.device(other), clear.Release(order=made.order)) == "ok"


def test_an_orders_content_cannot_be_exchanged_after_it_was_proposed(team: Organisation) -> None:
    made = order(team)
    says(team, team.enrol("outreach"), made)
    says(team, team.enrol("outreach"), made.model_copy(update={"stream": bytes(16), "action": "erase"}))
    assert team.ledger.orders[made.order].order == made


def test_a_body_may_be_missing_only_where_a_released_order_says_so(team: Organisation) -> None:
    first, second = team.enrol("supervisor"), team.enrol("supervisor")
    redact, erase = order(team, entries=(b"h" * 32,)), order(team, "erase")
    for made in (redact, erase):
        says(team, first, made)
        assert not team.ledger.removed(made.stream, b"h" * 32)
        says(team, second, clear.Release(order=made.order))
    assert team.ledger.removed(redact.stream, b"h" * 32)
    assert not team.ledger.removed(redact.stream, b"i" * 32)
    assert not team.ledger.removed(team.random(16), b"h" * 32)
    assert team.ledger.removed(erase.stream, b"i" * 32)


def test_proof_and_late_decisions(team: Organisation) -> None:
    outreach, supervisor = team.enrol("outreach"), team.enrol("supervisor")
    made = order(team)
    assert says(team, outreach, clear.Confirmation(order=made.order)) == "unknown_subject"
    says(team, outreach, made)
    assert says(team, outreach, clear.Confirmation(order=made.order)) == "ok"
    assert team.ledger.orders[made.order].confirmed_by == {outreach.id}
    decision = clear.LateDecision(entries=(b"h" * 32,), accept=True)
    assert says(team, outreach, decision) == "not_allowed"
    assert says(team, supervisor, decision) == "ok"
    assert team.ledger.late == {b"h" * 32: True}


# -- what nobody expects ------------------------------------------------------------------------------------------


def test_types_of_a_later_version_are_kept_and_change_nothing(team: Organisation) -> None:
    before = {**team.ledger.principals}
    later = team.admin.seal(team.control_stream, pack({"type": "from_a_later_version", "x": 1}))
    assert team.ledger.apply(later) == "unknown_type"
    assert team.ledger.principals == before


def test_fields_of_a_later_version_are_ignored_and_passed_on(team: Organisation) -> None:
    said = clear.encode(clear.Escrow(grants=(), later="x"))  # type: ignore[call-arg]
    read = clear.decode(said)
    assert read is not None
    assert clear.encode(read) == said


KEYS = {"sign": bytes(32), "kem": bytes(32)}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xc1", pack(5), pack([]), pack({}), pack({"type": 5}), pack({"type": "invite"}),
        pack({"type": "epoch", "owner": b"x"}), pack({"type": "device", **KEYS, "at": 2**64 - 1}),
        pack({"type": "invite", **KEYS, "member": bytes(16), "role": "boss", "expires_at": 1}),
    ],
)  # fmt: skip
def test_what_is_no_record_is_undecodable(team: Organisation, body: bytes) -> None:
    assert team.ledger.apply(team.admin.seal(team.control_stream, body)) == "undecodable"


def test_a_control_entry_without_its_body_says_nothing(team: Organisation) -> None:
    bare = decode(team.revoke(team.enrol("outreach")).redacted())
    assert Ledger(team.id).apply(bare) == "undecodable"


@given(st.integers(0, 10_000))
def test_the_ledger_never_raises_and_never_knows_a_second_founding(seed: int) -> None:
    """Control entries of two organisations in any order, some by the wrong authors: every one gets a verdict."""
    dice = Random(seed)
    team = Organisation.found(Random(1).randbytes)
    device = team.enrol("supervisor")
    team.revoke(device)
    other = Organisation.found(Random(2).randbytes)
    entries: list[Entry] = team.control + other.control
    dice.shuffle(entries)
    ledger = Ledger(team.id)
    verdicts = {ledger.apply(entry) for entry in entries + entries}
    assert verdicts <= {"ok", "unknown_author", "not_allowed", "unknown_subject"}
    assert ledger.founding == team.ledger.founding
    assert not any(ledger.principals.get(other_id) for other_id in (other.root.id, other.admin.id))


@pytest.mark.parametrize("what", ["certificate", "grant"])
def test_every_flipped_bit_of_a_certificate_or_a_grant_is_refused(team: Organisation, what: str) -> None:
    """Exhaustively for one invite and for one grant of the site's key."""
    grant = clear.Grant(owner=bytes(16), epoch=bytes(16), grants=(clear.Sealed(to=bytes(16), sealed=bytes(80)),))
    made = team.admin.say(team.control_stream, grant if what == "grant" else invite(team))
    key = team.ledger.signing_key(made)
    assert key is not None
    for index in range(len(made.raw)):
        for bit in range(8):
            _refused(made.raw[:index] + bytes([made.raw[index] ^ (1 << bit)]) + made.raw[index + 1 :], key)


def _refused(raw: bytes, key: bytes) -> None:
    try:
        assert not decode(raw).signed_by(key)
    except Malformed:
        return
