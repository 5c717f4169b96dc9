"""How good an event coder is, against coded records: `standoff.score` and `standoff score`.

`gold` reads a release or a dataset, `acts` brings gold and predictions into one form, `matching` pairs them, `ladder`
counts what each pair gets right, `causes` says why the others are wrong, `resampling` adds intervals, `baselines`
and the passes of the gold give figures to compare with, `run` puts all of it together, `report` shows it.
"""
