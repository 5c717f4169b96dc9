"""Tables of any size under the same rules: one streaming pass, bounded memory, the same findings.

run         files to one report: what the command line calls
profiles    which columns a table has: ours, GDELT's, ICEWS's, or those a file of yours describes
sources     files and what can be told of them before their rows are read
packed      files that are unpacked first
damage      where a text file stops being a table
plan        the checks, fused: flags of one frame, and a row's failures as one bitmask
engine      the pass itself, and what it leaves behind
uniqueness  keys that stand twice
outputs     rows that passed and rows that failed, whole or not at all
remedies    what would mend failing values
report      the findings
batches     the same checks on one Arrow batch; spark and dask hand it theirs, cluster is what they share
"""
