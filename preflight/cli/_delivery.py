"""Reports on their way out: each output in its format, to its place, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Iterable

import click

from preflight import reports
from preflight.cli import _places
from preflight.model import Report, Severity, StorageReport


class Delivery:
    """The outputs that were asked for, as `FORMAT[=PATH]`; `beside` is another file that is written.

    Raises `click.UsageError` for a format that there is not, and where one file would take the place of another or of
    one that is `read`, before anything is asked.
    """

    def __init__(
        self,
        outputs: Iterable[str],
        verbosity: int = 0,
        show: str = Severity.NOTE,
        *,
        read: Iterable[str],
        beside: str | None = None,
    ) -> None:
        self._verbosity, self._show = verbosity, Severity(show)
        self._places = [_Place(output) for output in outputs]
        _places.spare(read, [*(place.path for place in self._places), beside])

    @property
    def live(self) -> bool:
        """Whether standard output shows the run as it goes on."""
        return any(reports.stream(place.format) and not place.path for place in self._places)

    def storage(self, report: StorageReport) -> None:
        """Write one storage's part at once, in the formats that need not wait for the others."""
        for place in self._places:
            if stream := reports.stream(place.format):
                place.write(stream.storage(report))

    def report(self, report: Report) -> None:
        """Write the report; of a format that has begun with `storage`, what is missing.

        A place that cannot be written is a `click.ClickException`, after the report was told on standard error.
        """
        for place in self._places:
            stream = reports.stream(place.format)
            look = reports.look(self._verbosity, to_terminal=not place.path, show=self._show)
            place.write(stream.end(report) if stream and place.begun else reports.reader(place.format)(report, look))
        if lost := [place.lost for place in self._places if place.lost]:
            told = reports.reader("human")(report, reports.look(self._verbosity, to_terminal=False))
            click.echo(told, nl=False, err=True)  # what was left behind must not be lost with it
            raise click.ClickException("; ".join(lost))


class _Place:
    """Where one output goes. `lost` says why nothing more can be written there."""

    def __init__(self, output: str) -> None:
        self.format, self.path = _places.parted(output, reports.formats())
        self.begun = False
        self.lost = ""

    def write(self, text: str) -> None:
        """Write, after what was written here before."""
        if self.lost:
            return
        try:
            if self.path:
                _places.write(self.path, text, after=self.begun)
            else:
                click.echo(text, nl=not text.endswith("\n"))
        except click.ClickException as wrong:
            self.lost = wrong.message
        self.begun = True
