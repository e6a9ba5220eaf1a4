"""Build a publication folder and say what came out, and what to mend."""

import sys

import pubkit

built = pubkit.build(sys.argv[1], outputs=sys.argv[2:])
for diagnostic in built.report.sorted():
    print(diagnostic)  # articles/one.md:4:30: error [link-broken] nothing in this publication answers to 'two.md'
for path in built.outputs:
    print(path)
print(f"{built.pages} printed pages")
