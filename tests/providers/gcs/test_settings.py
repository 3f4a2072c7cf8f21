"""A bucket's metadata means for recordings what Google's own pages say it means."""

import pytest

from preflight.model import Setting
from preflight.providers.gcs import settings


def ip_filter(*ranges: str, mode: str = "Enabled") -> dict[str, object]:
    return {"ipFilter": {"mode": mode, "publicNetworkSource": {"allowedIpCidrRanges": list(ranges)}}}


@pytest.mark.parametrize(
    ("ranges", "default", "whole"),
    [
        (("0.0.0.0/0", "::/0"), "allow", ["IPv4", "IPv6"]),
        (("0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"), "allow", ["IPv4", "IPv6"]),
        (("0.0.0.0/0",), "deny", ["IPv4"]),
        (("::/0", "203.0.113.0/24"), "deny", ["IPv6"]),
        (("0.0.0.0/1", "203.0.113.7", "no address"), "deny", []),
        ((), "deny", []),
    ],
    ids=str,
)
def test_a_filter_that_lets_everybody_in_is_none(ranges: tuple[str, ...], default: str, whole: list[str]) -> None:
    """Ranges that cover every public address shut nobody out; of those that cover one family, that is told."""
    facts = settings.read(Setting.NETWORK, ip_filter(*ranges))
    assert (facts["default"], facts["open_to"]) == (default, whole)
    assert facts["rules"] == list(ranges)
    assert settings.read(Setting.NETWORK, ip_filter(*ranges, mode="Disabled"))["default"] == "allow"
