"""Lists of words as roles.toml and names.toml have them."""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """The words of a text with commas, over as many lines as it has: "text, texts, words"."""
    return tuple(word for word in map(str.strip, text.split(",")) if word)
