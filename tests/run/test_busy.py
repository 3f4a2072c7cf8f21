"""A service that is busy for a moment is asked once more, if there is time for what it asks for."""

from __future__ import annotations

import pytest

from preflight.model import Verdict
from preflight.providers import names
from preflight.sandbox import Fault, Kind
from tests.run.conftest import Clouds, OpenClouds

WRITES = {"s3": "PUT *", "gcs": "POST */upload/*", "abs": "PUT *"}


def _verdict(clouds: Clouds, cloud: str) -> Verdict:
    return next(one.verdict for one in clouds.examine().storages if one.storage.storage_type == cloud)


def _busy(cloud: str, status: int, after: str) -> Fault:
    return Fault(
        kind=Kind.REFUSE,
        service=cloud,
        request=WRITES[cloud],
        times=1,
        status=status,
        code="ServerBusy",
        message="Please reduce your request rate.",
        headers={"Retry-After": after},
    )


@pytest.mark.parametrize("cloud", names())
@pytest.mark.parametrize("after", ["0", "soon", "²"])
def test_a_write_that_was_put_off_is_repeated(open_clouds: OpenClouds, cloud: str, after: str) -> None:
    """429 means that nothing was done: the same create is safe, and its success is one."""
    clouds = open_clouds()
    clouds.boxes[cloud].inject(_busy(cloud, 429, after))

    assert _verdict(clouds, cloud) is Verdict.READY


@pytest.mark.parametrize("cloud", names())
def test_nobody_waits_for_hours(open_clouds: OpenClouds, cloud: str) -> None:
    """More than an ask has is not waited for, and nothing is concluded."""
    clouds = open_clouds()
    clouds.boxes[cloud].inject(_busy(cloud, 429, "3600"))

    assert _verdict(clouds, cloud) is Verdict.UNDETERMINED
