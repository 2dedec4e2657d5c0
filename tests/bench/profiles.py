"""A profile with many plausible encounters, made through the store's own write path."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from goes_mobile.protocol.codes import RecoverySheet
from goes_mobile.protocol.ids import new_id, site_id, to_bytes
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.records.codes import codes
from goes_mobile.store.change import Change
from goes_mobile.store.identity import Identity
from goes_mobile.store.store import Store
from goes_mobile.vault.founding import first_groups, founding_records
from goes_mobile.vault.lock import FLOOR

SITE = site_id("workmobil")
SECRET = "eine lange Passphrase"
_SENTENCES = (
    "Hat am Haltepunkt auf uns gewartet und gleich erzählt, was in der letzten Woche los war.",
    "Der Vertrag in der Autowerkstatt ist geplatzt, seitdem schläft er kaum.",
    "Wir haben zusammen die Unterlagen sortiert und zwei Anschreiben entworfen.",
    "Sie überlegt, ob eine schulische Ausbildung besser passt als das Lager.",
    "Die Oma hilft mit dem Geld aus, aber die Mahnungen stapeln sich.",
    "Möchte beim nächsten Mal über den Führerschein reden.",
    "Zum Amt will er nicht allein, wir gehen gemeinsam hin.",
    "Hat gelacht, als wir das Zeugnis vom Praktikum gelesen haben.",
    "Im Betrieb gab es Streit mit einem Kollegen wegen der Pausen.",
    "Fragt nach einem Platz, an dem sie in Ruhe lernen kann.",
)


def clock() -> int:
    return int(time.time() * 1000)


def found(home: Path) -> Store:
    """An organisation of one device, without a server."""
    sheet, seed = RecoverySheet(os.urandom(32)), os.urandom(32)
    device, member = KeyPair.from_seed(seed), to_bytes(new_id(clock()))
    identity = Identity(sheet.organisation, device.principal, member, bytes(32), "landkreis-esslingen")
    store = Store.create(home, identity, seed, os.urandom(32), SECRET, clock, cost=FLOOR)
    store.append_clear(founding_records(sheet, bytes(32), device.public, member, (SITE,)), author=sheet.root)
    groups = first_groups(store.ledger, store.ledger.principals[device.principal], [SITE])
    store.append_clear([made.record for made, _ in groups], keep=[made.opened for made, keeps in groups if keeps])
    return store


def encounter(dice: random.Random, number: int) -> Change:
    """One encounter of some 900 bytes of plaintext."""
    topics, actions = list(codes("topic")), list(codes("action"))
    day = f"2026-{1 + number % 10:02}-{1 + number % 28:02}T{8 + number % 10:02}:{number % 60:02}:00+01:00"
    return Change("encounter", new_id(clock()), {
        "site": SITE, "at": day, "minutes": dice.choice([5, 10, 20, 45]),
            "place": dice.choice(["stop", "street", "office"]),
        "place_note": "Bahnhof Plochingen", "municipality": "Plochingen", "setting": "single",
        "work_form": dice.choice(["street_work", "single_advice"]), "contact_type": "repeat",
        "topics": dice.sample(topics, 2), "actions": dice.sample(actions, 2), "mood": dice.randint(1, 5),
        "note": f"{number}: " + " ".join(dice.sample(_SENTENCES, 6)),
    })  # fmt: skip


def filled(home: Path, count: int, seed: int = 7) -> Store:
    """A profile with ``count`` encounters."""
    store, dice = found(home), random.Random(seed)
    for start in range(0, count, 500):
        store.write([encounter(dice, start + i) for i in range(min(500, count - start))])
    return store
