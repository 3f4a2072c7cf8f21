"""A whole Ceph in a folder: one monitor, one store in memory and the S3 gateway, up in about a second.

No systemd and no manager daemon. Every setting in the template that looks like a detail was needed:
`paxos_*` take the first answer from eight seconds to one, `admin_socket` is empty because long test
folders break the limit of unix socket paths, and cephx stays on because the gateway retries for ever
without it.
"""

import base64
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.authority import Authority
from tests.servers.machine import ENVIRONMENT, free_port
from tests.servers.process import Process, ServerDiedError

KMS_KEY = "testkey-1"
"""The one key that the gateway's KMS knows."""

ATTEMPTS = 3
"""A port that was free a moment ago may be taken by the time that a daemon binds it."""

CONFIGURATION = """
[global]
fsid = {fsid}
mon_host = [v2:127.0.0.1:{mon_port}/0]
ms_bind_msgr1 = false
public_addr = 127.0.0.1
public_network = 127.0.0.0/8
keyring = {folder}/keyring
auth_allow_insecure_global_id_reclaim = false
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
mon_data_avail_warn = 2
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 1073741824
osd_mon_shutdown_timeout = 0.1
osd_fast_shutdown_notify_mon = false
osd_op_num_shards = 1
osd_op_num_threads_per_shard = 2
mon_data = {folder}/mon
osd_data = {folder}/osd
run_dir = {folder}/run
admin_socket =
log_file = {folder}/log/$name.log
pid_file = {folder}/run/$name.pid
crash_dir = {folder}/log
[client]
rgw_data = {folder}/run
rgw_s3_auth_use_sts = {sts}
rgw_sts_key = abcdefghijklmnop
rgw_crypt_require_ssl = false
rgw_crypt_s3_kms_backend = testing
rgw_crypt_s3_kms_encryption_keys = {kms_key}={kms_secret}
rgw_thread_pool_size = 16
rgw_dns_name = localhost
rgw_run_sync_thread = false
[client.admin]
rgw_frontends = beast endpoint=127.0.0.1:{port} ssl_endpoint=127.0.0.1:{tls_port} \
ssl_certificate={authority.certificate} ssl_private_key={authority.key}
"""


@dataclass(frozen=True, slots=True)
class Ceph:
    """A running cluster; `port` speaks http, `tls_port` https."""

    folder: Path
    port: int
    tls_port: int

    def run(self, *command: str, given: str = "") -> str:
        """Run one of Ceph's own commands against this cluster and return its output."""
        return _run(self.folder, *command, given=given)


@contextmanager
def ceph(folder: Path, authority: Authority, *, sts: bool = False) -> Iterator[Ceph]:
    """Start a cluster below `folder` and stop it afterwards; `sts` lets the gateway assume roles.

    With `sts`, a wrong secret and an unknown key are both a plain AccessDenied: keep two clusters.
    """
    for attempt in range(1, ATTEMPTS + 1):
        daemons: list[Process] = []
        try:
            cluster = _start(folder / str(attempt), authority, daemons, sts=sts)
        except ServerDiedError:
            _stop(daemons)
            if attempt == ATTEMPTS:
                raise
            continue
        try:
            yield cluster
        finally:
            _stop(daemons)
            shutil.rmtree(cluster.folder, ignore_errors=True)
        return


def _start(folder: Path, authority: Authority, daemons: list[Process], *, sts: bool) -> Ceph:
    for name in ("mon", "osd", "run", "log"):
        (folder / name).mkdir(parents=True)
    cluster = Ceph(folder, free_port(), free_port())
    mon_port, fsid = free_port(), str(uuid.uuid4())
    text = CONFIGURATION.format(
        folder=folder,
        fsid=fsid,
        mon_port=mon_port,
        port=cluster.port,
        tls_port=cluster.tls_port,
        authority=authority,
        sts=str(sts).lower(),
        kms_key=KMS_KEY,
        kms_secret=base64.b64encode(b"k" * 32).decode(),
    )
    (folder / "ceph.conf").write_text(text)
    _mint_keys(cluster)
    daemons.append(_start_monitor(cluster, fsid, mon_port))
    daemons.append(_start_store(cluster))
    gateway = _daemon(folder, "radosgw", "-n", "client.admin", "--keyring", f"{folder}/keyring", "-f")
    daemons.append(gateway)
    gateway.wait_for(cluster.port).wait_for(cluster.tls_port)
    return cluster


def _mint_keys(cluster: Ceph) -> None:
    keyring, every = f"{cluster.folder}/keyring", "allow *"
    cluster.run("ceph-authtool", "-C", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", every)
    caps = ["--cap", "mon", every, "--cap", "osd", every, "--cap", "mgr", every]
    cluster.run("ceph-authtool", keyring, "--gen-key", "-n", "client.admin", *caps)


def _start_monitor(cluster: Ceph, fsid: str, port: int) -> Process:
    keyring, monmap = f"{cluster.folder}/keyring", f"{cluster.folder}/monmap"
    cluster.run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{port}]", monmap)
    cluster.run("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap, "--keyring", keyring)
    return _daemon(cluster.folder, "ceph-mon", "-i", "a", "-f").wait_for(port)


def _start_store(cluster: Ceph) -> Process:
    name, secret = str(uuid.uuid4()), cluster.run("ceph-authtool", "--gen-print-key").strip()
    cluster.run("ceph", "osd", "new", name, "0", "-i", "-", given=f'{{"cephx_secret":"{secret}"}}')
    keyring = f"{cluster.folder}/osd/keyring"
    cluster.run("ceph-authtool", "-C", keyring, "-n", "osd.0", "--add-key", secret)
    cluster.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", name, "--keyring", keyring)
    return _daemon(cluster.folder, "ceph-osd", "-i", "0", "--keyring", keyring, "-f")


def _daemon(folder: Path, *command: str) -> Process:
    return Process(command, folder / "log" / f"{command[0]}.out", _environment(folder))


def _stop(daemons: list[Process]) -> None:
    for daemon in reversed(daemons):  # a gateway whose monitor went first hangs
        daemon.stop()


def _run(folder: Path, *command: str, given: str = "") -> str:
    ended = subprocess.run(
        command,
        env=_environment(folder),
        input=given,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if ended.returncode:
        raise ServerDiedError(f"{' '.join(command)}: exit {ended.returncode}\n{ended.stderr[-2000:]}")
    return ended.stdout


def _environment(folder: Path) -> dict[str, str]:
    path = ENVIRONMENT.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(folder), "CEPH_CONF": f"{folder}/ceph.conf", "LANG": "C.UTF-8"}
