"""The rules: one module for each thing that rules look at. docs/architecture.md says where a new rule goes.

rule         what a rule is, and how one is written
catalogue    the list of all rules
context      what rules are given besides the subject
runner       runs the rules over a dataset
checks       the rules over a table as expressions; lookups and expressions serve them
pages        the page of each rule: docstring and example
"""
