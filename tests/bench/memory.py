"""Resident memory of a profile above the empty app, against the plaintext it holds; each in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.rows import Figure, at_most

_MAKE = """
import sys
from pathlib import Path
from tests.bench.profiles import filled
filled(Path(sys.argv[1]), int(sys.argv[2])).close()
"""
_CHILD = """
import json, resource, sys, threading, time
from pathlib import Path
from goes_mobile.store.store import Store
from goes_mobile.protocol.operation import encode
from goes_mobile.records import registry
from tests.bench.profiles import SECRET, clock

def resident():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024

home = Path(sys.argv[1])
registry.kinds()
store = Store.open(home, clock)
empty = resident()
store.unlock(SECRET)
store.search("x")
opened = resident()
peak = [0]
done = threading.Event()
def watch():
    while not done.is_set():
        peak[0] = max(peak[0], resident())
        time.sleep(0.001)
watcher = threading.Thread(target=watch)
watcher.start()
store.save_snapshot(least=1)
done.set()
watcher.join()
seqs = list(range(1, 2001))
sample = store.opener.reopen(seqs)
count = store.journal.count("SELECT count(*) FROM entry")
plain = sum(len(encode(item.operation)) for item in sample) / len(sample) * count
print(json.dumps({"empty": empty, "opened": opened, "peak": peak[0], "plain": plain}))
"""


def measure(count: int = 50_000) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="goes-bench-"))
    try:
        where = str(folder / "p")
        subprocess.run([sys.executable, "-c", _MAKE, where, str(count)], check=True)
        answer = subprocess.run([sys.executable, "-c", _CHILD, where], check=True, capture_output=True, text=True)
    finally:
        shutil.rmtree(folder)
    seen = json.loads(answer.stdout)
    return [
        at_most("memory above the empty app / plaintext", (seen["opened"] - seen["empty"]) / seen["plain"], "×", 4),
        at_most("… at the peak of a snapshot", (seen["peak"] - seen["empty"]) / seen["plain"], "×", 6),
        Figure("resident, unlocked", seen["opened"] / 1e6, "MB"),
    ]
