"""Ports on Flet's services. Each object holds its service: an unreferenced one is dropped by the framework."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import flet as ft
from flet_local_auth import LocalAuthentication  # type: ignore[import-untyped]
from flet_secure_storage import SecureStorage  # type: ignore[import-untyped]

_KEPT = (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS, ft.PagePlatform.MACOS, ft.PagePlatform.WINDOWS)


def has_keystore(page: ft.Page) -> bool:
    """A browser's storage belongs to the browser, and Linux needs a keyring that offices seldom run."""
    return not page.web and page.platform in _KEPT


class FletKeystore:
    """Android keystore, iOS and macOS keychain, Windows credential store."""

    def __init__(self) -> None:
        self._storage = SecureStorage()

    async def secret(self, name: str) -> bytes | None:
        key = f"goes.{name}"
        with suppress(Exception):  # a broken keystore is none: then a passphrase is asked for
            kept = await self._storage.get(key)
            if kept:
                return base64.b64decode(kept)
            made = os.urandom(32)
            await self._storage.set(key, base64.b64encode(made).decode())
            return made if await self._storage.get(key) else None
        return None

    async def forget(self, name: str) -> None:
        with suppress(Exception):
            await self._storage.remove(f"goes.{name}")


class FletBiometrics:
    def __init__(self) -> None:
        self._auth = LocalAuthentication()

    async def offered(self) -> bool:
        with suppress(Exception):
            return await self._auth.can_check_biometrics() and bool(await self._auth.get_available_biometrics())
        return False

    async def confirm(self, reason: str) -> bool:
        with suppress(Exception):
            return bool(await self._auth.authenticate(reason, biometric_only=True))
        return False


class FletConnectivity:
    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []
        self._service = ft.Connectivity(on_change=self._changed)

    async def online(self) -> bool:
        with suppress(Exception):
            return any(kind is not ft.ConnectivityType.NONE for kind in await self._service.get_connectivity())
        return True

    def _changed(self, event: Any) -> None:
        if any(kind is not ft.ConnectivityType.NONE for kind in event.connectivity):
            for listener in list(self._listeners):
                listener()

    def subscribe(self, came_back: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(came_back)
        return lambda: self._listeners.remove(came_back) if came_back in self._listeners else None


class FletFiles:
    def __init__(self) -> None:
        self._picker = ft.FilePicker()

    async def save(self, name: str, content: bytes) -> Path | None:
        chosen = await self._picker.save_file(file_name=name, src_bytes=content)
        if chosen:
            target = Path(chosen)
            if not await asyncio.to_thread(target.exists):  # desktops only name the place
                await asyncio.to_thread(target.write_bytes, content)
            return target
        return None


class FletShare:
    def __init__(self) -> None:
        self._share = ft.Share()

    async def text(self, text: str) -> bool:
        with suppress(Exception):
            await self._share.share_text(text)
            return True
        return False
