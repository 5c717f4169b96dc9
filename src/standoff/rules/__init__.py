"""The rules, grouped by what they look at: `file`, `record`, `corpus`, `table`. `registry` explains how one is written."""
