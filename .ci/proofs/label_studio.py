"""Send an export of the test corpus through a running Label Studio, and compare what comes back."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import standoff
from standoff.codes import shipped
from standoff.exchange import formats
from standoff.exchange.documents import Documents
from standoff.exchange.labels import Labels
from standoff.exchange.loading import load

CORPUS = Path(__file__).parents[2] / "tests" / "corpus" / "dataset"
TOKEN = "0123456789abcdef" * 2 + "01234567"


def ask(port, path, value=None):
    """Return the answer of the API."""
    data = None if value is None else json.dumps(value).encode()
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://localhost:{port}{path}", data, headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read() or b"null")


def wait(port, server, seconds=600):
    """Wait until the server answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit("Label Studio has ended; see its log")
        try:
            urllib.request.urlopen(f"http://localhost:{port}/health", timeout=10).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(2)
    raise SystemExit("Label Studio did not start")


def compare(port, folder):
    """Import, export, and compare."""
    standoff.export("label-studio", CORPUS, to=folder / "out")
    config = (folder / "out" / "config.xml").read_text("utf-8")
    tasks = json.loads((folder / "out" / "tasks.json").read_text("utf-8"))
    project = ask(port, "/api/projects", {"title": "standoff", "label_config": config})["id"]
    ask(port, f"/api/projects/{project}/import", tasks)
    back = ask(port, f"/api/projects/{project}/export?exportType=JSON")
    (folder / "back.json").write_text(json.dumps(back), "utf-8")
    documents = Documents(each.document for each in load(CORPUS))
    reader = formats.importer("label-studio")
    before = reader.read(folder / "out", documents, Labels(shipped.scheme()))
    after = reader.read(folder / "back.json", documents, Labels(shipped.scheme()))

    def content(intake):
        found = [*intake.records, *intake.negatives]
        return sorted(
            (
                each.id,
                repr(each)
                .partition("id=")[2]
                .replace("back.json", "tasks.json")
                .replace(f"line={each.line}", ""),
            )
            for each in found
        )

    if content(before) != content(after) or after.faults or after.losses:
        raise SystemExit(f"what came back differs: {after.faults[:3]} {after.losses[:3]}")
    print(
        f"Label Studio gave back {len(after.records)} events and {len(after.negatives)} negatives unchanged"
    )


def main():
    """Start the server, compare, and end it."""
    command, port = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options = ["--no-browser", "--port", port, "--data-dir", name, "--enable-legacy-api-token"]
        user = ["--username", "a@example.org", "--password", "only-for-this-run", "--user-token", TOKEN]
        environment = {**os.environ, "LABEL_STUDIO_BASE_DATA_DIR": name, "COLLECT_ANALYTICS": "false"}
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [command, "start", *options, *user], stdout=log, stderr=log, env=environment
            )
            try:
                wait(port, server)
                compare(port, folder)
            finally:
                server.terminate()
                server.wait(30)


if __name__ == "__main__":
    main()
