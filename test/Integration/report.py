"""The report for people in a real browser: what it shows, at two widths, in both colour schemes.

With $TEZ_SCREENSHOTS, a folder, pictures of the pages are left there.
"""
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from _browser import Browser

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ["TEZ_BIN"])

# What sticks out of the window and lies in nothing that scrolls.
OVERFLOW = """
[...document.body.querySelectorAll('*')].filter(e => !e.closest('.scroll')
  && e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.outerHTML.slice(0, 200))
"""
# Texts whose contrast to their ground is below WCAG AA, 4.5 : 1.
FAINT = """
(() => {
  const numbers = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = e => {
    for (; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const below = [];
  for (const e of document.body.querySelectorAll('*')) {
    const shows = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!shows || e.tagName === 'SCRIPT' || e.tagName === 'title') continue;
    const style = getComputedStyle(e);
    const box = e.closest('.node') && e.closest('.node').querySelector(e.matches('.mark') ? 'rect.mark' : '.box');
    const back = box ? numbers(getComputedStyle(box).fill) : ground(e);
    const ink = numbers(e instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(ink), light(back)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) below.push(`${e.tagName} ${e.textContent.slice(0, 40)} ${ink} on ${back}`);
  }
  return below;
})()
"""
BROKEN_LINKS = """
[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))
  .filter(h => !h.startsWith('#') || !document.getElementById(h.slice(1)))
"""


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.browser = cls.enterClassContext(Browser())
        subprocess.run([BIN / "TezReportTests", "--gtest_filter=Page.*", "--gtest_brief=1"], check=True,
                       env=dict(os.environ, TEZ_REPORT_PAGES=str(cls.folder)))

    def check_page(self, path):
        """What holds for every page: nothing fetched, nothing complained of, all of it to be seen."""
        for width in (360, 1280):
            for scheme in ("light", "dark"):
                with self.subTest(page=path.name, width=width, scheme=scheme):
                    self.browser.open(path, width, scheme)
                    self.assertEqual(self.browser.console, [])
                    self.assertEqual(self.browser.requests, [path.resolve().as_uri()])
                    self.assertEqual(self.browser.evaluate("innerWidth"), width)
                    self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)
                    self.assertEqual(self.browser.evaluate(OVERFLOW), [])
                    self.assertEqual(self.browser.evaluate(FAINT), [])
                    self.assertEqual(self.browser.evaluate(BROKEN_LINKS), [])
                    self.assertGreater(self.browser.count("section"), 0)
                    if folder := os.environ.get("TEZ_SCREENSHOTS"):
                        self.browser.screenshot(f"{folder}/{path.stem}-{width}-{scheme}.png")

    def compiled(self, name, *options):
        """The page and the kernel file of an example."""
        page, kernel = self.folder / f"{name}.html", self.folder / f"{name}.pt"
        subprocess.run([BIN / "tez", "compile", ROOT / "docs" / "examples" / f"{name}.json", "-o", kernel,
                        f"--report={page}", *options], check=True)
        self.check_page(page)
        return page, kernel

    def test_page_with_everything(self):
        self.check_page(self.folder / "sample.html")
        self.assertEqual(self.browser.count("#verdicts tbody tr"), 3)
        self.assertEqual(self.browser.count("svg.graph"), 2)
        self.assertEqual(self.browser.count(".samples.kernel circle"), 40)
        self.assertEqual(self.browser.count(".samples.reference circle"), 40)
        self.assertEqual(self.browser.count("#figures .norms tbody tr"), 5)

    def test_pages_with_little(self):
        for name in ("empty", "failed"):
            self.check_page(self.folder / f"{name}.html")

    def test_hostile_texts_are_shown(self):
        self.check_page(self.folder / "hostile.html")
        title = self.browser.evaluate("document.querySelector('h1').textContent")
        self.assertTrue(title.startswith("<script>document.title='owned'</script>\"onload='x' "), title)
        self.assertNotEqual(self.browser.evaluate("document.title"), "owned")
        self.assertEqual(self.browser.count("script"), 1)
        self.assertEqual(self.browser.count("img, [onload], [onerror]"), 0)

    def test_policy_forbids_other_scripts(self):
        """What would get in all the same does not run."""
        text = (self.folder / "empty.html").read_text()
        page = self.folder / "broken-into.html"
        page.write_text(text.replace("<main>", "<main><script>document.title='owned'</script>"
                                               "<img src='x' onerror=\"document.title='owned'\">"))
        self.browser.open(page)
        self.assertEqual(self.browser.count("main > script"), 1)
        self.assertNotEqual(self.browser.evaluate("document.title"), "owned")
        self.assertIn("Content Security Policy", " ".join(self.browser.console))

    def test_kernel_for_inference(self):
        _, kernel = self.compiled("transformer", "--for=infer")
        inspected = json.loads(subprocess.run([BIN / "tez", "inspect", kernel, "--json"], check=True,
                                              stdout=subprocess.PIPE).stdout)
        checks = [verdict["check"] for verdict in inspected["evidence"]["verdicts"]]
        shown = self.browser.evaluate("[...document.querySelectorAll('#verdicts tbody th')].map(e => e.textContent)")
        self.assertEqual([check for check in shown if check != "performance"], checks)
        self.assertIn(hashlib.sha256(kernel.read_bytes()).hexdigest(), self.browser.evaluate("document.body.innerText"))
        before, after = self.browser.evaluate(
            "[...document.querySelectorAll('svg.graph')].map(e => e.querySelectorAll('.node').length)")
        self.assertEqual(before, len(inspected["analysis"]["ops"]) + 2)  # with input and output
        self.assertGreater(after, before)  # attention in its parts
        made = self.browser.evaluate("[...document.querySelectorAll('svg.graph .made .op')].map(e => e.textContent)")
        self.assertTrue({"sdpa", "matmul", "split"} <= set(made), made)
        times = self.browser.evaluate(
            "[...document.querySelectorAll('#costs tbody tr')].map(e => e.lastElementChild.textContent)")
        self.assertEqual(len(times), len(inspected["analysis"]["ops"]))
        self.assertTrue(all(float(time.split()[0]) > 0 for time in times), times)  # each op has a field of its own
        self.assertFalse({"layer_norm", "activation gelu"} & set(made), made)

    def test_kernel_for_training(self):
        self.compiled("conv")
        self.assertEqual(self.browser.count("svg.graph"), 2)
        self.assertEqual(self.browser.count(".samples circle") % 2, 0)

    def test_keyboard_follows_a_node_to_its_counterpart(self):
        self.browser.open(self.folder / "sample.html")
        self.browser.evaluate("document.getElementById('before-1').focus()")
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('.linked').length"), 2)
        self.browser.press("Enter")
        self.assertEqual(self.browser.evaluate("location.hash"), "#after-1")
        self.browser.press("Tab")
        self.assertNotEqual(self.browser.evaluate("document.activeElement.tagName"), "BODY")


if __name__ == "__main__":
    unittest.main()
