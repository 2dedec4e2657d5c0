"""All commands, and the one place where errors become exit codes."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from goes_mobile.cli import output
from goes_mobile.cli.explaining import explain
from goes_mobile.cli.session import Session
from goes_mobile.protocol.problems import CannotWrite, GoesError
from goes_mobile.store.disk import disk_errors

INTERRUPTED = 130

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=False,
)  # fmt: skip
org = typer.Typer(help="The organisation.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(org, name="org")
parcel = typer.Typer(help="Sealed entries as a file.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(parcel, name="parcel")

Home = Annotated[
    Path | None,
    typer.Option("--home", envvar="GOES_HOME", file_okay=False, help="The profile's directory (GOES_HOME)."),
]
PinFile = Annotated[Path | None, typer.Option("--pin-file", help="File with the PIN or passphrase in its first line.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, everything else on stderr.")]
_COMMON: dict[str, Any] = {"home": Home, "pin_file": PinFile, "json_": AsJson}


def command(on: typer.Typer = app, name: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Registers ``function(session, …)`` with the common options; its docstring ends with an example."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        own = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])
            for parameter in inspect.signature(function).parameters.values()
            if parameter.name != "session"
        ]
        common = [
            inspect.Parameter(
                key, inspect.Parameter.KEYWORD_ONLY, default=False if key == "json_" else None, annotation=kind
            )
            for key, kind in _COMMON.items()
        ]

        def called(**given: Any) -> None:
            common_options = _shared | {key: value for key in _COMMON if (value := given.pop(key))}
            session = Session(
                common_options.get("home"), common_options.get("pin_file"), bool(common_options.get("json_"))
            )
            function(session, **given)

        called.__signature__ = inspect.Signature([*own, *common])  # type: ignore[attr-defined]
        called.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *common]}
        called.__doc__, called.__name__ = function.__doc__, function.__name__
        on.command(name or function.__name__.rstrip("_").replace("_", "-"))(called)
        return function

    return register


_shared: dict[str, Any] = {}
"""Common options given before the command: ``goes-mobile --home X status``."""


@app.callback(invoke_without_command=True)
def everywhere(context: typer.Context, home: Home = None, pin_file: PinFile = None, json_: AsJson = False) -> None:
    """GO!ES mobil without a screen. Without a command: opens the screens.

    Exit codes: 0 done · 2 wrong usage · 3 locked or wrong PIN · 4 server not reachable (nothing lost, sent later) ·
    5 refused by the server · 6 input refused · 7 damaged data found · 8 profile in use by another process ·
    9 cannot write (full, read-only).

    Example: goes-mobile --home ~/goes status
    """
    _shared.clear()
    _shared.update({key: value for key, value in (("home", home), ("pin_file", pin_file), ("json_", json_)) if value})
    if context.invoked_subcommand is None:
        from goes_mobile.cli.screens import open_screens

        open_screens(Session(home, pin_file, json_))


def run(arguments: list[str] | None = None) -> None:
    """Runs a command and leaves with its exit code."""
    sys.exit(outcome(arguments))


@functools.cache
def _built() -> Any:
    """All commands, put together once: that takes longer than most of them."""
    load()
    return typer.main.get_command(app)


def outcome(arguments: list[str] | None = None) -> int:
    """Runs a command; its exit code."""
    try:
        _built().main(arguments, prog_name="goes-mobile")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except KeyboardInterrupt:
        return INTERRUPTED
    except GoesError as error:
        return failed(error)
    except OSError as error:  # beside the journal: a report, a directory
        return failed(_disk_error(error))
    return 0


def _disk_error(error: OSError) -> GoesError:
    try:
        with disk_errors():
            raise error
    except GoesError as named:
        return named
    except OSError:
        return CannotWrite("disk_error", errno=error.errno)


def failed(error: GoesError) -> int:
    """Says what happened; the exit code of its kind."""
    output.note(explain(error))
    return error.exit_code


def load() -> None:
    """Every module with commands registers them when it is imported."""
    from goes_mobile.cli import (  # noqa: F401
        deleting,
        demonstration,
        diagnosis,
        founding,
        importing,
        parcels,
        reading,
        recovering,
        reporting,
        reviewing,
        revoking,
        screens,
        sharing,
        syncing,
        writing,
    )
