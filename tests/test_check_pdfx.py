"""PDF/X: one good file of each standard, and files that break exactly one rule each."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from print_sample import X1A, X4, XMP, box, found, good, ids, jpeg, messages, profile, report_of, written

from pubkit.check.preflight import preflight_rules

Change = Callable[[Pdf], None]
BOTH = (X1A, X4)


def test_the_good_files_have_no_finding(tmp_path: Path) -> None:
    for standard in BOTH:
        path = written(good(standard), tmp_path / "good.pdf", standard)
        assert found(path) == []
        assert found(path, "press") == []
        (told,) = report_of(path).diagnostics
        assert f"{standard}, checked: 4 pages looked at by " in told.message
        assert f"as {standard}" in told.message


# Ways to break a file. Each is a small function over the opened file.


def page_of(pdf: Pdf) -> Any:
    return pdf.pages[1].obj


def no(key: str) -> Change:
    """A page without an entry."""
    return lambda pdf: page_of(pdf).__delitem__(key)


def page(**entries: Callable[[Pdf], Any]) -> Change:
    """A page with other entries."""

    def change(pdf: Pdf) -> None:
        for key, make in entries.items():
            page_of(pdf)[f"/{key}"] = make(pdf)

    return change


def root(**entries: Callable[[Pdf], Any]) -> Change:
    """A catalogue with other entries."""

    def change(pdf: Pdf) -> None:
        for key, make in entries.items():
            pdf.Root[f"/{key}"] = make(pdf)

    return change


def info(key: str, value: Any) -> Change:
    """Document information with another entry, or (None) without it."""

    def change(pdf: Pdf) -> None:
        if value is None:
            del pdf.trailer.Info[f"/{key}"]
        else:
            pdf.trailer.Info[f"/{key}"] = value

    return change


def xmp(old: str, new: str) -> Change:
    """XMP in which something is written differently."""
    assert old in XMP

    def change(pdf: Pdf) -> None:
        pdf.Root.Metadata.write(XMP.replace(old, new).encode("utf-8"))

    return change


def drawn(operators: str, **resources: Callable[[Pdf], Any]) -> Change:
    """More content on a page, with more resources: ExtGState=…, XObject=… are taken into their dictionary as /X."""

    def change(pdf: Pdf) -> None:
        for kind, make in resources.items():
            table = page_of(pdf).Resources.get(f"/{kind}", Dictionary())
            table["/X"] = make(pdf)
            page_of(pdf).Resources[f"/{kind}"] = table
        content = page_of(pdf).Contents.read_bytes()
        page_of(pdf).Contents = pdf.make_stream(content + operators.encode("ascii"))

    return change


def state(**entries: Any) -> Change:
    """A graphics state that is set."""
    return drawn("/X gs\n", ExtGState=lambda pdf: pdf.make_indirect(Dictionary(Type=Name.ExtGState, **entries)))


def intent(**entries: Any) -> Change:
    """An output intent with other entries; None takes one out."""

    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            if value is None:
                del pdf.Root.OutputIntents[0][f"/{key}"]
            else:
                pdf.Root.OutputIntents[0][f"/{key}"] = value(pdf) if callable(value) else value

    return change


def pictured(content: bytes = b"", **entries: Any) -> Change:
    """Another image, of 40 × 40 pixels a centimetre and a half wide … 300 ppi and more."""

    def make(pdf: Pdf) -> Stream:
        stream = pdf.make_stream(content or bytes(40 * 40 * 4))
        stream.Type, stream.Subtype, stream.Width, stream.Height = Name.XObject, Name.Image, 40, 40
        stream.BitsPerComponent, stream.ColorSpace = 8, Name.DeviceCMYK
        for key, value in entries.items():
            stream[f"/{key}"] = value(pdf) if callable(value) else value
        return stream

    return drawn("q 9 0 0 9 200 200 cm /X Do Q\n", XObject=make)


def mask(pdf: Pdf) -> Stream:
    made = pdf.make_stream(bytes(1600))
    made.Type, made.Subtype, made.Width, made.Height = Name.XObject, Name.Image, 40, 40
    made.BitsPerComponent, made.ColorSpace = 8, Name.DeviceGray
    return made


def encoded(name: Name, content: bytes) -> Change:
    """An image in a filter that pikepdf need not know, its bytes as they are."""

    def make(pdf: Pdf) -> Stream:
        stream = pdf.make_stream(b"")
        stream.write(content, filter=name)
        stream.Type, stream.Subtype, stream.Width, stream.Height = Name.XObject, Name.Image, 40, 40
        stream.BitsPerComponent, stream.ColorSpace = 8, Name.DeviceGray
        return stream

    return drawn("q 9 0 0 9 200 200 cm /X Do Q\n", XObject=make)


def annotation(kind: str, *rectangle: float) -> Change:
    """A page with an annotation, its rectangle in mm."""

    def made(pdf: Pdf) -> Any:
        over = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=box(*rectangle))
        return Array([pdf.make_indirect(over)])

    return page(Annots=made)


def form(content: bytes = b"", **entries: Any) -> Callable[[Pdf], Any]:
    def make(pdf: Pdf) -> Stream:
        stream = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 300]))
        for key, value in entries.items():
            stream[f"/{key}"] = value(pdf) if callable(value) else value
        return stream

    return make


def area(values: str, space: Callable[[Pdf], Any]) -> Change:
    """Something painted in a colour space."""
    return drawn(f"/X cs {values} scn 200 200 9 9 re f\n", ColorSpace=space)


def calibrated(pdf: Pdf) -> Any:
    return Array([Name.ICCBased, pdf.make_stream(profile(space=b"RGB "), N=3)])


def profiled(content: bytes) -> Change:
    """An output intent with another profile."""
    return intent(DestOutputProfile=lambda pdf: pdf.make_stream(content, N=4))


def scripts(pdf: Pdf) -> Any:
    return Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script(pdf)])))


def script(_pdf: Pdf) -> Any:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def attachment(pdf: Pdf) -> Any:
    stream, name = pdf.make_stream(b"words", Type=Name.EmbeddedFile), String("a.txt")
    file = pdf.make_indirect(Dictionary(Type=Name.Filespec, F=name, UF=name, EF=Dictionary(F=stream)))
    return Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a.txt"), file])))


def layers(**setting: Any) -> Callable[[Pdf], Any]:
    def make(pdf: Pdf) -> Any:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Notes")))
        return Dictionary(OCGs=Array([group]), D=Dictionary(Name=String("usual"), Order=Array([group]), **setting))

    return make


def outline(pdf: Pdf) -> None:
    with pdf.open_outline() as opened:
        opened.root.append(pikepdf.OutlineItem("One", 0))


def unembedded(pdf: Pdf) -> None:
    del page_of(pdf).Resources.Font.F1.FontDescriptor.FontFile2


def base_14(pdf: Pdf) -> None:
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    drawn("BT /X 10 Tf 100 300 Td (More) Tj ET\n", Font=lambda _: helvetica)(pdf)


def type_3(pdf: Pdf) -> None:
    letter = pdf.make_stream(b"500 0 0 0 500 500 d1 0 0 500 500 re f")
    made = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 500, 500]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(a=letter),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a])),
        FirstChar=97,
        LastChar=97,
        Widths=Array([500]),
    )
    drawn("BT /X 10 Tf 100 300 Td (a) Tj ET\n", Font=lambda _: made)(pdf)


def shading(space: Any) -> Change:
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1)
    made = Dictionary(ShadingType=2, ColorSpace=space, Coords=Array([0, 0, 9, 9]), Function=function)
    return drawn("q 200 200 20 20 re W n /X sh Q\n", Shading=lambda _: made)


def tile(content: bytes) -> Change:
    def make(pdf: Pdf) -> Any:
        stream = pdf.make_stream(content, PatternType=1, PaintType=1, TilingType=1, XStep=9, YStep=9)
        stream.BBox, stream.Resources = Array([0, 0, 9, 9]), Dictionary()
        return stream

    return drawn("/Pattern cs /X scn 200 200 20 20 re f\n", Pattern=make)


def second_intent(pdf: Pdf) -> None:
    pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])


SPOT_OF_RGB = Array([Name.Separation, Name("/Sea"), Name.DeviceRGB, Dictionary(FunctionType=2)])
RGB_LIST = Array([Name.Indexed, Name.DeviceRGB, 0, String(b"\1\2\3")])
OPI = Dictionary({"/2.0": Dictionary(Type=Name.OPI, Version=2.0)})
LAB = Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))])
IN_TEXT = "BI /W 9 /H 9 /CS /RGB /BPC 8 ID " + "a" * 243 + " EI"
RGB_GROUP = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
GROUP = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK)

# What is done to the good file, for which standards it is a fault, and the one rule that finds it.
BROKEN: list[tuple[str, Change, tuple[str, ...], str]] = [
    ("no TrimBox", no("/TrimBox"), BOTH, "x-trim-box"),
    ("TrimBox and ArtBox", page(ArtBox=lambda _: box(3, 3, 151, 213)), BOTH, "x-one-trim-box"),
    ("BleedBox outside", page(BleedBox=lambda _: box(-1, 0, 154, 216)), BOTH, "x-bleed-box"),
    ("TrimBox outside", page(BleedBox=lambda _: box(4, 0, 154, 216)), BOTH, "x-trim-inside"),
    ("RGB text", drawn("1 0 0 rg BT /F1 10 Tf 100 300 Td (More) Tj ET\n"), BOTH, "x-colours"),
    ("RGB area", drawn("1 0 0 rg 200 200 9 9 re f\n"), BOTH, "x-colours"),
    ("RGB line", drawn("1 0 0 RG 200 200 m 250 200 l S\n"), BOTH, "x-colours"),
    ("RGB in a form", drawn("/X Do\n", XObject=form(b"1 0 0 rg 9 9 9 9 re f")), BOTH, "x-colours"),
    ("RGB in a tile", tile(b"1 0 0 rg 0 0 9 9 re f"), BOTH, "x-colours"),
    ("a spot colour made of RGB", area("1", lambda _: SPOT_OF_RGB), BOTH, "x-colours"),
    ("an ICC colour", area("1 0 0", calibrated), (X1A,), "x-colours"),
    ("Lab", area("50 0 0", lambda _: LAB), (X1A,), "x-colours"),
    ("RGB image", pictured(jpeg(), ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode), BOTH, "x-image-colours"),
    ("image of RGB colours by number", pictured(bytes(1600), ColorSpace=RGB_LIST), BOTH, "x-image-colours"),
    ("RGB in the text of the page", drawn(f"q 2 0 0 2 200 200 cm {IN_TEXT} Q\n"), BOTH, "x-image-colours"),
    ("RGB shading", shading(Name.DeviceRGB), BOTH, "x-shading-colours"),
    ("JPEG 2000", encoded(Name.JPXDecode, b"\0"), (X1A,), "x-jpeg-2000"),
    ("JBIG2", encoded(Name.JBIG2Decode, b"\0"), (X1A,), "x-jbig2"),
    ("LZW", encoded(Name.LZWDecode, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"), BOTH, "x-lzw"),
    ("soft mask of an image", pictured(SMask=mask), (X1A,), "x-soft-masks"),
    ("soft mask of a state", state(SMask=Dictionary(S=Name.Alpha)), (X1A,), "x-soft-masks"),
    ("ca 0.5", state(ca=0.5), (X1A,), "x-opacity"),
    ("CA 0.5", state(CA=0.5), (X1A,), "x-opacity"),
    ("Multiply", state(BM=Name.Multiply), (X1A,), "x-blend-modes"),
    ("Multiply in a list", state(BM=Array([Name.Multiply, Name.Normal])), (X1A,), "x-blend-modes"),
    ("group of a page", page(Group=lambda _: GROUP), (X1A,), "x-groups"),
    ("group of a form", drawn("/X Do\n", XObject=form(b"0 0 9 9 re f", Group=GROUP)), (X1A,), "x-groups"),
    ("group in RGB", page(Group=lambda _: RGB_GROUP), (X4,), "x-group-colours"),
    ("comment on the page", annotation("Text", 50, 50, 60, 60), BOTH, "x-annotations"),
    ("comment in the bleed", annotation("Text", 0.5, 50, 1, 60), BOTH, "x-annotations"),
    ("printer's mark", annotation("PrinterMark", 50, 50, 60, 60), (X1A,), "x-annotations"),
    ("bookmarks", outline, BOTH, "x-bookmarks"),
    ("no output intent", lambda pdf: pdf.Root.__delitem__("/OutputIntents"), BOTH, "x-output-intent"),
    ("two output intents", second_intent, BOTH, "x-output-intent"),
    ("intent for PDF/A", intent(S=Name.GTS_PDFA1), BOTH, "x-output-intent"),
    ("no condition", intent(OutputConditionIdentifier=None), BOTH, "x-output-condition"),
    ("neither registry nor words", intent(RegistryName=None, Info=None), BOTH, "x-output-info"),
    ("no profile", intent(DestOutputProfile=None), (X4,), "x-output-profile"),
    ("no profile and no registry", intent(DestOutputProfile=None, RegistryName=None), BOTH, "x-output-profile"),
    ("no profile but words", profiled(b"no profile"), (X4,), "x-output-profile"),
    ("profile of a screen", profiled(profile(b"mntr")), BOTH, "x-profile-kind"),
    ("profile of Lab", profiled(profile(space=b"Lab ")), (X1A,), "x-profile-kind"),
    ("profile of version 4", profiled(profile(major=4)), (X1A,), "x-profile-version"),
    ("profile of version 5", profiled(profile(major=5)), BOTH, "x-profile-version"),
    ("no conformance", info("GTS_PDFXConformance", None), (X1A,), "x-identifier"),
    ("another identifier", info("GTS_PDFXVersion", String("PDF/X-1a:2001")), (X1A,), "x-identifier"),
    ("no title", info("Title", None), (X1A,), "x-info"),
    ("blank title", info("Title", String(" ")), (X1A,), "x-info"),
    ("no creation date", info("CreationDate", None), (X1A,), "x-info"),
    ("no change date", info("ModDate", None), (X1A,), "x-info"),
    ("no Trapped", info("Trapped", None), (X1A,), "x-trapped"),
    ("Trapped unknown", info("Trapped", Name.Unknown), BOTH, "x-trapped"),
    ("no version in XMP", xmp("<xmpMM:VersionID>1</xmpMM:VersionID>", ""), (X4,), "x-metadata"),
    ("no title in XMP", xmp("Tide lines", ""), (X4,), "x-metadata"),
    ("no creation date in XMP", xmp(' xmp:CreateDate="2026-11-22T10:20:30Z"', ""), (X4,), "x-metadata"),
    ("another title", info("Title", String("Tidelines")), (X4,), "x-same-metadata"),
    ("another date", info("ModDate", String("D:20261122102130Z")), (X4,), "x-same-metadata"),
    ("unembedded font", unembedded, BOTH, "fonts-embedded"),
    ("Helvetica", base_14, BOTH, "fonts-embedded"),
    ("font of type 3", type_3, BOTH, "type-3"),
    ("OPI", drawn("/X Do\n", XObject=form(OPI=OPI)), BOTH, "x-opi"),
    ("PostScript", drawn("/X Do\n", XObject=lambda pdf: pdf.make_stream(b"", Subtype=Name.PS)), BOTH, "x-postscript"),
    ("PostScript of a form", drawn("/X Do\n", XObject=form(Subtype2=Name.PS)), BOTH, "x-postscript"),
    ("transfer function", state(TR=Name.Identity), BOTH, "x-transfer"),
    ("other transfer function", state(TR2=Name.Identity), BOTH, "x-transfer"),
    ("halftone of type 6", state(HT=Dictionary(HalftoneType=6)), BOTH, "x-halftone"),
    ("halftone with a name", state(HT=Dictionary(HalftoneType=1, HalftoneName=String("dots"))), BOTH, "x-halftone"),
    ("halftone phase", state(HTP=Array([0, 0])), BOTH, "x-halftone"),
    ("alternate image", pictured(Alternates=Array([])), BOTH, "x-alternates"),
    ("content elsewhere", drawn("/X Do\n", XObject=form(F=Dictionary(F=String("a.pdf")))), BOTH, "x-external"),
    ("page of another file", drawn("/X Do\n", XObject=form(Ref=Dictionary(F=String("a.pdf")))), BOTH, "x-external"),
    ("page of one plate", page(SeparationInfo=lambda _: Dictionary(DeviceColorant=Name.Cyan)), BOTH, "x-preseparated"),
    ("JavaScript", root(Names=scripts), BOTH, "x-javascript"),
    ("JavaScript on opening", root(OpenAction=script), BOTH, "x-javascript"),
    ("action on opening", root(OpenAction=lambda _: Dictionary(S=Name.Named, N=Name.Print)), BOTH, "x-actions"),
    ("action of a page", page(AA=lambda _: Dictionary(O=Dictionary(S=Name.URI))), BOTH, "x-actions"),
    ("embedded file", root(Names=attachment), BOTH, "x-attachments"),
    ("form", root(AcroForm=lambda _: Dictionary(Fields=Array([Dictionary(T=String("a"))]))), BOTH, "x-forms"),
    ("layers", root(OCProperties=layers()), (X1A,), "x-layers"),
    ("layers that change", root(OCProperties=layers(AS=Array([]))), BOTH, "x-layers"),
    ("the CropBox is shown", root(ViewerPreferences=lambda _: Dictionary(ViewArea=Name.CropBox)), BOTH, "x-view-boxes"),
]  # fmt: skip


CASES = [(name, change, standard, rule) for name, change, standards, rule in BROKEN for standard in standards]


@pytest.mark.parametrize(("name", "change", "standard", "rule"), CASES, ids=[f"{case[0]}, {case[2]}" for case in CASES])
def test_one_fault_is_found_by_one_rule(name: str, change: Change, standard: str, rule: str, tmp_path: Path) -> None:
    assert name
    pdf = good(standard)
    change(pdf)
    assert ids(written(pdf, tmp_path / "broken.pdf", standard)) == {rule}


@pytest.mark.parametrize(("name", "change", "standards", "rule"), BROKEN, ids=[case[0] for case in BROKEN])
def test_what_one_standard_allows_is_no_fault(
    name: str, change: Change, standards: tuple[str, ...], rule: str, tmp_path: Path
) -> None:
    assert name
    if standards == (X1A,) and rule not in ("x-identifier", "x-info", "x-trapped", "x-profile-kind"):
        pdf = good(X4)
        change(pdf)
        assert ids(written(pdf, tmp_path / "allowed.pdf", X4)) <= {"x-same-metadata"}


# What lies in the bytes of the file, not in its objects


@pytest.mark.parametrize("standard", BOTH)
def test_a_later_version(standard: str, tmp_path: Path) -> None:
    later = {X1A: "1.4", X4: "1.7"}[standard]
    path = written(good(standard), tmp_path / "a.pdf", standard, force_version=later)
    assert ids(path) == {"x-version"}
    pdf = good(standard)
    pdf.Root.Version = Name(f"/{later}")
    assert ids(written(pdf, tmp_path / "b.pdf", standard)) == {"x-version"}


@pytest.mark.parametrize("standard", BOTH)
def test_a_crypt_filter(standard: str, tmp_path: Path) -> None:
    pdf = good(standard)
    encoded(Name("/Cripz"), b"\0")(pdf)  # qpdf writes no crypt filter
    path = written(pdf, tmp_path / "a.pdf", standard, lambda content: content.replace(b"/Cripz", b"/Crypt"))
    assert ids(path) == {"x-crypt"}


def older(content: bytes) -> bytes:
    """The same bytes, which say that they are PDF 1.3."""
    return re.sub(rb"^%PDF-1\.\d", b"%PDF-1.3", content)


def test_object_streams(tmp_path: Path) -> None:
    packed = {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "force_version": "1.5"}
    path = written(good(X1A), tmp_path / "a.pdf", X1A, older, **packed)
    assert ids(path) == {"x-object-streams"}
    assert ids(written(good(X4), tmp_path / "b.pdf", X4, **packed)) == set()


@pytest.mark.parametrize("standard", BOTH)
def test_no_id(standard: str, tmp_path: Path) -> None:
    path = written(good(standard), tmp_path / "a.pdf", standard, lambda content: content.replace(b"/ID", b"/Id"))
    assert ids(path) == {"x-id"}


@pytest.mark.parametrize("standard", BOTH)
def test_encryption(standard: str, tmp_path: Path) -> None:
    lock = pikepdf.Encryption(owner="o", user="", R=3, aes=False, metadata=False)
    path = written(good(standard), tmp_path / "a.pdf", standard, older, encryption=lock, force_version="1.4")
    assert ids(path) == {"x-encrypted"}


def test_a_mediabox_that_begins_elsewhere(tmp_path: Path) -> None:
    for standard in BOTH:
        pdf = good(standard)
        for each in pdf.pages:
            for key in ("/MediaBox", "/BleedBox", "/TrimBox"):
                each.obj[key] = Array([float(side) - 10 for side in each.obj[key]])
            each.obj.Contents.write(b"1 0 0 1 -10 -10 cm " + each.obj.Contents.read_bytes())
        path = written(pdf, tmp_path / "a.pdf", standard)
        assert found(path) == [("x-origin", "warning")]
        (message,) = messages(path, "x-origin")
        assert message.startswith(f"{standard}, x-origin: the MediaBox begins at -3.5, -3.5 mm (pages 1–4); ")


def test_a_wrong_identifier_in_xmp(tmp_path: Path) -> None:
    pdf = good(X4)
    pdf.trailer.Info.GTS_PDFXVersion = String("PDF/X-4")
    xmp("<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>", "")(pdf)
    assert ids(written(pdf, tmp_path / "a.pdf")) == {"x-identifier"}


def test_an_annotation_outside_the_bleed_is_allowed(tmp_path: Path) -> None:
    for standard in BOTH:
        pdf = good(standard)
        for each in pdf.pages:
            each.obj.MediaBox = box(0, 0, 174, 216)
        annotation("Text", 160, 50, 170, 60)(pdf)
        assert ids(written(pdf, tmp_path / "a.pdf", standard)) == set()


def test_rgb_with_a_default_space_is_calibrated_and_x_4_takes_it(tmp_path: Path) -> None:
    pdf = good(X4)
    page_of(pdf).Resources.ColorSpace = Dictionary(DefaultRGB=calibrated(pdf))
    drawn("1 0 0 rg 200 200 9 9 re f\n")(pdf)
    assert ids(written(pdf, tmp_path / "a.pdf")) == set()


def test_unused_resources_break_no_rule_about_colours(tmp_path: Path) -> None:
    pdf = good(X1A)
    page_of(pdf).Resources.ColorSpace = Dictionary(A=Name.DeviceRGB, B=Array([Name.Lab, Dictionary()]))
    assert ids(written(pdf, tmp_path / "a.pdf", X1A)) == set()


def test_transparency_is_allowed_in_x_4_and_told_of_for_kdp(tmp_path: Path) -> None:
    pdf = good(X4)
    state(ca=0.5)(pdf)
    path = written(pdf, tmp_path / "a.pdf")
    assert ids(path) == set()
    assert messages(path, "transparency", "kdp") == [
        "kdp, transparency: opacity 0.5 (page 2); KDP wants transparent objects flattened"
    ]


# What claims to be what


def test_a_file_that_claims_nothing_is_checked_as_x_only_where_the_printer_asks(tmp_path: Path) -> None:
    pdf = good(X4)
    del pdf.Root.Metadata
    path = written(pdf, tmp_path / "a.pdf")
    assert ids(path) == set()
    assert ids(path, "press") == {"x-identifier", "x-metadata"}
    assert not any(rule.startswith("x-") for rule in ids(path, "kdp"))


def test_a_printer_takes_certain_standards(tmp_path: Path) -> None:
    path = written(good(X4), tmp_path / "a.pdf")
    assert messages(path, "standard", "ingramspark") == [
        "ingramspark, standard: it says that it is PDF/X-4 (whole file); PDF/X-1a:2001 or PDF/X-3:2002 is asked for"
    ]
    assert "standard" not in ids(path, "press")
    assert "standard" not in ids(written(good(X1A), tmp_path / "b.pdf", X1A), "ingramspark")


def test_a_standard_without_rules_is_told(tmp_path: Path) -> None:
    pdf = good(X1A)
    pdf.trailer.Info.GTS_PDFXVersion = String("PDF/X-3:2002")
    del pdf.trailer.Info.GTS_PDFXConformance
    path = written(pdf, tmp_path / "a.pdf", X1A)
    (told,) = report_of(path).diagnostics
    assert "it says that it is PDF/X-3:2002, of which pubkit knows no rules" in told.message


def test_the_edition_of_2003_is_pdf_1_4(tmp_path: Path) -> None:
    pdf = good(X1A)
    pdf.trailer.Info.GTS_PDFXVersion = String("PDF/X-1a:2003")
    del pdf.trailer.Info.GTS_PDFXConformance
    assert ids(written(pdf, tmp_path / "a.pdf", X1A, force_version="1.4")) == set()
    state(ca=0.5)(pdf)
    assert ids(written(pdf, tmp_path / "b.pdf", X1A, force_version="1.5")) == {"x-version", "x-opacity"}


def test_every_rule_of_a_standard_is_broken_somewhere_here() -> None:
    ours = {rule["id"] for rule in preflight_rules() if set(BOTH) & set(rule["for"])}
    text = Path(__file__).read_text(encoding="utf-8")
    assert ours <= set(re.findall(r'"(x-[a-z0-9-]+|fonts-embedded|type-3)"', text))
    assert {"x-trim-box", "x-forms", "x-crypt"} <= ours


def test_the_font_of_a_form_is_looked_at_too(tmp_path: Path) -> None:
    pdf = good(X4)
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    resources = Dictionary(Font=Dictionary(H=helvetica))
    drawn("/X Do\n", XObject=form(b"BT /H 10 Tf 50 50 Td (a) Tj ET", Resources=resources))(pdf)
    assert messages(written(pdf, tmp_path / "a.pdf"), "fonts-embedded") == [
        "PDF/X-4, fonts-embedded: the font Helvetica (Type1) is not embedded (page 2); every font is in the file"
    ]


def test_a_dictionary_that_many_pages_share_is_told_once(tmp_path: Path) -> None:
    pdf = good(X1A)
    shared = pdf.make_indirect(Dictionary(Type=Name.ExtGState, ca=0.5))
    for each in pdf.pages:
        each.obj.Resources.ExtGState = Dictionary(G=shared)
    assert messages(written(pdf, tmp_path / "a.pdf", X1A), "x-opacity") == [
        "PDF/X-1a:2001, x-opacity: an opacity of 0.5 (page 1); no transparency"
    ]
