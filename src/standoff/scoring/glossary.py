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
    "no_target": "a statement that is not addressed to anyone and not about an actor",
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
    "no target": "nobody is named as the target",
}
"""The traits of `causes.miss_traits`."""
WAYS = {
    "quote": "by searching for the quoted words",
    "quote, spelled otherwise": "by searching for the quoted words, which the document spells otherwise (case, spaces, marks, words "
    "left out at an ellipsis)",
    "quote; offsets wrong": "by searching for the quoted words, because they are not at the stated offsets",
    "quote, spelled otherwise; offsets wrong": "by searching for the quoted words, which are not at the stated offsets and are "
    "spelled otherwise",
    "code points": "by offsets in code points, checked against the quoted words",
    "UTF-16": "by offsets in UTF-16 units, checked against the quoted words",
    "bytes": "by offsets in bytes, checked against the quoted words",
}
"""How a trigger was placed (`exchange.place`); other ways name the unit of their offsets."""
SIGNATURE = {
    "gold": "the release or dataset that is the gold",
    "sha256": "first digits of the checksum of the gold",
    "scorer": "version of standoff",
    "rule": "number of the rule of matching (--explain); a new number means that pairs can differ",
    "match": "what record and gold event must share: the trigger, the sentence or only the document (--match)",
    "codes": "the list of action codes that is scored in (--codes)",
    "actor": "what makes two parties equal: code, id (registry entry) or country (--actor)",
    "located": "whether the texts of the documents were known: yes, part or no (--texts)",
    "documents": "how many documents are scored (--documents)",
    "events": "how many gold events they have",
    "exclude": "faults whose records are left out (--exclude)",
    "support": "least gold events of a root code that counts in macro F1 (--support)",
    "ci": "how often the bootstrap draws; 0: no intervals (--ci)",
    "seed": "where the random draws start, so that they can be repeated (--seed)",
}
"""The fields of `Score.signature`."""
