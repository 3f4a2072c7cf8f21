"""What every test gets: a clean environment of its own, no way off this machine, servers on request."""

pytest_plugins = [
    "tests.isolation",
    "tests.servers.authority",
    "tests.servers.radosgw",
]
