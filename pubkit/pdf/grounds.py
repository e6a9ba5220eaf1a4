"""What the layout of a document depends on, so that it need not be laid out again while that stays the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pubkit.cache import Work, digest
from pubkit.model import ContentDocument, Edition
from pubkit.theme import faces_digest

_SOURCE = re.compile(r'src="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What layout depends on besides the document itself, as digests."""

    theme: str
    furniture: str
    printing: str
    images: Mapping[str, str]  # by name

    @classmethod
    def of(cls, edition: Edition) -> Grounds:
        """Those of an edition whose page is settled."""
        theme = edition.theme
        common = digest(theme.page, edition.metadata.direction, faces_digest(theme.fonts))
        return cls(
            theme=digest(common, theme.print_css),
            furniture=digest(common, theme.furniture_css),
            printing=digest(replace(edition.printing, at=None)),
            # Pictures made ready lie in files that are named after their content.
            images={
                asset.name: digest(asset.media_type, asset.press.name if isinstance(asset.press, Path) else asset.press)
                for asset in edition.assets
            },
        )

    def of_layout(self, document: ContentDocument, numbers: Mapping[str, str]) -> Work:
        """What the layout of a document depends on."""
        shown = [self.images.get(name, "") for name in _SOURCE.findall(document.body)]
        parts = {
            "text": digest(document.body, document.kind, document.language, document.direction),
            "page numbers": digest(*sorted(numbers.items())),
            "images": digest(*shown),
            "theme": self.theme,
            "printing": self.printing,
        }
        return Work(kind="layout", name=document.name, parts=parts)

    def of_furniture(self, pages: range, xhtml: bytes) -> Work:
        """What the layout of some sheets of furniture depends on."""
        parts = {"text": digest(xhtml), "theme": self.furniture, "printing": self.printing}
        return Work(kind="furniture", name=f"pages from {pages.start + 1}", parts=parts)
