"""From the tap on *Speichern* to the confirmed picture, in the browser, with a full profile behind the screen."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
from pathlib import Path

from goes_mobile.app import Device
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener
from tests.bench.profiles import SECRET, filled
from tests.bench.rows import Figure, at_most
from tests.browser.harness import Person, people, served
from tests.chromium import find

COUNT, ROUNDS = 50_000, 15
_TAP_TO_PICTURE = """async () => {
  const saving = [...document.querySelectorAll('flt-semantics[role=button]')].find(
      n => (n.getAttribute('aria-label') || n.innerText).trim() === 'Speichern');
  const box = saving.getBoundingClientRect();
  const view = document.querySelector('flutter-view') ?? document.body;
  const at = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true, pointerId: 1,
              pointerType: 'touch', isPrimary: true, button: 0, buttons: 1};
  const host = document.querySelector('flt-semantics-host');
  const confirmed = () => /Gespeichert/.test(host.textContent) ||
      [...host.querySelectorAll('[aria-label]')].some(n => /Gespeichert/.test(n.getAttribute('aria-label')));
  const start = performance.now();
  view.dispatchEvent(new PointerEvent('pointerdown', at));
  view.dispatchEvent(new PointerEvent('pointerup', {...at, buttons: 0}));
  while (!confirmed() && performance.now() - start < 10000)
    await new Promise(done => requestAnimationFrame(done));
  await new Promise(done => requestAnimationFrame(done));
  return performance.now() - start;
}"""


def measure() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="goes-bench-"))
    try:
        filled(folder / "tablet", COUNT).close()
        return asyncio.run(_measure(folder / "tablet"))
    finally:
        shutil.rmtree(folder)


async def _measure(home: Path) -> list[Figure]:
    chromium = find()
    if chromium is None:
        raise SystemExit("no Chromium: make test finds or installs one")
    device = Device([home], lock_after_s=3600)
    await device.open()
    with served(opener(device.session, lambda: Appearance(still=True))) as url:
        async with people(chromium) as sitting:
            person = await sitting.sit_down(url, size="phone")
            await person.type("Passphrase", SECRET)
            await person.tap("Entsperren")
            await person.sees("Heute")
            taken = [await _capture(person) for _ in range(ROUNDS)]
    await device.close()
    return [at_most(f"tap to confirmed picture with {COUNT:,} records", statistics.median(taken), "ms", 300)]


async def _capture(person: Person) -> float:
    await person.tap("Erfassen")
    await person.tap("18–20")
    await person.tap("Ausbildung")
    await person.settled()
    taken: float = await person.page.evaluate(_TAP_TO_PICTURE)
    await person.sees("Gespeichert")
    await person.settled()
    return taken
