"""Tests cannot leave this machine and see nothing of the home they run in."""

import os
import socket
from pathlib import Path

import pytest

from tests.isolation import FOREIGN, LeftLoopbackError


def test_other_machines_are_out_of_reach(escapes: list[str]) -> None:
    """Connecting to another address, or asking for another name, is refused by name and remembered."""
    with socket.socket() as probe, pytest.raises(LeftLoopbackError, match=r"203\.0\.113\.1"):
        probe.connect(("203.0.113.1", 80))
    with pytest.raises(LeftLoopbackError, match=r"s3\.amazonaws\.com"):
        socket.getaddrinfo("s3.amazonaws.com", 443)
    assert escapes == ["203.0.113.1", "s3.amazonaws.com"]
    escapes.clear()


def test_reserved_names_do_not_exist() -> None:
    """A name that is reserved for documentation fails like any unknown name, without asking anybody."""
    with pytest.raises(socket.gaierror, match="not known"):
        socket.getaddrinfo("storage.example.com", 443)


def test_buckets_below_localhost_are_loopback() -> None:
    """A bucket as host name below localhost leads to this machine."""
    found = socket.getaddrinfo("bucket.localhost", 80, type=socket.SOCK_STREAM)
    assert {address[4][0] for address in found} == {"127.0.0.1"}


def test_credentials_and_proxies_are_gone(environment: dict[str, str]) -> None:
    """Nothing of the caller's clouds, proxies or certificates is escapes for a command to find."""
    ours = {"AWS_EC2_METADATA_DISABLED"}
    assert {name for name in environment if FOREIGN.fullmatch(name)} == ours
    assert os.environ["AWS_EC2_METADATA_DISABLED"] == "true"


def test_home_is_new_and_empty() -> None:
    """Every test starts from a home in which nobody has been."""
    assert list(Path.home().iterdir()) == []
