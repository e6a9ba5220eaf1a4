"""The five stages by hand: read, resolve, typeset, write, check."""

import sys
from pathlib import Path

import pubkit

folder, target = Path(sys.argv[1]), Path(sys.argv[2])
report = pubkit.Report()
publication = pubkit.resolve(pubkit.read(folder, report), report)
theme = pubkit.load_theme("folio", report)
if theme and report.ok:
    edition = pubkit.typeset(publication, theme, report)
    with target.open("wb") as stream:
        pubkit.write_epub(edition, stream)
    for article in publication.articles:
        names = [f"{credit.person.name} ({credit.role.code})" for credit in article.credits]
        print(article.id, *names, sep=", ")
    pubkit.check_epub(target, report)
for diagnostic in report.sorted():
    print(diagnostic)
