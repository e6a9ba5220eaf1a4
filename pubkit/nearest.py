"""What somebody may have meant: the known word that is most like a written one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SHORT, LONG = 7, 16  # letters of a name that may differ by one, and by two


def nearest(written: str, known: Iterable[str], *, likeness: float = 65) -> str:
    """The known word most like the written one, case apart; empty where none is like it by `likeness` per cent."""
    from rapidfuzz import process, utils

    near = process.extractOne(written, list(known), score_cutoff=likeness, processor=utils.default_process)
    return str(near[0]) if near else ""


def misspelt(written: str, known: Iterable[str]) -> str:
    """The known word that a written one differs from by a letter, or by two where it is long; empty if none."""
    from rapidfuzz import process, utils
    from rapidfuzz.distance import OSA

    plain = utils.default_process(written)
    if len(plain) < SHORT - 2:
        return ""
    most = 2 if len(plain) >= (SHORT + LONG) // 2 else 1
    near = process.extractOne(plain, list(known), scorer=OSA.distance, score_cutoff=most)
    return str(near[0]) if near else ""


def alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names that differ by one letter, or by two where they are long: one is perhaps the other misspelt.

    Case, hyphens and other marks do not count, so that pairs which differ in these alone are told of, too.
    """
    from rapidfuzz import process, utils
    from rapidfuzz.distance import OSA

    known = list(names)
    folded = [utils.default_process(name) for name in known]
    for number, name in enumerate(folded):
        most = 2 if len(name) >= LONG else 1 if len(name) >= SHORT else 0
        if not name:
            continue
        for _, _, other in process.extract_iter(name, folded[number + 1 :], scorer=OSA.distance, score_cutoff=most):
            yield known[number], known[number + 1 + other]
