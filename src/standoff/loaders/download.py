"""Files of releases from mirrors: nothing enters the cache before its SHA-256 is the expected one.

STANDOFF_MIRROR   where releases are fetched from: one or several bases, separated by spaces, tried in order.
                  A base is http://, https:// or file:// and has the layout of a folder of releases.
STANDOFF_OFFLINE  1: never fetch.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from standoff.findings import StandoffError

SILENCE = 20.0
"""Seconds without a byte after which a server is given up."""
PATIENCE = 600.0
"""Seconds after which a file is given up, however steadily its server drips."""
LARGEST = 4 * 1024**3
"""Largest file fetched, in bytes: a mirror must not be able to fill a disk."""
CHUNK = 1 << 18
IN_MEMORY = 64 * 1024**2


class NotFetched(StandoffError):
    """A file of a release could not be fetched; the message says what each mirror answered."""


class _Refused(Exception):
    """Why one mirror did not give the file."""


def fetch(name: str, sha256: str, target: Path) -> Path:
    """Fetch the file `name` of a folder of releases into `target`, which it returns.

    The file appears whole or not at all; of several processes that fetch it at once, each leaves the same
    bytes. Raises NotFetched where no mirror has it, and where the cache cannot be written.
    """
    if os.environ.get("STANDOFF_OFFLINE", "") not in ("", "0"):
        raise NotFetched(f"{name} is not in the cache, and STANDOFF_OFFLINE forbids to fetch it")
    bases = os.environ.get("STANDOFF_MIRROR", "").split()
    if not bases:
        raise NotFetched(
            f"{name} is not at hand, and no mirror is set to fetch it from: set STANDOFF_MIRROR to the address "
            "of a folder of releases, such as https://… or file:///…"
        )
    refusals = []
    for base in bases:
        try:
            # Until the bytes have proved right they are held apart, in memory or in an unnamed file.
            with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as received:
                _receive(f"{base.rstrip('/')}/{name}", sha256, received)
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


def _receive(url: str, sha256: str, sink: IO[bytes]) -> None:
    digest = hashlib.sha256()
    beginning = b""
    for chunk in _chunks(url):
        beginning = beginning or chunk[:64]
        digest.update(chunk)
        sink.write(chunk)
    if digest.hexdigest() != sha256:
        if beginning.lstrip().lower().startswith((b"<!doctype html", b"<html")):
            raise _Refused("answered with a web page instead of the file")
        raise _Refused("gave other bytes than were published (the SHA-256 differs)")


def _chunks(url: str) -> Iterator[bytes]:
    """Yield the bytes at `url`; every fault of address, network and server becomes a _Refused."""
    deadline = time.monotonic() + PATIENCE
    try:
        with _opener().open(url, timeout=SILENCE) as answer:
            length = answer.headers.get("Content-Length", "")
            received = 0
            while chunk := answer.read1(CHUNK):
                received += len(chunk)
                if received > LARGEST:
                    raise _Refused(f"sent more than {LARGEST:,} bytes")
                if time.monotonic() > deadline:
                    raise _Refused(f"had not sent the whole file after {PATIENCE:g} seconds")
                yield chunk
            if length.isdecimal() and received < int(length):
                raise _Refused(f"broke off after {received:,} of {int(length):,} bytes")
    except urllib.error.HTTPError as error:
        error.close()
        if 300 <= error.code < 400:
            raise _Refused("redirects in a circle, or to where nothing is fetched from") from None
        raise _Refused(f"answered {error.code} {error.reason}".rstrip()) from None
    except http.client.IncompleteRead as error:
        raise _Refused(f"broke off {len(error.partial):,} bytes into a part") from None
    except (http.client.BadStatusLine, http.client.LineTooLong) as error:
        raise _Refused(f"does not speak HTTP ({error})") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            raise _Refused(f"was silent for {SILENCE:g} seconds") from None
        raise _Refused(getattr(reason, "strerror", None) or str(reason)) from None


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
