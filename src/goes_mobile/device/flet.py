"""Ports on Flet's services. Each object holds its service: an unreferenced one is dropped by the framework."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import flet as ft
from flet_secure_storage import (  # type: ignore[import-untyped]
    AndroidOptions,
    IOSOptions,
    KeychainAccessibility,
    MacOsOptions,
    SecureStorage,
)

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.state.parts import Parts, Picked

_KEPT = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS, ft.PagePlatform.MACOS, ft.PagePlatform.WINDOWS)


def screen_parts(parts: Parts) -> Parts:
    """The parts of a program with a window: what its platform keeps and knows."""
    return replace(parts, keystore=PageKeystore(), connectivity=PageConnectivity(), files=PageFiles())


def has_keystore(page: ft.Page) -> bool:
    """A browser's storage belongs to the browser, and Linux needs a keyring that offices seldom run."""
    return not page.web and page.platform in _KEPT


class PageKeystore:
    """Android keystore, iOS and macOS keychain, Windows credential store: of the page that asks."""

    def __init__(self) -> None:
        self._storage: Any = None

    async def secret(self, name: str, make: bool) -> bytes | None:
        if not has_keystore(ft.context.page):
            return None
        with suppress(Exception):  # a broken keystore is none: then a passphrase is asked for
            kept = await self._service.get(_key(name))
            if not kept and make:
                await self._service.set(_key(name), base64.b64encode(os.urandom(32)).decode())
                kept = await self._service.get(_key(name))
            return base64.b64decode(kept) if kept else None
        return None

    async def forget(self, name: str) -> None:
        if has_keystore(ft.context.page):
            with suppress(Exception):
                await self._service.remove(_key(name))

    @property
    def _service(self) -> Any:
        """Bound to this device: a backup brings it to no other, and an error is told instead of wiping what is kept."""
        here = KeychainAccessibility.UNLOCKED_THIS_DEVICE
        self._storage = self._storage or SecureStorage(
            android_options=AndroidOptions(reset_on_error=False),
            ios_options=IOSOptions(accessibility=here),
            macos_options=MacOsOptions(accessibility=here),
        )
        return self._storage


def _key(name: str) -> str:
    return f"goes.{name}"


class PageConnectivity:
    """The device's network, once a window of this device (not of a browser elsewhere) is there to tell."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []
        self._service: ft.Connectivity | None = None

    def _changed(self, event: Any) -> None:
        if any(kind is not ft.ConnectivityType.NONE for kind in event.connectivity):
            for listener in list(self._listeners):
                listener()

    def window_opened(self) -> None:
        """Called on the window's own page; a browser's network is not this machine's."""
        if self._service is None and not ft.context.page.web:
            self._service = ft.Connectivity(on_change=self._changed)

    def subscribe(self, came_back: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(came_back)
        return lambda: self._listeners.remove(came_back) if came_back in self._listeners else None


class PageFiles:
    """The page's own way: a dialog on a desktop and a phone, a download in a browser."""

    async def shares(self) -> bool:
        page = ft.context.page
        return not page.web and page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)

    async def share(self, name: str, content: bytes) -> bool:
        sheet = _service("share", ft.Share)
        file = ft.ShareFile.from_bytes(content, mime_type="application/octet-stream", name=name)
        told = await sheet.share_files([file])
        return told.status is not ft.ShareResultStatus.DISMISSED  # some platforms do not say what became of it

    async def save(self, name: str, content: bytes) -> str | None:
        chosen = await _picker().save_file(file_name=name, src_bytes=content)
        if ft.context.page.web:
            return name  # a browser does not tell where it puts a download
        return Path(chosen).name if chosen else None

    async def choose(self, most: int, endings: Sequence[str] = ()) -> Picked | None:
        web = ft.context.page.web  # a browser has no path to read from
        kind = ft.FilePickerFileType.CUSTOM if endings else ft.FilePickerFileType.ANY
        chosen = await _picker().pick_files(file_type=kind, allowed_extensions=list(endings) or None, with_data=web)
        if not chosen:
            return None
        file = chosen[0]
        if file.size > most:
            raise InputRefused("file_too_large", field="content", most=most // 2**20)
        if file.path and not web:
            return Picked(file.name, await asyncio.to_thread(_beginning, Path(file.path), most + 1))
        return Picked(file.name, file.bytes or b"")


def _beginning(path: Path, most: int) -> bytes:
    """No more than this, however large the file turns out to be."""
    with path.open("rb") as file:
        return file.read(most)


def _picker() -> Any:
    return _service("files", ft.FilePicker)


def _service(name: str, make: Callable[[], Any]) -> Any:
    """The page's own. Kept: an unreferenced service is dropped."""
    store = ft.context.page.session.store
    service: Any = store.get(f"goes.{name}")
    if service is None:
        service = make()
        store.set(f"goes.{name}", service)
    return service
