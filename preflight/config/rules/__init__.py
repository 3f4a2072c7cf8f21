"""The rules of a configuration: each a small function that yields what is wrong with an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from preflight.config.entry import Entry
from preflight.config.rules import (
    amazon_keys,
    azure_fields,
    buckets,
    endpoints,
    fields,
    google_keys,
    names,
    paths,
    regions,
)
from preflight.model import Problem

Rule = Callable[[Entry], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    fields.load_secrets,
    fields.complete_fields,
    fields.recognise_fields,
    fields.use_current_spelling,
    names.name_storage,
    names.name_storage_plainly,
    buckets.shape_bucket,
    paths.shape_path,
    paths.shape_path_safely,
    regions.shape_region,
    endpoints.shape_endpoint,
    endpoints.need_endpoint,
    endpoints.use_https,
    endpoints.reach_endpoint_from_outside,
    amazon_keys.shape_keys,
    google_keys.shape_key_file,
    azure_fields.shape_azure,
)


def judge(entry: Entry) -> Iterator[Problem]:
    """Every problem of one entry, by itself."""
    for rule in RULES:
        yield from rule(entry)
