"""standoff: political events read by hand, each tied to the words that show it."""

__version__ = "0.1.0"
