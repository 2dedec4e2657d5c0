"""A folder in memory, where files go that leave the program."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Folder:
    """The files port; people always choose the name they are offered."""

    files: dict[str, bytes] = field(default_factory=dict)

    async def save(self, name: str, content: bytes) -> str | None:
        self.files[name] = content
        return name
