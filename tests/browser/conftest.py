"""A browser, the running application, and people who sign in to it."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.aplikasi import FLAGS, running, sign_in


@pytest.fixture(scope="module")
def peramban(butuh_browser):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=butuh_browser, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def aplikasi(butuh_browser, tmp_path_factory):
    """The address of a running application with the demonstration data of 15 October 2024."""
    with running(tmp_path_factory.mktemp("aplikasi")) as address:
        yield address


@pytest.fixture
def masuk(peramban, aplikasi):
    """Open a page of the application as an account, each in a browser profile of its own."""
    contexts = []

    def enter(username, **options):
        contexts.append(peramban.new_context(base_url=aplikasi, **options))
        return sign_in(contexts[-1], username)

    yield enter
    for context in contexts:
        context.close()
