"""What the report calls things, in a few words for readers who have not seen the codebook."""

QUADS = {
    "1": "1 verbal cooperation",
    "2": "2 material cooperation",
    "3": "3 verbal conflict",
    "4": "4 material conflict",
}
REASONS = {
    "belief": "somebody believes or knows it",
    "commentary": "an observer's analysis",
    "conditional": "only if something else happens",
    "embedded": "content of a denial, accusation or praise",
    "future": "forecast, planned or demanded; not done yet",
    "generic": "a habit or task, at no certain time",
    "historical": "long before the matter of the document",
    "hypothetical": "could, may or might happen",
    "negated": "said not to have happened",
    "no_target": "talk that addresses nobody and is about nobody",
    "out_of_ontology": "the code list has no code for it",
    "state": "how things are, not what was done",
    "unclear": "the text leaves open whether it happened",
}
TRAITS = {
    "hedged": "the text marks doubt",
    "contested": "somebody in the text denies it",
    "attributed to a source": "not the reporter but somebody quoted vouches for it",
    "nominal trigger": 'a noun names the act ("the attack"); an English rule, needs the texts',
    "another event in the same evidence": "the passage that shows it shows another event too",
    "relative or vague date": 'no date is written out: "last week", "recently"',
    "open date": "the first or the last day is unknown",
    "actor or target outside the evidence": "who acts or suffers is named in another sentence",
    "several actors or targets": "one act of or on several parties",
    "no target": "it is done to nobody",
}
"""The traits of `causes.miss_traits`."""
