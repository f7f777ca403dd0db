"""A PDF as the worst files are made of: objects, object streams, revisions and signatures that need not be true."""

import re
import zlib
from pathlib import Path

SIGNED = Path(__file__).parents[4] / "shared/pades/tests/vectors/pyhanko-pades-rsa.pdf"
SMALL_LIMIT = 16 * 1024 * 1024 - 1024


class Pdf:
    """A file that grows by objects and revisions. Object 1 is the catalogue, 2 the pages, 3 the page."""

    def __init__(self, catalog=b""):
        self.parts, self.length, self.listed, self.packed, self.previous, self.size = [], 0, {}, {}, None, 0
        self.write(b"%PDF-1.7\n")
        self.add(1, b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>")

    def write(self, data):
        self.parts.append(data)
        self.length += len(data)

    def add(self, number, body):
        self.listed[number] = self.length
        self.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def one_page(self, page=b""):
        self.add(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
        self.add(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]" + page + b">>")

    def stream(self, number, entries, data, length=None):
        length = length or b"%d" % len(data)
        self.add(number, b"<<%b/Length %b>>stream\n%b\nendstream" % (entries, length, data))

    def pack(self, number, bodies, padding=0):
        """Puts objects into an object stream, behind them so many bytes of nothing."""
        places, text = [], bytearray()
        for index, (name, body) in enumerate(bodies.items()):
            places.append(b"%d %d" % (name, len(text)))
            self.packed[name] = (number, index)
            text += body + b" "
        head = b" ".join(places) + b" "
        data = zlib.compress(head + bytes(text) + b" " * padding, 1)
        self.stream(number, b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(bodies), len(head)), data)

    def end(self, trailer=b""):
        """Ends the revision with a table, or with a stream if anything is packed."""
        numbers = sorted({**self.listed, **self.packed})
        self.size = max([self.size, *(number + 1 for number in numbers)])
        back = b"" if self.previous is None else b"/Prev %d" % self.previous
        if self.packed:
            self.end_with_stream(numbers, trailer + back)
        else:
            start = self.length
            self.write(b"xref\n" + (b"" if self.previous else b"0 1\n0000000000 65535 f \n"))
            for first, run in runs(numbers):
                self.write(b"%d %d\n" % (first, len(run)) + b"".join(b"%010d 00000 n \n" % self.listed[n] for n in run))
            self.finish(start, b"trailer\n<</Size %d/Root 1 0 R%b%b>>\n" % (self.size, back, trailer))

    def end_with_stream(self, numbers, trailer=b"", padding=0, parameters=b""):
        own = max([self.size, *(number + 1 for number in numbers)])
        self.size, start = own + 1, self.length
        self.listed[own] = start
        numbers = [*numbers, own]
        row = lambda kind, one, two: bytes([kind]) + one.to_bytes(5, "big") + two.to_bytes(3, "big")
        rows = b"".join(row(1, self.listed[n], 0) if n in self.listed else row(2, *self.packed[n]) for n in numbers)
        index = b" ".join(b"%d %d" % (first, len(run)) for first, run in runs(numbers))
        entries = b"/Type/XRef/W[1 5 3]/Index[%b]/Size %d/Root 1 0 R/Filter/FlateDecode" % (index, self.size)
        data = rows + b"\0" * padding
        if parameters:
            entries += b"/DecodeParms<<%b>>" % parameters
            plain = b"".join(b"\0" + rows[at : at + 9] for at in range(0, len(rows), 9))
            data = plain + (b"\x04" + b"\0" * 9) * (padding // 10)
        self.stream(own, entries + trailer, zlib.compress(data, 1))
        self.finish(start, b"")

    def finish(self, start, trailer):
        self.write(trailer + b"startxref\n%d\n%%%%EOF\n" % start)
        self.previous, self.listed, self.packed = start, {}, {}

    def save(self, path):
        with open(path, "wb") as file:
            file.writelines(self.parts)


def runs(numbers):
    """Numbers that follow one another, grouped."""
    found = []
    for number in numbers:
        if found and found[-1][1][-1] + 1 == number:
            found[-1][1].append(number)
        else:
            found.append((number, [number]))
    return found


def contents():
    """The CMS of a sound signature, in hexadecimal digits."""
    found = re.search(rb"/Contents ?<([0-9a-fA-F]+)>", SIGNED.read_bytes())
    return found[1]


class Signer:
    """Signs a file again and again with the CMS of another: all of it is looked at before it is found wrong."""

    def __init__(self, pdf, cms):
        self.pdf, self.cms, self.fields = pdf, cms, []

    def sign(self, extra=b""):
        """One field and its signature in a revision of its own."""
        pdf, number = self.pdf, self.pdf.size
        self.fields.append(b"%d 0 R" % number)
        pdf.add(number, b"<</FT/Sig/T(s%d)/V %d 0 R>>" % (number, number + 1))
        pdf.add(4, b"<</SigFlags 3/Fields[%b]>>" % b" ".join(self.fields))
        if extra:
            pdf.stream(number + 2, b"", extra)
        head = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents<"
        before = pdf.length + len(b"%d 0 obj\n" % (number + 1)) + len(head) - 1
        behind = before + len(self.cms) + 2
        pdf.add(number + 1, head + self.cms + b">/ByteRange[0 %d %d %s]>>" % (before, behind, b" " * 20))
        place = len(pdf.parts) - 1
        pdf.end()
        rest = b"%-20d" % (pdf.length - behind)
        pdf.parts[place] = pdf.parts[place].replace(b" " * 20, rest)
