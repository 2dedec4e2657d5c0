"""Writes ``docs/Rollen.md`` from the table of roles and the record classes.

Called as ``python -m goes_mobile.records.role_table > docs/Rollen.md``; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from goes_mobile.protocol.roles import ROLES, Right, Rights
from goes_mobile.records import codes, registry

_READS = {
    "org": "Menschen des Teams, Einrichtungen, Haltepunkte",
    "site": "Begegnungen, Einsätze und Akten der eigenen Einrichtungen",
    "site_supervisors": "was in den eigenen Einrichtungen nur die Leitung lesen darf",
    "coordination": "gezählte Zahlen des Landkreises",
}
_MAY: dict[Right, str] = {
    "figures": "auswerten und ausgeben (kleine Zahlen bleiben verdeckt)",
    "name_members": "Namen des Teams ändern",
    "release_orders": "eine Löschung freigeben, die jemand anderes vorgeschlagen hat",
    "decide_late": "über Einträge entscheiden, die nach einer Sperre kamen",
    "see_access": "sehen, wer welche Akte geöffnet hat",
    "change_roles": "Rollen und Einrichtungen ändern",
    "renew_keys": "Schlüssel einer Gruppe erneuern, ohne sie zu behalten",
    "complete_log": "einen wiederhergestellten Server wieder in Gang bringen",
}

_INTRODUCTION = """# Rollen: wer was darf

Erzeugt mit `python -m goes_mobile.records.role_table > docs/Rollen.md`; ein Test vergleicht. Es steht im Programm in
`src/goes_mobile/protocol/roles.py` und bei jeder Art von Eintrag; Server, Geräte und Bildschirme richten sich danach.

*Lesen* heißt: einen Schlüssel haben dürfen. Was eine Rolle nicht lesen darf, kann ihr Gerät nicht öffnen und bekommt es
vom Server nicht. *Schreiben* prüft das Gerät beim Speichern und jedes andere Gerät noch einmal beim Lesen: Was jemand
nicht schreiben durfte, wird zurückgehalten und gezeigt. Zurücknehmen (`gelöscht`) ist ein Eintrag wie jeder andere und
steht denen zu, die ihn schreiben dürfen; die Geschichte bleibt. Für immer löschen dürfen nur zwei Menschen zusammen.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_rights(), "", *_writers(), ""])


def _say(role: str) -> str:
    return codes.say("role", role, "de")


def _rights() -> Iterable[str]:
    yield "| Rolle | liest | lädt ein und sperrt | darf außerdem |"
    yield "|---|---|---|---|"
    for role, given in ROLES.items():
        reads = "; ".join(words for group, words in _READS.items() if group in given.reads)
        may = "; ".join(words for right, words in _MAY.items() if right in given.may)
        yield f"| **{_say(role)}** | {reads} | {_appoints(given)} | {may or '–'} |"


def _appoints(given: Rights) -> str:
    if not given.appoints:
        return "–"
    where = "in allen Einrichtungen" if given.everywhere else "in den eigenen Einrichtungen"
    return f"{', '.join(_say(role) for role in ROLES if role in given.appoints)}; {where}"


def _writers() -> Iterable[str]:
    yield f"| schreibt | {' | '.join(map(_say, ROLES))} |"
    yield "|---|" + ":-:|" * len(ROLES)
    for kind in sorted(registry.kinds(), key=lambda kind: kind.de):
        yield f"| {kind.de} | {' | '.join('ja' if role in kind.writers else '–' for role in ROLES)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
