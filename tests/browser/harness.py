"""People in a real Chromium: they see, tap and type what assistive technology sees.

    async with served(start) as url, people(chromium) as people_:
        jana = await people_.sit_down(url, size="phone")
        await jana.tap("Erfassen")
        await jana.type("Notiz", "Hallo")
        await jana.sees("Gespeichert")
        await jana.picture("build/pictures/record.png")

What is not in the semantics tree cannot be found: a control without a name fails the test as it fails a screen reader.
Every request to another host is written down in `outside` and every blocked one in `blocked`.
"""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import flet as ft
import uvicorn
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect
from playwright.async_api import Error as PlaywrightError

from goes_mobile.ui.web import web_app
from tests.chromium import arguments

SIZES = {
    "phone": (390, 844),
    "tablet": (800, 1280),
    "wide": (1280, 800),
    "desktop": (1440, 900),
}
PRESSABLE = ("button", "tab", "checkbox", "radio", "switch", "menuitem", "option", "link")
PATIENCE = 15_000
GLANCE = 2_000
"""How long one looks whether what was typed stands there."""
STILL = 4
"""So many pictures in a row are the same when nothing is on its way any more."""
WAITING = ((248, 249, 255), (17, 19, 24))
"""The ground of the client's own page before the app's first picture, light and dark."""

# Two identical semantics trees over several frames: nothing is on its way any more.
_SETTLED = """async () => {
  const tree = () => document.querySelector('flt-semantics-host')?.innerHTML ?? '';
  const frame = () => new Promise(done => requestAnimationFrame(done));
  let last = tree(), same = 0;
  for (let n = 0; n < 600 && same < 6; n++) {
    await frame();
    const now = tree();
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return same >= 6;
}"""
_ARRIVED = """() => {
  const host = document.querySelector('flt-semantics-host');
  return host && host.querySelector('h1, h2, [role=button], input') && !host.innerText.includes('Working...');
}"""
_TREE = """() => {
  const near = (one, other) => Math.abs(one - other) < 1.5;
  const cut = (e, b) => {   // does a list that scrolls cut it at one of its edges?
    for (let a = e.parentElement; a && a.tagName !== 'FLT-SEMANTICS-HOST'; a = a.parentElement) {
      const style = getComputedStyle(a);
      if (!/scroll|hidden|auto/.test(style.overflowX + style.overflowY)) continue;
      const c = a.getBoundingClientRect();
      if (near(b.top, c.top) || near(b.bottom, c.bottom) || near(b.left, c.left) || near(b.right, c.right)) return true;
    }
    return false;
  };
  return [...document.querySelectorAll(
    'flt-semantics-host [role], flt-semantics-host input, flt-semantics-host textarea, flt-semantics-host span, '
    + 'flt-semantics-host h1, flt-semantics-host h2, flt-semantics-host h3')]
  .map(e => { const b = e.getBoundingClientRect(); return [
      e.getAttribute('role') || e.tagName.toLowerCase(),
      (e.getAttribute('aria-label') || e.innerText || e.value || '').trim(),
      e.getAttribute('aria-checked') ?? e.getAttribute('aria-selected') ?? '',
      b.x, b.y, b.width, b.height, cut(e, b)] })
  .filter(r => r[1]);
}"""


_SAID = """() => [...document.querySelectorAll(
    'flt-semantics-host [role], flt-semantics-host input, flt-semantics-host textarea, flt-semantics-host span, '
    + 'flt-semantics-host h1, flt-semantics-host h2, flt-semantics-host h3')]
  .map(e => (e.getAttribute('aria-label') || e.innerText || e.value || '').trim())"""
"""The names of `_TREE` alone: looked at many times while one waits, and places take long to measure."""
QUICK = ("--enable-unsafe-swiftshader", "--js-flags=--liftoff-only")
"""Pages live for seconds: to make the client's WebAssembly faster in the background would take more than it gives."""


def _kept(path: Path, picture: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture)
    return path


class Node(NamedTuple):
    """What assistive technology knows about one thing on the screen."""

    role: str
    name: str
    state: str
    x: float
    y: float
    width: float
    height: float
    cut: bool = False
    """A scrolling list shows only a part of it."""


@contextmanager
def served(start: Callable[[ft.Page], Any]) -> Iterator[str]:
    """Serves pages that run `start` from a thread of this process; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(web_app(start), host="127.0.0.1", port=port, log_level="warning", ws="websockets-sansio")
    )
    ready = threading.Event()

    class Announced(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready.set()

    server.__class__ = Announced
    thread = threading.Thread(target=server.run, name="flet", daemon=True)
    thread.start()
    if not ready.wait(20):
        raise RuntimeError("the web app did not start")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


@dataclass
class Person:
    """Somebody in front of a screen."""

    page: Page
    outside: list[str] = field(default_factory=list)
    """Requests that reached for another host and were not blocked."""
    blocked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def go(self, url: str) -> None:
        """Opens an address and turns on what assistive technology sees."""
        await self.page.goto(url)
        await self.page.wait_for_selector("flt-semantics-placeholder", state="attached", timeout=60_000)
        await self.page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
        # The client says "Working..." until the first picture of the app has arrived.
        await self.page.wait_for_function(_ARRIVED, timeout=60_000)
        await self.settled()

    async def settled(self) -> None:
        """Until nothing moves any more."""
        assert await self.page.evaluate(_SETTLED), "the screen never came to rest"

    async def find(self, name: str | re.Pattern[str], role: str | None = None) -> Locator:
        """The first thing with that name; what can be pressed before plain text."""
        exact = isinstance(name, str)
        roles = (role,) if role else PRESSABLE
        hit = None
        for attempt in (exact, False):
            for one in roles:
                found = self.page.get_by_role(one, name=name, exact=attempt)  # type: ignore[arg-type]
                hit = found if hit is None else hit.or_(found)
            if attempt is False:
                break
            assert hit is not None
            if await hit.count():
                return hit.first
            hit = None
        assert hit is not None
        if role is None:
            hit = hit.or_(self.page.get_by_label(name)).or_(self.page.get_by_text(name))
        return hit.first

    async def tap(self, name: str | re.Pattern[str], role: str | None = None) -> None:
        """Waits for something of that name and taps its middle, wherever the list has to be scrolled to."""
        await self._on(name, role, lambda node: node.click(timeout=PATIENCE))

    async def _on(
        self,
        name: str | re.Pattern[str],
        role: str | None,
        act: Callable[[Locator], Awaitable[None]],
        find: Callable[[Any, str | None], Awaitable[Locator]] | None = None,
    ) -> None:
        """The tree is made anew while something changes: what was found may be gone when the finger arrives."""
        find = find or self.find

        async def there() -> bool:
            return await (await find(name, role)).count() > 0

        for last in (False, False, True):
            await self.until(there, f"{role or 'something'} named {name!r}")
            await self.settled()
            node = await find(name, role)
            try:
                await self._scroll_to(node)
                await act(node)
                return
            except PlaywrightError as error:
                if last or "not attached" not in str(error):
                    raise

    async def _scroll_to(self, node: Locator) -> None:
        """Turns the wheel until it can be tapped: the browser cannot scroll what the client draws."""
        view = self.page.viewport_size
        assert view is not None
        for _ in range(12):
            box = await node.bounding_box(timeout=PATIENCE)
            if box is None:
                return
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            across = 0 if 0 < x < view["width"] else x - view["width"] / 2
            down = 0 if 40 < y < view["height"] - 20 else y - view["height"] / 2
            if not across and not down:
                return
            await self.page.mouse.move(min(max(x, 40), view["width"] - 40), min(max(y, 160), view["height"] - 160))
            await self.page.mouse.wheel(across, down)
            await self.settled()

    async def hold(self, name: str | re.Pattern[str], role: str | None = None) -> None:
        """Presses long. The client waits 200 ms whether it is a click, then 500 ms make a long press."""
        await self._on(name, role, lambda node: node.click(delay=1200, timeout=PATIENCE))

    async def draws(self, name: str, *way: tuple[float, float]) -> None:
        """One stroke in the field of that name, through these points (measured from its corner)."""
        node = await self.find(name)
        await self._scroll_to(node)
        await self.settled()
        box = await node.bounding_box(timeout=PATIENCE)
        assert box is not None
        for index, (x, y) in enumerate(way):
            await self.page.mouse.move(box["x"] + x, box["y"] + y, steps=6 if index else 1)
            if not index:
                await self.page.mouse.down()
        await self.page.mouse.up()

    async def type(self, label: str, text: str) -> None:
        """Replaces what stands in the field of that label, and looks whether it stands there.

        The client takes over a field some frames after the browser has given it the focus; it never hears of keys that
        fall between. A person waits for the cursor, and types again what did not come. All but the last character come
        at once, as a phone's keyboard sends whole words: for each key the client draws the screen anew.
        """
        for _ in range(3):
            await self._on(label, None, lambda node: node.click(timeout=PATIENCE), self._field)
            await self.settled()
            await self.page.keyboard.press("Control+A")
            await self.page.keyboard.press("Delete")
            await self.page.keyboard.insert_text(text[:-1])
            await self.page.keyboard.type(text[-1:])
            try:
                await self.until(lambda: self._says(label, text), f"{text!r} in {label!r}", GLANCE)
                return
            except AssertionError:
                continue
        await self.holds(label, text)

    async def holds(self, label: str, text: str) -> None:
        """Waits until the field of that label holds the text. The browser learns of it when somebody is in it."""
        await self._on(label, None, lambda node: node.click(timeout=PATIENCE), self._field)
        await self.until(lambda: self._says(label, text), f"{text!r} in {label!r}")

    async def _says(self, label: str, text: str) -> bool:
        """A field that had the focus before assistive technology came is written in an element outside the tree.

        One that is drawn anew right now is not there: that is looked at again, and not waited for.
        """
        values = await (await self._field(label)).evaluate_all("all => all.map(e => e.value)")
        written = await self.page.evaluate("document.activeElement?.value ?? null")
        return bool(values) and text in (written, *values)

    async def _field(self, label: str | re.Pattern[str], _role: str | None = None) -> Locator:
        """The field of exactly that label, or else the first one whose label contains it (a hint is read with it)."""
        fields = self.page.locator("input, textarea")
        exact = self.page.get_by_label(label, exact=True).and_(fields)
        return (exact if await exact.count() else self.page.get_by_label(label).and_(fields)).first

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Waits until it can be read, as a text or as part of a name."""
        await self.until(lambda: self.reads(text), f"{text!r} to be read")

    async def sees_not(self, text: str | re.Pattern[str]) -> None:
        async def gone() -> bool:
            return not await self.reads(text)

        await self.until(gone, f"{text!r} to be gone")

    async def until(self, met: Callable[[], Awaitable[bool]], what: str, patience: int = PATIENCE) -> None:
        """Waits for a condition; failing, it says what is on the screen instead."""
        end = asyncio.get_running_loop().time() + patience / 1000
        while not await met():
            if asyncio.get_running_loop().time() > end:
                shown = "\n".join(f"  {n.role} {n.name!r} {n.state}" for n in await self.nodes())
                written = await self.page.locator("input, textarea").evaluate_all("all => all.map(e => e.value)")
                raise AssertionError(f"waited for {what}; in fields {written}; on the screen:\n{shown}")
            await self.page.wait_for_timeout(50)

    async def reads(self, text: str | re.Pattern[str]) -> bool:
        """Whether it can be read right now."""
        pattern = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))
        return any(pattern.search(name) for name in await self.page.evaluate(_SAID) if name)

    async def nodes(self) -> list[Node]:
        """Everything assistive technology sees."""
        return [Node(*row) for row in await self.page.evaluate(_TREE)]

    async def node(self, name: str, role: str | None = None) -> Node:
        """The one node whose name contains this."""
        hits = [n for n in await self.nodes() if name in n.name and (role is None or n.role == role)]
        assert hits, f"nothing is named {name!r}; there is {[(n.role, n.name) for n in await self.nodes()]}"
        return min(hits, key=lambda n: len(n.name))

    async def expect_checked(self, name: str, checked: bool = True) -> None:
        await expect(self.page.get_by_role("checkbox", name=name).first).to_be_checked(checked=checked)

    async def picture(self, path: str | Path) -> Path:
        """A picture once nothing moves any more."""
        await self.settled()
        return _kept(Path(path), await self._painted())

    async def fits(self, path: str | Path) -> None:
        """A picture; nothing that can be tapped is smaller than a fingertip, nothing asks another host."""
        await self.picture(path)
        assert (await self.too_small(), self.outside) == ([], [])

    async def unlock(self, secret: str) -> None:
        """What the browser shows the client may not have heard (see ``type``): it says so, and a person types again."""
        for _ in range(3):
            await self.type("Passphrase", secret)
            await self.tap("Entsperren")
            await self.settled()
            if not await self.reads("Bitte die Passphrase eingeben."):
                return

    async def _painted(self) -> bytes:
        """On a busy machine the painting lags behind the tree, by several pictures: the same for a while, and no longer
        the client's own page. A second page in one window may stay blank for ever: each gets a window of its own."""
        pictures = [b""]

        async def still() -> bool:
            pictures.append(await self.page.screenshot())
            with Image.open(BytesIO(pictures[-1])) as image:
                colours = image.convert("RGB")
                waiting = colours.getpixel((1, 1)) in WAITING or colours.getcolors(1) is not None  # one colour alone
            return len(pictures) > STILL and len(set(pictures[-STILL:])) == 1 and not waiting

        await self.until(still, "the picture to stand still")
        return pictures[-1]

    async def sees_one_colour(self) -> bool:
        """Nothing at all can be read, by no eye."""
        with Image.open(BytesIO(await self.page.screenshot())) as image:
            return image.convert("RGB").getcolors(1) is not None

    async def loses_focus(self) -> None:
        """Something else lies over the window: a notification, the task switcher."""
        await self.page.evaluate("window.dispatchEvent(new Event('blur'))")

    async def has_focus(self) -> None:
        await self.page.evaluate("window.dispatchEvent(new Event('focus'))")

    async def turns_to_another_tab(self) -> None:
        """A browser without a window never hides a tab of itself, so the page is told what it is told then."""
        await self._visibility("hidden")

    async def turns_back(self) -> None:
        await self._visibility("visible")

    async def _visibility(self, state: str) -> None:
        await self.page.evaluate(
            """state => {
              Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
              document.dispatchEvent(new Event('visibilitychange'));
            }""",
            state,
        )

    async def too_small(self, least: float = 48) -> list[Node]:
        """What can be pressed but is smaller than a fingertip. What is cut by the window's edge does not count."""
        view = self.page.viewport_size
        assert view is not None
        return [
            n
            for n in await self.nodes()
            if n.role in PRESSABLE
            and (n.width < least - 0.5 or n.height < least - 0.5)
            and not n.cut
            and n.y > 1
            and n.y + n.height < view["height"] - 1
        ]


class People:
    """One browser; each person in a window of their own, with their own storage."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []

    async def sit_down(
        self, url: str = "", *, size: str | tuple[int, int] = "tablet", dark: bool = False, sharp: float = 1
    ) -> Person:
        width, height = SIZES[size] if isinstance(size, str) else size
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="de-DE",
            timezone_id="Europe/Berlin",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            device_scale_factor=sharp,
        )
        self.contexts.append(context)
        page = await context.new_page()
        person = Person(page)

        def local(address: str) -> bool:
            parts = urlsplit(address)
            return parts.scheme in ("data", "blob") or parts.hostname in ("127.0.0.1", "localhost")

        page.on("requestfinished", lambda r: None if local(r.url) else person.outside.append(r.url))
        page.on("requestfailed", lambda r: None if local(r.url) else person.blocked.append(r.url))
        page.on("console", lambda m: person.errors.append(m.text) if m.type == "error" else None)
        if url:
            await person.go(url)
        return person


@asynccontextmanager
async def people(chromium: Path) -> AsyncIterator[People]:
    """A headless Chromium for as many people as the story has."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium), args=[*arguments(), *QUICK])
        sitting = People(browser)
        try:
            yield sitting
        finally:
            for context in sitting.contexts:
                await context.close()
            await browser.close()
