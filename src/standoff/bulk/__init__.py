"""Tables of any size under the same rules: one streaming pass, bounded memory, the same findings.

The stages of a check, in order; `run` calls them.

run            request → open → plan → pass → report: what the command line calls

Request
request        which files are checked, in which format, and where rows are written
formats        which files are tables, and the tables that a path names
addresses      files that only other file systems hold

Open
opening        the files of a request sorted into tables, and what is wrong with them before a row is read
sources        a table file, and what is known of it
headers        how a file is written and which columns it has
streams        the bytes of a file: unpacked, in UTF-8
parquet        the footer of a Parquet file
json_files     the columns of JSON files
recognising    which format a table has
profile_files  formats from profile files: shipped, or the user's
profile_faults what is wrong with a profile of a user
foreign_lists  tables that are in no release: which code list holds for them
release_files  tables in the folder of a release, which says itself what they hold
naming         a file's columns under the names of the format, and every record accounted for
records        every record of a text file counted, apart from polars
damage         where a text file stops being a table

Plan
planning       which checks the rows of a table need: its columns over all parts, the keys of other tables
plan           the checks, fused: flags of one frame, and the failures of a row as one bitmask

Pass
checking_rows  all rows through the plan in one stream
reading        the rows of all files as one stream
values         stored values made into values of their column's kind
failing_rows   the rows that fail, kept while all rows pass by
uniqueness     keys that occur twice
summary        counts for the summary of a table
engines        what runs tasks on other machines
cluster        the pass in the tasks of an engine
batches        the same checks on one Arrow batch; spark and dask run them

Report
outcome        what a pass found; good rows, bad rows and failures
outputs        written whole or not at all
report         the findings
folding        faults that make many checks fail, as one finding
repairs        what would fix failing values
"""
