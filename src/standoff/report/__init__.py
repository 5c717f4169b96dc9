"""Findings on paper: one module for each format. Each takes a `Report` and returns text; none prints."""
