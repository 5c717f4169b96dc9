"""Label Studio: tasks with their annotations, and the labelling configuration.

Offsets count code points of the task's text, as the front end of 1.23 does (HumanSignal/label-studio#1559). Older ones
counted UTF-16 units; the quoted words tell the two apart. Line ends of the text are ``\\n``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from standoff.exchange import items as parts
from standoff.exchange import json_stream, reading, values
from standoff.exchange.coded import Coded, Row, Source
from standoff.exchange.documents import Documents
from standoff.exchange.frames import Texts, join
from standoff.exchange.items import CHOICES, Item, items_of
from standoff.exchange.labels import Labels
from standoff.exchange.losses import Losses
from standoff.exchange.records import Intake, mark_duplicates
from standoff.exchange.units import CODE_POINTS, LF, Offsets, counter, plain_lines
from standoff.exchange.values import NotARecord
from standoff.findings import shortened

NAME = "label-studio"
TASKS, CONFIG = "tasks.json", "config.xml"
FLAGS = ("reciprocal", "implicit")
DRAFTED = "tasks with a draft only are not read: submit the draft, and export again"
UNTOUCHED = "tasks that nobody annotated, or that were skipped, are not read"
FIELDS = frozenset(("choices", "textarea", "rating", "number", "datetime", "taxonomy"))
"""Types of results that say something of a region."""
TEXTS = {
    "Party": ("actor",),
    "Place": ("place",),
    "LinkWords": ("event",),
    "Negative": ("would_be_action", "would_be_actor", "would_be_target"),
}
"""Fields of free text that belong to one label; those of events are in `parts.EVENT_TEXTS`."""
NAMES = {
    parts.EVIDENCE: "Evidence",
    parts.PARTY: "Party",
    parts.PLACE: "Place",
    parts.MENTION: "Mention",
    parts.LINK: "LinkWords",
    parts.MARK: "Mark",
    parts.NEGATIVE: "Negative",
}
KINDS = {name: kind for kind, name in NAMES.items()}
OTHERS = {
    ".csv": "CSV is not read: export the project as JSON",
    ".tsv": "TSV is not read: export the project as JSON",
    ".conll": "CoNLL files hold no offsets: export the project as JSON",
}
"""Other exports of Label Studio, by file name extension."""


_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+-]*://|/data/)\S*?(?:/(?:[0-9a-f]{8}-)?(?P<name>[^/?#\s]+))?/?(?:[?#]\S*)?"
)
"""An address in the place of a text. Label Studio puts eight digits before the name of a file that is uploaded."""


# ---- out ------------------------------------------------------------------------------------------------------


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write tasks for import, and the configuration that belongs to them. Every document must have its text."""
    (folder / CONFIG).write_bytes(_config(source.actions).encode())
    with (folder / TASKS).open("w", encoding="utf-8", newline="\n") as file:
        separator = "[\n"
        for task in source.each(_task, losses):
            file.write(separator + task)
            separator = ",\n"
        file.write("[]\n" if separator == "[\n" else "\n]\n")


def _task(coded: Coded, losses: Losses) -> str:
    """Return the task of a document as JSON."""
    text = coded.document.text
    assert text is not None
    count = counter(text, CODE_POINTS + LF)
    results: list[dict[str, Any]] = []
    items = []
    for item in items_of(coded.records, coded.negatives):
        if item.passage.span is None:
            losses.add(item.fields.get("id", item.key), item.kind, item.passage.words, "it has no offsets")
        else:
            items.append(item)
    for item in items:
        assert item.passage.span is not None
        where = {
            "start": count(item.passage.span.start),
            "end": count(item.passage.span.end),
            "text": plain_lines(item.passage.span.of(text)),
        }
        label = (item.action or "") if item.kind == parts.EVENT else NAMES[item.kind]
        results.append(_result(item, "label", "labels", where, [label]))
        for name, value in item.fields.items():
            if name in FLAGS or value in CHOICES.get(name, ()):
                results.append(_result(item, name, "choices", where, [value]))
            else:
                only = {side: where[side] for side in ("start", "end")}
                results.append(_result(item, name, "textarea", only, [value]))
    results += [
        {"from_id": item.key, "to_id": to, "type": "relation", "direction": "right", "labels": [role]}
        for item in items
        for role, to in item.edges
    ]
    task = {
        "data": {
            "text": plain_lines(text),
            "document": coded.document.id,
            "sha256": coded.document.sha256,
            "title": coded.document.title or "",
        },
        "annotations": [{"result": results}],
    }
    return json.dumps(task, ensure_ascii=False)


def _result(item: Item, name: str, kind: str, where: Mapping[str, Any], chosen: list[str]) -> dict[str, Any]:
    value = {**where, "text" if kind == "textarea" else kind: chosen}
    return {"id": item.key, "from_name": name, "to_name": "text", "type": kind, "value": value}


def _config(actions: tuple[Row, ...]) -> str:
    """Return the labelling configuration: all action codes as labels, the fields of a region beside the text."""
    labels = [f'    <Label value={quoteattr(name)} background="#888888"/>' for name in NAMES.values()]
    labels += [
        f"    <Label value={quoteattr(row['action'])} hint={quoteattr(row['label'])}/>" for row in actions
    ]
    fields = []
    for name, choices in CHOICES.items():
        fields.append(f'  <Choices name="{name}" toName="text" perRegion="true" choice="single-radio">')
        fields += [f'    <Choice value="{choice}"/>' for choice in choices]
        fields.append("  </Choices>")
    for name in FLAGS:
        fields.append(f'  <Choices name="{name}" toName="text" perRegion="true" choice="multiple">')
        fields.append('    <Choice value="true"/>\n  </Choices>')
    for name in parts.EVENT_TEXTS:
        fields.append(_area(name, None))
    fields += [_area(name, label) for label, names in TEXTS.items() for name in names]
    roles = [f'    <Relation value="{role}"/>' for role in parts.ROLES]
    return (
        "\n".join(
            [
                "<View>",
                '  <Filter name="filter" toName="label" minlength="0" placeholder="Filter codes"/>',
                '  <Labels name="label" toName="text">',
                *labels,
                "  </Labels>",
                "  <Relations>",
                *roles,
                "  </Relations>",
                '  <Text name="text" value="$text" granularity="symbol"/>',
                *fields,
                "</View>",
            ]
        )
        + "\n"
    )


def _area(name: str, label: str | None) -> str:
    shown = f' whenTagName="label" whenLabelValue="{label}"' if label else ""
    return (
        f'  <TextArea name="{name}" toName="text" perRegion="true" maxSubmissions="1" editable="true" '
        f'placeholder="{name}"{shown} visibleWhen="region-selected"/>'
    )


# ---- in -------------------------------------------------------------------------------------------------------


def read(path: Path, documents: Documents, labels: Labels | None = None) -> Intake:
    """Read tasks as Label Studio exports them (JSON or JSON-MIN). Lines are those where a task begins."""
    found = values.files_in(path, ".json", ".jsonl", others=OTHERS)
    intake, texts = Intake(str(path), NAME), Texts(documents)
    for file, name in reading.each(found):
        for line, value, why in json_stream.records(file):
            if why:
                intake.unparsable(line, why, name)
                continue
            for each in _tasks(value):
                try:
                    _read_task(each, line, name, labels or Labels(), texts, intake)
                except (NotARecord, TypeError) as error:
                    intake.unparsable(line, f"not a task of Label Studio: {error}", name)
    mark_duplicates(intake)
    return intake


def _tasks(value: Any) -> list[Any]:
    """Return the tasks in a record: itself, or those of an object whose keys are their ids, as early versions wrote it."""
    if isinstance(value, Mapping) and value:
        inner = list(value.values())
        if all(isinstance(each, Mapping) and isinstance(each.get("data"), Mapping) for each in inner):
            return inner
    return [value]


def _read_task(
    task: Mapping[str, Any], line: int, file: str, labels: Labels, texts: Texts, intake: Intake
) -> None:
    if not isinstance(task, Mapping):
        raise NotARecord("it is not an object")
    if isinstance(task.get("task"), Mapping):  # a file of target storage: an annotation with its task
        task = {"data": task["task"].get("data"), "annotations": [task]}
    data = task.get("data", task)
    if not isinstance(data, Mapping):
        raise NotARecord("its data is not an object")
    shown, hint = _text(data, texts), ""
    name = next((str(data[key]) for key in ("document", "sha256", "id", "file") if data.get(key)), None)
    if shown is not None and (address := _ADDRESS.fullmatch(shown)):
        name, shown = name or address["name"], None
        hint = f"; its text is not in the file but at {shortened(address[0])}: export the text itself"
    if shown is None and name is None:
        keys = ", ".join(map(str, data)) or "nothing"
        raise NotARecord(f"its data has no text of a document, only {shortened(keys)}")
    results = _results(task, line, file, intake)
    if results is None:
        return
    items: dict[str, Item] = {}
    relations: list[Mapping[str, Any]] = []
    for number, result in enumerate(results):
        if result.get("type") == "relation":
            relations.append(result)
        elif "value" in result:
            try:
                _region(result, number, line, file, items, intake)
            except NotARecord as error:
                intake.unparsable(line, f"result {result.get('id') or number + 1}: {error}", file)
        else:
            field = str(result.get("from_name") or result.get("type"))
            intake.lose(f"{file}:{line}", field, str(result.get("id") or number + 1), "it has no value")
    if not items:
        intake.note("an annotation has no region of the text; its document is imported without events", file)
    for relation in relations:
        _relate(relation, items, labels, line, file, intake)
    listed = list(items.values())
    labels.assign(listed, KINDS, file)
    names = [name, values.text_of(data["sha256"]) if data.get("sha256") else None]
    once = labels.strict
    frame = texts.frame(names, shown, intake, line=line, file=file, unit=CODE_POINTS, once=once, hint=hint)
    join(listed, frame, name or "", intake, file=file, strict=labels.strict)


def _text(data: Mapping[str, Any], texts: Texts) -> str | None:
    """Return the text of a task: one that the dataset knows, else the field `text`, else the longest if it is long."""
    found = sorted((v for v in data.values() if isinstance(v, str)), key=len)
    if known := next((text for text in reversed(found) if texts.knows(text)), None):
        return known
    if isinstance(data.get("text"), str):
        return str(data["text"])
    return found[-1] if found and len(found[-1]) > 64 else None


def _results(task: Mapping[str, Any], line: int, file: str, intake: Intake) -> list[Mapping[str, Any]] | None:
    """Return the results that count, or None where the task has none.

    These are those of the last annotation that was not cancelled. A task that nobody has annotated gives its first
    prediction. Whatever else the task holds is listed as a loss.
    """
    key = next((name for name in ("annotations", "completions") if name in task), None)
    if key is None and not task.get("predictions"):
        return _minimal(task, line, file, intake)
    made = [each for each in values.list_of(task.get(key or "")) if isinstance(each, Mapping)]
    for number in (each for each in values.list_of(task.get("predictions")) if isinstance(each, int)):
        intake.lose(f"{file}:{line}", "prediction", str(number), "the export holds only its number")
    kept = [each for each in made if not (each.get("was_cancelled") or each.get("skipped"))]
    kept.sort(key=lambda each: str(each.get("updated_at") or ""))
    predicted = [each for each in values.list_of(task.get("predictions")) if isinstance(each, Mapping)]
    drafts = [each for each in values.list_of(task.get("drafts")) if isinstance(each, Mapping)]
    skipped = [each for each in made if each not in kept]
    chosen = kept[-1:]
    if len(kept) > 1:
        intake.note("tasks have several annotations; the last of each is read", file)
    elif not made and predicted:
        chosen = predicted[:1]
        intake.note("tasks without an annotation have predictions; the first of each is read", file)
    elif not kept and drafts:
        intake.note(DRAFTED, file)
    elif not kept:
        intake.note(UNTOUCHED, file)
    for others, name, why in (
        (kept, "annotation", "a later one is read"),
        (skipped, "annotation", "it was skipped"),
        (predicted, "prediction", "only annotations are read" if made else "the first one is read"),
        (drafts, "draft", "drafts are not read"),
    ):
        for other in others:
            if other not in chosen:
                intake.lose(f"{file}:{line}", name, _named(other), why)
    if not chosen:
        return None
    results = chosen[0].get("result")
    if isinstance(results, str):  # early versions kept them as text
        results = values.parse_json(results)
    return [each for each in values.list_of(results) if isinstance(each, Mapping)]


def _named(annotation: Mapping[str, Any]) -> str:
    """Return the id of an annotation or prediction, and who made it."""
    by = annotation.get("completed_by", annotation.get("model_version"))
    by = by.get("email") or by.get("id") if isinstance(by, Mapping) else by
    return f"{annotation.get('id', '')}{f' by {by}' if by else ''}".strip()


def _minimal(task: Mapping[str, Any], line: int, file: str, intake: Intake) -> list[Mapping[str, Any]] | None:
    """Return the regions of JSON-MIN: lists of objects with start, end and labels beside the data. None: not annotated."""
    found: list[Mapping[str, Any]] = []
    others = [(name, each) for name, value in task.items() if isinstance(value, list) for each in value]
    others += [(name, value) for name, value in task.items() if isinstance(value, Mapping) and name != "data"]
    for name, each in others:
        if isinstance(each, Mapping) and "start" in each and "labels" in each:
            found.append({"type": "labels", "from_name": name, "value": each})
        elif isinstance(each, Mapping) and {"start", "end", "label"} <= each.keys():
            raise NotARecord(
                f'"{name}" has objects with start, end and label, as Prodigy writes them; write "labels": [label] in place '
                'of "label": label'
            )
        elif isinstance(each, list) and len(each) == 3 and isinstance(each[0], int):
            raise NotARecord(
                f'"{name}" has lists of start, end and label, as doccano writes them; import the project into Label Studio first'
            )
        else:
            shown = _words(each, "choices") if isinstance(each, Mapping) else ""
            intake.lose(f"{file}:{line}", name, shown or str(each), "it is not a region of the text")
    if not found and not others and task.keys().isdisjoint(("annotator", "annotation_id")):
        intake.note(UNTOUCHED, file)
        return None
    return found


def _region(
    result: Mapping[str, Any], number: int, line: int, file: str, items: dict[str, Item], intake: Intake
) -> None:
    """Add what one result says: a region with its label, or a field of a region."""
    value = result["value"]
    if not isinstance(value, Mapping):
        raise NotARecord("a result's value is not an object")
    kind = str(result.get("type") or "")
    key = str(result.get("id") or f"{line}.{number}")
    item = items.get(key)
    if kind in FIELDS:
        words = _words(value, kind)
        if item is None and "start" not in value:
            intake.lose(f"{file}:{line}", str(result.get("from_name")), words, "it belongs to no region")
            return
        if item is None:
            item = items[key] = Item(key, "", line=line)
        item.fields[str(result.get("from_name"))] = words
        return
    where = value.get("globalOffsets", value)
    names = (kind, "labels", "hypertextlabels", "htmllabels")
    chosen = values.list_of(next((value[name] for name in names if name in value), None))
    if not isinstance(where, Mapping) or "start" not in where or "end" not in where:
        raise NotARecord(f'a result of the type "{kind}" is not a stretch of text')
    if "channel" in value or "original_length" in result:
        raise NotARecord("it is a stretch of audio, not of text")
    if where is value and "startOffset" in value:
        what = "paragraphs" if kind == "paragraphlabels" else "elements of HTML"
        raise NotARecord(f'its offsets count within {what} and it has no "globalOffsets"; export plain text')
    if not chosen:
        raise NotARecord("it has no label")
    start, end = (values.offset_of(_number(where[side])) for side in ("start", "end"))
    quoted = value.get("text")
    if item is None:
        item = items[key] = Item(key, "", line=line)
    item.offsets = Offsets(((start, end),), quoted if isinstance(quoted, str) else None)
    item.label = str(chosen[0])
    meta = result.get("meta")
    remark = meta.get("text") if isinstance(meta, Mapping) else None
    if remark:
        item.fields["note"] = " ".join(map(str, values.list_of(remark)))
    for name in ("normalization", "score"):
        if result.get(name) is not None:
            intake.lose(f"{file}:{line}", name, str(result[name]), "no field holds it")
    for other in chosen[1:]:
        intake.lose(f"{file}:{line}", "label", str(other), "a region has one label")


def _words(value: Mapping[str, Any], kind: str) -> str:
    """Return what was chosen or written, as one text."""
    shown = values.list_of(value.get("text" if kind == "textarea" else kind))
    if len(shown) == 1 and isinstance(shown[0], str):
        return shown[0]
    return " ".join(" / ".join(map(str, each)) if isinstance(each, list) else str(each) for each in shown)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _relate(
    relation: Mapping[str, Any],
    items: Mapping[str, Item],
    labels: Labels,
    line: int,
    file: str,
    intake: Intake,
) -> None:
    first, second = str(relation.get("from_id")), str(relation.get("to_id"))
    if relation.get("direction") == "left":
        first, second = second, first
    names = values.list_of(relation.get("labels"))
    if not names:
        intake.note("relations without a name are not read; choose one, such as actor")
        why = "the relation has no name"
        intake.lose(
            f"{file}:{line}", "relation", " → ".join(_shown(each, items) for each in (first, second)), why
        )
    for name in names:
        role = labels.role(str(name))
        if first in items and second in items and role:
            items[first].edges.append((role, second))
        elif role:
            intake.lose(f"{file}:{line}", str(name), f"{first} → {second}", "one of its regions is not there")


def _shown(key: str, items: Mapping[str, Item]) -> str:
    """Return the words of a region, or its id."""
    offsets = items[key].offsets if key in items else None
    return (offsets.words if offsets else None) or key
