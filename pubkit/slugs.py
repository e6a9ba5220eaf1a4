"""Text made into identifiers: ASCII letters, digits and hyphens."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# What NFKD does not take apart. Cyrillic follows the usual newspaper spelling, Greek its sound letter by letter.
_LATIN = "ß ss|æ ae|œ oe|ø o|ł l|đ d|ð d|þ th|ħ h|ı i|ĸ k|ŋ ng|ŧ t|ƒ f|ə e|ɓ b|ɗ d|ƙ k|ɣ g|ɔ o|ɛ e|ɩ i|ʊ u|ʋ v|ŀ l"
_CYRILLIC = (
    "а a|б b|в v|г g|ґ g|д d|ђ dj|ѓ g|е e|ё e|є ye|ж zh|з z|ѕ dz|и i|і i|ї yi|й y|ј j|к k|ќ k|л l|љ lj|м m|н n|њ nj|"
    "о o|п p|р r|с s|т t|ћ c|у u|ў u|ф f|х kh|ц ts|ч ch|џ dz|ш sh|щ shch|"
    "ъ |ы y|ь |э e|ю yu|я ya|ә a|ғ g|қ k|ң n|ө o|ұ u|ү u|һ h"
)
_GREEK = "α a|β v|γ g|δ d|ε e|ζ z|η i|θ th|ι i|κ k|λ l|μ m|ν n|ξ x|ο o|π p|ρ r|σ s|ς s|τ t|υ y|φ f|χ ch|ψ ps|ω o"
_SPELLED = str.maketrans(
    {
        letter: ascii_form
        for row in (_LATIN, _CYRILLIC, _GREEK)
        for letter, _, ascii_form in (pair.partition(" ") for pair in row.split("|"))
    }
    | dict.fromkeys("'’ʼ‘`´", "")  # "d’été" is "dete", "foto's" is "fotos"
    | {"&": " and ", "@": " at "}
)


def slug(text: str) -> str:
    """The text as an identifier of ASCII a-z, 0-9 and single hyphens, never empty; the same for a slug itself.

    Latin, Cyrillic and Greek are spelled in ASCII. A text of which nothing is left gives "x" and 12 hexadecimal
    digits of its BLAKE2 hash, so that two Chinese titles differ. Slugs of different texts may be equal.
    """
    composed = unicodedata.normalize("NFC", text).casefold().translate(_SPELLED)  # й before NFKD makes it и
    apart = unicodedata.normalize("NFKD", composed).casefold().translate(_SPELLED)
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return found or "x" + hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
