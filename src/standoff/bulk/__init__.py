"""Tables of any size under the same rules: one streaming pass, bounded memory, the same findings.

profiles    which columns a table has: ours, GDELT's, ICEWS's, or those a file of yours describes
sources     files and what can be told of them before their rows are read
engine      the pass itself, and what it leaves behind
uniqueness  keys that stand twice
outputs     rows that passed and rows that failed, written while they are checked
report      the findings
batches     the same checks on one Arrow batch, for Spark, Dask and anything else
"""
