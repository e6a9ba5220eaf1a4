"""What somebody may have meant: the known word that is most like a written one."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(written: str, known: Iterable[str], *, likeness: float = 65) -> str:
    """The known word most like the written one, case apart; empty where none is like it by `likeness` per cent."""
    from rapidfuzz import process, utils

    near = process.extractOne(written, list(known), score_cutoff=likeness, processor=utils.default_process)
    return str(near[0]) if near else ""
