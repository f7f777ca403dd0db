"""Writes one file of the list below, or names them all: the most work that a PDF of its kind can ask for.

    worst_files.py            the names
    worst_files.py NAME PATH  one of them
"""

import sys
import zlib

sys.dont_write_bytecode = True
from worst_pdf import SMALL_LIMIT, Pdf, Signer, contents


def chained(number, last):
    """Each object names two more, so that all are reached."""
    return b"[%d 0 R %d 0 R]" % (min(number + 1, last), min(2 * number, last))


def plain_objects(count, in_stream=False):
    """Signed, so that there is something to strip."""
    pdf = Pdf(b"/Chain 5 0 R/AcroForm 4 0 R")
    pdf.one_page()
    pdf.add(4, b"<</Fields[]>>")
    for number in range(5, count):
        pdf.add(number, chained(number, count - 1))
    pdf.end_with_stream(sorted(pdf.listed)) if in_stream else pdf.end()
    Signer(pdf, contents()).sign()
    return pdf


def packed_objects(count, in_one):
    pdf = Pdf(b"/Chain 5 0 R/AcroForm 4 0 R")
    pdf.one_page()
    pdf.add(4, b"<</Fields[]>>")
    numbers = range(5, count)
    for place, first in enumerate(range(0, len(numbers), in_one)):
        pdf.pack(count + place, {number: chained(number, count - 1) for number in numbers[first : first + in_one]})
    pdf.end()
    Signer(pdf, contents()).sign()
    return pdf


def text_objects(count, bytes_each):
    """Much text to parse: strings, names and numbers."""
    pdf = Pdf(b"/Chain 4 0 R")
    pdf.one_page()
    text = (b"<</A(text)/B 1.5/C[1 2 3 4 5]/D/Name>>" * bytes_each)[: bytes_each // 38 * 38]
    for number in range(4, count):
        pdf.add(number, b"[%d 0 R %b]" % (min(number + 1, count - 1), text))
    pdf.end()
    return pdf


def lengths_in_two_streams(count):
    """Each stream's length lies in the other object stream than its neighbour's."""
    pdf = Pdf(b"/Chain 4 0 R")
    pdf.one_page()
    halves, lengths = 4 + count, 4 + count + 2
    for side in range(2):
        wanted = range(lengths + side, lengths + count, 2)
        pdf.pack(halves + side, {number: b"4" for number in wanted}, SMALL_LIMIT - 20 * count)
    for index in range(count):
        following = min(5 + index, 3 + count)
        pdf.stream(4 + index, b"/Next %d 0 R" % following, b"data", b"%d 0 R" % (lengths + index))
    pdf.end()
    return pdf


def pages_in_two_streams(count):
    pdf = Pdf()
    pages = range(6, 6 + count)
    pdf.add(2, b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, b" ".join(b"%d 0 R" % page for page in pages)))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    for side in range(2):
        pdf.pack(4 + side, {number: page for number in pages[side::2]}, SMALL_LIMIT - 60 * count)
    pdf.end()
    return pdf


def object_stream_bombs(count):
    pdf = Pdf(b"/Chain %d 0 R" % (4 + count))
    pdf.one_page()
    for index in range(count):
        number = 4 + count + index
        pdf.pack(4 + index, {number: chained(number, 3 + 2 * count)}, SMALL_LIMIT)
    pdf.end()
    return pdf


def cross_reference_bombs(count, parameters=b"", unpacked=SMALL_LIMIT):
    pdf = Pdf()
    pdf.one_page()
    pdf.end_with_stream(sorted(pdf.listed), b"", unpacked, parameters)
    for _ in range(count - 1):
        pdf.add(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
        pdf.end_with_stream([3], b"/Prev %d" % pdf.previous, unpacked, parameters)
    return pdf


def revisions(count):
    pdf = Pdf()
    pdf.one_page()
    pdf.end()
    for _ in range(count - 1):
        pdf.add(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
        pdf.end()
    return pdf


def fields(count, depth):
    """Empty signature fields, each below parents of its own."""
    pdf = Pdf(b"/AcroForm 4 0 R")
    pdf.one_page()
    roots, number = [], 5
    for _ in range(count):
        roots.append(b"%d 0 R" % number)
        for level in range(depth):
            parent = b"/Parent %d 0 R" % (number - 1) if level else b""
            kid = b"/Kids[%d 0 R]" % (number + 1) if level + 1 < depth else b""
            kind = b"/FT/Sig" if level == 0 else b""
            pdf.add(number, b"<</T(a)%b%b%b>>" % (parent, kid, kind))
            number += 1
    pdf.add(4, b"<</Fields[%b]>>" % b" ".join(roots))
    pdf.end()
    return pdf


def signatures(count, cms=None, bytes_each=0):
    pdf = Pdf(b"/AcroForm 4 0 R")
    pdf.one_page()
    pdf.add(4, b"<</Fields[]>>")
    pdf.end()
    signer = Signer(pdf, cms or contents())
    for _ in range(count):
        signer.sign(b"\0" * bytes_each)
    return pdf


def signatures_in_one_revision(count, bytes_between):
    pdf = Pdf(b"/AcroForm 4 0 R")
    pdf.one_page()
    pdf.add(4, b"<</Fields[%b]>>" % b" ".join(b"%d 0 R" % (5 + 2 * index) for index in range(count)))
    cms = contents()
    for index in range(count):
        pdf.add(5 + 2 * index, b"<</FT/Sig/T(s%d)/V %d 0 R>>" % (index, 6 + 2 * index))
        pdf.add(6 + 2 * index, b"<</Type/Sig/SubFilter/ETSI.CAdES.detached/Contents<%b>/ByteRange[0 1 2 3]>>" % cms)
    pdf.stream(5 + 2 * count, b"", b"\0" * bytes_between)
    pdf.end()
    return pdf


def der(tag, content):
    length = len(content)
    head = bytes([length]) if length < 128 else bytes([0x84]) + length.to_bytes(4, "big")
    return bytes([tag]) + head + content


def large_cms(certificates):
    """Elements without an end where certificates belong."""
    signed = bytes.fromhex(contents().decode())
    return (signed + der(0x30, der(0x05, b"") * certificates)).hex().encode()


def nested_cms(depth):
    """BER that never states a length."""
    return (b"\x30\x80" * depth + b"\0\0" * depth).hex().encode()


def validation_data(list_bytes, count, packed):
    """Lists that say nothing, in /DSS, behind one signature."""
    pdf = signatures(1)
    first = pdf.size
    pdf.add(1, b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/DSS %d 0 R>>" % first)
    row = der(0x30, der(0x02, b"\1\2\3\4\5\6\7\x08") + der(0x17, b"260101000000Z"))
    listed = der(0x30, der(0x30, row * (list_bytes // len(row))))
    data, entries = (zlib.compress(listed, 1), b"/Filter/FlateDecode") if packed else (listed, b"")
    for index in range(count):
        pdf.stream(first + 1 + index, entries, data)
    pdf.add(first, b"<</CRLs[%b]>>" % b" ".join(b"%d 0 R" % (first + 1 + index) for index in range(count)))
    pdf.end()
    return pdf


def nested(text, end, depth):
    pdf = Pdf(b"/Deep 4 0 R")
    pdf.one_page()
    pdf.add(4, text * depth + end * depth)
    pdf.end()
    return pdf


def page_tree(depth, width=1):
    pdf = Pdf()
    number = 2
    for _ in range(depth):
        parent = b"/Parent %d 0 R" % (number - 1) if number > 2 else b""
        pdf.add(number, b"<</Type/Pages/Kids[%d 0 R]/Count %d%b>>" % (number + 1, width, parent))
        number += 1
    kids = range(number + 1, number + 1 + width)
    pdf.add(number, b"<</Type/Pages/Count %d/Parent %d 0 R/Kids[%b]>>" % (width, number - 1, b" ".join(b"%d 0 R" % kid for kid in kids)))
    for kid in kids:
        pdf.add(kid, b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % number)
    pdf.end()
    return pdf


def values(text, count):
    """One object of many values."""
    pdf = Pdf(b"/Many 4 0 R")
    pdf.one_page()
    pdf.add(4, b"[" + text * count + b"]")
    pdf.end()
    return pdf


def trailers(count, values_each):
    pdf = revisions(1)
    for _ in range(count - 1):
        pdf.add(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
        pdf.end(b"/More[" + b"1 " * values_each + b"]")
    return pdf


def metadata(count, unpacked):
    """Each revision says the same in other bytes, at great length."""
    pdf = signatures(1)
    number = pdf.size
    pdf.add(1, b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/Metadata %d 0 R>>" % number)
    for index in range(count):
        data = zlib.compress(b"<a>%d</a>" % index + b" " * unpacked, 1)
        pdf.stream(number, b"/Type/Metadata/Subtype/XML/Filter/FlateDecode", data)
        pdf.end()
    return pdf


def content_bomb(unpacked):
    pdf = Pdf()
    pdf.one_page(b"/Contents 4 0 R")
    pdf.stream(4, b"/Filter/FlateDecode", zlib.compress(b"q Q " * (unpacked // 4), 1))
    pdf.end()
    return pdf


def gap(bytes_between, filler):
    pdf = Pdf()
    pdf.one_page()
    pdf.write((filler * (bytes_between // len(filler) + 1))[:bytes_between] + b"\n")
    pdf.end()
    return pdf


PREDICTOR = b"/Predictor 14/Columns 9"
FILES = {
    "330,000 objects": lambda: plain_objects(330_000),
    "990,000 objects": lambda: plain_objects(990_000),
    "990,000 objects in a stream's list": lambda: plain_objects(990_000, True),
    "330,000 packed objects": lambda: packed_objects(330_000, 100),
    "980,000 packed objects": lambda: packed_objects(980_000, 100),
    "980,000 objects, packed by 99,000": lambda: packed_objects(980_000, 99_000),
    "90 MB of objects": lambda: text_objects(90, 1_000_000),
    "90 MB of objects of 1 kB": lambda: text_objects(90_000, 1_000),
    "2,000 lengths in two object streams": lambda: lengths_in_two_streams(2_000),
    "5,000 pages in two object streams": lambda: pages_in_two_streams(5_000),
    "200 object streams of 16 MiB": lambda: object_stream_bombs(200),
    "200 lists of 16 MiB": lambda: cross_reference_bombs(200),
    "200 lists of 14 MB with predictor": lambda: cross_reference_bombs(200, PREDICTOR, 14_000_000),
    "490 revisions": lambda: revisions(490),
    "20,000 revisions": lambda: revisions(20_000),
    "5,000 fields": lambda: fields(5_000, 1),
    "5,000 fields, 30 deep": lambda: fields(5_000, 30),
    "300 signatures": lambda: signatures(300),
    "300 signatures, 100 MB": lambda: signatures(300, None, 330_000),
    "300 signatures in one revision, 100 MB": lambda: signatures_in_one_revision(300, 100_000_000),
    "CMS of 7 MB": lambda: signatures(1, large_cms(3_500_000)),
    "20 signatures with a CMS of 4 MB": lambda: signatures(20, large_cms(2_000_000)),
    "CMS nested 100,000 deep": lambda: signatures(1, nested_cms(100_000)),
    "list of 21 MB in /DSS": lambda: validation_data(21_000_000, 1, False),
    "64 lists of 21 MB in /DSS": lambda: validation_data(21_000_000, 64, True),
    "arrays nested 10,000 deep": lambda: nested(b"[", b"]", 10_000),
    "dictionaries nested 10,000 deep": lambda: nested(b"<</A", b">>", 10_000),
    "page tree 10,000 deep": lambda: page_tree(10_000),
    "99,000 pages, 60 deep": lambda: page_tree(60, 99_000),
    "400,000 values in one object": lambda: values(b"<</A 1>>", 190_000),
    "490 trailers of 200,000 values": lambda: trailers(490, 200_000),
    "100 metadata of 16 MiB": lambda: metadata(100, SMALL_LIMIT),
    "bomb of 100 MB": lambda: content_bomb(100_000_000),
    "200 MB of spaces": lambda: gap(200_000_000, b" "),
    "200 MB of comments": lambda: gap(200_000_000, b"%\n"),
}

if __name__ == "__main__":
    match sys.argv[1:]:
        case [name, path]:
            FILES[name]().save(path)
        case _:
            print("\n".join(FILES))
