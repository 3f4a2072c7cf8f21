"""`preflight completion`: what a shell needs to complete our commands, options and names."""

from __future__ import annotations

import click

SHELLS = {
    "bash": 'put `eval "$(preflight completion bash)"` into ~/.bashrc',
    "zsh": 'put `eval "$(preflight completion zsh)"` into ~/.zshrc',
    "fish": "preflight completion fish > ~/.config/fish/completions/preflight.fish",
}


@click.command("completion", epilog="\b\n" + "\n".join(f"{shell}: {told}" for shell, told in SHELLS.items()))
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> None:
    """Print the completion script for SHELL."""
    from click.shell_completion import get_completion_class

    from preflight.cli import preflight

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - click knows all that `SHELLS` names
    completion = found(preflight, {}, "preflight", "_PREFLIGHT_COMPLETE")
    click.echo(completion.source_template % completion.source_vars())
