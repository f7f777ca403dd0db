#!/usr/bin/env python3
"""Makes reads-*.pdf and refused-*.pdf in this folder. README.md says how and why.

Needs qpdf, pdftocairo and pdfunite (poppler-utils) and chromium.
"""

import subprocess
import tempfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONTENT = b"BT /F1 24 Tf 72 720 Td (Practice contract) Tj ET"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


class Pdf:
    """A file as a list of revisions, written exactly as told."""

    def __init__(self, version=b"1.7"):
        self.bytes = b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n"
        self.offsets = {}
        self.previous = None

    def object(self, number, body, generation=0):
        self.offsets[number] = (len(self.bytes), generation)
        self.bytes += b"%d %d obj\n" % (number, generation) + body + b"\nendobj\n"

    def stream(self, number, data, entries=b"", length=None):
        length = len(data) if length is None else length
        head = b"<< /Length %d %s >>\nstream\n" % (length, entries)
        self.object(number, head + data + b"\nendstream")

    def table(self, trailer, free=(), end=b"%%EOF\n", size=None, startxref=None):
        at = len(self.bytes)
        listed = dict(self.offsets)
        for number in free:
            listed[number] = None
        if self.previous is None:
            listed[0] = None
        self.bytes += b"xref\n"
        for run in runs(listed):
            self.bytes += b"%d %d\n" % (run[0], len(run))
            for number in run:
                if listed[number] is None:
                    self.bytes += b"0000000000 65535 f \n"
                else:
                    self.bytes += b"%010d %05d n \n" % listed[number]
        size = size or max(listed) + 1
        previous = b"" if self.previous is None else b"/Prev %d " % self.previous
        self.bytes += b"trailer\n<< /Size %d %s%s >>\n" % (size, previous, trailer)
        self.bytes += b"startxref\n%d\n" % (at if startxref is None else startxref) + end
        self.previous = at
        self.offsets = {}
        return self

    def xref_stream(self, number, rows, trailer, columns=b"[1 4 2]"):
        data = b"".join(
            bytes([kind]) + a.to_bytes(4, "big") + b.to_bytes(2, "big") for _, kind, a, b in rows
        )
        index = b" ".join(b"%d 1" % row[0] for row in rows)
        packed = zlib.compress(data)
        entries = b"/Type /XRef /W %s /Index [%s] /Filter /FlateDecode %s" % (columns, index, trailer)
        self.stream(number, packed, entries)


def runs(numbers):
    found = []
    for number in sorted(numbers):
        if found and found[-1][-1] + 1 == number:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def one_page(pdf, catalog=b"", page=b"", pages=b"/Kids [3 0 R] /Count 1", content=CONTENT):
    pdf.object(1, b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog)
    pdf.object(2, b"<< /Type /Pages %s >>" % pages)
    pdf.object(
        3,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> %s >>" % page,
    )
    pdf.stream(4, content)
    pdf.object(5, FONT)
    return pdf


ROOT = b"/Root 1 0 R"


def hybrid():
    """The form is hidden from readers that know tables only."""
    pdf = one_page(Pdf(b"1.5"), catalog=b"/AcroForm 8 0 R")
    hidden = b"<< /Fields [] /SigFlags 0 >>"
    pdf.stream(6, b"8 0 " + hidden, b"/Type /ObjStm /N 1 /First 4")
    beside = len(pdf.bytes)
    pdf.xref_stream(7, [(8, 2, 6, 0)], b"/Size 9")
    return pdf.table(ROOT + b" /XRefStm %d" % beside, free=[8], size=9).bytes


def like_word():
    """A word processor's hybrid: an empty second section beside which the stream stands."""
    pdf = one_page(Pdf(b"1.7"), catalog=b"/AcroForm 8 0 R")
    pdf.stream(6, b"8 0 << /Fields [] >>", b"/Type /ObjStm /N 1 /First 4")
    beside = len(pdf.bytes)
    pdf.xref_stream(9, [(6, 1, pdf.offsets[6][0], 0), (8, 2, 6, 0)], b"/Size 9 " + ROOT)
    del pdf.offsets[9]
    pdf.table(ROOT, free=[7, 8], size=9)
    first, at = pdf.previous, len(pdf.bytes)
    pdf.bytes += b"xref\r\n0 0\r\ntrailer\r\n<< /Size 9 %s /Prev %d /XRefStm %d >>\r\n" % (ROOT, first, beside)
    pdf.bytes += b"startxref\r\n%d\r\n%%%%EOF" % at
    return pdf.bytes


def nested_pages():
    pdf = Pdf()
    pdf.object(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    pdf.object(2, b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 3 /MediaBox [0 0 595 842] /Rotate 90 >>")
    pdf.object(3, b"<< /Type /Pages /Parent 2 0 R /Kids [4 0 R 5 0 R] /Count 2 >>")
    pdf.object(4, b"<< /Type /Page /Parent 3 0 R >>")
    pdf.object(5, b"<< /Type /Page /Parent 3 0 R /Rotate 270 >>")
    pdf.object(6, b"<< /Type /Page /Parent 2 0 R >>")
    return pdf.table(ROOT).bytes


def form(form_entries, direct, annots):
    """A text field and an empty page of annotations, in every place they may stand."""
    body = b"<< /Fields %s /DA (/Helv 0 Tf 0 g) >>" % form_entries
    catalog = b"/AcroForm " + (body if direct else b"6 0 R")
    pdf = one_page(Pdf(), catalog=catalog, page=b"/Annots " + annots)
    if not direct:
        pdf.object(6, body)
    pdf.object(
        7,
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /V (kept) /Rect [72 600 300 620] "
        b"/P 3 0 R /AP << /N 10 0 R >> >>",
    )
    pdf.object(8, b"[7 0 R]")
    pdf.object(9, b"[7 0 R]")
    pdf.stream(10, b"", b"/Type /XObject /Subtype /Form /BBox [0 0 228 20]")
    return pdf.table(ROOT).bytes


def certified(permission):
    entries = b"/Perms << /DocMDP 6 0 R >> /AcroForm << /Fields [7 0 R 8 0 R] /SigFlags 3 >>"
    pdf = one_page(Pdf(), catalog=entries, page=b"/Annots [7 0 R]")
    body = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
        b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP "
        b"/TransformParams << /Type /TransformParams /V /1.2 %s >> >>] "
        b"/ByteRange [0 %s] /Contents <30> >>"
    )
    pdf.object(7, b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (A) /V 6 0 R /Rect [0 0 0 0] /P 3 0 R >>")
    pdf.object(8, b"<< /FT /Tx /T (B) >>")
    pdf.object(6, body % (permission, b"#" * 40))
    pdf.table(ROOT)
    start = pdf.bytes.index(b"<30>")
    numbers = b"%d %d %d" % (start, start + 4, len(pdf.bytes) - start - 4)
    return pdf.bytes.replace(b"#" * 40, numbers.ljust(40))


def updated():
    pdf = one_page(Pdf())
    pdf.table(ROOT + b" /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]")
    pdf.object(6, b"<< /Title (second revision) >>")
    return pdf.table(ROOT + b" /Info 6 0 R", size=7).bytes


def plain(**parts):
    return one_page(Pdf(), **parts).table(ROOT).bytes


def odd_but_sound():
    """Comments between objects, CR line ends, no end of line after the marker, /Prev 0."""
    pdf = Pdf(b"1.1")
    pdf.bytes = pdf.bytes.replace(b"\n", b"\r")
    one_page(pdf)
    pdf.bytes += b"% a comment of 1996\r\r\n \x00\x0c"
    return pdf.table(ROOT + b" /Prev 0", end=b"%%EOF").bytes


def write(name, data):
    (HERE / name).write_bytes(data)


def qpdf(source, target, *options):
    subprocess.run(
        ["qpdf", "--static-id", *options, str(HERE / source), str(HERE / target)], check=True
    )


def made_by_others():
    contract = HERE / "practice-contract.pdf"
    with tempfile.TemporaryDirectory() as folder:
        two = Path(folder) / "two.pdf"
        subprocess.run(["pdfunite", str(contract), str(HERE / "reads-table.pdf"), str(two)], check=True)
        write("reads-poppler-united.pdf", two.read_bytes())
        drawn = Path(folder) / "drawn.pdf"
        subprocess.run(["pdftocairo", "-pdf", str(HERE / "reads-table.pdf"), str(drawn)], check=True)
        write("reads-cairo.pdf", drawn.read_bytes())
    qpdf("reads-form-indirect.pdf", "reads-qpdf-object-streams.pdf", "--object-streams=generate")
    qpdf("reads-form-indirect.pdf", "reads-qpdf-linearised.pdf", "--linearize", "--object-streams=disable")
    qpdf("reads-nested-pages.pdf", "reads-qpdf-linearised-streams.pdf", "--linearize", "--object-streams=generate")
    qpdf("reads-table.pdf", "reads-qpdf-pdf-2.0.pdf", "--min-version=2.0", "--object-streams=generate")
    qpdf("reads-table.pdf", "refused-encrypted.pdf", "--encrypt", "", "owner", "256", "--")


def sound():
    write("reads-table.pdf", plain())
    write("reads-hybrid.pdf", hybrid())
    write("reads-hybrid-like-word.pdf", like_word())
    write("reads-nested-pages.pdf", nested_pages())
    write("reads-form-direct.pdf", form(b"[7 0 R]", True, b"[7 0 R]"))
    write("reads-form-indirect.pdf", form(b"8 0 R", False, b"9 0 R"))
    write("reads-certified-p2.pdf", certified(b"/P 2"))
    write("reads-updated.pdf", updated())
    write("reads-odd-but-sound.pdf", odd_but_sound())
    title = "FEFF" + "業務委託契約書".encode("utf-16-be").hex()
    pdf = one_page(Pdf())
    pdf.object(6, b"<< /Title <%s> /Author (caf\\351) >>" % title.encode())
    write("reads-japanese-title.pdf", pdf.table(ROOT + b" /Info 6 0 R").bytes)


def broken():
    good = plain()
    write("refused-empty.pdf", b"")
    write("refused-not-a-pdf.pdf", b"PK\x03\x04 not a PDF at all\n")
    write("refused-truncated.pdf", good[: len(good) // 2])
    write("refused-no-pages.pdf", plain(pages=b"/Kids [] /Count 0"))
    write("refused-bytes-before-header.pdf", b"\n" + good)
    write("refused-bytes-after-end.pdf", good + b"6 0 obj\n(unexplained)\nendobj\n")
    write("refused-glued-end-markers.pdf", good.rstrip() + b"startxref\n%d\n%%%%EOF\n" % good.rindex(b"xref\n0"))
    write("refused-missing-end-marker.pdf", good[: good.rindex(b"%%EOF")])
    write("refused-wrong-page-count.pdf", plain(pages=b"/Kids [3 0 R] /Count 2"))
    write("refused-loop-in-pages.pdf", plain(pages=b"/Kids [3 0 R 2 0 R] /Count 1"))
    write("refused-doubled-key.pdf", plain(page=b"/Rotate 0 /Rotate 90"))
    write("refused-nested-arrays.pdf", plain(page=b"/X " + b"[" * 10_000 + b"]" * 10_000))
    write("refused-certified-p1.pdf", certified(b"/P 1"))
    write("refused-wrong-startxref.pdf", one_page(Pdf()).table(ROOT, startxref=7).bytes)
    pdf = one_page(Pdf())
    pdf.stream(4, b"0 g 0 0 595 842 re f", length=5)
    write("refused-wrong-stream-length.pdf", pdf.table(ROOT).bytes)
    pdf = one_page(Pdf())
    hidden = pdf.offsets.pop(5)
    pdf.table(ROOT, free=[5])
    write("refused-freed-but-present.pdf", pdf.bytes)
    pdf = one_page(Pdf())
    pdf.offsets[5] = (pdf.offsets[5][0] + 20, 0)
    write("refused-object-elsewhere.pdf", pdf.table(ROOT).bytes)
    pdf = one_page(Pdf())
    pdf.previous = len(pdf.bytes)
    write("refused-loop-in-revisions.pdf", pdf.table(ROOT).bytes)
    write("refused-bomb.pdf", bomb())
    write("refused-million-entries.pdf", million_entries())
    write("refused-length-loop.pdf", length_loop())


def bomb():
    """An object stream of 70 kB that unpacks to 64 MiB, holding the page."""
    pdf = Pdf()
    pdf.object(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    pdf.object(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    packed = zlib.compress(b"3 0 << /Type /Page /Parent 2 0 R >>" + b" " * (64 << 20), 9)
    pdf.stream(4, packed, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    at = len(pdf.bytes)
    rows = [(n, 1, pdf.offsets[n][0], 0) for n in (1, 2, 4)] + [(3, 2, 4, 0)]
    pdf.xref_stream(5, rows, b"/Size 6 " + ROOT)
    return pdf.bytes + b"startxref\n%d\n%%%%EOF\n" % at


def million_entries():
    """A cross-reference stream of 7 kB that lists two million objects."""
    pdf = one_page(Pdf())
    at = len(pdf.bytes)
    packed = zlib.compress(bytes(7 * 2_000_000), 9)
    entries = b"/Type /XRef /W [1 4 2] /Size 2000000 /Filter /FlateDecode " + ROOT
    pdf.stream(6, packed, entries)
    return pdf.bytes + b"startxref\n%d\n%%%%EOF\n" % at


def length_loop():
    """The object stream's length stands in the object stream itself."""
    pdf = one_page(Pdf())
    body = b"<< /Type /Other /N 1 /First 4 /Length 8 0 R >>\nstream\n8 0 5\nendstream"
    pdf.object(6, body)
    at = len(pdf.bytes)
    rows = [(n, 1, pdf.offsets[n][0], 0) for n in range(1, 7)] + [(8, 2, 6, 0)]
    pdf.xref_stream(7, rows, b"/Size 9 " + ROOT)
    return pdf.bytes + b"startxref\n%d\n%%%%EOF\n" % at


if __name__ == "__main__":
    sound()
    broken()
    made_by_others()
