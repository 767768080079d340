"""Sweeps on Ray: several nodes on this machine, one of which is lost in the middle. Nothing is lost with it.

Exit status 77 (ctest: skipped) where .venv-sweep is missing.
"""
import os
import pathlib
import sys
import tempfile
import unittest

from _sweep import (SWEEP_PYTHON, blueprints, check_kernels, check_once, ended, read_table, same, start, sweep,
                    wait_until)

STORE = 80 << 20  # bytes of each node's object store, the least that Ray takes


class OnRay(unittest.TestCase):
    def setUp(self):
        from ray.cluster_utils import Cluster
        self.place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.folder = self.place / "out"
        self.inputs = [self.place / "nets.jsonl"]
        self.cluster = Cluster(initialize_head=True, head_node_args={
            "num_cpus": 0, "include_dashboard": False, "object_store_memory": STORE})
        self.addCleanup(self.cluster.shutdown)
        self.nodes = [self.cluster.add_node(num_cpus=1, object_store_memory=STORE) for _ in range(2)]
        self.cluster.wait_for_nodes()

    def node_of(self, process):
        """The node whose raylet started this worker."""
        raylets = {node.all_processes["raylet"][0].process.pid: node for node in self.nodes}
        while process not in raylets:
            self.assertGreater(process, 1, "it belongs to no node")
            status = pathlib.Path(f"/proc/{process}/stat").read_text()
            process = int(status.rpartition(")")[2].split()[1])
        return raylets[process]

    def test_a_lost_node_loses_nothing(self):
        lines, states = blueprints(40)
        self.inputs[0].write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        process = start(sys.executable, self.inputs, self.folder, f"--ray={self.cluster.address}", "--batch=4")
        wait_until(lambda: len(ended(self.folder)) >= 10, process)
        worker = ended(self.folder)[-1]["worker"]  # in the middle of its next batch
        self.cluster.remove_node(self.node_of(int(worker.rpartition(":")[2])), allow_graceful=False)
        said, errors = process.communicate(timeout=240)
        self.assertEqual(process.returncode, 1, said + errors)
        rows = read_table(self.folder)
        self.assertEqual([row["state"] for row in rows], states, said)
        check_kernels(self.folder, rows)
        check_once(self.folder)
        self.assertGreaterEqual(len({row["worker"] for row in rows if row["worker"]} - {worker}), 1)
        alone = self.place / "alone"
        self.assertEqual(sweep(sys.executable, self.inputs, alone, "--workers=2")[0], 1)
        self.assertEqual(same(rows), same(read_table(alone)))  # the same kernels, byte for byte


if __name__ == "__main__":
    if not SWEEP_PYTHON.exists():
        print("skipped: .venv-sweep is missing (tools/setup --check)")
        sys.exit(77)
    if pathlib.Path(sys.prefix) != SWEEP_PYTHON.parents[1]:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.execv(SWEEP_PYTHON, [SWEEP_PYTHON, *sys.argv])
    unittest.main()
