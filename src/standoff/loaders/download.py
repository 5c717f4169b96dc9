"""Files of releases from other places: nothing enters the cache before its SHA-256 is the expected one.

STANDOFF_MIRROR   where releases are fetched from: one or several addresses, separated by spaces, tried in order.
                  An address is http://, https:// or file://, or a folder, and has the layout of a folder of releases.
STANDOFF_OFFLINE  1 (or true, yes, on): never fetch.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import queue
import re
import shutil
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from standoff.findings import StandoffError

SILENCE = 20.0
"""Seconds without a byte after which a server is given up; its headers have to be there within this time too."""
SLOWEST = 1000.0
"""Bytes a second below which a server is given up, on average over the whole file."""
PATIENCE = 60.0
"""Seconds before a server is called too slow."""
LARGEST = 4 * 1024**3
"""Largest file fetched, in bytes: a mirror must not be able to fill a disk."""
CHUNK = 1 << 18
IN_MEMORY = 64 * 1024**2
_SHOWN_AFTER = 1.0  # seconds


class NotFetched(StandoffError):
    """A file of a release could not be fetched; the message says what each mirror answered."""


class _Refused(Exception):
    """Why one mirror did not give the file."""


def offline() -> bool:
    """Return whether STANDOFF_OFFLINE forbids fetching."""
    return os.environ.get("STANDOFF_OFFLINE", "").strip().lower() not in ("", "0", "false", "no", "off")


def mirrors() -> list[str]:
    """Return the addresses in STANDOFF_MIRROR. Spaces inside an address are allowed: the next one begins with a scheme,
    a slash, a tilde or a drive letter."""
    return re.split(
        r"\s+(?=\w[\w+.-]+://|[/~]|[A-Za-z]:[\\/])", os.environ.get("STANDOFF_MIRROR", "").strip()
    )


def fetch(
    name: str, sha256: str | None, target: Path, bases: Sequence[str] | None = None, *, fault: str = ""
) -> Path:
    """Fetch the file `name` of a folder of releases into `target`, which it returns.

    `bases` are the addresses to try, by default those in STANDOFF_MIRROR. Without `sha256` any content is taken: that is
    for the file of checksums that the user names. `fault` says what is wrong with the copy in the cache, if there is one.
    The file appears whole or not at all; several processes may fetch it at once. Raises NotFetched if no mirror has it or
    the cache cannot be written.
    """
    why = fault or f"{name} is not in the cache"
    if offline():
        raise NotFetched(f"{why}, and STANDOFF_OFFLINE forbids fetching it")
    bases = [base for base in (mirrors() if bases is None else bases) if base]
    if not bases:
        raise NotFetched(
            f"{why}, and there is no mirror to fetch it from: set STANDOFF_MIRROR to the address of a folder of "
            "releases, such as https://… or file:///…"
        )
    refusals = []
    for base in bases:
        try:
            # Held apart, in memory or in an unnamed file, until the checksum is right.
            with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as received:
                _receive(_address(base, name), sha256, received)
                received.seek(0)
                _keep(received, target)
            return target
        except _Refused as refusal:
            refusals.append(f"\n  {base}: {_printable(str(refusal))}")
        except OSError as error:
            raise NotFetched(
                f"cannot write {target}: {error.strerror}; STANDOFF_CACHE names another folder"
            ) from error
    raise NotFetched(f"{name} could not be fetched:{''.join(refusals)}")


def _address(base: str, name: str) -> str:
    """Return the URL of a file below `base`, with blanks and other characters escaped."""
    scheme, separator, _ = base.partition("://")
    if not separator:
        if re.fullmatch(r"[\w.-]+(:\d+)?(/.*)?", base) and not Path(base).exists():
            raise _Refused(f"no scheme: write http://{base} or https://{base}, or the path of a folder")
        path = Path(base).expanduser().absolute() / name
        return path.as_uri()
    if scheme.lower() not in ("http", "https", "file"):
        raise _Refused(f"unknown url type: {scheme}")
    return urllib.parse.quote(f"{base.rstrip('/')}/{name}", safe="%/:=&?~#+!$,;'@()*[]")


def _receive(url: str, sha256: str | None, sink: IO[bytes]) -> None:
    digest = hashlib.sha256()
    beginning = b""
    for chunk in _chunks(url):
        beginning = beginning or chunk[:64]
        digest.update(chunk)
        sink.write(chunk)
    if sha256 is not None and digest.hexdigest() != sha256:
        if beginning.lstrip().lower().startswith((b"<!doctype html", b"<html")):
            raise _Refused("answered with a web page instead of the file")
        raise _Refused("gave other bytes than were published (the SHA-256 differs)")


def _chunks(url: str) -> Iterator[bytes]:
    """Yield the bytes at `url`; every fault of address, network and server becomes a _Refused.

    Another thread reads: a server that sends its headers byte by byte would block this one for hours.
    """
    answers: queue.Queue[tuple[str, Any]] = queue.Queue(maxsize=8)
    given_up = threading.Event()
    threading.Thread(target=_read, args=(url, answers, given_up), daemon=True).start()
    started, received, length = time.monotonic(), 0, ""
    shown = _Progress(url)
    try:
        while True:
            try:
                kind, value = answers.get(timeout=SILENCE)
            except queue.Empty:
                raise _Refused(f"was silent for {SILENCE:g} seconds") from None
            if kind == "error":
                raise value
            if kind == "length":
                length = value
                continue
            if not value:
                break
            received += len(value)
            seconds = time.monotonic() - started
            if received > LARGEST:
                raise _Refused(f"sent more than {LARGEST:,} bytes")
            if seconds > PATIENCE and received < SLOWEST * seconds:
                raise _Refused(f"is too slow: {received:,} bytes in {seconds:.0f} seconds")
            shown.at(received, length, seconds)
            yield value
        if length.isdecimal() and received < int(length):
            raise _Refused(f"broke off after {received:,} of {int(length):,} bytes")
    finally:
        given_up.set()
        shown.close()


def _read(url: str, answers: queue.Queue[tuple[str, Any]], given_up: threading.Event) -> None:
    """Put what is at `url` into the queue: its stated length, then chunks, an empty one at the end; or an error."""

    def put(kind: str, value: Any) -> None:
        while not given_up.is_set():
            with suppress(queue.Full):
                answers.put((kind, value), timeout=0.2)
                return

    try:
        with _opener().open(url, timeout=SILENCE) as answer:
            put("length", answer.headers.get("Content-Length", ""))
            while (chunk := answer.read1(CHUNK)) and not given_up.is_set():
                put("chunk", chunk)
            put("chunk", b"")
    except Exception as error:
        put("error", _refusal(error))


def _refusal(error: Exception) -> _Refused:
    """Return why a server did not give a file, in words."""
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        if 300 <= error.code < 400:
            return _Refused("redirect loop, or redirect to an unsupported address")
        return _Refused(f"answered {error.code} {error.reason}".rstrip())
    if isinstance(error, http.client.IncompleteRead):
        return _Refused(f"broke off {len(error.partial):,} bytes into a part")
    if isinstance(error, http.client.BadStatusLine | http.client.LineTooLong):
        return _Refused(f"does not speak HTTP ({error})")
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return _Refused(f"was silent for {SILENCE:g} seconds")
    return _Refused(getattr(reason, "strerror", None) or str(reason) or type(reason).__name__)


class _Progress:
    """One line on a terminal that says how far a slow download is."""

    def __init__(self, url: str) -> None:
        self._name = url.rpartition("/")[2]
        self._last = 0.0

    def at(self, received: int, length: str, seconds: float) -> None:
        """Show how much has been received, at most five times a second."""
        if seconds < max(_SHOWN_AFTER, self._last + 0.2) or not sys.stderr.isatty():
            return
        self._last = seconds
        of = f" of {int(length) / 1e6:,.1f}" if length.isdecimal() else ""
        sys.stderr.write(f"\r\x1b[Kfetching {self._name}: {received / 1e6:,.1f}{of} MB")
        sys.stderr.flush()

    def close(self) -> None:
        """Remove the line."""
        if self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _printable(answer: str) -> str:
    """Return what a server said in a form that cannot disturb a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in answer)[:300]


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener that knows web and file addresses and no others."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.FileHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _keep(source: IO[bytes], target: Path) -> None:
    """Give the bytes their name in the cache, at once and whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as file:
        part = Path(file.name)
        try:
            shutil.copyfileobj(source, file)
            file.close()
            part.replace(target)
        except BaseException:
            file.close()
            part.unlink()
            raise
