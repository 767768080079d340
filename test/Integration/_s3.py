"""Servers of S3 on ports of their own, over folders that outlive them: SeaweedFS and Swift."""
import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-store/bin/python"  # tools/requirements-store.txt
BUCKET = "kernels-of-tez"
SECRET = "testing"


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def free_ports(count):
    """SeaweedFS takes with each port the one 10,000 above it."""
    found = []
    while len(found) < count:
        port = random.randrange(20000, 32000)
        if port not in found and is_free(port) and is_free(port + 10000):
            found.append(port)
    return found


class Server:
    """`start` and `end` as often as one likes; what was acknowledged stays in the folder."""

    def __init__(self, folder):
        self.folder, self.processes = pathlib.Path(folder), []
        self.folder.mkdir(parents=True, exist_ok=True)
        self.prepare()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.end(signal.SIGKILL)

    def launch(self, name, command):
        with (self.folder / f"{name}.log").open("a") as log:
            self.processes.append(subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *map(str, command)], stdout=log, stderr=log,
                                                   cwd=self.folder, start_new_session=True))

    def start(self):
        self.run()
        end = time.monotonic() + 300
        while (fault := boto(self, MAKE_BUCKET)) != "made":
            if time.monotonic() > end or any(process.poll() is not None for process in self.processes):
                logs = "".join(log.read_text()[-3000:] for log in self.folder.glob("*.log"))
                raise RuntimeError(f"{type(self).__name__} did not start: {fault}\n{logs}")
            time.sleep(0.3)

    def end(self, number=signal.SIGKILL):
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        for process in self.processes:
            process.wait(timeout=60)
        self.processes = []

    @property
    def environment(self):
        return {"AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": self.url}


class SeaweedFS(Server):
    key = "tester"

    def prepare(self):
        self.ports = free_ports(4)
        self.url = f"http://127.0.0.1:{self.ports[3]}"
        (self.folder / "data").mkdir(exist_ok=True)
        (self.folder / "s3.json").write_text(json.dumps({"identities": [
            {"name": "tester", "actions": ["Admin", "Read", "Write", "List", "Tagging"],
             "credentials": [{"accessKey": self.key, "secretKey": SECRET}]}]}))

    def run(self):
        master, volume, filer, s3 = self.ports
        self.launch("seaweedfs", [
            PYTHON.parent / "weed", "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-dir=data", "-master.telemetry=false",
            f"-master.port={master}", f"-volume.port={volume}", "-filer", f"-filer.port={filer}", "-master.volumeSizeLimitMB=64",
            "-volume.max=30", "-s3", f"-s3.port={s3}", "-s3.config=s3.json", "-s3.autoCreateBucket=false", "-s3.port.iceberg=0", "-s3.port.lance=0"])


PROXY = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
paste.filter_factory = _swift_cache:filter_factory
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
min_segment_size = 1048576
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
STORAGE = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

RINGS = """
import json, sys
from swift.common.ring import RingBuilder
for kind, port in json.loads(sys.argv[1]).items():
    builder = RingBuilder(4, 1, 1)
    builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d", "weight": 1.0, "meta": "",
                     "replication_ip": "127.0.0.1", "replication_port": port})
    builder.rebalance()
    builder.get_ring().save(kind + ".ring.gz")
"""


class Swift(Server):
    """One device, one replica, Debian's python3-swift without its services."""

    key = "test:tester"

    def prepare(self):
        self.ports = dict(zip(("proxy", "account", "container", "object"), free_ports(4)))
        self.url = f"http://127.0.0.1:{self.ports['proxy']}"
        (self.folder / "devices/d").mkdir(parents=True, exist_ok=True)
        (self.folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = tez\n")
        for kind, port in self.ports.items():
            text = PROXY if kind == "proxy" else STORAGE
            (self.folder / f"{kind}.conf").write_text(text.format(kind=kind, port=port, folder=self.folder))
        subprocess.run(["/usr/bin/python3", "-c", RINGS, json.dumps(self.ports)], cwd=self.folder, check=True)

    def run(self):
        code = ("import sys; sys.path.append(sys.argv[4]); import swift.common.utils as u; u.SWIFT_CONF_FILE = sys.argv[3] + '/swift.conf'; u.validate_hash_conf();"
                "from swift.common.wsgi import run_wsgi; sys.exit(run_wsgi(sys.argv[1], sys.argv[2], verbose=True))")
        for kind in self.ports:
            self.launch(kind, ["/usr/bin/python3", "-c", code, self.folder / f"{kind}.conf", f"{kind}-server", self.folder,
                               pathlib.Path(__file__).parent])


# What boto3, which others wrote, does and sees. It runs in the environment of tools/requirements-store.txt.
MAKE_BUCKET = f"""
import botocore
try:
    client.create_bucket(Bucket="{BUCKET}")
except client.exceptions.BucketAlreadyOwnedByYou: pass
except client.exceptions.BucketAlreadyExists: pass
except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as fault:
    sys.exit(print(fault))
print("made")
"""
PRELUDE = """
import boto3, json, sys
from botocore.config import Config
quiet = Config(request_checksum_calculation="when_required", response_checksum_validation="when_required",
               retries={"max_attempts": 1}, connect_timeout=5, read_timeout=30, s3={"addressing_style": "path"})
client = boto3.client("s3", config=quiet)
"""


def boto(server, code):
    """What `code`, which has `client`, prints."""
    done = subprocess.run([PYTHON, "-c", PRELUDE + code], env={**os.environ, **server.environment, "AWS_EC2_METADATA_DISABLED": "1"},
                          capture_output=True, text=True, timeout=120)
    return done.stdout.strip() + done.stderr


if __name__ == "__main__":  # by hand: _s3.py SeaweedFS FOLDER
    with globals()[sys.argv[1]](sys.argv[2]) as server:
        print(server.url, flush=True)
        signal.pause()
