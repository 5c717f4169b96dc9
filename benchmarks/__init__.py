"""Measurements: how fast the rules run, and what else could run them."""
