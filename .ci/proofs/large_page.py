"""A large explorer page in Chromium: python large_page.py PAGE

Fails if the first view takes two seconds of processor time or more, or if a table shows more rows than a page of it.
"""

import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

MOST = 2.0
"""Seconds of processor time of the page's main thread until its first view is drawn."""

page = Path(sys.argv[1]).resolve()
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
    )
    for view in ("", "#/events", "#/events?q=attack&sort=date"):
        tab = browser.new_page()
        session = tab.context.new_cdp_session(tab)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        started = time.monotonic()
        tab.goto(page.as_uri() + view)
        tab.wait_for_selector(".count")
        waited = time.monotonic() - started
        metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
        rows = tab.locator("[aria-label=Events] tbody tr").count()
        print(
            f"{view or '#/overview'}: {metrics['TaskDuration']:.2f} s of processor time, {waited:.2f} s by the clock"
        )
        assert 0 < rows <= 50, f"{view}: {rows} rows"
        assert metrics["TaskDuration"] < MOST, f"{view}: {metrics['TaskDuration']:.2f} s of processor time"
        tab.close()
    browser.close()
