"""Releases from mirrors: what is fetched is what was published, whatever the server does, and nothing else stays behind."""

import io
import os
import pwd
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import standoff
from standoff.cli import main
from standoff.loaders import download, store


class Server(BaseHTTPRequestHandler):
    """Serves a folder of releases under ``/good``, and under other names misbehaves."""

    folder: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        _, manner, name = self.path.split("/", 2)
        if manner == "redirect":
            self._say(302, b"", Location=f"/good/{name}")
        elif manner == "circle":
            self._say(302, b"", Location=self.path)
        elif manner == "elsewhere":
            self._say(302, b"", Location=(self.folder / name).as_uri())
        elif manner == "absent":
            self._say(404, b"<html>nothing here</html>")
        elif manner == "broken":
            self._say(503, b"")
        elif manner == "page":
            self._say(200, b"<!DOCTYPE html><title>Please log in</title>")
        elif manner == "silent":
            time.sleep(1)
        elif manner == "dripping-headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Name: ")
            for _ in range(40):
                self.wfile.write(b"x")
                time.sleep(0.05)
            self.close_connection = True
        elif manner == "hangup":
            self.close_connection = True
        elif manner == "noise":
            self.wfile.write(b"\x00\xff these are no headers\r\n\r\n")
            self.close_connection = True
        else:
            self._misread(manner, (self.folder / name).read_bytes())

    def _misread(self, manner, content):
        """Serve a file, or something that is nearly the file."""
        if manner == "good":
            self._say(200, content)
        elif manner == "flipped":
            self._say(200, bytes([content[0] ^ 1]) + content[1:])
        elif manner == "empty":
            self._say(200, b"")
        elif manner == "short":
            self._say(200, content[:-1], length=len(content))
        elif manner == "long":
            self._say(200, content + b"\n")
        elif manner == "understated":
            self._say(200, content, length=len(content) - 1)
        elif manner == "nonsense":
            self._say(200, content, length="many")
        elif manner == "unframed":
            self._say(200, content[:-1], length=None)
        elif manner == "chunked":
            half = content[: len(content) // 2]
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(f"{len(half) + 9:x}\r\n".encode() + half)
            self.close_connection = True
        elif manner == "drip":
            self.send_response(200)
            self.end_headers()
            for byte in content:
                self.wfile.write(bytes([byte]))
                time.sleep(0.02)
            self.close_connection = True

    def _say(self, status, content, length=-1, **headers):
        self.send_response(status)
        if length is not None:
            headers["Content-Length"] = len(content) if length == -1 else length
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(releases):
    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):  # a client that hangs up is what these tests are about
            pass

    server = Quiet(("127.0.0.1", 0), type("Mirror", (Server,), {"folder": releases}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def cache(releases, tmp_path, monkeypatch):
    """The cache of an installation that has a registry and no release."""
    home, cache = tmp_path / "home", tmp_path / "cache"
    home.mkdir()
    shutil.copy(releases / "SHA256SUMS", home)
    monkeypatch.setattr(store, "home", lambda: home)
    monkeypatch.setattr(download, "SILENCE", 0.3)
    monkeypatch.setattr(download, "PATIENCE", 0.6)
    monkeypatch.setattr(download, "SLOWEST", 1000)
    monkeypatch.setenv("STANDOFF_CACHE", str(cache))
    for name in ("STANDOFF_MIRROR", "STANDOFF_OFFLINE", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return cache


def kept(cache):
    return sorted(path.relative_to(cache).as_posix() for path in cache.rglob("*"))


FETCHED = ["v0.1.0", "v0.1.0/SHA256SUMS", "v0.1.0/events.parquet"]


@pytest.mark.parametrize("manner", ["good", "good/", "redirect", "nonsense"])
def test_a_table_is_fetched_once_and_then_read_offline(cache, address, monkeypatch, manner):
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/{manner}")
    assert standoff.versions() == {"0.1.0": "mirror"}
    events = standoff.load("events", "0.1.0")
    assert kept(cache) == FETCHED
    assert standoff.versions() == {"0.1.0": "cached"}
    monkeypatch.setenv("STANDOFF_OFFLINE", "1")
    monkeypatch.delenv("STANDOFF_MIRROR")
    assert standoff.load("events", "0.1.0").equals(events)
    with pytest.raises(
        download.NotFetched, match=r"dyads\.parquet is not in the cache, and STANDOFF_OFFLINE forbids"
    ):
        standoff.load("dyads", "0.1.0")


@pytest.mark.parametrize(("value", "forbidden"), [("false", False), ("0", False), (" No ", False), ("off", False), ("", False), ("1", True), ("true", True), ("yes", True)])  # fmt: skip
def test_offline_is_a_truth_value(cache, address, monkeypatch, value, forbidden):
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/good")
    monkeypatch.setenv("STANDOFF_OFFLINE", value)
    if forbidden:
        with pytest.raises(download.NotFetched, match="STANDOFF_OFFLINE"):
            standoff.load("events", "0.1.0")
    else:
        assert standoff.load("events", "0.1.0").height == 8


@pytest.mark.parametrize("spelled", ["path", "uri", "unescaped uri"])
def test_a_mirror_may_have_blanks_in_its_path(cache, releases, tmp_path, monkeypatch, spelled):
    folder = tmp_path / "our own  releases %20 #1"
    shutil.copytree(releases, folder)
    other = "http://127.0.0.1:9/x file:///no/where"
    written = {
        "path": str(folder),
        "uri": folder.as_uri(),
        "unescaped uri": folder.as_uri().replace("%20", " ", 2),
    }
    monkeypatch.setenv("STANDOFF_MIRROR", f"{other} {written[spelled]}")
    assert standoff.load("events", "0.1.0").height == 8


def test_a_slow_download_shows_how_far_it_is(cache, address, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(download, "_SHOWN_AFTER", 0.05)
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/drip {address}/good")
    standoff.load("events", "0.1.0")
    shown = sys.stderr.getvalue()
    assert "fetching SHA256SUMS: 0.0 MB" in shown
    assert shown.endswith("\r\x1b[K")


def test_a_folder_is_a_mirror(cache, releases, monkeypatch):
    monkeypatch.setenv("STANDOFF_MIRROR", releases.as_uri())
    assert standoff.path("events", "0.1.0").read_bytes() == (releases / "v0.1.0/events.parquet").read_bytes()


MISBEHAVIOUR = {
    "absent": "answered 404 Not Found",
    "broken": "answered 503 Service Unavailable",
    "circle": "redirect loop",
    "elsewhere": "redirect to an unsupported address",
    "page": "answered with a web page instead of the file",
    "silent": r"was silent for 0\.3 seconds",
    "drip": r"is too slow: \d+ bytes in 1 seconds",
    "dripping-headers": r"was silent for 0\.3 seconds",
    "hangup": "closed connection",
    "noise": "does not speak HTTP \\(�ÿ these",
    "flipped": "gave other bytes than were published",
    "empty": "gave other bytes",
    "long": "gave other bytes",
    "understated": "gave other bytes",
    "unframed": "gave other bytes",
    "short": r"broke off after [\d,]+ of [\d,]+ bytes",
    "chunked": "broke off",
}


@pytest.mark.parametrize(("manner", "said"), MISBEHAVIOUR.items())
def test_a_server_that_misbehaves_gives_one_clear_error_and_leaves_nothing(
    cache, address, monkeypatch, manner, said
):
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/{manner}")
    with pytest.raises(download.NotFetched, match=said) as caught:
        standoff.load("events", "0.1.0")
    assert str(caught.value).startswith("v0.1.0/SHA256SUMS could not be fetched:\n  http://")
    assert not cache.exists()
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/{manner} {address}/good")
    assert standoff.load("events", "0.1.0").height == 8
    assert kept(cache) == FETCHED


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("http://127.0.0.1:9", "refused"),
        ("http://no-such-host.invalid", "not known|resolution|No address"),
        ("ftp://127.0.0.1/", "unknown url type: ftp"),
        (
            "example.org",
            "no scheme: write http://example.org or https://example.org, or the path of a folder",
        ),
        ("localhost:8000/releases", "no scheme: write http://localhost:8000/releases or"),
        ("/no/such folder", "No such file"),
        ("http://[", "Invalid"),
        ("file:///no/such/folder", "No such file"),
    ],
)
def test_a_mirror_that_cannot_be_reached_is_said(cache, monkeypatch, base, said):
    monkeypatch.setenv("STANDOFF_MIRROR", base)
    with pytest.raises(download.NotFetched, match=said):
        standoff.load("events", "0.1.0")
    assert not cache.exists()


def test_versions_that_only_a_mirror_has_are_compared(cache, address, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)  # where no folder of releases is
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/nowhere")
    assert main(["diff", "0.1.0", "0.1.0"]) == 2
    assert "--releases" in capsys.readouterr().err
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/good")
    assert main(["diff", "0.1.0", "0.1.0"]) == 0
    assert "v0.1.0/datapackage.json" in kept(cache)


def test_without_a_mirror_the_message_says_how_to_set_one(cache):
    with pytest.raises(download.NotFetched, match="set STANDOFF_MIRROR"):
        standoff.load("events", "0.1.0")


def test_a_version_that_the_registry_does_not_know_is_not_asked_for(cache, monkeypatch):
    monkeypatch.setenv("STANDOFF_MIRROR", "http://127.0.0.1:9")
    with pytest.raises(store.UnknownVersion, match=r"known are 0\.1\.0"):
        standoff.load("events", "0.2.0")


def test_a_mirror_cannot_fill_the_disk(cache, address, monkeypatch):
    monkeypatch.setattr(download, "LARGEST", 100)
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/good")
    with pytest.raises(download.NotFetched, match="sent more than 100 bytes"):
        standoff.load("events", "0.1.0")
    assert not cache.exists()


def test_a_cache_that_was_damaged_is_mended(cache, address, monkeypatch):
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/good")
    path = standoff.path("events", "0.1.0")
    right = path.read_bytes()
    for wrong in (b"", right[:-1], right + b"x"):
        path.write_bytes(wrong)
        with monkeypatch.context() as offline:
            offline.setenv("STANDOFF_OFFLINE", "1")
            with pytest.raises(
                download.NotFetched, match=r"the copy in the cache is damaged: .*events\.parquet"
            ):
                standoff.load("events", "0.1.0")
        standoff.load("events", "0.1.0")
        assert path.read_bytes() == right
    assert kept(cache) == FETCHED


def test_a_cache_that_cannot_be_written_is_said(cache, address, monkeypatch):
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/good")
    cache.write_text("a file where the folder should be")
    with pytest.raises(download.NotFetched, match=r"cannot write .* STANDOFF_CACHE"):
        standoff.load("events", "0.1.0")


def test_many_at_once_get_whole_files(cache, address, monkeypatch):
    monkeypatch.setenv("STANDOFF_MIRROR", f"{address}/good")
    monkeypatch.setattr(download, "PATIENCE", 10)
    monkeypatch.setattr(download, "SILENCE", 10)
    with ThreadPoolExecutor(16) as pool:
        heights = pool.map(lambda _: standoff.load("events", "0.1.0").height, range(32))
        assert set(heights) == {8}
    assert kept(cache) == FETCHED


def test_where_the_cache_is(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("STANDOFF_CACHE", raising=False)
    assert store.cache_folder() == tmp_path / "standoff"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert store.cache_folder() == Path.home() / ".cache" / "standoff"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert store.cache_folder() == Path.home() / ".cache" / "standoff"
    monkeypatch.setenv("HOME", "")
    assert store.cache_folder() == Path(pwd.getpwuid(os.getuid()).pw_dir) / ".cache" / "standoff"

    def nobody(_):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(download.NotFetched, match="set STANDOFF_CACHE"):
        store.cache_folder()
