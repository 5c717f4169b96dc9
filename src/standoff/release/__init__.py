"""Releases: compile records into tables, write them, describe them, compare them."""
