"""A throw-away certificate authority, and a certificate of it for this machine's loopback names."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme


@dataclass(frozen=True, slots=True)
class Authority:
    """Paths of PEM files: `ca` is what a client trusts, `certificate` and `key` what a server shows."""

    ca: Path
    certificate: Path
    key: Path


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Issue for 127.0.0.1, localhost and *.localhost (buckets as host names)."""
    return issue(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Another authority, which no server here uses: trusting it must fail the handshake."""
    return issue(tmp_path_factory.mktemp("stranger"))


def issue(folder: Path) -> Authority:
    made = Authority(folder / "ca.pem", folder / "certificate.pem", folder / "key.pem")
    root = trustme.CA()
    leaf = root.issue_cert("127.0.0.1", "localhost", "*.localhost")
    root.cert_pem.write_to_path(str(made.ca))
    leaf.private_key_pem.write_to_path(str(made.key))
    for pem in leaf.cert_chain_pems:
        pem.write_to_path(str(made.certificate), append=True)
    return made
