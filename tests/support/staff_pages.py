"""The pages of staff as tests look at them in a browser: signing in, axe, and whether a page fits its screen."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

from tests.support.staff_desk import PASSWORD

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
PICTURES = os.environ.get("LEAFLINE_TEST_PICTURES")
"""A folder to put pictures of the pages in, for looking at."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WAYS = {
    "desk": (1280, True),
    "desk without JavaScript": (1280, False),
    "telephone": (320, True),
    "telephone without JavaScript": (320, False),
}
"""A width in pixels, and whether pages may use JavaScript."""


def sign_in(page, key):
    page.goto("/staff")
    page.get_by_label("Email address").fill(f"{key}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", level=1, name="Today").wait_for()
    page.wait_for_load_state()


def looked_at(page, name, width):
    """Return what axe finds wrong, and whether the page is wider than the screen."""
    picture(page, f"{name.strip('/').replace('/', '_')}-{width}")
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    faults = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in result["violations"]]
    if too_wide(page):
        faults.append(("wider than the screen", json.dumps(width)))
    return faults


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def picture(page, name):
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


class Browsing:
    """Somebody at a browser of one width, with or without JavaScript; every page is held against axe where it can be."""

    def __init__(self, browser, address, width, script):
        self._browser, self._address, self._width, self._script = browser, address, width, script
        self._contexts, self.faults = [], []

    def page(self, key=None):
        """Return a page of a browser that nobody else has; signed in as ``key`` where one is given."""
        context = self._browser.new_context(
            base_url=self._address,
            java_script_enabled=self._script,
            viewport={"width": self._width, "height": 900},
            accept_downloads=False,
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        if key:
            sign_in(page, key)
        return page

    def look(self, page, name):
        """Hold what is shown against WCAG, and against the width of the screen."""
        page.wait_for_load_state()
        if self._script:
            self.faults += [(name, fault) for fault in looked_at(page, f"journey-{name}", self._width)]
        elif too_wide(page):
            self.faults.append((name, "wider than the screen"))

    def close(self):
        for context in self._contexts:
            context.close()


@contextmanager
def browsing(browser, address, width, script):
    """Give a :class:`Browsing`; nothing may have been wrong on the way."""
    made = Browsing(browser, address, width, script)
    try:
        yield made
    finally:
        made.close()
    assert not made.faults, made.faults
