"""What things are: spans of text, dates, action codes, actors and ids.

Pure functions and frozen values. Nothing here reads a file or imports another part of standoff, so every
rule of the coding that these modules state can be tested with a value and no dataset.

``spans``    stretches of untouched text, their offsets, and what surrounds them
``quotes``   quotes found in untouched text
``closest``  the passage that is most like a quote which is not there
``dates``    event dates: a small profile of EDTF, its bounds, and the precision scales of other datasets
``actors``   the actor registry, and actor codes that hold for a time
``graphs``   circles where there should be none
``ids``      the permanent ids of documents, events, negatives and dyads
``versions`` version numbers of releases: their order and their steps
"""
