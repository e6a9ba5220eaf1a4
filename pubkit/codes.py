"""The table of diagnostic codes: severity, wording, hint and the longer explanation of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is: an error stops the output, a warning does not, an info only tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the table; `message` and `hint` are format strings over the facts of the call site."""

    severity: Severity
    message: str
    hint: str
    explanation: str


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: dict[str, Code] = {
    # files
    "file-missing": Code(
        _E,
        "there is no file {name!r}",
        "{suggestion}",
        "A file that a source or pubkit.yaml names was not found. Paths in pubkit.yaml start at its folder; "
        "paths in an article start at the article's folder.",
    ),
    "file-unreadable": Code(
        _E,
        "{name!r} cannot be read: {reason}",
        "give a regular file that you may read",
        "The file exists, but the system did not let pubkit read it, or it is a folder, a pipe or a device.",
    ),
    "file-too-large": Code(
        _E,
        "{name!r} is larger than {limit} bytes",
        "split the article, or make the image smaller",
        "Limits keep one bad file from taking all memory: 4 MB an article, 10 MB a web page, 64 MB an image, 2 MB an SVG.",
    ),
    "path-outside": Code(
        _E,
        "{name!r} leaves the publication's folder",
        "copy the file into the publication's folder and name it there",
        "Sources may come from others, so pubkit reads only below the publication's folder, also through symbolic links.",
    ),
    "encoding-invalid": Code(
        _E,
        "byte {byte} is not UTF-8",
        "save the file as UTF-8",
        "Sources are UTF-8. The place given is that of the first byte that is not.",
    ),
    "character-forbidden": Code(
        _E,
        "the character U+{number:04X} cannot stand in a publication",
        "delete it; most editors show it when invisible characters are made visible",
        "XML 1.0 section 2.2 forbids control characters other than tab and line end, and so do EPUB readers.",
    ),
    "more-of-the-same": Code(
        _I,
        "only the first {shown} diagnostics [{other}] of this file are shown",
        "mend those and run again",
        "One bad file must not bury what is wrong with the others.",
    ),
    # pubkit.yaml and front matter
    "yaml-invalid": Code(
        _E,
        "this is not YAML that can be read: {problem}",
        "look at the line before, too: a quote or a bracket may be open, or a text with `: ` may need quotes",
        "pubkit.yaml and front matter are plain YAML mappings: no tags, no aliases, at most 20 levels deep.",
    ),
    "yaml-tab": Code(
        _E,
        "a tab cannot indent YAML",
        "use spaces",
        "YAML 1.2 section 6.1 forbids tabs in indentation. Most editors can turn tabs into spaces.",
    ),
    "yaml-key-twice": Code(
        _E,
        "the key {key!r} was already given, as {first!r}",
        "keep one of them",
        "With two values for one key nobody can say which is meant. Two spellings of one key (`lang` and "
        "`language`) count as the same key.",
    ),
    "key-unknown": Code(
        _E,
        "there is no key {key!r}",
        "{suggestion}",
        "A key that pubkit does not know would be a wish that nobody hears, so it is an error. docs/sources.md lists the keys.",
    ),
    "key-missing": Code(
        _E,
        "the key {key!r} is missing",
        "add `{last}: …`",
        "A publication needs a title, a person a name, an image a path.",
    ),
    "value-invalid": Code(
        _E,
        "the value of {key!r} is not right: {reason}",
        "docs/sources.md says what the keys of pubkit.yaml and front matter take, docs/themes.md those of theme.yaml",
        "Each key takes one kind of value: a text, a date, a list, true or false.",
    ),
    "manifest-missing": Code(
        _E,
        "there is no pubkit.yaml in the folder {name!r}",
        "add one with at least `title: …`, or name the article files themselves",
        "A publication folder has one pubkit.yaml. Without it, name the articles: `pubkit build a.md b.txt -o out.epub`.",
    ),
    "publication-empty": Code(
        _E,
        "the publication has no articles",
        "list them under `contents:` in pubkit.yaml, or put .md, .txt or .html files into articles/",
        "An EPUB needs at least one content document, and a reader something to read.",
    ),
    "identifier-derived": Code(
        _I,
        "no identifier is given; {identifier} was derived from title, language, people, publisher and number",
        "write an `identifier:` (an ISBN or a UUID) before you publish: it must stay the same when the title changes",
        "EPUB 3.3 wants an identifier that stays the same for the life of the publication.",
    ),
    "modified-unknown": Code(
        _I,
        "nothing says when this was last changed; {date} is written",
        "write `modified:` or `date:` in pubkit.yaml, or set SOURCE_DATE_EPOCH",
        "EPUB 3.3 requires dcterms:modified. pubkit never takes the clock, so that equal input gives equal bytes.",
    ),
    "epoch-invalid": Code(
        _E,
        "SOURCE_DATE_EPOCH is not a number of seconds: {value!r}",
        "set it to seconds since 1970, or unset it",
        "reproducible-builds.org defines SOURCE_DATE_EPOCH; a malformed value should be an error, it says.",
    ),
    # articles
    "article-empty": Code(
        _E,
        "the article has no text",
        "write some, or take the file out of the contents",
        "An article without text would be a blank chapter with a headline.",
    ),
    "article-twice": Code(
        _E,
        "the articles {first!r} and {second!r} have the same slug {slug!r}",
        "give one of them another `slug:` in its front matter",
        "A slug is the article's address in the publication, so no two articles can share it.",
    ),
    "title-missing": Code(
        _W,
        "the article has no title; its file name is used",
        "add `title: …` to the front matter or start the text with `# A title`",
        "Contents, navigation and running heads show the title.",
    ),
    "format-unknown": Code(
        _E,
        "pubkit does not read {suffix!r} files",
        "use .md, .txt or .html",
        "The format of an article is known by the end of its file name.",
    ),
    "front-matter-open": Code(
        _E,
        "front matter starts here and does not end",
        "close it with a line of three hyphens",
        "A first line `---` opens front matter; another line `---` closes it. For a section break write `* * *`.",
    ),
    "conversion-stopped": Code(
        _E,
        "reading the article took more than {limit}",
        "look for thousands of brackets, backticks or tags in a row, or split the article",
        "Some texts make Markdown converters work for hours. Each article is read by a process with limits.",
    ),
    # markup
    "markup-removed": Code(
        _W,
        "{what} was taken out",
        "delete it from the source; publications carry text and pictures, no scripts, forms or players",
        "Raw HTML passes an allow-list. Scripts, styles, forms, frames, players and event attributes do not pass.",
    ),
    "nesting-too-deep": Code(
        _E,
        "the text is nested deeper than {limit} levels",
        "flatten quotes and lists",
        "XML parsers and e-readers cut off what is nested too deep, without a word.",
    ),
    "id-duplicate": Code(
        _W,
        "the id {id!r} is used twice in this article; the second got a number",
        "give the second another id",
        "A link to an id must lead to one place.",
    ),
    "alt-missing": Code(
        _W,
        "the image {name!r} has no alternative text",
        "write what the picture tells: ![A crane in fog](…); for a mere ornament add {{.decorative}}",
        "Who cannot see the picture hears the alternative text (WCAG 1.1.1).",
    ),
    "math-invalid": Code(
        _E,
        "this TeX cannot be read: {tex}",
        "check the braces and the names of the commands",
        "Mathematics is turned into MathML for the EPUB and drawn for print; it must be TeX that the converter knows.",
    ),
    "note-missing": Code(
        _W,
        "there is no note for [^{name}]",
        "write the note: `[^{name}]: …`, or put a backslash before the bracket",
        "The reference would be printed as it stands.",
    ),
    "note-unused": Code(
        _W,
        "nothing refers to the note {name!r}",
        "put [^{name}] where the note belongs, or delete the note",
        "A note without a reference cannot stand at the foot of a page; it is kept at the article's end.",
    ),
    # the index
    "index-empty": Code(
        _W,
        "an entry of the index is empty: {entry!r}",
        "write (((entry))), (((entry, second level))) or ((words))",
        "A mark needs words for each of its levels, and after >> (see), &> (see also) and @> (sorted by) an entry. Such a mark is left out.",
    ),
    "index-deep": Code(
        _W,
        "{entry!r} has {levels} levels, of which the index shows {limit}",
        'put quotation marks around what holds a comma: ((("Lovelace, Ada")))',
        "Commas divide an entry of the index into levels, three at most. What is over is kept in the last of them.",
    ),
    "index-open": Code(
        _W,
        "a mark for the index begins here, and does not end in its paragraph",
        r"write )) or ))) after it; brackets that are text are written \((",
        "((words)) are shown and stand in the index, (((entry))) stands in the index only. Both end in their paragraph.",
    ),
    "index-see": Code(
        _W,
        "the index has no entry {target!r} with a place of its own",
        "{suggestion}",
        "Entries after >> (see) and &> (see also) must be marked somewhere, so that a reader who looks there finds a page. "
        "Levels are divided by commas, as in the entry itself.",
    ),
    # links and images
    "link-broken": Code(
        _E,
        "nothing in this publication answers to {target!r}",
        "{suggestion}",
        "Links to other articles name the file, and a heading after #: other.md#the-heading. They are checked.",
    ),
    "image-missing": Code(
        _E,
        "there is no image {name!r}",
        "{suggestion}",
        "The image file was not found below the publication's folder.",
    ),
    "image-remote": Code(
        _W,
        "the image {name!r} lies on the web and was left out; its alternative text stands in its place",
        "save it beside the article and name the file",
        "A build never fetches anything. In place of the picture its alternative text is set.",
    ),
    "image-invalid": Code(
        _E,
        "{name!r} is not an image that can be used: {reason}",
        "export it again as JPEG, PNG or SVG",
        "Images are decoded once, within limits: 64 MB, 50 megapixels, 20,000 pixels a side; SVG 2 MB, no scripts, no entities.",
    ),
    # theme
    "theme-missing": Code(
        _E,
        "there is no theme {name!r}",
        "{suggestion}",
        "A theme is a folder with a theme.yaml, or the name of a built-in theme (`pubkit themes` lists them).",
    ),
    "theme-invalid": Code(
        _E,
        "the theme does not work here: {problem}",
        "mend the theme file at this place",
        "Templates are Jinja, style sheets are CSS; a fault in them stops the build and leaves the last good output alone.",
    ),
    "font-restricted": Code(
        _E,
        "the font {name!r} must not be used in a publication: {reason}",
        "take a font with a free licence (OFL-1.1), or ask its maker for a file that allows embedding",
        "A font file says in fsType of its OS/2 table (OpenType specification) what its maker allows. pubkit embeds fonts in the "
        "EPUB and in the PDF, as a subset of the characters in use. A font is refused that forbids embedding (2 alone among "
        "the lowest four bits), that forbids subsets (0x0100) or that allows bitmaps only (0x0200).",
    ),
    # accessibility
    "accessibility-claim": Code(
        _E,
        "the claim of {claim!r} does not hold: the check {check!r} ({rule}) fails in {number}",
        "mend what the errors accessibility-fault show, or take the claim out",
        "Conformance is the publisher's statement, and pubkit writes it only where its own checks pass: image-alternatives, "
        "formula-alternatives, headings, links, tables, languages, navigation and, from level AA on, style-sheet. They are "
        "no more than a program can see; whoever certifies looks at the rest.",
    ),
    "accessibility-fault": Code(
        _E,
        "{what} ({rule}), and conformance is claimed",
        "mend it here; the claim stands under `accessibility:` in pubkit.yaml",
        "This is one place where a check of a claimed accessibility standard fails. Without a claim it is no error.",
    ),
    # e-readers
    "reader-rule": Code(
        _E,
        "{reader}, rule {id}: {what}; the rule: {words}",
        "{advice} (source: {source})",
        "A shop refuses such a file, or readers lose a part of it. The rules are data, each with its source: "
        "pubkit/check/readers.toml. `pubkit check --reader` asks for them.",
    ),
    "reader-advice": Code(
        _W,
        "{reader}, rule {id}: {what}; the rule: {words}",
        "{advice} (source: {source})",
        "The publication works there, but not at its best. The rules are data, each with its source: "
        "pubkit/check/readers.toml. `pubkit check --reader` asks for them.",
    ),
    "reader-variant": Code(
        _I,
        "{reader}, rule {id}: {what}; `pubkit build --epub {option}` mends it",
        "build this reader's own EPUB with --epub {option} (source: {source})",
        "The EPUB for all readers has this, the one for this reader alone has not.",
    ),
    # finished files for print
    "preflight-rule": Code(
        _E,
        "{subject}, {id}: {what} ({where}); {words}",
        "{advice} (source: {source})",
        "A printer or a PDF standard refuses such a file, or something of it is lost in print. The rules are data, each with "
        "its source: pubkit/check/preflight.toml. `pubkit check file.pdf --pdf PURPOSE` asks for them; docs/print.md says "
        "what each looks at.",
    ),
    "preflight-advice": Code(
        _W,
        "{subject}, {id}: {what} ({where}); {words}",
        "{advice} (source: {source})",
        "The file can be printed, but somebody should look at this place first. The rules are data, each with its source: "
        "pubkit/check/preflight.toml.",
    ),
    "preflight-info": Code(
        _I,
        "{subject}, {id}: {what} ({where}); {words}",
        "{advice} (source: {source})",
        "What was looked at, and what may be meant as it is.",
    ),
    "preflight-unreadable": Code(
        _E,
        "this cannot be checked as a PDF: {reason}",
        "give the finished PDF itself, without a password",
        "The file is no PDF, is damaged beyond what can be mended, opens only with a password, or takes more time or memory "
        "than a PDF for print needs.",
    ),
    "preflight-stopped": Code(
        _E,
        "{pages}: looking at them {reason}",
        "look for very large or very deeply nested drawings on these pages",
        "Pages are looked at in worker processes with limits of time and memory, for a few kilobytes can keep a reader busy "
        "for hours. The other pages were checked.",
    ),
    # the style sheet for e-readers
    "epub-css-function": Code(
        _E,
        "{name}() does not belong into epub.css: {reason}",
        "write the value without it: a fixed length in em, or per cent",
        "A single `max-width: min(150px, 30vw)` makes Adobe's RMSDK (Digital Editions, Nook, Tolino, side-loaded Kobo "
        "books) call the whole book damaged, while EPUBCheck finds nothing. So only attr(), counter(), counters(), rgb(), "
        "rgba() and url() with a data: address pass.",
    ),
    "epub-css-rule": Code(
        _E,
        "{name} does not belong into epub.css: {reason}",
        "write plain rules, and @media for night colours only",
        "Old readers drop a whole style sheet over an at-rule that they do not know. @media, @page with margins, @charset "
        "and @namespace pass. Fonts are named in theme.yaml.",
    ),
    "epub-css-property": Code(
        _E,
        "{name!r} does not belong into epub.css: {reason}",
        "take the declaration out",
        "EPUB 3.3, section 6.3.1.3, forbids `direction` and `unicode-bidi` (EPUBCheck CSS-001) and warns of `position: fixed` "
        "(CSS-006). Absolute positions, grids, flexible boxes, columns and custom properties fall apart in paged and in old "
        "readers.",
    ),
    "epub-css-old": Code(
        _W,
        "{what} does not reach every e-reader: {reason}",
        "write what old readers know beside it, or do without it",
        "Many e-readers are built on engines of 2010: they know CSS 2.1 and little more, and drop what they do not know. "
        "pubkit lets pass what they know, and newer properties of text that do no harm where they are dropped.",
    ),
    "epub-css-reader": Code(
        _W,
        "{what} is the reader's choice: {reason}",
        "take the declaration out; sizes in em and %, no colours",
        "People read at night, on grey paper, with large letters and in their own typeface. Amazon's guidelines (body text "
        "has all defaults), Kobo's (no ground colours, no sizes of body text) and Readium's (the reader's settings "
        "stand over the book's) ask for the same: no colours and no grounds of text, no sizes in px or pt, no size, leading, "
        "margin or alignment of all text, nothing wider than the screen, no !important. Colours in "
        "@media (prefers-color-scheme: …) and a plate under images pass.",
    ),
    # credits
    "credit-unclear": Code(
        _W,
        "this does not read as a credit: {line!r}{meant}",
        "write `Role: Name, Name and Name`, or a mapping with `role:` and `name:`",
        "Credit lines are parsed into roles and names, so that everybody comes onto the credits page. At the end of a text, a "
        "line is looked at that has the form of one but no known role, a role that may be the head of something else, or "
        "names that are not understood; it stays in the text. If it is a credit, mend it, or put it into `credits:` of the "
        "front matter. The credit of a picture is shown as it is, but who is named there comes onto the credits page only "
        "if it reads as `Photograph: Mary Anning`, or as names alone.",
    ),
    "credit-licence": Code(
        _I,
        "the credit {line!r} names a licence, which is not kept there",
        "say `licence:` beside the picture, or `rights:` for the article",
        "A credit says who made something, a licence what others may do with it. Licences are kept with the picture or article "
        "they are for, so that they can be compared and listed on the page of permissions.",
    ),
    "credit-differs": Code(
        _I,
        "{name!r} is credited with {written!r}; the file itself says {embedded!r}",
        "see which of them is right; what the source says is used",
        "An image file can name its maker in XMP, IPTC or EXIF. Where the source gives no credit the file's is used; "
        "where it gives another, somebody should look, for one of them may be a mistake.",
    ),
    # people and rights
    "person-twice": Code(
        _E,
        "{name!r} belongs to {other!r} already",
        "give each spelling, ORCID and ISNI to one person of `people:`",
        "The registry says who is who. A spelling or a number that belongs to two people would say nothing; nor may an "
        "article give somebody of the registry the number of somebody else.",
    ),
    "person-differs": Code(
        _W,
        "{name!r} has the {kind} {one} in one place and {other} in another",
        "see which is right; two people of one name need names that differ, such as a middle initial",
        "One name is one person, and a person has one ORCID and one ISNI.",
    ),
    "person-near": Code(
        _W,
        "{written!r} is nearly {meant!r}; here they are two people",
        "mend the spelling, or put both into `people:`: as two people, or one as `also:` of the other",
        "Names that differ by a letter or two are most often one name misspelt. pubkit never joins them by itself, for "
        "Anna Berg and Anne Berg may both write for you.",
    ),
    "person-unused": Code(
        _I,
        "no source names {name!r}",
        "nothing, if the registry serves several issues",
        "Nobody appears on the credits page who is in no source: a registry alone credits nobody.",
    ),
    "rights-unstated": Code(
        _W,
        "nothing says whose the picture {name!r} is",
        'give it a credit, a licence or rights: `{{credit="…" licence="…"}}` behind the picture',
        "A picture has a maker and terms. Neither the source nor the file's own data (IPTC, XMP, EXIF) says a word about "
        "them. With `rights: {{strict: true}}` every picture needs a licence or a statement of rights, else it is an error.",
    ),
    "rights-missing": Code(
        _E,
        "the picture {name!r} has neither a licence nor a statement of rights",
        "add `licence` or `rights` to the picture, or to its file (XMP rights)",
        "pubkit.yaml says `rights: {{strict: true}}`: nothing is printed that nobody has cleared.",
    ),
    "licence-not-for-sale": Code(
        _E,
        "{name!r} is under {licence}, which forbids commercial use, and this publication is sold",
        "ask its maker, or take it out; `sold: true` stands under `rights:` in pubkit.yaml",
        "NC, non-commercial (Creative Commons, section 1: not primarily intended for commercial advantage or monetary "
        "compensation).",
    ),
    "licence-no-change": Code(
        _W,
        "{name!r} is under {licence}, which forbids changes, and the page cuts off a part of it",
        "show it whole: as a figure in the text, or in another shape",
        "ND, no derivatives (Creative Commons): a cropped picture may be an adaptation. Covers and opening pictures that "
        "fill the page are cropped to its shape.",
    ),
    "licence-narrower": Code(
        _I,
        "the publication is offered under {whole}, {name!r} is not: {reason}",
        "nothing, if it is meant so: the page of permissions names it as an exception",
        "What is under narrower terms than the whole stays under its own. Readers must be able to see that.",
    ),
    # print
    "print-trim": Code(
        _E,
        "{printer} makes no books of {wanted}; the nearest size is {nearest}",
        "write trim: with that size, or leave it out",
        "Every printer makes books of certain sizes: pubkit/printing.toml has them, each with its source. The trim is the "
        "size of the paper after cutting.",
    ),
    "print-trim-nearest": Code(
        _I,
        "{printer} makes no books of {wanted}, the theme's size; {nearest} is taken",
        "write trim: in `print:` to choose another",
        "Every printer makes books of certain sizes: pubkit/printing.toml has them, each with its source. The theme's own "
        "size is taken where it is among them, else the nearest.",
    ),
    "print-pages": Code(
        _W,
        "the book has {pages} pages; {printer} binds from {least} to {most}",
        "choose another printer, another trim, or more or fewer articles",
        "A spine needs some pages to hold glue, and a machine takes only so many. Blank pages that pubkit added count.",
    ),
    "print-resolution": Code(
        _W,
        "{name} prints at {ppi} ppi ({width} mm wide, page {page}); {needed} needed",
        "give a file with more pixels, or let the picture print smaller",
        "Below the number of pixels an inch that printers ask for, a photograph looks soft; a picture of two colours alone, "
        "with its hard edges, needs twice as many. What counts are the pixels at the printed size, whatever the file says of "
        "itself: pixels / mm × 25.4. A picture that is cut to fit counts at its whole size.",
    ),
    "print-bleed": Code(
        _W,
        "{name} {reaches} the {edge} edge of page {page}; {printer} asks for {bleed} mm of bleed",
        "let the theme's print.css move it out by var(--bleed), or keep it inside the page",
        "The knife errs by a millimetre or two. A picture, a coloured ground or a border that ends at the trimmed edge then shows a line of white paper, so "
        "it must go on beyond the edge. Inner is the edge at the spine.",
    ),
    "print-safe-zone": Code(
        _W,
        "{words!r} stands {distance} the {edge} edge of page {page}; {printer} asks for {safe} mm",
        "move it in, in the theme's print.css or furniture.css",
        "The knife errs by a millimetre or two, and near the spine a page disappears in the fold. So printers ask that nothing "
        "that matters be nearer to the trimmed edge than this; inner is the edge at the spine.",
    ),
    "print-overflow": Code(
        _W,
        "{what} sticks out by {by} mm on page {page}: {words!r}",
        "break the line, or make the table narrower; or give the theme's print.css `overflow-wrap: break-word`, "
        "`white-space: pre-wrap`, `max-width: 100%`",
        "Something is wider than the text block, the column or the box that it stands in: a word that cannot be divided, a line "
        "of code, a table with too many columns, a picture without `max-width`. What the theme lets hang out on purpose, with "
        "a margin or a width, is not meant.",
    ),
    "print-lines-alone": Code(
        _W,
        "{what}",
        "change a word or two before it; or `orphans`, `widows` and `break-after` in the theme's print.css",
        "A single line of a paragraph at the foot or the head of a page, or a heading without its text, looks like a mistake. "
        "Layout avoids it where it may. On paper it is a warning, elsewhere an info, print-lines.",
    ),
    "print-lines": Code(
        _I,
        "{what}",
        "change a word or two before it, if it matters to you",
        "Typesetters avoid single lines of a paragraph on a page, headings at its foot, last lines of less than five letters, "
        "more than two hyphens in a row, and last pages of less than four lines.",
    ),
    "print-hairline": Code(
        _W,
        "a line of {element} is {width} pt thin (page {page})",
        "make it 0.25 pt or more; 0.5 pt where it is not black",
        "Lines below a quarter of a point may print broken, or not at all. On a screen, and on an office printer, they look as "
        "thick as others.",
    ),
    "print-blank": Code(
        _I,
        "{number}, of {total}: {pages}",
        "nothing is wrong; look whether you want them",
        "Articles that start on the right, the first page of the body, and a number of pages that the binding asks for leave "
        "pages blank.",
    ),
    "print-colour": Code(
        _I,
        "{name} is in colour, and is printed in grey (page {page})",
        "look at it in grey: red and green may have become the same",
        "The publication asks for `colour: gray`. Pictures in colour are made grey, and what only colour told is lost.",
    ),
    "profile-invalid": Code(
        _E,
        "the profile cannot be used: {reason}",
        "give the printer's ICC profile of CMYK printing, a file that ends in .icc",
        "Pictures and colours are turned into ink by the ICC profile of the printing condition: one of the class prtr, for CMYK. "
        "Profiles of screens and scanners say nothing about ink. Without `profile:` that of FOGRA39 is used, which comes with pubkit.",
    ),
    "print-drawing-pixels": Code(
        _I,
        "{name!r} is printed as pixels, 600 to the inch, for it is transparent, and {standard} takes nothing transparent",
        "give the drawing solid colours where its lines must be as sharp as the letters",
        "PDF/X-1a has no transparency: no opacity, no soft masks. A drawing that uses it is turned into a picture of the "
        "resolution that printers ask of lines. The other drawings stay lines.",
    ),
    "print-transparency": Code(
        _E,
        "{title!r} is transparent on page {pages}, and {standard} takes nothing transparent",
        "use solid colours in the theme: no opacity, rgba(), box-shadow or mix-blend-mode; or print as PDF/X-4 (`press`, `lulu`)",
        "A printer who asks for PDF/X-1a takes no transparency. pubkit lays pictures on white and makes pixels of drawings; "
        "boxes and letters that shine through cannot be changed without making the whole page a picture, so mend the style sheet.",
    ),
    "archive-unfit": Code(
        _E,
        "this cannot be {standard}, for characters are missing from the theme's fonts",
        "see the warnings [glyph-missing]; or build for the screen",
        "An archive wants files that conform, and a file in which a character is printed as an empty box does not "
        "(ISO 19005-2, 6.2.11.8). Nothing is written.",
    ),
    # the cover for print
    "cover-template-missing": Code(
        _W,
        "the theme {theme!r} has no templates/book-cover.html, so no cover for print is made",
        "extend a theme that has one (`extends: folio`), write one, or say `parts: {{cover: false}}`",
        "A printer wants back, spine and front of a book as one page. docs/print.md says what the template is given.",
    ),
    "cover-spine": Code(
        _I,
        "the cover measures {width} × {height} mm with its bleed; its spine is {spine} mm wide, of {pages} pages on paper {paper} ({leaf} mm a leaf)",
        "check it against the template of {printer}; say `paper:` or `leaf:` in `print:` for another paper",
        "The spine is as wide as half the pages are thick, on the paper that is taken, and some printers add the cover's own. "
        "Papers differ from batch to batch, and printers change them: their own template decides.",
    ),
    "cover-spine-blank": Code(
        _I,
        "the spine carries no words: {reason}",
        "nothing has to be done; a thicker paper or more pages would make room",
        "Covers are folded a little beside their place, so words keep a distance from both folds, and a thin spine has no room.",
    ),
    "cover-text-long": Code(
        _W,
        "the words of the cover's {part} do not fit, even at their smallest",
        "shorten the description, the title or the names of the authors",
        "On the back the description ends above the field for the barcode, on the spine the title between the edges, on the "
        "front the title above the foot. What does not fit there is cut, and a spine without room for its title stays blank.",
    ),
    "cover-cropped": Code(
        _I,
        "{percent} % of the picture {name!r} are cut off {sides}, for it fills the front of the cover",
        "look at the cover, or give a picture of the shape of the page",
        "Pictures for e-readers are usually higher than a page (1:1.6). On paper the picture fills the front and its bleed.",
    ),
    "cover-isbn-missing": Code(
        _I,
        "no ISBN is given for print; the field for the barcode stays empty",
        "write `identifier: {{pdf: 978…}}`; or leave it so, where the printer puts a barcode there",
        "Shops scan the ISBN as an EAN-13. That of the PDF is taken, else one that is given for no format; never the EPUB's.",
    ),
    "layout-failed": Code(
        _E,
        "{title!r} cannot be laid out: {reason}",
        "find the part that does it by taking parts out, and write it in another way; pubkit's authors want to know",
        "WeasyPrint, which lays out the pages, gave up on this document. The others were laid out.",
    ),
    "layout-time": Code(
        _E,
        "laying out {title!r} took longer than {detail}",
        "split the document, or look for very large tables or deeply nested boxes",
        "Every document is laid out in a process of its own with a time limit, "
        "for a few kilobytes can keep it busy for hours.",
    ),
    "layout-memory": Code(
        _E,
        "laying out {title!r} took more memory than {detail}",
        "split the document, or look for very large images and tables",
        "Every document is laid out in a process of its own with a memory limit.",
    ),
    "layout-died": Code(
        _E,
        "the process that laid out {title!r} ended: {detail}",
        "build again; where it happens again, find the part that does it by taking parts out",
        "The process was ended from outside, most often because the machine had no memory left, or a library crashed.",
    ),
    "layout-remark": Code(
        _W,
        "layout says: {reason}",
        "look at the printed page; where it is right, nothing needs to be done",
        "WeasyPrint could not do something that the document asks for, such as a style it does not know.",
    ),
    "theme-css": Code(
        _W,
        "the theme's style sheet asks for something that print does not know: {reason}",
        "mend or delete the rule",
        "WeasyPrint ignored this part of the theme's style sheet.",
    ),
    "furniture-overflows": Code(
        _E,
        "the theme's running heads and folios take {pages} pages instead of {expected}",
        "place .running and .folio inside the sheet, without page breaks, and leave the sheet's own size alone",
        "Running heads and folios are laid over the pages one to one, so every sheet must be one page.",
    ),
    "fetch-refused": Code(
        _W,
        "{url!r} is not part of the publication and was not fetched",
        "put the image into the publication's folder and name it in an article",
        "Layout sees the publication's images and the theme's fonts and nothing else: no network and no files.",
    ),
    "glyph-missing": Code(
        _W,
        "no font of the theme has {characters}",
        "choose a theme with a font for this writing, or write the character in another way",
        "Only fonts of the theme are used, so that a publication looks the same everywhere. "
        "Characters that none of them has are printed as empty boxes.",
    ),
    "math-undrawn": Code(
        _W,
        "the formula {tex!r} cannot be drawn; its TeX is printed",
        "write the formula in a simpler way",
        "Formulas are drawn by ziamath for print. The EPUB has the formula as MathML all the same.",
    ),
    "page-numbers-unsettled": Code(
        _W,
        "the page numbers in {title!r} may be off by one",
        "let the document have a little less or a little more text",
        "The length of this document depends on the page numbers it prints, and they on its length. "
        "After three attempts pubkit takes what there is.",
    ),
    # text and html captures
    "capture-repeats": Code(
        _I,
        "{count} lines that repeat the page's head were left out, the first: {first!r}",
        "nothing needs to be done; to keep a line, change a letter of it",
        "A copied web page often says its headline, site and section two or three times. pubkit keeps each once.",
    ),
    "capture-head": Code(
        _I,
        "{count} lines before the headline were left out, the first: {first!r}",
        "start the file with the headline, or give `title:` in front matter, if these lines belong to the article",
        "What stands between the site's name and the headline of a copied page is its navigation.",
    ),
    "capture-tail": Code(
        _I,
        "{count} lines from {first!r} on were left out: they lead to other articles",
        "if they belong to the article, take that line out",
        "A copied web page ends with headlines of other articles. A short line such as `Related posts`, followed "
        "by nothing but short lines, starts that tail.",
    ),
    "page-cut": Code(
        _E,
        "the page is nested deeper than 2048 elements; what follows is lost",
        "save the page again with its text only, or copy the text into a .txt file",
        "The HTML parser stops at this depth. An article that lost its end must not be published.",
    ),
    "page-flattened": Code(
        _W,
        "the page is nested deeper than {limit} elements; inner ones were taken out, their text was kept",
        "compare the article with the page: lists and quotes inside may have lost their shape",
        "Parsers and e-readers cut what is nested too deep, so pubkit takes out levels that hold nothing of their own first.",
    ),
    "page-no-article": Code(
        _W,
        "no part of the page looks like an article; all but its navigation and asides was taken",
        "look at the result, or copy the text into a .txt or .md file",
        "pubkit looks for the part of a page that has paragraphs of running text and few links.",
    ),
    "page-furniture": Code(
        _I,
        "{left} of the page's {words} words were left out: navigation, comments, other articles",
        "compare the article with the page",
        "As a reader view does, pubkit keeps the article of a saved page and leaves what stands around it.",
    ),
    "page-repeats": Code(
        _I,
        "{count} elements that say headline, names, date or standfirst again were left out, the first: {first!r}",
        "nothing needs to be done",
        "The theme sets headline, names, date and standfirst from the article's metadata; the text need not repeat them.",
    ),
    "page-link-unknown": Code(
        _I,
        "{count} links have no whole address and lost it, the first: {first!r}",
        'add <link rel="canonical" href="https://…"> with the page\'s own address',
        "A relative link means nothing where the page does not say its own address. The words of the link stay.",
    ),
    "page-image-unknown": Code(
        _W,
        "the image {name!r} was not saved with the page and was left out",
        "save the page with its images, or put the file where the page looks for it",
        "An image with a relative address must lie beside the page, and nothing is ever fetched.",
    ),
    "page-text-lost": Code(
        _W,
        "{lost} of the article's {words} words did not pass into the publication",
        "look for text in forms, players and other elements that publications cannot carry",
        "pubkit counts the words of a page before and after it is cleaned, for no text may be lost silently.",
    ),
    # epub
    "epub-invalid": Code(
        _E,
        "EPUBCheck {id}: {text}",
        "look at the theme's templates and style sheet; if they are not the cause, report a fault of pubkit",
        "EPUBCheck, the checker of the W3C, found that the finished file breaks the EPUB 3.3 standard. Shops refuse "
        "such files. The place is the file inside the EPUB. Text that pubkit takes in is clean before it gets there, "
        "so the cause is most often a template or a style sheet of your own.",
    ),
    "epub-warning": Code(
        _W,
        "EPUBCheck {id}: {text}",
        "look at the theme's templates and style sheet; if they are not the cause, report a fault of pubkit",
        "EPUBCheck, the checker of the W3C, warns of something in the finished file that the EPUB 3.3 standard allows "
        "but that some readers or shops do not take well. The place is the file inside the EPUB.",
    ),
    "epub-usage": Code(
        _I,
        "EPUBCheck {id}: {text}",
        "nothing has to be done",
        "EPUBCheck, the checker of the W3C, tells that the finished file uses something unusual, for instance an old "
        "or unknown word of the EPUB vocabulary. The file is valid.",
    ),
    "print-horizontal": Code(
        _W,
        "print cannot have the writing mode {mode}; its lines run horizontally",
        "build the EPUB alone (`-f epub`), or take the print edition as it is",
        "WeasyPrint, which lays out the pages, knows no vertical writing. The EPUB has it.",
    ),
    # Markdown
    "block-unknown": Code(
        _W,
        "there is no block {name!r}",
        "{suggestion}",
        "Blocks open with `/// name` and close with `///`. One that pubkit does not know is printed as it stands.",
    ),
    "block-open": Code(
        _E,
        "the block {name!r} is not closed",
        "close it with a line of three slashes",
        "A block that is not closed takes in the rest of the article.",
    ),
    "attribute-unknown": Code(
        _W,
        "images have no attribute {name!r}",
        "{suggestion}",
        "An attribute that pubkit does not know would be a wish that nobody hears.",
    ),
    "attribute-quotes": Code(
        _E,
        "the value of {name!r} stands in typographic quotation marks",
        'use straight ones: {name}="…"',
        "Word processors curl quotation marks. In attributes only straight ones hold a value of several words together.",
    ),
    "role-unknown": Code(
        _I,
        "{role!r} is no role that pubkit knows; it stands on the credits page as written",
        "{suggestion}",
        "Known words become MARC relator codes, which libraries and shops read. Others are kept, and count as contributions.",
    ),
    "print-text-cut": Code(
        _W,
        "text runs off the printed page, or has no place on it: {text!r}",
        "break the line, or make what cannot be divided lower than the page",
        "What is wider than the paper is cut, and so is what is higher and cannot be divided, say a box in a note. Notes "
        "of any length go on at the foot of the next page. The EPUB has all of it.",
    ),
}
