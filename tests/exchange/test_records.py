"""What every reader shares: how records are taken and counted."""

import pytest

from standoff.exchange.records import MOST_RECORDS, Intake, Record
from standoff.findings import UsageError


def test_a_document_has_no_more_records_than_a_document_can_hold():
    intake = Intake("answers.jsonl", "predictions")
    for line in range(1, MOST_RECORDS + 1):
        intake.take(Record(line, document="d001", document_id="d001"))
    intake.take(Record(MOST_RECORDS + 1, document="d002", document_id="d002"))
    with pytest.raises(
        UsageError, match=rf"answers\.jsonl:{MOST_RECORDS + 2}: d001 has more than 100,000 records"
    ):
        intake.take(Record(MOST_RECORDS + 2, document="d001", document_id="d001"))


def test_records_of_documents_that_are_not_scored_are_counted_without_a_limit():
    intake = Intake("rows.csv", "gdelt2")
    for line in range(1, MOST_RECORDS + 10):
        intake.take(Record(line, document="http://example.org"))
    assert len(intake.records) == MOST_RECORDS + 9
