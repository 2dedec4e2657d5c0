"""A lost tablet, at the command line and with a real server: revoked, its late work decided, itself erased."""

from __future__ import annotations

from tests.cli.county import County


def test_a_lost_tablet(county: County) -> None:
    with county.server.running():
        lost = county.newcomer("lost", "Lena Lang", "outreach", "workmobil")
        county.everyone_syncs()
        lost.sync()
        [waits] = lost.add("encounter", {"note": "Im Funkloch", "at": "2026-11-23T14:00:00+01:00"})
        county.admin.sync()
        device = next(d for d in county.admin.ok("devices").json if d["name"] == "Lena Lang")
        assert (device["state"], device["here"], device["sites"] != []) == ("active", False, True)
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
        device = next(d for d in county.admin.ok("devices").json if d["name"] == "Lena Lang")
        told = county.admin.ok("revoke", device["device"], "--reason", "left", "--whole-member").json
        assert told["revoked"] == [device["device"]]
        county.everyone_syncs()
        [member] = [m for m in county.sabine.list("member") if m["id"] == told["member"]]
        assert member["active"] is False


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
