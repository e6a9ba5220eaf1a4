"""Parts of WeasyPrint replaced for a while: of the one version that pubkit knows so well, and of no other."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

VERSION = "70.0"
"""The version of which parts are replaced. The tests of each module that does so fail with another, and say why."""


@contextlib.contextmanager
def replaced(*parts: tuple[Any, str, Callable[[Any], Any]]) -> Iterator[None]:
    """Put in the place of each part (owner, name) what the function makes of it, and the part back at the end.

    With another version of WeasyPrint nothing is replaced.
    """
    import weasyprint

    if weasyprint.__version__ != VERSION:
        yield
        return
    originals = [(owner, name, getattr(owner, name)) for owner, name, _ in parts]
    for (owner, name, original), (_, _, replacement) in zip(originals, parts, strict=True):
        setattr(owner, name, replacement(original))
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)
