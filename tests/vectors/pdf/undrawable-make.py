#!/usr/bin/env python3
"""Writes undrawable-<code>.pdf, one for each Construct of shared/pages, and rotated and cropped pages that are drawn.

Each file is the same page of one line with one thing added, so that a reader of the file sees what is refused."""

import pathlib
import zlib

HERE = pathlib.Path(__file__).parent
LINE = b"BT /F1 18 Tf 36 96 Td (Kazasu) Tj ET"
HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(content, entries=""):
    body = content if isinstance(content, bytes) else content.encode()
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), entries.encode(), body)


def pdf(name, *, content=LINE, catalog="", page="", resources="", kids="[3 0 R]", count=1, more=()):
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids {kids} /Count {count} >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 140] /Contents 4 0 R {page}"
        f" /Resources << /Font << /F1 5 0 R >> {resources} >> >>",
        content if content.startswith(b"<<") else stream(content),
        HELVETICA,
        *more,
    ]
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body if isinstance(body, bytes) else body.encode())
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    (HERE / f"{name}.pdf").write_bytes(out)


def undrawable(code, **parts):
    pdf(f"undrawable-{code}", **parts)


def annotation(code, entries, more=(), catalog=""):
    more = (f"<< /Type /Annot /Rect [20 20 120 60] {entries} >>", *more)
    undrawable(code, catalog=catalog, page="/Annots [6 0 R]", more=more)


def form(entries, content=LINE):
    return stream(content, f"/Type /XObject /Subtype /Form /BBox [0 0 200 140] {entries}")


def image(entries, data=b"\x00"):
    return stream(data, f"/Type /XObject /Subtype /Image /BitsPerComponent 8 {entries}")


def uses(code, object_, kind="XObject", content=b"/X Do", **parts):
    undrawable(code, content=content, resources=f"/{kind} << /X 6 0 R >>", more=(object_, *parts.get("more", ())))


GREY_DOT = "/Width 1 /Height 1 /ColorSpace /DeviceGray"
OWN_FONT = "/Resources << /Font << /F1 5 0 R >> >>"

annotation("annotation-3d", "/Subtype /3D")
annotation("annotation-without-appearance", "/Subtype /FreeText /Contents (not drawn) /DA (/F1 12 Tf)")
annotation("multimedia", "/Subtype /Movie")
annotation("printed-only", "/Subtype /Stamp /F 36 /AP << /N 7 0 R >>", (form(OWN_FONT),))
annotation("unknown-action", "/Subtype /Link /Border [0 0 0] /A << /S /Launch /F (other.pdf) >>")
annotation("unknown-annotation", "/Subtype /Hologram")
undrawable("attached-file", catalog="/Names << /EmbeddedFiles << /Names [(a.txt) 6 0 R] >> >>",
           more=("<< /Type /Filespec /F (a.txt) /EF << /F 7 0 R >> >>", stream("hidden", "/Type /EmbeddedFile")))
MULTIPLY = "<< /Type /ExtGState /BM /Multiply >>"
uses("blend-mode", form("/Group << /S /Transparency >> /Resources << /ExtGState << /G 7 0 R >> >>", b"/G gs 0 0 90 90 re f"), more=(MULTIPLY,))
undrawable("broken-content", content=LINE + b" ] 0 0 m BT /F1 9 Tf 36 36 Td (not drawn) Tj ET")
undrawable("broken-page-tree", count=2)
uses("color-space", "[/Smell /Roses]", "ColorSpace", b"/X cs 1 sc 10 10 50 50 re f")
undrawable("dynamic-form", catalog="/AcroForm << /Fields [] /XFA 6 0 R >>", more=(stream("<xdp/>"),))
undrawable("external-content", content=stream(LINE, "/F (elsewhere.txt)"))
undrawable("filter", content=stream(LINE, "/Filter /SecretDecode"))
uses("missing-glyph", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [65 /alefhebrew] >> >>",
     "Font", b"BT /X 18 Tf 36 36 Td (A) Tj ET")
annotation("form-needs-appearances", "/Subtype /Widget /FT /Tx /T (amount) /V (1,000,000) /AP << /N 7 0 R >>", (form(OWN_FONT),),
           catalog="/AcroForm << /Fields [6 0 R] /NeedAppearances true >>")
undrawable("hidden-layer", content=b"/OC /L BDC " + LINE + b" EMC", resources="/Properties << /L 6 0 R >>",
           catalog="/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>", more=("<< /Type /OCG /Name (hidden) >>",))
uses("image", image(f"{GREY_DOT} /Filter /DCTDecode", b"not a JPEG"))
KNOCKOUT = "/Group << /S /Transparency /K true >> /Resources << /ExtGState << /G 7 0 R >> >>"
OVERLAP = b"1 0 0 rg 9 9 90 90 re f /G gs 0 0 1 rg 50 50 90 70 re f"
uses("knockout-group", form(KNOCKOUT, OVERLAP), more=("<< /Type /ExtGState /ca 0.5 >>",))
# Drawn only where the shell hands in a Japanese font.
uses("font", "<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /UniJIS-UTF16-H /DescendantFonts [7 0 R] >>",
     "Font", b"BT /X 18 Tf 36 36 Td <5951 7D04> Tj ET",
     more=("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light"
           " /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> /FontDescriptor 8 0 R >>",
           "<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 6 /FontBBox [0 -120 1000 880]"
           " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"))
undrawable("missing-resource", content=LINE + b" /Nowhere Do")
nested = [form(f"/Resources << /XObject << /X {number} 0 R >> >>", b"/X Do") for number in range(7, 37)]
uses("nested-too-deep", nested[0], more=(*nested[1:], form(OWN_FONT)))
uses("pattern", "<< /Type /Pattern /PatternType 7 /Shading 7 0 R >>", "Pattern", b"/Pattern cs /X scn 10 10 50 50 re f",
     more=("<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 9 9] /Function << /FunctionType 2 /Domain [0 1] /N 1 >> >>",))
undrawable("portfolio", catalog="/Collection << /Type /Collection >>")
uses("postscript", stream("showpage", "/Type /XObject /Subtype /PS"))
undrawable("script", catalog="/OpenAction << /S /JavaScript /JS (this.getField\\('amount'\\).value = 1) >>")
uses("shading", "<< /ShadingType 9 /ColorSpace /DeviceGray >>", "Shading", b"/X sh")
uses("soft-mask", "<< /Type /ExtGState /SMask << /S /Scent /G 7 0 R >> >>", "ExtGState", b"/X gs " + LINE, more=(form(OWN_FONT),))
uses("too-large-image", image("/Width 90000 /Height 90000 /ColorSpace /DeviceGray"))
uses("transfer-function", "<< /Type /ExtGState /TR << /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [1] /N 1 >> >>",
     "ExtGState", b"/X gs " + LINE)
undrawable("unknown-operator", content=LINE + b" (not drawn) Shout")

pdf("practice-unfolds", content=stream(zlib.compress(LINE), "/Filter /FlateDecode"))
pdf("practice-blended", content=b"1 0 0 rg 0 0 99 99 re f /G gs 0 1 0 rg 9 9 120 70 re f", resources="/ExtGState << /G 6 0 R >>", more=(MULTIPLY,))
pdf("practice-rotated", page="/Rotate 90")
pdf("practice-cropped", page="/CropBox [20 80 120 130]")
pdf("practice-link", page="/Annots [6 0 R]", more=("<< /Type /Annot /Subtype /Link /Rect [20 20 120 60] /Border [0 0 0] /A << /S /URI /URI (https://example.jp/) >> >>",))
pdf("practice-link-frame", content=b"", page="/Annots [6 0 R]", more=("<< /Type /Annot /Subtype /Link /Rect [20 20 120 60] /C [1 0 0] /A << /S /URI /URI (https://example.jp/) >> >>",))
pdf("practice-signature-field", page="/Annots [6 0 R]", catalog="/AcroForm << /Fields [6 0 R] >>",
    more=("<< /Type /Annot /Subtype /Widget /FT /Sig /T (here) /Rect [20 20 120 60] >>",))
pdf("practice-button-off", page="/Annots [6 0 R]", more=("<< /Type /Annot /Subtype /Widget /FT /Btn /Rect [20 20 40 40] /AS /Off /AP << /N << /Yes 7 0 R >> >> >>", form(OWN_FONT)))
# As LibreOffice writes what is half transparent: a group that knocks out, in which everything is opaque.
pdf("practice-knocked-out", content=b"/G gs /X Do", resources="/XObject << /X 6 0 R >> /ExtGState << /G 7 0 R >>",
    more=(form(KNOCKOUT.replace("7 0 R", "8 0 R"), OVERLAP), "<< /Type /ExtGState /ca 0.5 >>", "<< /Type /ExtGState /ca 1 /BM /Normal >>"))
