"""What is noted of an invented young person who is accompanied: case, situation, goal with steps, absences, service."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from goes_mobile.services import entries
from goes_mobile.services.desk import Desk
from goes_mobile.store.change import Change

GOALS = (
    ("Ich will wieder jeden Tag in die Schule und im Sommer meinen Abschluss.", "school_and_training",
     ("Mit der Klassenlehrerin reden", "Zwei Wochen lang jeden Montag hingehen", "Nachhilfe in Mathe finden")),
    ("Ich will eine Ausbildung, bei der ich mit den Händen arbeite.", "school_and_training",
     ("Lebenslauf schreiben", "Praktikum in der Werkstatt", "Drei Bewerbungen abschicken")),
    ("Ich will nicht mehr bei Freunden auf dem Sofa schlafen.", "housing",
     ("Beim Wohnungsamt anrufen", "Unterlagen zusammensuchen", "Zimmer ansehen")),
    ("Ich will meine Schulden loswerden und wissen, was ich habe.", "money",
     ("Alle Briefe öffnen", "Termin bei der Schuldnerberatung", "Konto in Ordnung bringen")),
)  # fmt: skip


def accompany(desk: Desk, person: str, dice: random.Random) -> list[Change]:
    """Begins an accompaniment on the desk's day."""
    wording, domain, steps = dice.choice(GOALS)
    today = desk.today
    plan = {
        desk.new_id(): {"what": what, "due": today + timedelta(days=21 * (n + 1))} | ({"done": today} if n == 0 else {})
        for n, what in enumerate(steps)
    }
    noted: list[tuple[str, dict[str, Any]]] = [
        ("case", {"starts": today, "access_route": dice.choice(["street", "friends", "school", "alone"]),
                  "coach": desk.me.member, "module": dice.choice(["case_management", "clearing"]), "state": "open"}),
        ("situation", {"on": today, "school_status": dice.choice(["attending", "irregular", "absent", "left"]),
                       "certificate": dice.choice(["none_yet", "hauptschule", "left_without"]),
                       "work_status": dice.choice(["not_in_labour_force", "unemployed", "mini_job"]),
                       "housing": dice.choice(["with_family", "friends", "own"]),
                       "rechtskreis": dice.sample(["sgb_2", "sgb_3", "sgb_8"], 1)}),
        ("goal", {"wording": wording, "life_domain": domain, "steps": plan,
                  "review_on": today + timedelta(days=60), "attainment": "zero"}),
        ("service", {"on": today, "what": "application_help", "minutes": 45, "result": "Lebenslauf begonnen."}),
    ]  # fmt: skip
    if dice.random() < 0.5:
        since = today - timedelta(days=dice.randint(10, 30))
        noted.append(("absence_episode", {"since": since, "days": 9, "unexcused_days": 6, "form": "truancy",
                                          "measures": ["talk", "talk_school"]}))  # fmt: skip
    return [change for kind, values in noted for change in entries.create(desk, kind, person, values)]
