"""The web page in a real browser: shown, searched, copied, printed, used without a mouse, and harmless."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from preflight import guide
from preflight.model import Cause, Report, Status
from preflight.past import read
from preflight.reports import Look, _plain, html
from preflight.reports._path import OFF_THE_PATH, STOPS, Link, path
from tests.reports import sample
from tests.reports.browser import axe, browser, emulate, violations
from tests.reports.test_every_format import HOSTILE

__all__ = ["axe", "browser"]  # fixtures

Show = Callable[[Report], webdriver.Chrome]


@pytest.fixture
def show(browser: webdriver.Chrome, tmp_path: Path) -> Show:
    """Open a report in the browser, with nothing left in its logs."""

    def shown(report: Report) -> webdriver.Chrome:
        file = tmp_path / "report.html"
        file.write_text(html.read(report, Look()), encoding="utf-8")
        emulate(browser)
        browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
        for log in ("browser", "performance"):
            browser.get_log(log)  # type: ignore[no-untyped-call]  # selenium's
        browser.get(file.as_uri())
        return browser

    return shown


def test_every_cause_has_its_stop() -> None:
    """Whatever is wrong breaks one link of the picture, but for a right too many."""
    homes = {cause: [stop for stop, causes in STOPS.items() if cause in causes] for cause in Cause}

    assert {cause for cause, stops in homes.items() if len(stops) != 1} == OFF_THE_PATH


def test_the_picture_breaks_where_the_request_does() -> None:
    """A wrong region is a fault of the bucket; nothing is said of what comes after it."""
    assert path(sample.BAD).links == (Link.REACHED, Link.UNKNOWN, Link.BROKEN, Link.UNKNOWN)


def test_a_proven_write_makes_the_whole_path_green() -> None:
    """Only passed essential claims draw a green path."""
    assert set(path(sample.GOOD).links) == {Link.PROVEN}


def test_the_page_asks_for_nothing(show: Show) -> None:
    """It is sent around and opened anywhere: not one request leaves, and the policy of the page is not violated."""
    browser = show(sample.REPORT)
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]  # type: ignore[no-untyped-call]  # selenium's
    urls = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}

    assert {url for url in urls if not url.startswith("file:")} == set()
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]  # selenium's


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("report", [sample.REPORT, sample.READY], ids=["rich", "ready"])
def test_axe_finds_nothing(show: Show, axe: str, scheme: str, media: str, report: Report) -> None:
    """Contrast, names, order of headings, tables, regions: in both schemes and on paper."""
    browser = show(report)
    emulate(browser, media, scheme)

    assert violations(browser, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_guide(browser: webdriver.Chrome, axe: str, scheme: str, tmp_path: Path) -> None:
    """The guide for the person on call is a page of the same kind."""
    file = tmp_path / "guide.html"
    past = read(_plain.report(sample.REPORT))
    file.write_text(guide.html(past), encoding="utf-8")
    browser.get(file.as_uri())
    emulate(browser, scheme=scheme)

    assert violations(browser, axe) == []
    assert len(browser.find_elements(By.TAG_NAME, "article")) == len(guide.steps(past))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white(show: Show, scheme: str) -> None:
    """Whoever works in the dark prints black on white, too."""
    browser = show(sample.REPORT)
    emulate(browser, "print", scheme)
    colours = browser.execute_script(
        "const look = getComputedStyle(document.body);"
        "const box = getComputedStyle(document.querySelector('svg rect'));"
        "return [look.color, look.backgroundColor, box.fill]"
    )

    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgb(243, 245, 247)"]


def test_the_page_prints(show: Show) -> None:
    """All of it goes to paper: the PDF has several pages, the buttons are gone."""
    browser = show(sample.REPORT)
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    emulate(browser, "print")

    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 20_000
    assert not browser.find_element(By.CSS_SELECTOR, "main button").is_displayed()


def test_everything_is_found_by_searching(show: Show) -> None:
    """What is on the page is there for the browser's own search: nothing is folded away."""
    browser = show(sample.REPORT)
    words = ["permission-missing", "7Q2KXE0PXR", "s3:PutObject", "until March", "aws s3api delete-object"]

    assert [word for word in words if not browser.execute_script("return window.find(arguments[0])", word)] == []


def test_a_fix_is_copied_whole(show: Show) -> None:
    """The button puts the listing, and nothing else, into the clipboard."""
    browser = show(sample.REPORT)
    browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    listing = next(one for one in browser.find_elements(By.CSS_SELECTOR, "pre") if '"Allow"' in one.text)
    button = listing.find_element(By.XPATH, "preceding-sibling::button[1]")
    button.send_keys(Keys.ENTER)
    copied = browser.execute_async_script(
        "const [button, done] = arguments;"
        "(function wait() { button.textContent === 'copied' ? "
        "navigator.clipboard.readText().then(done, e => done(String(e))) : requestAnimationFrame(wait) })()",
        button,
    )

    assert copied == (sample.REFUSED_WRITE.remedy and sample.REFUSED_WRITE.remedy.patch)


def test_a_keyboard_reaches_every_listing(show: Show) -> None:
    """Each listing and each button takes the focus in the order of the page, and it can be seen."""
    browser = show(sample.REPORT)
    buttons = len(browser.find_elements(By.CSS_SELECTOR, "main button"))
    reached, body = set(), browser.find_element(By.TAG_NAME, "body")
    for _ in range(200):
        body.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        if active.tag_name == "body":
            break
        assert active.value_of_css_property("outline-style") == "solid"
        if active.tag_name == "button":
            reached.add(active.id)

    assert len(reached) == buttons > 3


def test_without_a_script_nothing_is_missing(show: Show) -> None:
    """The script adds buttons and no text."""
    browser = show(sample.REPORT)
    with_script = browser.execute_script(
        "document.querySelectorAll('main button').forEach(b => b.remove()); return document.body.innerText"
    )
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.refresh()
    without = browser.find_element(By.TAG_NAME, "body").get_attribute("innerText") or ""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    assert without == with_script
    assert all(outcome.title in without for outcome in sample.BAD.outcomes if outcome.status is not Status.PASS)


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_becomes_markup(show: Show, kind: str) -> None:
    """A hostile name, message or path runs no script, loads nothing, and adds no element."""
    clean = html.read(sample.spoiled("x"), Look())
    browser = show(sample.spoiled(HOSTILE[kind]))
    counted = "return [...'script img a form iframe object'.split(' ')].map(t => document.querySelectorAll(t).length)"
    found = browser.execute_script(counted)
    log = browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium's

    assert found == [1, 0, 0, 0, 0, 0]
    assert log == []
    assert clean.count("<article") == len(browser.find_elements(By.TAG_NAME, "article"))
