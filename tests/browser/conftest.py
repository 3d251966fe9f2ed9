"""The browser that tests of this folder drive."""

import shutil

import pytest

from tests.support.components import needs


@pytest.fixture(scope="session")
def chromium():
    return needs("Chromium", shutil.which("chromium") or shutil.which("chromium-browser"))


@pytest.fixture(scope="module")
def browser(chromium):
    """One browser for a module: Playwright occupies the thread's event loop for as long as it runs."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()
