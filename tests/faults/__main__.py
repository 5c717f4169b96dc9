"""Print the faults that check misses, places elsewhere or reports more than once, and the shares."""

import sys

from faults import faults, measure, shares

found = []
wanted = sys.argv[1:]
for result in measure(f for f in faults() if not wanted or any(w in f.kind for w in wanted)):
    found.append(result)
    why = [
        w
        for w, right in (
            ("MISSED", result.caught),
            ("ELSEWHERE", not result.caught or result.placed),
            ("SEVERAL", not result.caught or result.single),
        )
        if not right
    ]
    if why or wanted:
        print(*why, result.fault.name)
        for f in result.findings[:6]:
            print(f"    {f.path}:{f.line}:{f.column} {f.code}: {f.message} = {f.remedy} [{f.closest}]")
print({key: round(value, 3) for key, value in shares(found).items()})
