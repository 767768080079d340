"""The store in a bucket, over servers that others wrote: SeaweedFS, and Swift with its S3 interface."""
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from _registry import BIN, Registry
from _s3 import BUCKET, SeaweedFS, Swift, boto
from _worker import Worker, network

PLACE = f"s3://{BUCKET}/some/prefix"
# 2.3 million parameters, 9 MB: in two parts.
LARGE = json.dumps({"type": "linear", "config": {"input_size": 1500, "hidden_sizes": [1500], "output_size": 20}})


class Stores:
    server_class = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.server = cls.enterClassContext(cls.server_class(cls.folder / "server"))
        cls.environment = {**os.environ, **cls.server.environment, "TMPDIR": str(cls.folder)}

    def objects(self, prefix=""):
        """{key: SHA-256 of the bytes}, as boto3 gets them."""
        return json.loads(boto(self.server, f"""
import hashlib
keys = [it["Key"] for page in client.get_paginator("list_objects_v2").paginate(Bucket="{BUCKET}", Prefix="some/prefix/{prefix}")
        for it in page.get("Contents", [])]
print(json.dumps({{key: hashlib.sha256(client.get_object(Bucket="{BUCKET}", Key=key)["Body"].read()).hexdigest() for key in keys}}))
"""))

    def sweep(self, age):
        done = subprocess.run([BIN / "tez", "sweep", f"--store={PLACE}", f"--older-than={age}"], env=self.environment,
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def test_a_store_in_a_bucket(self):
        done = subprocess.run([BIN / "TezS3Tests", "--gtest_brief=1"], env={**self.environment, "TEZ_TEST_STORE": f"{PLACE}/unit"},
                              capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout)
        there = self.objects("unit/")
        self.assertEqual(there["some/prefix/unit/kernels/signed/compiled.pt.sig"], hashlib.sha256(b"signature").hexdigest())
        failed = hashlib.sha256("größe/1".encode()).hexdigest()[:32]
        self.assertEqual(there[f"some/prefix/unit/failed/{failed}/blueprint.json"], hashlib.sha256(b"text").hexdigest())
        self.assertIn(f"some/prefix/unit/failed/{failed}/reason.json", there)

    def test_a_worker_drains_into_it(self):
        texts = {"a": network(3), "b": network(4), "large": LARGE}
        with Registry(self.folder / "r.db") as registry:
            for name, text in texts.items():
                registry.blueprint(name, text)
            with Worker(registry.url, PLACE, "--once", environment=self.environment) as worker:
                self.assertEqual(worker.process.wait(timeout=600), 0, worker.log.read_text())
            registry.close()
            there = self.objects("kernels/")
            self.assertEqual(len(there), 2 * len(texts))
            for name in texts:
                kernel, = registry.get(f"/api/v1/kernels?blueprint_id={name}")[1]
                key = f"some/prefix/kernels/{kernel['id']}"
                self.assertEqual(kernel["kernel_binary_ref"], f"s3://{BUCKET}/{key}/compiled.pt")
                self.assertEqual(there[f"{key}/compiled.pt"], kernel["validation_report"]["checksum"])
                self.assertIn(f"{key}/metadata.json", there)
        self.assertEqual([*(self.folder / f"tez-worker-{os.getuid()}").iterdir()], [])

    def test_orphans_are_swept(self):
        said = boto(self.server, f"""
def key(name): return dict(Bucket="{BUCKET}", Key="some/prefix/" + name)
client.put_object(**key("kernels/orphan/compiled.pt"), Body=b"half")
client.put_object(**key("kernels/whole/compiled.pt"), Body=b"all")
client.put_object(**key("kernels/whole/metadata.json"), Body=b"{{}}")
upload = client.create_multipart_upload(**key("kernels/begun/compiled.pt"))["UploadId"]
client.upload_part(**key("kernels/begun/compiled.pt"), UploadId=upload, PartNumber=1, Body=b"x" * 5000000)
print("done")
""")
        self.assertEqual(said, "done")
        self.assertEqual(self.sweep(3600), [])  # they are young
        time.sleep(2)  # a server tells its time in whole seconds, and Swift an object's in the next one
        self.assertEqual(sorted(self.sweep(0)), ["kernels/orphan/compiled.pt", "upload of kernels/begun/compiled.pt"])
        there = self.objects("kernels/")
        self.assertNotIn("some/prefix/kernels/orphan/compiled.pt", there)
        self.assertIn("some/prefix/kernels/whole/compiled.pt", there)
        self.assertEqual(boto(self.server, f'print(client.list_multipart_uploads(Bucket="{BUCKET}").get("Uploads", []))'), "[]")
        self.assertEqual(self.sweep(0), [])

    def test_what_keeps_a_worker_from_beginning_is_named(self):
        with Registry(self.folder / "begin.db") as registry:
            def begin(place, **more):
                environment = {**self.environment, **more}
                done = subprocess.run([BIN / "tez", "worker", f"--registry={registry.url}", f"--store={place}", "--once"],
                                      env={name: value for name, value in environment.items() if value is not None},
                                      capture_output=True, text=True, timeout=120)
                self.assertEqual(done.returncode, 4, done.stderr)
                return done.stderr

            self.assertIn("AWS_ACCESS_KEY_ID", begin(PLACE, AWS_ACCESS_KEY_ID=None))
            self.assertIn("SignatureDoesNotMatch", begin(PLACE, AWS_SECRET_ACCESS_KEY="another"))
            self.assertIn("found s3://B/", begin("s3://B/"))
            self.assertIn("gs://bucket", begin("gs://bucket"))


class OverSeaweedFS(Stores, unittest.TestCase):
    server_class = SeaweedFS


class OverSwift(Stores, unittest.TestCase):
    server_class = Swift


if __name__ == "__main__":
    unittest.main()
