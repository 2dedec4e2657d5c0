"""A kind of record that only its author and the site's supervisors may read: one line declares it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_KIND = '''"""For tests alone."""
from goes_mobile.records.base import Record, record, shown
from goes_mobile.records.roles import STAFF
from goes_mobile.records.subject import of_supervisors


@record("worry", de="Sorge", en="Worry", icon="SHIELD", stream=of_supervisors, writers=STAFF)
class Worry(Record, table=True):
    note: str = shown("Notiz", "note", sensitive=True, multiline=True)
'''
# A fresh process, because tables and kinds are there for good once they are made.
_STORY = """
import asyncio, json, sys
sys.path.insert(0, {tests!r})
import goes_mobile.records as records
records.__path__.insert(0, {folder!r})
records.kind("worry")
from goes_mobile.protocol.ids import new_id
from goes_mobile.store.change import Change
from goes_mobile.protocol.streams import StreamRef
from tests.simulation import clockwork
from tests.simulation.real import REAL
from tests.simulation.world import A, B, image
from tests.sync.team import Team

image(REAL.base)

def reads(team):
    found = {{}}
    for name, device in team.devices.items():
        rows = device.local.projection.db.execute("SELECT note FROM worry ORDER BY note").fetchall()
        found[name] = [note for (note,) in rows]
    return found

async def main():
    team = Team(REAL.base)
    def worry(name, text, site):
        local = team.devices[name].local
        local.write([Change("worry", new_id(local.now_ms(), team.random.randbytes), {{"note": text, "site": site}})])
    worry("anna", "von anna", A)
    worry("bela", "von bela", A)
    worry("olaf", "von olaf", B)
    await team.everyone_syncs()
    for name in team.devices:
        team.devices[name].local.complete_newcomers()
    await team.everyone_syncs()
    worry("sina", "von sina", A)
    worry("sina", "auch dort", B)
    worry("anna", "noch eine", A)
    await team.everyone_syncs()
    for name in list(team.devices):
        team.reopen(name)
    stream = StreamRef("site_supervisors", A).id(team.ada.local.organisation)
    print(json.dumps(dict(
        reads=reads(team), waiting={{n: d.local.counts().waiting for n, d in team.devices.items()}},
        held={{n: len(d.local.held()) for n, d in team.devices.items()}},
        came={{n: d.local.journal.count("SELECT count(*) FROM entry WHERE own=0 AND suite=1 AND stream=x'"
              + stream.hex() + "'") for n, d in team.devices.items()}},
    )))
    team.shut()

clockwork.run(main())
"""


def test_author_and_supervisors_read_it_and_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "worry.py").write_text(_KIND, encoding="utf-8")
    script = _STORY.format(tests=str(ROOT), folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["reads"] == {
        "ada": [], "sina": ["auch dort", "noch eine", "von anna", "von bela", "von olaf", "von sina"],
        "anna": ["noch eine", "von anna"], "bela": ["von bela"], "olaf": ["von olaf"],
    }  # fmt: skip
    assert set(told["waiting"].values()) == set(told["held"].values()) == {0}
    assert (told["came"]["anna"], told["came"]["ada"]) == (0, 0)  # not even sealed
