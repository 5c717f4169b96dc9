"""Other formats, in and out. One module for each format; `read(path, documents)` returns an `Intake`.

`records` defines what every reader returns, `documents` the texts that records refer to, `place` turns quotes and
offsets into spans, and `formats` names the readers and recognises files. `score` and `import` share them.
"""
