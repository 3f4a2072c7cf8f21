"""A real browser without a window, and axe-core to examine what it shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.servers.machine import missing, require_apt, require_npm

AXE = "4.10.3"
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # we are root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Nothing that calls home by itself: the page is to be the only one that could ask for something.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--window-size=1100,1400",
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Debian's Chromium, driven by its own driver."""
    chromium, driver = require_apt(_installed, "chromium", "chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for option in (*_OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(option)
    try:
        found = webdriver.Chrome(options=options, service=Service(driver))
    except OSError as error:
        missing(f"{chromium} does not start: {error}")
    yield found
    found.quit()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (require_npm("axe-core", AXE) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def emulate(browser: webdriver.Chrome, media: str = "screen", scheme: str = "light") -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})


def violations(browser: webdriver.Chrome, axe: str) -> list[dict[str, Any]]:
    """What axe has against the page: rule, and the elements that break it."""
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    browser.execute_script(axe)
    found = browser.execute_async_script("axe.run(document).then(arguments[0], e => arguments[0]({error: String(e)}))")
    assert "error" not in found, found
    return [{"rule": one["id"], "at": [node["html"] for node in one["nodes"]][:3]} for one in found["violations"]]


def _installed() -> tuple[str, str] | None:
    places = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
    return (str(places[0]), str(places[1])) if all(place.exists() for place in places) else None
