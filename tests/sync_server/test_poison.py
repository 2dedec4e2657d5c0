"""Signed nonsense: whatever a certified device says, the server stays up, also after it has read it all again."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goes_mobile.protocol import clear
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.streams import GroupRef, StreamRef
from sync_server.core import Core
from sync_server.doctor import examine
from tests.actors import SITE, Organisation
from tests.sync_server.counter import Counter

REF = StreamRef("site", SITE)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.text(max_size=8)
    | st.sampled_from([bytes(16), bytes(32), b"", b"\x01" * 32, "", SITE, "admin", "device"])
    | st.lists(st.binary(max_size=33), max_size=3)
)
CHANGES = st.dictionaries(
    st.sampled_from(sorted({f for m in clear.Known.__args__ for f in m.model_fields})), VALUES, max_size=3
)


def records(team: Organisation) -> list[dict[str, Any]]:
    """One of each kind, right as far as it goes."""
    key, owner = b"\x02" * 32, GroupRef("site", SITE).id(team.id)
    epoch, _ = team.epochs.keys[owner]
    sealed = clear.Sealed(to=team.admin.id, sealed=b"x")
    made: list[clear.Clear] = [
        clear.Founding(root_sign=key, recovery_kem=key, server_sign=key),
        clear.Administrator(sign=key, kem=key, member=bytes(16)),
        clear.Invite(sign=key, kem=key, member=bytes(16), role="office", expires_at=1),
        clear.Device(sign=key, kem=key, at=1),
        clear.Epoch(owner_type="site", owner=owner, subject=SITE, epoch=bytes(16), kem=key, replaces=(epoch,)),
        clear.Grant(owner=owner, epoch=epoch, grants=(sealed,)),
        clear.Revocation(device=team.admin.id, reason="lost", control_position=0),
        clear.RoleChange(member=team.admin.member, role="outreach"),
        clear.Order(order=bytes(16), action="erase", stream=owner),
        clear.Release(order=bytes(16)),
        clear.Confirmation(order=bytes(16)),
        clear.LateDecision(entries=(bytes(32),), accept=True),
        clear.Escrow(grants=(sealed,)),
    ]
    assert {record.type for record in made} == clear.TYPES
    return [record.model_dump() for record in made]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spoilt=st.lists(
        st.tuples(st.integers(0, 12), CHANGES, st.sampled_from("raim"), st.booleans()), min_size=1, max_size=12
    )
)
def test_nothing_that_is_signed_brings_the_server_down(
    counter: Counter, spoilt: list[tuple[int, dict[str, Any], str, bool]]
) -> None:
    team = Organisation.found()
    member, boss = team.enrol("outreach"), team.enrol("supervisor")
    _, invited = team.invite("office")
    counter.found(team)
    counter.push(member, [member.open_stream(REF)])
    authors = {"r": team.root, "a": team.admin, "i": invited, "m": member}
    entries = []
    for kind, changes, author, in_control in spoilt:
        record = pack(records(team)[kind] | changes)
        stream = team.control_stream if in_control else REF.id(team.id)
        entries.append(authors[author].seal(stream, record))
    counter.token(boss)
    answer = counter.push(boss, entries)
    assert len(counter.receipts(answer)) == len(entries)
    again = Core(counter.settings, lambda: counter.now)
    with again.database.read() as connection:
        _, reread = again.organisations.get(connection, team.id)
    with counter.core.database.read() as connection:
        _, known = counter.core.organisations.get(connection, team.id)
    assert reread.ledger.principals == known.ledger.principals
    assert {p: reread.names(p) for p in known.ledger.principals} == {p: known.names(p) for p in known.ledger.principals}
    assert examine(again.database, team.id).findings == []
    again.database.close()
    assert reread.position == known.position
