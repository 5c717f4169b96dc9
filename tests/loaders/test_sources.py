"""Releases in other places: a folder, an address, an installed package; compared with their checksums before they are opened."""

import hashlib
import shutil
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

import standoff
from standoff.cli import main
from standoff.loaders import download, sources, store
from standoff.release.write import write_registry


@pytest.fixture
def mine(releases, tmp_path, monkeypatch):
    """Another lab's releases: 0.1.0 and 0.3.0, and a development build; this installation has none of its own."""
    folder = tmp_path / "our corpus" / "releases"
    shutil.copytree(releases, folder)
    for version in ("0.3.0", "0.4.0.dev1"):
        copy = folder / f"v{version}"
        shutil.copytree(folder / "v0.1.0", copy)
        package = copy / "datapackage.json"
        package.write_text(package.read_text().replace('"version": "0.1.0"', f'"version": "{version}"'))
        sums = copy / "SHA256SUMS"
        lines = [line for line in sums.read_text().splitlines() if "datapackage.json" not in line]
        lines.append(f"{hashlib.sha256(package.read_bytes()).hexdigest()}  datapackage.json")
        sums.write_text("\n".join(lines) + "\n")
    write_registry(folder)
    (tmp_path / "home").mkdir()
    monkeypatch.setattr(store, "home", lambda: tmp_path / "home")
    monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path / "cache"))
    for name in ("STANDOFF_MIRROR", "STANDOFF_OFFLINE", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def address(mine):
    """The address of the same folder on a server."""

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(mine))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


# ---- every kind of place ---------------------------------------------------------------------------------------------


def test_a_folder_is_a_source(mine, monkeypatch):
    monkeypatch.chdir(mine.parent)
    for place in (mine, str(mine), mine.parent, "releases", mine.as_uri(), mine.as_uri().replace("%20", " ")):
        release = standoff.Release(place)
        assert (release.version, release.load("events").height) == ("0.3.0", 8)
        assert standoff.load("events", source=place).equals(release.load("events"))
        assert standoff.versions(place) == dict.fromkeys(("0.1.0", "0.3.0", "0.4.0.dev1"), "here")
    assert standoff.Release(mine, "0.4.0.dev1").version == "0.4.0.dev1"
    assert standoff.Release(mine / "v0.1.0").version == "0.1.0"
    assert standoff.versions(mine / "v0.1.0") == {"0.1.0": "here"}


def test_an_address_is_a_source(mine, address, monkeypatch):
    for place, version in ((address, "0.3.0"), (f"{address}/", "0.3.0"), (f"{address}/v0.1.0", "0.1.0")):
        release = standoff.Release(place)
        assert (release.version, release.load("events").height) == (version, 8)
    assert standoff.versions(address) == {"0.1.0": "mirror", "0.3.0": "cached"}
    assert standoff.load("dyads", "0.1.0", source=address).equals(
        standoff.load("dyads", "0.1.0", source=mine)
    )
    monkeypatch.setenv("STANDOFF_OFFLINE", "1")
    assert standoff.load("events", source=address).height == 8
    with pytest.raises(
        download.NotFetched, match=r"links\.parquet is not in the cache, and STANDOFF_OFFLINE"
    ):
        standoff.load("links", source=address)


def test_an_installed_package_is_a_source(mine, tmp_path, monkeypatch, capsys):
    packages = tmp_path / "site-packages"
    (packages / "their_package" / "data").mkdir(parents=True)
    (packages / "their_package" / "__init__.py").write_text("raise SystemExit('executed')")
    shutil.copytree(mine, packages / "their_package" / "data" / "releases")
    information = packages / "their_package-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: their-package\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[standoff.datasets]\ntheirs = their_package.data\n")
    monkeypatch.syspath_prepend(packages)
    assert standoff.load("events", source="theirs").height == 8
    assert main(["datasets"]) == 0
    assert "theirs  0.1.0, 0.3.0, 0.4.0.dev1  (" in capsys.readouterr().out
    with pytest.raises(store.NoRelease, match=r"no folder their, .* \(installed: theirs\)"):
        standoff.load("events", source="their")


def test_a_release_does_what_the_functions_do(mine, tmp_path):
    release = standoff.Release(mine, "0.1.0")
    assert release.tables == standoff.Release(mine).tables
    assert release.scan("events").collect().equals(release.load("events"))
    assert release.path("events") == mine / "v0.1.0" / "events.parquet"
    assert release.describe("events").equals(standoff.describe("events", "0.1.0", source=mine))
    dyads = standoff.load("dyads", "0.1.0", source=mine)
    options = {"by": "actor_id", "period": "year", "zeros": False}
    assert release.panel(**options).equals(standoff.panel(dyads, **options))
    assert release.cite() == standoff.cite("0.1.0", source=mine)
    assert "Version 0.1.0" in release.cite()
    event = release.load("events")["event_id"][0]
    assert release.resolve_id(event) == event
    assert type(release.load("events", backend="pandas")).__name__ == "DataFrame"
    (tmp_path / "documents").mkdir()
    with pytest.warns(standoff.DocumentsMissing):
        assert release.hydrate("events", tmp_path / "documents")["evidence"].null_count() == 8
    assert repr(release) == f"Release({str(mine)!r}, '0.1.0')"


# ---- trust -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["v0.3.0/events.parquet", "v0.3.0/SHA256SUMS"])
def test_other_bytes_are_refused(mine, address, name):
    path = mine / name
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(store.DamagedRelease, match="other bytes than were published: restore the release"):
        standoff.load("events", source=mine)
    with pytest.raises(download.NotFetched, match="other bytes than were published"):
        standoff.load("events", source=address)


def test_a_checksum_in_the_address_pins_the_release(mine, address):
    digest = hashlib.sha256((mine / "SHA256SUMS").read_bytes()).hexdigest()
    assert standoff.load("events", source=f"{address}#sha256={digest}").height == 8
    with pytest.raises(download.NotFetched, match="gave other bytes than were published"):
        standoff.load("events", source=f"{address}#sha256={'0' * 64}")


def test_a_cut_release_without_registry_is_refused_and_a_development_build_is_not(mine):
    (mine / "SHA256SUMS").unlink()
    with pytest.raises(store.DamagedRelease, match=r"v?0\.3\.0 cannot be verified: .*SHA256SUMS is missing"):
        standoff.load("events", source=mine)
    assert standoff.load("events", "0.4.0.dev1", source=mine).height == 8
    assert standoff.load("events", source=mine / "v0.3.0").height == 8


@pytest.mark.parametrize(
    "name", ["../secret.parquet", "/etc/x.parquet", "a/../../x.parquet", "c:\\x.parquet"]
)
def test_checksums_cannot_name_a_file_elsewhere(mine, name):
    with (mine / "v0.4.0.dev1" / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  {name}\n")
    with pytest.raises(store.DamagedRelease, match="names a file outside its folder"):
        standoff.load("events", "0.4.0.dev1", source=mine)


# ---- what is no source -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "error", "said"),
    [
        (3, TypeError, "a source is a folder, an address or the name"),
        ("", ValueError, "must not be empty"),
        ("ftp://example.org/x", ValueError, "begins with https://, http:// or file://"),
        ("localhost:8000", ValueError, "has no scheme: write http://localhost:8000"),
        ("localhost:8000/releases", ValueError, "has no scheme"),
        ("no/such/folder", store.NoRelease, "no folder no/such/folder"),
    ],
)
def test_what_is_no_source_is_refused(mine, place, error, said):
    with pytest.raises(error, match=said):
        standoff.load("events", source=place)


def test_a_folder_without_releases_is_refused(mine, tmp_path):
    with pytest.raises(store.NoRelease, match="holds no release"):
        standoff.load("events", source=tmp_path / "home")
    with pytest.raises(store.NoRelease, match="is not a folder"):
        standoff.load("events", source=mine / "v0.1.0" / "events.parquet")
    with pytest.raises(store.UnknownVersion, match=r"known are 0\.1\.0, 0\.3\.0"):
        standoff.load("events", "0.2.0", source=mine)
    with pytest.raises(store.UnknownVersion, match=r"known are 0\.1\.0"):
        standoff.load("events", "0.2.0", source=mine / "v0.1.0")


def test_no_dataset_is_installed_by_default(mine, capsys):
    assert sources.installed() == {}
    assert main(["datasets", "--json"]) == 0
    assert '"name": "standoff"' in capsys.readouterr().out


# ---- versions of this installation that are elsewhere -----------------------------------------------------------------


def test_diff_fetches_the_versions_that_it_compares(mine, address, tmp_path, monkeypatch, capsys):
    shutil.copy(mine / "SHA256SUMS", tmp_path / "home")
    monkeypatch.setenv("STANDOFF_MIRROR", address)
    monkeypatch.chdir(tmp_path / "home")
    assert main(["diff", "0.1.0", "v0.3.0"]) == 0
    assert capsys.readouterr().out
    monkeypatch.setenv("STANDOFF_OFFLINE", "1")
    assert main(["diff", "0.1.0", "0.3.0"]) == 0
    assert main(["diff", "0.1.0", "0.9.0"]) == 2
    assert "known: 0.1.0, 0.3.0" in capsys.readouterr().err
