"""What every test gets: a clean environment of its own, no way off this machine, servers on request."""

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.isolation",
    "tests.servers.authority",  # first, because others import it: pytest rewrites only what it imports itself
    "tests.servers.azurite",
    "tests.servers.clock",
    "tests.servers.entra",
    "tests.servers.gcs",
    "tests.servers.moto",
    "tests.servers.radosgw",
    "tests.servers.rclone",
    "tests.faults.proxy",
]

# Laws are tried without a clock: a busy machine breaks none of them.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
