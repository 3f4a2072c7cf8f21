"""How long diagnosing and redacting take for 10 KB: typical pastes, and texts made to be slow."""

# ruff: noqa: T201 - a script that prints

import json
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from preflight.diagnose import diagnose
from preflight.model import Refusal
from preflight.redact import redact

SIZE = 10_000
LINES = [  # no line of a log is like another: the time differs, if nothing else
    f"2026-05-18T07:35:{n % 60:02d}.{n * 37 % 1000:03d}Z INFO [worker-{n % 16}] com.example.Uploader - "
    f"uploading part {n} of {n * 2_654_435_761 % 2**32:08x}-7a4e\n"
    for n in range(90)
]
TRACE = "".join(f"    at com.example.module{n}.Class{n}.method(Class{n}.java:{n * 7})\n" for n in range(45))
SLOW = {
    "blanks": " ",
    "one letter": "a",
    "open tags": "<Code>",
    "dots": "a.",
    "addresses": "https://a/",
    "denials": "not authorized to perform: s3:",
    "reasons": "because no ",
    "escapes": "\\n",
    "quotes": '"',
    "codes": "AbCd1 ",
    "words": "access denied error: code=",
    "secrets": "password=AKIA eyJ",
    "pem": "-----BEGIN PRIVATE KEY-----",
}


def millis(do: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """The best of five runs for each text."""
    return [min(_once(do, text) for _ in range(5)) for text in texts]


def _once(do: Callable[[str], object], text: str) -> float:
    begun = time.perf_counter()
    do(text)
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    """Prints the mean and the slowest, in milliseconds."""
    data = Path(__file__).parents[1] / "data" / "errors.jsonl"
    errors = [json.loads(line)["input"]["text"] or "" for line in data.read_text(encoding="utf-8").splitlines()]
    before, after = "".join(LINES[:20]), "".join(LINES[20:])
    pastes = [(before + error + "\n" + TRACE + after)[:SIZE] for error in errors[::6]]
    for name, do in (("diagnose", lambda text: diagnose(Refusal(text=text))), ("redact", redact)):
        do(LINES[0])
        short, typical = millis(do, errors[::6]), millis(do, pastes)
        print(f"{name}: as published {statistics.mean(short):.2f} ms; 10 KB {statistics.mean(typical):.2f} ms")
        for kind, piece in SLOW.items():
            once, twice = millis(do, [(piece * SIZE)[:SIZE], (piece * 2 * SIZE)[: 2 * SIZE]])
            print(f"  {kind:12} {once:6.2f} ms for 10 KB, {twice:6.2f} ms for 20 KB")


if __name__ == "__main__":
    main()
