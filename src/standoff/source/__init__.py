"""Files into records: strict YAML with places, typed records, the whole corpus. Never raises on bad data."""
