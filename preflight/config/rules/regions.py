"""Rules about the region of an S3 storage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.config.entry import Entry
from preflight.config.private import looks_private, prefix
from preflight.config.rules.endpoints import on_amazon
from preflight.config.wording import quoted
from preflight.model import Problem

REGION = "aws_s3.s3_region"
SHAPE = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d+")  # four letters: the European sovereign cloud's eusc

# What the console shows, and what the oldest interface of S3 said.
_NAMES = {
    "eu": "eu-west-1", "us": "us-east-1", "us-standard": "us-east-1",
    "n. virginia": "us-east-1", "virginia": "us-east-1", "ohio": "us-east-2",
    "oregon": "us-west-2", "n. california": "us-west-1", "california": "us-west-1",
    "ireland": "eu-west-1", "london": "eu-west-2", "paris": "eu-west-3", "milan": "eu-south-1",
    "spain": "eu-south-2", "frankfurt": "eu-central-1", "zurich": "eu-central-2", "stockholm": "eu-north-1",
    "mumbai": "ap-south-1", "hyderabad": "ap-south-2", "singapore": "ap-southeast-1", "sydney": "ap-southeast-2",
    "jakarta": "ap-southeast-3", "melbourne": "ap-southeast-4", "tokyo": "ap-northeast-1",
    "seoul": "ap-northeast-2", "osaka": "ap-northeast-3", "hong kong": "ap-east-1",
    "cape town": "af-south-1", "bahrain": "me-south-1", "uae": "me-central-1", "tel aviv": "il-central-1",
    "sao paulo": "sa-east-1", "são paulo": "sa-east-1", "canada": "ca-central-1", "montreal": "ca-central-1",
}  # fmt: skip


def shape_region(entry: Entry) -> Iterator[Problem]:
    region = entry.text(REGION)
    if entry.kind != "s3" or not region:
        return
    if prefix(region) or looks_private(region):
        key = entry.text("aws_s3.s3_api_key")
        swapped = "swap the two values" if SHAPE.fullmatch(key) else "write the bucket's region, such as eu-central-1"
        yield _problem(entry, "s3_region holds a key; expected a region", swapped)
    elif re.search(r"[\s\x00-\x1f]", region.strip()) is None and region != region.strip():
        yield _problem(
            entry, f"s3_region {quoted(region)} has white space around it", f"write {region.strip()}", region.strip()
        )
    elif "://" in region or region.startswith("arn:"):
        yield _problem(
            entry,
            f"s3_region {quoted(region)} is an address; expected a region",
            "write the region, such as eu-central-1",
        )
    elif on_amazon(entry) and not SHAPE.fullmatch(region):
        yield _not_amazon(entry, region)


def _not_amazon(entry: Entry, region: str) -> Problem:
    better = _meant(region)
    hint = f"; did you mean {better}?" if better else "; expected one such as eu-central-1"
    remedy = f"write s3_region: {better}" if better else "write the region that the console shows for the bucket"
    return _problem(entry, f"s3_region {quoted(region)} is not a region of AWS{hint}", remedy, better)


def _meant(region: str) -> str:
    """The region behind a display name, an availability zone, another separator or a host name."""
    plain = region.strip().lower()[:100]
    if named := _NAMES.get(re.sub(r".*\((.*)\)", r"\1", plain)):
        return named
    found = re.search(SHAPE, re.sub(r"[_\s]+", "-", plain))
    return found[0] if found else ""


def _problem(entry: Entry, message: str, remedy: str, better: str = "") -> Problem:
    return entry.problem("shape-region", REGION, message, remedy=remedy, patch=f"s3_region: {better}" if better else "")
