"""The registry's page in a real browser: what it shows, live, with and without a token, whatever the names are."""
import pathlib
import tempfile
import time
import unittest

from _browser import Browser
from _registry import Registry, add_token, kernel
from report import BROKEN_LINKS, FAINT, OVERFLOW


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.path = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "r.db"

    def until(self, expression):
        while not (value := self.browser.evaluate(expression)):
            time.sleep(0.1)
        return value

    def texts(self, section):
        return self.browser.evaluate(f"[...document.querySelectorAll('#{section} tbody td')].map(e => e.textContent)")

    def fill(self, registry):
        hostile = "<img src=x onerror=\"document.title='owned'\">"
        for name in ("done", "bad", hostile.replace("/", ""), "busy", "waiting"):
            registry.blueprint(name)
        for claim in registry.claim("builder-7", limit=4):
            ends = {"done": {"status": "validated"}, "bad": {"status": "invalid", "reason": "no layer \u202eevil"}}
            if claim["id"] in ends:
                registry.post(f"/internal/v1/blueprints/{claim['id']}/complete",
                              {"worker": "builder-7", "fence": claim["fence"], **ends[claim["id"]]})
        registry.post("/internal/v1/kernels", kernel("k" * 128, "done"))

    def test_what_it_shows(self):
        with Registry(self.path) as registry:
            self.fill(registry)
            for width in (360, 1280):
                for scheme in ("light", "dark"):
                    with self.subTest(width=width, scheme=scheme):
                        self.browser.open_url(registry.url + "/", width, scheme)
                        self.until("document.getElementById('state').textContent.startsWith('as of')")
                        self.assertEqual(self.browser.evaluate(OVERFLOW), [])
                        self.assertEqual(self.browser.evaluate(FAINT), [])
                        self.assertEqual(self.browser.evaluate(BROKEN_LINKS), [])
                        self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)
                        self.assertEqual(self.browser.console, [])
                        self.assertEqual([url for url in self.browser.requests
                                          if not url.startswith((registry.url, "data:"))], [])
            self.assertEqual(self.texts("queue")[0], "waiting")
            self.assertEqual([self.texts("workers")[0], self.texts("workers")[6]], ["builder-7", "busy"])
            self.assertIn("no layer \u202eevil", self.texts("verdicts"))
            self.assertEqual(self.texts("kernels")[:3], ["k" * 128, "done", "validated"])
            self.assertNotEqual(self.browser.evaluate("document.title"), "owned")
            self.assertEqual(self.browser.count("img"), 0)
            registry.blueprint("later")
            self.until("document.querySelector('#queue tbody').textContent.includes('later')")
            registry.end()
            self.until("document.getElementById('state').className === 'bad'")

    def test_with_tokens(self):
        token = add_token(self.path, "me", "reader")
        with Registry(self.path, token=token) as registry:
            self.browser.open_url(registry.url + "/")
            self.until("!document.getElementById('entrance').hidden")
            self.browser.evaluate(f"document.getElementById('token').value = '{token}'; document.getElementById('enter').click()")
            self.until("document.getElementById('state').textContent.startsWith('as of')")
            self.assertTrue(self.browser.evaluate("document.getElementById('entrance').hidden"))


if __name__ == "__main__":
    unittest.main()
