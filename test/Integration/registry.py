"""Blueprints and kernels over HTTP: shapes, pages, and what is refused."""
import json
import pathlib
import tempfile
import threading
import unittest

from _registry import Case, Registry, kernel


class Blueprints(Case):
    def test_create_and_read(self):
        status, made = self.registry.post("/api/v1/blueprints", {"id": "a b+c%", "architecture_ir": "x\u20ac\n",
                                                                 "metadata": {"n": [1, None]}})
        self.assertEqual((status, made["status"], made["tries"], made["dead_letter"]), (201, "unvalidated", 0, False))
        self.assertEqual(self.registry.get("/api/v1/blueprints/a%20b+c%25"), (200, made))
        self.assertEqual(self.registry.post("/api/v1/blueprints", {"architecture_ir": "x\u20ac\n", "id": "a b+c%",
                                                                   "metadata": {"n": [1, None]}}), (200, made))
        self.refused(409, self.registry.blueprint("a b+c%", "other"), "architecture_ir")
        self.refused(404, self.registry.get("/api/v1/blueprints/nothing"), '"nothing"')

    def test_metadata_keeps_its_digits(self):
        digits = b'{"big": 123456789012345678901234567890, "small": 1.10}'
        self.registry.exchange("POST", "/api/v1/blueprints",
                               b'{"id": "digits", "architecture_ir": "", "metadata": ' + digits + b"}")
        self.assertIn(digits, self.registry.exchange("GET", "/api/v1/blueprints/digits")[2])

    def test_what_is_no_blueprint(self):
        good = {"id": "x", "architecture_ir": "{}"}
        cases = [
            ({**good, "id": ""}, "id: "), ({**good, "id": "a/b"}, '"/"'), ({**good, "id": ".."}, "address"),
            ({**good, "id": "x" * 65}, "1 to 64"), ({**good, "id": "a\u202eb"}, "printable"), ({"id": "x"}, "architecture_ir"),
            ({**good, "architecture_ir": {}}, "architecture_ir"), ({**good, "metadata": [1]}, "metadata"),
            ({**good, "metdata": {}}, 'did you mean "metadata"'), ([good], "an object"),
        ]
        for body, word in cases:
            with self.subTest(body=body):
                self.refused(422, self.registry.post("/api/v1/blueprints", body), word)
        self.refused(404, self.registry.get("/api/v1/blueprints/x"))

    def test_all_faults_are_told_at_once(self):
        answer = self.registry.post("/api/v1/blueprints", {"id": 5, "metadata": "m", "other": 1})
        self.refused(422, answer, "id: ", "architecture_ir", "metadata: ", "other")

    def test_what_is_no_json(self):
        deep = b"[" * 100_000
        for body, word in [(b"", "line 1, column 1"), (b'{"id": NaN}', "NaN"), (b'{"id": 1e400}', "id"),
                           (b'{"id": "a", "id": "b"}', "id"), (b'{"id": "\xff"}', "id"), (b"{} {}", "column 4"),
                           (deep, "256"), (b'{"id": "\\u0000"}', "id"), (b'{"id": "\\ud800"}', "id")]:
            with self.subTest(body=body[:40]):
                self.refused(400, self.registry.post("/api/v1/blueprints", body), word)

    def test_queue_and_filters(self):
        names = [f"queue-{i:02}" for i in range(12)]
        with tempfile.TemporaryDirectory() as folder, Registry(pathlib.Path(folder) / "r.db") as registry:
            for name in names:
                registry.blueprint(name)
            status, waiting = registry.get("/internal/v1/blueprints/unvalidated")
            self.assertEqual([it["id"] for it in waiting], names[:10])
            self.assertEqual(set(waiting[0]), {"id", "architecture_ir", "status", "created_at", "updated_at"})
            for name, status in (("queue-03", "compiling"), ("queue-04", "invalid")):
                self.assertEqual(registry.call("PUT", f"/internal/v1/blueprints/{name}/status", {"status": status})[1]["status"],
                                 status)
            for parameter in ("status_filter=compiling", "status=compiling", "status=compiling&status_filter=compiling"):
                found = registry.get(f"/api/v1/blueprints?{parameter}")[1]
                self.assertEqual([it["id"] for it in found], ["queue-03"])

    def test_pages(self):
        with tempfile.TemporaryDirectory() as folder, Registry(pathlib.Path(folder) / "r.db") as registry:
            for i in range(7):
                registry.blueprint(f"p{i}")
            path, seen, pages = "/api/v1/blueprints?limit=3&status=unvalidated", [], 0
            while path:
                status, headers, content = registry.exchange("GET", path)
                seen += [it["id"] for it in json.loads(content)]
                link = headers["Link"]
                self.assertEqual(link is None, headers["X-Next-Cursor"] is None)
                path, pages = link and link[1:link.index(">")], pages + 1
            self.assertEqual((seen, pages), ([f"p{i}" for i in range(7)], 3))

    def test_parameters(self):
        for query, word in [("stauts=invalid", 'did you mean "status"'), ("status=done", '"unvalidated"'),
                            ("status=", "status"), ("limit=0", "1 to 1000"), ("limit=1e3", "1 to 1000"),
                            ("cursor=-1", "cursor"), ("limit=1&limit=1", "twice")]:
            with self.subTest(query=query):
                self.refused(422, self.registry.get(f"/api/v1/blueprints?{query}"), word)
        self.refused(400, self.registry.get("/api/v1/blueprints?limit=%zz"), "%zz")

    def test_addresses(self):
        self.refused(404, self.registry.get("/api/v2/blueprints"), "/openapi.json")
        status, headers, content = self.registry.exchange("DELETE", "/api/v1/blueprints/a")
        self.assertEqual((status, headers["Allow"]), (405, "GET"))
        self.refused(422, self.registry.get("/api/v1/blueprints/a%2Fb"), '"/"')
        self.refused(422, self.registry.get("/api/v1/blueprints/"), "1 to 64")
        self.refused(415, self.registry.call("POST", "/api/v1/blueprints", b"{}", headers={"Content-Type": "text/plain"}))

    def test_sql_in_every_field(self):
        evil = "x'); DROP TABLE blueprints; --"
        self.assertEqual(self.registry.blueprint(evil, evil)[0], 201)
        self.assertEqual(self.registry.get("/api/v1/blueprints/x'); DROP TABLE blueprints; --".replace(" ", "%20"))[1]["id"],
                         evil)
        self.assertEqual(self.registry.get("/api/v1/kernels?blueprint_id=" + evil.replace(" ", "%20").replace(";", "%3B"))[0], 200)


class Kernels(Case):
    def test_posting_twice(self):
        self.registry.blueprint("b")
        status, made = self.registry.post("/internal/v1/kernels", kernel("k", "b"))
        self.assertEqual(status, 201)
        self.assertEqual(self.registry.post("/internal/v1/kernels", kernel("k", "b")), (200, made))
        self.refused(409, self.registry.post("/internal/v1/kernels", kernel("k", "b", status="testing", validation_report={})),
                     "another status, validation_report")
        self.assertEqual(self.registry.get("/api/v1/kernels/k"), (200, made))
        self.assertEqual(self.registry.get("/api/v1/kernels?blueprint_id=b"), (200, [made]))
        self.assertEqual(self.registry.get("/api/v1/kernels?blueprint_id=other"), (200, []))

    def test_what_is_no_kernel(self):
        self.registry.blueprint("c")
        for more, word in [({"blueprint_id": "nothing"}, "blueprint_id"), ({"compilation_pipeline": "x" * 33}, "pipeline"),
                           ({"status": "good"}, "status"), ({"validation_report": None}, "report"), ({"id": "a/b"}, "id: ")]:
            with self.subTest(more=more):
                self.refused(404 if "blueprint_id" in more else 422,
                             self.registry.post("/internal/v1/kernels", kernel("k2", "c", **more)), word)
        self.refused(404, self.registry.get("/api/v1/kernels/k2"))

    def test_many_post_the_same_at_once(self):
        self.registry.blueprint("d")
        answers = []

        def post():
            mine = self.registry.another()
            answers.append(mine.post("/internal/v1/kernels", kernel("same", "d")))
            mine.close()

        threads = [threading.Thread(target=post) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(status for status, _ in answers), [200] * 7 + [201])
        self.assertEqual(len({json.dumps(made, sort_keys=True) for _, made in answers}), 1)


if __name__ == "__main__":
    unittest.main()
