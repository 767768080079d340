"""Leases over HTTP: a blueprint has one owner, and it loses it in time."""
import threading
import time
import unittest

from _registry import Case, kernel


class Leases(Case):
    def setUp(self):
        while self.registry.claim("sweeper", limit=100):  # what another test has left
            pass

    def act(self, name, what, claim, **more):
        return self.registry.post(f"/internal/v1/blueprints/{name}/{what}",
                                  {"worker": claim["worker"], "fence": claim["fence"], **more})

    def test_the_whole_way(self):
        self.registry.blueprint("whole")
        claim, = self.registry.claim("w1")
        self.assertEqual((claim["id"], claim["status"], claim["worker"], claim["fence"]), ("whole", "compiling", "w1", 1))
        self.assertEqual(self.registry.claim("w2"), [])
        self.assertEqual(self.act("whole", "heartbeat", claim, lease_seconds=60)[0], 200)
        lease = next(it for it in self.registry.get("/internal/v1/claims")[1] if it["blueprint_id"] == "whole")
        self.assertGreater(lease["milliseconds_left"], 30_000)
        self.assertEqual(self.registry.post("/internal/v1/kernels", kernel("whole-1", "whole"))[0], 201)
        done = self.act("whole", "complete", claim, status="validated")
        self.assertEqual((done[0], done[1]["status"], done[1]["worker"]), (200, "validated", None))
        self.assertEqual(self.act("whole", "complete", claim, status="validated"), done)  # its answer was lost
        self.refused(409, self.act("whole", "complete", claim, status="invalid"), "not in force")
        self.refused(409, self.act("whole", "heartbeat", claim), "not in force")

    def test_each_goes_to_one_of_many_workers(self):
        for i in range(100):
            self.registry.blueprint(f"many-{i}")
        claimed = []

        def work(number):
            mine = self.registry.another()
            while got := mine.claim(f"w{number}", limit=3):
                claimed.extend(it["id"] for it in got)
            mine.close()

        threads = [threading.Thread(target=work, args=[i]) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(claimed), sorted(f"many-{i}" for i in range(100)))

    def test_a_zombie_is_fenced_off(self):
        self.registry.blueprint("zombie")
        old, = self.registry.claim("w1", lease_seconds=1)
        new = []
        while not new:
            time.sleep(0.1)
            new = self.registry.claim("w2")
        self.assertEqual((new[0]["fence"], new[0]["tries"]), (2, 2))
        for what, more in (("heartbeat", {}), ("release", {}), ("complete", {"status": "validated"})):
            self.refused(409, self.act("zombie", what, old, **more), "fence 2", '"w2"')
        self.refused(409, self.act("zombie", "complete", {**new[0], "worker": "w1"}, status="validated"))
        self.assertEqual(self.act("zombie", "complete", new[0], status="validated")[0], 200)

    def test_an_ended_lease_is_seen_without_any_claim(self):
        self.registry.blueprint("alone")
        self.registry.claim("w1", lease_seconds=1)
        while (now := self.registry.get("/api/v1/blueprints/alone")[1])["status"] == "compiling":
            time.sleep(0.1)
        self.assertEqual((now["status"], now["reason"]), ("unvalidated", "try 1: the lease of worker w1 ended"))

    def test_dead_letters_come_back_by_hand(self):
        self.registry.blueprint("poison")
        fails = 0
        while fails < 5:
            for claim in self.registry.claim("w"):
                answer = self.act("poison", "release", claim, reason="the compiler crashed")
                fails += 1
            time.sleep(0.05)
        self.assertEqual((answer[1]["status"], answer[1]["dead_letter"], answer[1]["reason"]),
                         ("invalid", True, "try 5: the compiler crashed"))
        self.assertIn("poison", [it["id"] for it in self.registry.get("/api/v1/blueprints?dead_letter=true")[1]])
        again = self.registry.call("PUT", "/internal/v1/blueprints/poison/status", {"status": "unvalidated"})[1]
        self.assertEqual((again["status"], again["tries"], again["dead_letter"], again["reason"]),
                         ("unvalidated", 0, False, None))

    def test_a_claimed_blueprint_is_not_for_others(self):
        self.registry.blueprint("mine")
        claim, = self.registry.claim("w1")
        self.refused(409, self.registry.call("PUT", "/internal/v1/blueprints/mine/status", {"status": "compiling"}), '"w1"')
        self.assertEqual(self.act("mine", "release", claim)[1]["tries"], 0)
        self.assertEqual(self.registry.claim("w2")[0]["id"], "mine")


if __name__ == "__main__":
    unittest.main()
