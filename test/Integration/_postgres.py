"""A PostgreSQL of its own in a scratch folder, without a password, for connections from this machine."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile

USER = "postgres"  # the server refuses to run as root


def folder_of_programs():
    """The newest installed; None where there is none."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    def __enter__(self):
        self.programs, self.port = folder_of_programs(), free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tez-postgres-"))
        if os.getuid() == 0:
            entry = pwd.getpwnam(USER)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self.url = f"postgresql://{USER}@127.0.0.1:{self.port}"
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")
        self.start()
        return self

    def run(self, program, *arguments):
        as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if os.getuid() == 0 else []
        subprocess.run([*as_user, self.programs / program, *arguments], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL)

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        self.run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-o", options, "start")

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-m", mode, "stop")

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
