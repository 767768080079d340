"""The registry over a real PostgreSQL: the suites that do not look into the file, two registries on one database, and
a server that goes and comes back.

Exit status 77 (ctest: skipped) where PostgreSQL is not installed.
"""
import os
import pathlib
import subprocess
import sys
import threading
import unittest

import _postgres
from _registry import Registry, kernel, place
from _worker import until

SUITES = ("registry.py", "registry_leases.py")


class OverPostgres(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(_postgres.Postgres())
        os.environ["TEZ_POSTGRES"] = cls.server.url

    def test_suites(self):
        for suite in SUITES:
            with self.subTest(suite=suite):
                done = subprocess.run([sys.executable, pathlib.Path(__file__).with_name(suite)], text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_two_registries_share_a_database(self):
        with Registry("shared") as one, Registry("shared") as other:
            for i in range(60):
                self.assertEqual((one, other)[i % 2].blueprint(f"b{i}")[0], 201)
            claimed = []

            def work(registry, name):
                mine = registry.another()
                while got := mine.claim(name):
                    claimed.append(got[0]["id"])
                    lease = {"worker": name, "fence": got[0]["fence"]}
                    mine.post("/internal/v1/kernels", kernel(f"k-{got[0]['id']}", got[0]["id"]))
                    mine.post(f"/internal/v1/blueprints/{got[0]['id']}/complete", {**lease, "status": "validated"})
                mine.close()

            threads = [threading.Thread(target=work, args=[(one, other)[i % 2], f"w{i}"]) for i in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(sorted(claimed), sorted(f"b{i}" for i in range(60)))
            self.assertEqual(other.get("/api/v1/overview")[1]["blueprints"]["validated"], 60)

    def hints(self, registry):
        text = registry.exchange("GET", "/metrics")[2].decode()
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("tez_registry_hints_total "))

    def test_one_wakes_those_who_wait_at_the_other(self):
        with Registry("hinting") as one, Registry("hinting") as other:
            until(lambda: self.hints(other) >= 1, "it does not listen")  # a new connection counts as one
            before, mine, answers = self.hints(other), other.another(), []
            thread = threading.Thread(target=lambda: answers.extend(mine.claim("w", wait_seconds=25)))
            thread.start()
            self.assertEqual(one.blueprint("there")[0], 201)
            thread.join()
            self.assertEqual([it["id"] for it in answers], ["there"])
            until(lambda: self.hints(other) > before, "the other has heard nothing")
            mine.close()

    def test_the_server_goes_and_comes_back(self):
        with Registry("restarted") as registry:
            self.assertEqual(registry.blueprint("before")[0], 201)
            self.server.stop("immediate")
            self.assertEqual(registry.get("/health")[0], 200)
            status, answer = registry.blueprint("meanwhile")
            self.assertEqual((status, list(answer)), (503, ["detail"]))
            self.server.start()
            self.assertEqual(registry.blueprint("after")[0], 201)
            self.assertEqual([it["id"] for it in registry.get("/api/v1/blueprints")[1]], ["before", "after"])
            until(lambda: self.hints(registry) >= 2, "it listens no more")  # once at the start, once connected again

    def test_a_newer_schema_is_refused(self):
        with Registry("newer") as registry:
            registry.end()
        subprocess.run(["psql", "-qc", "INSERT INTO schema_migrations VALUES (999, '0999-later.sql', 'x', 0)", place("newer")],
                       check=True)
        with self.assertRaisesRegex(RuntimeError, "schema version 999"):
            Registry("newer")


if __name__ == "__main__":
    if not _postgres.folder_of_programs():
        print("skipped: PostgreSQL is not installed (tools/setup --check)")
        sys.exit(77)
    unittest.main()
