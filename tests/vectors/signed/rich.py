"""A document with one of everything that can be changed, signed by hand; and updates after the signature."""

import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).parents[3] / "shared/pades/tests/vectors"))
from container import der, fill, signed_attributes, signed_data, signer_info  # noqa: E402

ROOM = 4096
HOLE = b"<" + b"0" * (2 * ROOM) + b">"
RANGE = b"[0 AAAAAAAA BBBBBBBB CCCCCCCC]"
CONTENT = b"BT /F1 24 Tf 72 720 Td (You owe 100) Tj ET /X1 Do"
SIGNATURE = 16


def stream(data, entries=b""):
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


def metadata(attributes=b""):
    data = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' \
           b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"%s/></rdf:RDF></x:xmpmeta>' % attributes
    return stream(data, b"/Type/Metadata/Subtype/XML")


def objects(signature, changed=()):
    all_objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R/OCProperties<</OCGs[9 0 R]/D 10 0 R>>/StructTreeRoot 11 0 R"
           b"/Names<</JavaScript 13 0 R>>/Metadata 14 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[12 0 R 15 0 R 7 0 R]"
           b"/Resources<</Font<</F1 5 0 R>>/XObject<</X1 6 0 R>>/Properties<</P1 9 0 R>>>>>>",
        4: stream(CONTENT),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        6: stream(b"0 0 m 9 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
        7: b"<</Type/Annot/Subtype/Widget/FT/Tx/T(Price)/V(100)/Rect[72 600 200 620]/P 3 0 R/F 4>>",
        8: b"<</Fields[15 0 R 7 0 R]/SigFlags 3/DA(/Helv 0 Tf)>>",
        9: b"<</Type/OCG/Name(Draft)>>",
        10: b"<</ON[9 0 R]/OFF[]>>",
        11: b"<</Type/StructTreeRoot/K 17 0 R>>",
        12: b"<</Type/Annot/Subtype/Text/Contents(a remark)/Rect[0 0 20 20]/P 3 0 R/F 4>>",
        13: b"<</Names[(a) 18 0 R]>>",
        14: metadata(),
        15: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/F 132/Rect[0 0 0 0]/P 3 0 R/V %d 0 R>>" % SIGNATURE,
        SIGNATURE: signature,
        17: b"<</Type/StructElem/S/P/P 11 0 R/K 0/Pg 3 0 R>>",
        18: b"<</S/JavaScript/JS(app.beep\\(\\))>>",
        19: b"<</Title(A contract)/Producer(by hand)>>",
    }
    all_objects.update(changed)
    return {number: body for number, body in all_objects.items() if body is not None}


def dictionary(sub_filter=b"ETSI.CAdES.detached", byte_range=RANGE, contents=HOLE, extra=b""):
    parts = [b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/" + sub_filter + b"/M(D:20260601000000Z)" + extra]
    if byte_range is not None:
        parts.append(b"/ByteRange" + byte_range)
    if contents is not None:
        parts.append(b"/Contents" + contents)
    return b"".join(parts) + b">>"


def write(all_objects, trailer=b"", hidden=b""):
    """`hidden` stands between two objects, where no table leads."""
    file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    offsets = {}
    for number, body in all_objects.items():
        offsets[number] = len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        file += hidden if number == 4 else b""
    return file + table(offsets, len(file), b"/Size 40/Root 1 0 R/Info 19 0 R" + trailer, True)


def table(offsets, start, trailer, first=False):
    lines = b"xref\n" + (b"0 1\n0000000000 65535 f \n" if first else b"")
    for number, offset in sorted(offsets.items()):
        entry = b"0000000000 00001 f \n" if offset is None else b"%010d 00000 n \n" % offset
        lines += b"%d 1\n" % number + entry
    return lines + b"trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


def update(file, changed, root=1, trailer=b""):
    """One revision more; a body of None frees the object."""
    offsets = {}
    for number, body in changed.items():
        offsets[number] = None if body is None else len(file)
        if body is not None:
            file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    previous = int(re.findall(rb"startxref\n(\d+)", file)[-1])
    entries = b"/Size 40/Root %d 0 R/Info 19 0 R/Prev %d%s" % (root, previous, trailer)
    return file + table(offsets, len(file), entries)


def set_range(file, numbers=None):
    begin = file.index(HOLE)
    end = begin + len(HOLE)
    real = (begin, end, len(file) - end)
    marks = (b"AAAAAAAA", b"BBBBBBBB", b"CCCCCCCC")
    for mark, number in zip(marks, (numbers or (lambda *all: all))(*real)):
        file = file.replace(mark, b"%-8d" % number)
    return file, (begin, end)


def cms_over(data, holder, others=(), digest="sha256"):
    info = signer_info(holder, signed_attributes(data, der(holder), digest), digest)
    return signed_data([info], [der(holder), *map(der, others)], digest)


def sign(file, holder, covered=None, numbers=None, alter=lambda contents: contents):
    """Fills the hole; `covered` says what is hashed, if not what the range says."""
    file, (begin, end) = set_range(file, numbers)
    data = (covered or (lambda whole, b, e: whole[:b] + whole[e:]))(file, begin, end)
    return fill(file, (begin, end), alter(cms_over(data, holder)))


def signed(holder, changed=(), trailer=b"", **signature):
    return sign(write(objects(dictionary(**signature), changed), trailer), holder)
