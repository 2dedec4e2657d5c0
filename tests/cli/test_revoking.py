"""A lost tablet, at the command line and with a real server: revoked, its late work decided, itself erased."""

from __future__ import annotations

from goes_mobile.app import desktop
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.store.store import Store
from tests.cli.county import Cli, County


def test_a_lost_tablet(county: County) -> None:
    with county.server.running():
        lost = county.newcomer("lost", "Lena Lang", "outreach", "workmobil")
        county.everyone_syncs()
        lost.sync()
        [waits] = lost.add("encounter", {"note": "Im Funkloch", "at": "2026-11-23T14:00:00+01:00"})
        county.admin.sync()
        device = next(d for d in county.admin.ok("devices").json if d["name"] == "Lena Lang")
        assert (device["state"], device["here"], device["sites"] != []) == ("active", False, True)
        assert device["device_name"].endswith(" Workmobil 2"), "named by itself, apart from Jana's"
        renamed = county.admin.ok("devices", "--rename", device["device"], "--to", "Tablet 7").json
        assert [d["device_name"] for d in renamed if d["device"] == device["device"]] == ["Tablet 7"]
        told = county.admin.ok("revoke", device["device"][:12], "--reason", "lost").json
        assert told["revoked"] == [device["device"]]
        assert told["delivered"]
        county.everyone_syncs()
        gone = lost.run("sync", "--once")
        assert (gone.code, gone.out) == (5, "")
        assert "revoked" in gone.err
        assert lost.run("status").code == 5
        county.everyone_syncs()
        assert county.jana.ok("status").json["quarantined"] > 0
        assert waits not in [row["id"] for row in county.jana.list("encounter")]
        states = {d["name"]: (d["state"], d["reason"]) for d in county.jana.ok("devices").json}
        assert states["Lena Lang"] == ("revoked", "lost")


def test_a_member_leaves_with_all_devices(county: County) -> None:
    with county.server.running():
        county.newcomer("second", "Lena Lang", "outreach", "workmobil")
        county.admin.sync()
        county.everyone_syncs()
        there = {d["name"]: d for d in county.sabine.ok("devices").json}
        lena, jana = there["Lena Lang"], there["Jana Keller"]
        [task] = county.sabine.add("task", {"title": "Rückruf", "assignee": lena["member"]})
        gone = ("revoke", lena["device"], "--reason", "left", "--tasks-to", jana["member"])
        assert county.sabine.run(*gone).code == 2
        told = county.sabine.ok(*gone, "--whole-member").json
        assert told["revoked"] == [lena["device"]]
        county.everyone_syncs()
        [member] = [m for m in county.sabine.list("member") if m["id"] == told["member"]]
        assert member["active"] is False
        assert county.jana.show("task", task)["assignee"] == jana["member"]


def test_what_is_refused(county: County) -> None:
    with county.server.running():
        here = next(d for d in county.admin.ok("devices").json if d["here"])
        jana = next(d for d in county.admin.ok("devices").json if d["name"] == "Jana Keller")
        for who, device, reason, said in (
            (county.admin, here["device"], "lost", "Nobody revokes the device they work on"),
            (county.jana, here["device"], "lost", "Your role"),
            (county.admin, "zzzz", "lost", "no such device"),
            (county.admin, jana["device"], "weil", "The reason is one of"),
        ):
            refused = who.run("revoke", device, "--reason", reason)
            assert (refused.code, said in refused.err) == (6, True), refused


def ledger(cli: Cli) -> Ledger:
    """What a profile knows of the control log, read while nobody uses it."""
    store = Store.open(cli.home, desktop().clock)
    known = store.ledger
    store.close()
    return known


def test_two_administrators_who_revoke_apart_end_with_one_head_that_reaches_neither_device(county: County) -> None:
    """Both without network, at once; the server hears of one after the other."""
    with county.server.running():
        second = county.newcomer("second", "Berta Beck", "admin", "workmobil", "jugendbuero-nuertingen")
        lost, stolen = (county.newcomer(key, name, "outreach", "workmobil") for key, name in
                        (("lost", "Lena Lang"), ("stolen", "Stefan Stein")))  # fmt: skip
        for cli in (county.admin, second, county.jana, lost, stolen) * 2:
            cli.sync()
        ids = {d["name"]: d["device"] for d in county.admin.ok("devices").json}
    for cli, name in ((county.admin, "Lena Lang"), (second, "Stefan Stein")):
        told = cli.ok("revoke", ids[name], "--reason", "lost").json
        assert not told["delivered"]
    with county.server.running():
        for cli in (second, county.admin, county.jana) * 3:
            cli.sync()
        [made] = county.jana.add("encounter", {"note": "Danach", "at": "2026-11-23T14:00:00+01:00"})
        for cli in (county.jana, county.sabine):
            cli.sync()
        for gone in (lost, stolen):
            assert gone.run("sync", "--once").code == 5
        assert made in [row["id"] for row in county.sabine.list("encounter")]
    ended = {bytes.fromhex(ids[name]) for name in ("Lena Lang", "Stefan Stein")}
    for cli in (county.admin, second, county.jana, county.sabine):
        for group in ledger(cli).groups.values():
            [head] = group.live()
            assert not ended & head.sealed.keys(), group.ref
