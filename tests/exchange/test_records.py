"""What every reader shares: how records are taken and counted."""

import pytest

from standoff.exchange import records
from standoff.exchange.records import Intake, Record
from standoff.findings import UsageError

MOST = 1_000


@pytest.fixture(autouse=True)
def lower_limit(monkeypatch):
    assert records.MOST_RECORDS == 100_000
    monkeypatch.setattr(records, "MOST_RECORDS", MOST)


def test_a_document_has_no_more_records_than_a_document_can_hold():
    intake = Intake("answers.jsonl", "predictions")
    for line in range(1, MOST + 1):
        intake.take(Record(line, document="d001", document_id="d001"))
    intake.take(Record(MOST + 1, document="d002", document_id="d002"))
    with pytest.raises(UsageError, match=rf"answers\.jsonl:{MOST + 2}: d001 has more than 1,000 records"):
        intake.take(Record(MOST + 2, document="d001", document_id="d001"))


def test_records_of_documents_that_are_not_scored_are_counted_without_a_limit():
    intake = Intake("rows.csv", "gdelt2")
    for line in range(1, MOST + 10):
        intake.take(Record(line, document="http://example.org"))
    assert len(intake.records) == MOST + 9
