"""The explorer page in Chromium: python page_in_browser.py PAGE RELEASE TEXTS [SCREENSHOTS]

Opens the page from the disk and from a server on this machine and fails with what is wrong: a request for
anything but the page, a message on the console, a fault that axe-core finds (WCAG 2.2 A and AA), a number that is
not in the release's tables, a permalink or a download that does not work, a reading view that takes a wrong file
for a right one or marks other words. TEXTS holds the documents of the release.
"""

from __future__ import annotations

import csv
import functools
import http.server
import json
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
VIEWS = ["", "#/overview?at=where", "#/events", "#/read", "#/about", "#/nothing/like-this"]


class Proof:
    """One page under test, with everything that it asked for and said."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.address = address
        self.page: Page = browser.new_context(accept_downloads=True, **options).new_page()
        self.requests: list[str] = []
        self.messages: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))

    def open(self, view: str = "") -> Page:
        self.page.goto("about:blank")
        self.page.goto(self.address + view)
        self.page.wait_for_selector("h1")
        return self.page

    def accessible(self, where: str) -> None:
        found = Axe().run(self.page, options={"runOnly": LEVELS}).response["violations"]
        faults = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]
        assert not faults, f"{where}: {faults}"
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{where}: the page is {wide} pixels wider than the window"

    def silent(self) -> None:
        others = [url for url in self.requests if not url.startswith((self.address, "about:", "blob:"))]
        assert not others, f"it asked for {others}"
        assert not self.messages, f"the console says {self.messages}"


def rows(release: Path, table: str) -> list[dict[str, str]]:
    with (release / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(proof: Proof, release: Path) -> None:
    """Counts, filters and downloads agree with the tables."""
    events = rows(release, "events")
    page = proof.open()
    assert page.inner_text(".count") == f"{len(events)} of {len(events)} events"
    for column, key in (("status", "status"), ("document_id", "document")):
        for value in {event[column] for event in events}:
            expected = sum(event[column] == value for event in events)
            shown = proof.open(f"#/events?{key}={value}").inner_text(".count")
            assert shown == f"{expected} of {len(events)} events", (column, value, shown)
    ends = sorted(event["date_latest"] for event in events if event["date_latest"])
    month = ends[len(ends) // 2][:8]  # the month in which some event ends
    early, late = f"{month}01", f"{month}28"
    overlapping = [
        event
        for event in events
        if (not event["date_latest"] or event["date_latest"] >= early)
        and (not event["date_earliest"] or event["date_earliest"] <= late)
    ]
    shown = proof.open(f"#/events?from={early}&until={late}").inner_text(".count")
    assert shown == f"{len(overlapping)} of {len(events)} events", shown
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download as JSON").click()
    saved = json.loads(caught.value.path().read_text("utf-8"))
    assert sorted(row["event_id"] for row in saved) == sorted(event["event_id"] for event in overlapping)
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download as CSV").click()
    with caught.value.path().open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(overlapping)

    parties(proof, release)
    readers(proof, release)


def parties(proof: Proof, release: Path) -> None:
    """A filter by target finds the events of its rows, and the weights of the download are theirs."""
    weights: defaultdict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows(release, "dyads"):
        for target in {row["target_top"], row["target_id"]} - {""}:
            weights[target][row["event_id"]] += float(row["weight"])
    target = max(weights, key=lambda each: (len(weights[each]), each))
    page = proof.open(f"#/events?target={target}")
    assert page.inner_text(".count").startswith(f"{len(weights[target])} of ")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download as JSON").click()
    saved = {row["event_id"]: row["weight"] for row in json.loads(caught.value.path().read_text("utf-8"))}
    assert saved.keys() == weights[target].keys()
    assert all(abs(saved[event] - weight) < 1e-4 for event, weight in weights[target].items())


def readers(proof: Proof, release: Path) -> None:
    """The filter by readers finds the events on which they differ."""
    records, who = defaultdict(list), defaultdict(set)
    for row in rows(release, "passes"):
        who[row["document_id"]].add(row["annotator"])
        if row["record"] == "event":
            records[row["adjudicated_id"]].append(row)
    fields = ("action", "actor_ids", "target_ids", "date", "status")
    alike = [
        event["event_id"]
        for event in rows(release, "events")
        if {row["annotator"] for row in records[event["event_id"]]} == who[event["document_id"]] != set()
        and len({tuple(row[name] for name in fields) for row in records[event["event_id"]]}) == 1
    ]
    shown = proof.open("#/events?readers=alike").inner_text(".count")
    assert shown.startswith(f"{len(alike)} of "), (shown, alike)


def figures(proof: Proof, release: Path) -> None:
    """The numbers in who-to-whom, the timeline and the places are those of the tables."""
    events, names = (
        rows(release, "events"),
        {row["actor_id"]: row["actor_name"] for row in rows(release, "actors")},
    )
    weights: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in rows(release, "dyads"):
        if row["actor_top"] and row["target_top"]:
            weights[names[row["actor_top"]], names[row["target_top"]]] += float(row["weight"])
    page = proof.open()
    heads, *lines = page.eval_on_selector_all(
        "table.matrix tr", "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    assert len(lines) >= 2
    for line in lines:
        for target, shown in zip(heads[1:], line[1:], strict=True):
            assert abs(float(shown or 0) - weights[line[0], target]) <= 0.05, (line[0], target, shown)
    page.get_by_text("The timeline as a table").click()
    expected = page.eval_on_selector_all(
        "[aria-label='Timeline as a table'] td:nth-child(4)", "cells => cells.map(cell => +cell.innerText)"
    )
    closed = sum(bool(event["date_earliest"] and event["date_latest"]) for event in events)
    assert abs(sum(expected) - closed) <= 0.05 * len(expected), (sum(expected), closed)
    where = Counter(
        place for place, _ in {(row["place_id"], row["event_id"]) for row in rows(release, "locations")}
    )
    if page.get_by_text("The places as a table").count():
        page.get_by_text("The places as a table").click()
        shown = page.eval_on_selector_all(
            "[aria-label='Places'] tbody tr",
            "rows => rows.map(row => [row.cells[0].innerText, +row.cells[4].innerText])",
        )
        titles = {row["place_id"]: row["place_name"] for row in rows(release, "places")}
        assert sorted(map(tuple, shown)) == sorted((titles[place], number) for place, number in where.items())


def permalinks(proof: Proof, release: Path) -> None:
    """The address of every event and negative leads to it, and a link on the page to the next view."""
    for event in rows(release, "events"):
        page = proof.open(f"#/event/{event['event_id']}")
        assert page.inner_text("h1") == event["event_id"]
        assert event["trigger"] in page.inner_text("main"), event["event_id"]
        once, open_start = event["date"].startswith("["), not event["date_earliest"]
        if open_start:  # [..B] happened once, ../B went on or recurred
            expected = f"on one day, {event['date_latest']} at the latest"
            expected = expected if once else f"from an unknown day until {event['date_latest']}"
            assert expected in page.inner_text("main"), (event["event_id"], expected)
    for negative in rows(release, "negatives"):
        assert (
            proof.open(f"#/negative/{negative['negative_id']}")
            .inner_text("h1")
            .startswith(negative["negative_id"])
        )
    first = rows(release, "events")[0]["event_id"]
    page = proof.open()
    page.get_by_role("link", name=first, exact=True).last.click()
    page.wait_for_selector(f"h1:text-is('{first}')")
    page.go_back()
    page.wait_for_selector(".count")


def keyboard(proof: Proof) -> None:
    """The first key leads to the content, and every element that takes the focus shows it."""
    page = proof.open()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert seen != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def reading(proof: Proof, release: Path, texts: Path) -> None:
    """The right file is shown with its words marked; another file, or other line endings, is named as such."""
    documents = rows(release, "documents")
    known = {_sha256(path): path for path in texts.iterdir() if path.is_file()}
    for document in documents:
        page = proof.open(f"#/read/{document['document_id']}")
        path = known[document["sha256"]]
        with tempfile.TemporaryDirectory() as folder:
            wrong = Path(folder) / "other.txt"
            wrong.write_bytes(path.read_bytes() + b"x")
            page.set_input_files("#copy", str(wrong))
            page.wait_for_selector("[role=status]:has-text('not a document of this release')")
            if b"\r" not in path.read_bytes():
                wrong.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
                page.set_input_files("#copy", str(wrong))
                page.wait_for_selector("[role=status]:has-text('line endings')")
            assert not page.query_selector(".text")
        page.set_input_files("#copy", str(path))
        page.wait_for_selector(".text")
        for event in rows(release, "events"):
            if event["document_id"] == document["document_id"]:
                at = page.query_selector(f"#w-{event['event_id']}")
                assert at, f"{event['event_id']} is not marked"
                words = at.evaluate("node => node.firstChild.data")
                assert event["trigger"].startswith(words), (event["event_id"], words)
        shown = page.evaluate(
            "() => { const node = document.querySelector('.text').cloneNode(true);"
            " node.querySelectorAll('.hidden').forEach(each => each.remove()); return node.textContent; }"
        )
        assert shown == path.read_bytes().decode("utf-8"), document["document_id"]
    proof.accessible("the reading view with a text")


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def served(folder: Path) -> tuple[http.server.ThreadingHTTPServer, str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            if self.path == "/favicon.ico":  # the browser asks, not the page
                self.send_response(204)
                self.end_headers()
            else:
                super().do_GET()

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


def main() -> None:
    page, release, texts = (Path(argument).resolve() for argument in sys.argv[1:4])
    pictures = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    server, address = served(page.parent)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        for place in (page.as_uri(), f"{address}/{page.name}"):
            proof = Proof(browser, place)
            numbers(proof, release)
            figures(proof, release)
            permalinks(proof, release)
            keyboard(proof)
            reading(proof, release, texts)
            proof.silent()
        for scheme in ("light", "dark"):
            for width in (360, 1200):
                proof = Proof(
                    browser, page.as_uri(), color_scheme=scheme, viewport={"width": width, "height": 900}
                )
                events = rows(release, "events")
                for view in [*VIEWS, f"#/event/{events[0]['event_id']}"]:
                    proof.open(view)
                    proof.accessible(f"{scheme}, {width} pixels, {view or 'overview'}")
                    if pictures:
                        name = view.strip("#/").replace("/", "-").replace("?", "-") or "overview"
                        proof.page.screenshot(
                            path=str(pictures / f"{name}-{scheme}-{width}.png"), full_page=True
                        )
                proof.silent()
        for scheme in ("light", "dark") if pictures else ():  # the pictures of the README
            proof = Proof(
                browser, page.as_uri(), color_scheme=scheme, viewport={"width": 1100, "height": 800}
            )
            document = rows(release, "events")[-1]["document_id"]
            part = proof.open(f"#/overview?document={document}").locator("#s-when figure").bounding_box()
            assert part
            whole = {"x": 0, "y": 0, "width": 1100, "height": part["y"] + part["height"]}
            proof.page.screenshot(path=str(pictures / f"explorer-{scheme}.png"), clip=whole, full_page=True)
        browser.close()
    server.shutdown()
    print(f"{page.name}: {page.stat().st_size:,} bytes; {len(rows(release, 'events'))} events")


if __name__ == "__main__":
    main()
