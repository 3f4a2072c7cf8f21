"""The command line: one file per command, found by looking inside; here is what they all share."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence

import click

from preflight import __version__
from preflight.cli import _streams

USAGE = 2  # exit code: usage, or a file that cannot be read or parsed
OUR_BUG = 4
INTERRUPTED = 130


def _modules() -> list[str]:
    """The command files; what begins with an underscore is shared by them."""
    return [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]


class Drawer(click.Group):
    """A group whose commands are the modules of this package, imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(name.rstrip("_") for name in _modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        # a command named like a builtin (`list`) lives in a file with an underscore
        found = next(name for name in _modules() if name.rstrip("_") == cmd_name)
        command: click.Command = importlib.import_module(f"{__name__}.{found}").command
        return command


@click.group(cls=Drawer, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="preflight")
def preflight() -> None:
    """Find out whether Stream can write recordings into a storage, before it is registered."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing that goes wrong here is a traceback."""
    _streams.settle()
    try:
        code = preflight.main(list(arguments), prog_name="preflight", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        _tell(wrong)
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Exception as bug:  # noqa: BLE001 - exit code 1 means "not ready" and nothing else
        return _our_bug(bug)
    return code if isinstance(code, int) else 0


def _tell(wrong: click.ClickException) -> None:
    """What is wrong, with whatever was typed in it: which may be an address with a password, in the wrong place."""
    import io

    from preflight.redact import redact

    said = io.StringIO()
    wrong.show(said)
    click.echo(redact(said.getvalue()), nl=False, err=True)


def _our_bug(bug: Exception) -> int:
    from preflight.redact import redact

    where = bug.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "unknown place"
    said = redact(f"{type(bug).__name__}: {bug}")
    click.echo(f"preflight: this is a bug in preflight, not in your storage: {said} ({place})", err=True)
    return OUR_BUG
