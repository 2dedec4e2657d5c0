"""When a PIN is forgotten: the way back in, with every record that still waits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from goes_mobile.cli.commands import command
from goes_mobile.cli.output import note
from goes_mobile.cli.session import Session, parts, store_of
from goes_mobile.protocol.codes import RecoverySheet
from goes_mobile.protocol.problems import Locked
from goes_mobile.services import names
from goes_mobile.services.sheet import SheetText, read_sheet
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.profile import Profile
from goes_mobile.store import resetting

_SHEET = typer.Option("--sheet", help="File with the recovery sheet's words (any text around them).", dir_okay=False)


@command()
def unlock_reset(
    session: Session,
    whose: Annotated[str | None, typer.Option("--for", help="On a supervisor's device: the locked one's code.")] = None,
    sheet: Annotated[Path | None, _SHEET] = None,
    answer: Annotated[str | None, typer.Option("--answer", help="On the locked device: the supervisor's code.")] = None,
) -> None:
    """A new PIN or passphrase when the old one is forgotten; all that waits is kept. Three steps, on two devices.

    On the locked device, with the new PIN or passphrase, it shows a code. A supervisor, who must know that the member
    is the one asking, answers it with --for (with --sheet if no supervisor is left). The locked device takes the
    answer with --answer and the same new PIN or passphrase.

    Example: goes-mobile unlock-reset --for 7K3FM-…
    """
    if (whose is not None and answer is not None) or (sheet is not None and whose is None):
        raise typer.BadParameter("--for belongs to one device, --answer to the other; --sheet goes with --for")
    if whose is not None:
        _help(session, whose, _read(sheet).sheet if sheet is not None else None)
    elif answer is not None:
        _finish(session, answer)
    else:
        _ask(session)


def _ask(session: Session) -> None:
    secret = session.new_secret()

    async def work(profile: Profile) -> str:
        await profile.open()
        return await profile.lane(resetting.ask, store_of(profile), secret, await _device_secret(profile))

    code = session.run(work, "none")
    session.out.document({"code": code}, f"Show or read this to your supervisor, who answers with a code:\n{code}")


def _finish(session: Session, answer: str) -> None:
    secret = session.new_secret()

    async def work(profile: Profile) -> int:
        await profile.open()
        store = store_of(profile)
        await profile.lane(resetting.finish, store, answer, secret, await _device_secret(profile))
        return await profile.lane(lambda: store.counts().waiting)

    waiting = session.run(work, "none")
    session.out.document(
        {"reset": True, "waiting": waiting}, f"The new PIN or passphrase counts. Nothing is lost; {waiting} wait."
    )


def _help(session: Session, code: str, sheet: RecoverySheet | None) -> None:
    async def work(profile: Profile) -> dict[str, Any]:
        store = store_of(profile)
        asking = await profile.lane(resetting.asking, store, code)
        name = await profile.ask(lambda desk: names.name_of(desk, "member", asking.member))
        made = await profile.lane(resetting.answer, store, asking, sheet)
        return {"answer": made, "device": asking.device.hex(), "member": asking.member, "name": name}

    told = session.run(work)
    note(f"Tell this only to {told['name'] or told['member']}, whom you see or hear yourself:")
    session.out.document(told, told["answer"])


@command()
def recover(
    session: Session,
    sheet: Annotated[Path, _SHEET],
    server: Annotated[str | None, typer.Option("--server", help="The server, if the file does not say.")] = None,
) -> None:
    """With the recovery sheet, make this empty profile an administrator's device that reads everything again.

    On a device of the organisation it hands out keys that only the sheet still has: run it there again once a new
    supervisor has been invited, who alone may hold the supervisors' keys.

    Example: goes-mobile --home ~/new recover --sheet sheet.txt
    """
    read = _read(sheet)
    address = server or read.server

    async def work(profile: Profile) -> dict[str, Any]:
        if not address and not profile.exists:
            raise typer.BadParameter("the file names no server", param_hint="--server")
        secret = session.secret(ask=True) if profile.exists else session.new_secret()
        if secret is None:
            raise Locked("no_secret")
        handed = await Doorway(parts()).recover(profile, address, read.sheet, secret)
        me = await profile.ask(lambda desk: desk.me)
        return {"organisation": store_of(profile).organisation.hex(), "device": me.device, "member": me.member,
                "name": me.name, "handed_out": handed}  # fmt: skip

    told = session.run(work, "none")
    session.out.document(
        told, f"This is {told['name'] or told['member']}'s device. Keys handed out: {told['handed_out']}."
    )


def _read(file: Path) -> SheetText:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"cannot be read ({type(error).__name__})", param_hint="--sheet") from None
    return read_sheet(text)


async def _device_secret(profile: Profile) -> bytes | None:
    return await parts().keystore.secret(profile.home.name, make=False)
