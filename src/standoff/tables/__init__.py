"""What a table is: its columns, and how a file spells them.

columns    `Table`, `Column` and `Kind`: the one description of a column, from which everything else is made
released   our own tables
earlier    our own tables as releases before 2.0.0 have them
profiles   `Profile` and `Binding`: a table format, and how its files spell each column
"""

from standoff.tables.columns import Column, Kind, Table
from standoff.tables.dataset import tables_for
from standoff.tables.released import TABLES, references

__all__ = ["TABLES", "Column", "Kind", "Table", "references", "tables_for"]
