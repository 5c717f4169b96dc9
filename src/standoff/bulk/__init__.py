"""Tables of any size under the same rules: one streaming pass, bounded memory, the same findings.

run            request to report: what the command line calls
formats        which files are tables, and the tables that a path names
opening        a file, its format, header and columns, before a row is read
sources        what is then known of it
streams        the bytes of a file: unpacked, in UTF-8
parquet        the footer of a Parquet file
recognising    which format a table has
release_files  tables in the folder of a release, which says itself what they hold
naming         its columns under the names of the format, and every record accounted for
records        every record of a text file counted, apart from polars
reading        the rows of all files as one stream
profile_files  formats from profile files: shipped, or the user's
values         stored values made into values of their column's kind
plan           the checks, fused: flags of one frame, and the failures of a row as one bitmask
checking_rows  the pass itself, and what it leaves behind
failing_rows   the rows that fail, kept while all rows pass by
uniqueness     keys that occur twice
outputs        rows that passed and rows that failed, whole or not at all
damage         where a text file stops being a table
repairs        what would fix failing values
report         the findings
batches        the same checks on one Arrow batch; spark and dask run them, cluster is what both share
"""
