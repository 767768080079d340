"""Leases over HTTP: a blueprint has one owner, and it loses it in time."""
import contextlib
import signal
import threading
import time
import unittest

from _registry import Case, Registry, kernel
from _worker import until


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


class Waiting(Case):
    """Claims that wait for a blueprint."""

    def waiting(self, registry=None):
        text = (registry or self.registry).exchange("GET", "/metrics")[2].decode()
        return next(int(float(line.split()[1])) for line in text.splitlines() if line.startswith("tez_registry_waiting_calls "))

    @contextlib.contextmanager
    def waiter(self, name, registry=None, **more):
        """A claim in a thread, once it waits; the list gets its answer, and is whole at the end."""
        mine, answers = (registry or self.registry).another(), []
        before = self.waiting(registry)
        thread = threading.Thread(target=lambda: answers.append(mine.post("/internal/v1/claims", {
            "worker": name, "wait_seconds": 25, **more})))
        thread.start()
        until(lambda: self.waiting(registry) == before + 1, "the claim does not wait")
        yield answers
        thread.join()
        mine.close()

    def test_one_goes_to_who_has_waited_longest(self):
        with self.waiter("w1") as first, self.waiter("w2") as second:
            self.registry.blueprint("one")
            until(lambda: first, "nothing was given")
            self.assertEqual((first[0][0], [it["id"] for it in first[0][1]]), (200, ["one"]))
            self.assertEqual((second, self.waiting()), ([], 1))
            self.registry.blueprint("two")
        self.assertEqual([it["id"] for it in second[0][1]], ["two"])
        self.assertEqual(self.waiting(), 0)

    def test_what_comes_back_is_given_to_who_waits(self):
        self.registry.blueprint("back")
        for reason in ({}, {"reason": "a crash"}):  # at once, and a second later
            claim, = self.registry.claim("w1")
            with self.waiter("w2") as answers:
                lease = {"worker": "w1", "fence": claim["fence"]}
                self.assertEqual(self.registry.post("/internal/v1/blueprints/back/release", {**lease, **reason})[0], 200)
            given, = answers[0][1]
            self.assertEqual((given["id"], given["worker"]), ("back", "w2"))
            self.registry.post("/internal/v1/blueprints/back/release", {"worker": "w2", "fence": given["fence"]})
        claim, = self.registry.claim("w1", lease_seconds=1)
        with self.waiter("w2") as answers:  # until the lease ends
            pass
        self.assertEqual(answers[0][1][0]["fence"], claim["fence"] + 1)

    def test_who_has_gone_gets_nothing(self):
        gone = self.registry.connect()
        gone.request("POST", "/internal/v1/claims", b'{"worker": "gone", "wait_seconds": 25}', {"Content-Type": "application/json"})
        until(lambda: self.waiting() == 1, "the claim does not wait")
        gone.close()
        until(lambda: self.waiting() == 0, "it waits for nobody")
        self.registry.blueprint("left")
        self.assertEqual([it["id"] for it in self.registry.claim("w")], ["left"])

    def test_it_is_bounded(self):
        with Registry(self.folder / "bounded.db", "--most-waiting=1", "--most-wait=2") as registry:
            with self.waiter("w1", registry) as first:
                self.assertEqual(registry.claim("w2", wait_seconds=25), [])
            self.assertEqual(first, [(200, [])])  # after 2 s
            registry.close()
        self.refused(422, self.registry.post("/internal/v1/claims", {"worker": "w", "wait_seconds": 61}), "wait_seconds")

    def test_at_the_end_all_are_answered(self):
        with Registry(self.folder / "ending.db") as registry:
            with self.waiter("w1", registry) as first, self.waiter("w2", registry) as second:
                registry.close()
                registry.process.send_signal(signal.SIGTERM)
            self.assertEqual((first, second), ([(200, [])], [(200, [])]))
            self.assertEqual(registry.process.wait(timeout=20), 0)
            registry.process.communicate()


if __name__ == "__main__":
    unittest.main()
