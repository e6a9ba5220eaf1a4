"""A finished file made ready for the press: no transparency where the standard knows none, colours in ink."""

from __future__ import annotations

from importlib.resources import files

from pikepdf import Pdf

from pubkit.images.separation import Inks, make_inks, profile_name, profile_version
from pubkit.model import Printing
from pubkit.pdf.colour import recolour
from pubkit.pdf.fonts import bare_cff
from pubkit.pdf.opaque import Flattened, flatten

# Sheet-fed offset on coated paper, with no more than 300 % of ink (ISO 12647-2:2004, FOGRA39).
CONDITION = "FOGRA39"
_NEW_PROFILES = 4
_OWN = files("pubkit.pdf").joinpath("profiles", "ISOcoated_v2_300_bas.icc")


def profile_of(printing: Printing) -> bytes:
    """The profile of the printing condition: the publication's, or the one that comes with pubkit."""
    return printing.profile or _OWN.read_bytes()


def condition_of(printing: Printing) -> tuple[str, str]:
    """The name of the printing condition in the registry of the ICC, "" where nobody said it, and what it is."""
    if not printing.profile:
        return CONDITION, "Offset on coated paper, 300 % ink (ISO 12647-2:2004, FOGRA39)"
    return printing.condition, profile_name(printing.profile) or printing.condition


def may_embed(printing: Printing) -> bool:
    """Whether the standard knows the version of the profile: PDF 1.3 is older than version 4 of ICC profiles."""
    return printing.standard != "PDF/X-1a:2001" or profile_version(profile_of(printing)) < _NEW_PROFILES


def make_ready(target: Pdf, printing: Printing) -> Flattened:
    """Turn what is drawn into ink, as `printing` asks for it; gives what was transparent, where that may not be.

    Fonts must be embedded by then. Raises ProfileRefusedError for a profile that is not of CMYK printing.
    """
    inks = Inks() if printing.colour == "gray" else make_inks(profile_of(printing), printing.ink_limit)
    found = Flattened()
    if printing.standard == "PDF/X-1a:2001":
        found = flatten(target, inks)
        bare_cff(target)
    recolour(target, printing, inks)
    return found
