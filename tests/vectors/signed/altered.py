"""Signatures that deserve less: each with the check that must not pass, the reason under which, and why."""

import re
import zlib

import rich

from rich import SIGNATURE, dictionary, objects, sign, signed, stream, update, write


def all_altered(root, signer):
    file = signed(signer)
    yield from flipped(file, signer)
    yield from updated(file)
    yield from in_a_waiting_field(signer)
    yield from ranges(signer)
    yield from contents(signer)
    yield from wrapped(file, signer)
    yield from odd_files(file, signer)


def invalid(name, file, check, reason, why):
    return name, file, "invalid", check, reason, why


def flipped(file, signer):
    def at(mark, offset=0):
        place = file.index(mark) + offset
        return file[:place] + bytes([file[place] ^ 1]) + file[place + 1:]

    changed = ("message_digest", "document_changed")
    yield invalid("bit-in-page-content", at(b"owe 100", 4), *changed, "1 becomes 0 in the sum that is owed")
    yield invalid("bit-in-title", at(b"A contract", 2), *changed, "the document information is covered")
    yield invalid("bit-in-claimed-time", at(b"20260601000000Z", 3), *changed, "the dictionary is covered, but for /Contents")
    yield invalid("bit-in-field-value", at(b"(100)", 1), *changed, "a form value is covered")
    yield invalid("bit-in-comment", at(b"\xe2\xe3"), *changed, "even a comment is covered")
    begin = file.index(b"/Contents<") + 10
    attribute = file.index(b"06092a864886f70d010904", begin) + 30
    yield invalid("bit-in-signed-digest", digit(file, attribute), "message_digest", "document_changed", "a digit of the signed digest")
    value = file.index(b"00" * 40, begin) - 2
    yield invalid("bit-in-signature-value", digit(file, value - value % 2 + begin % 2), "signature_value", "wrong_signature",
                  "the last octet of the value")
    longer = file[:begin + rich.ROOM * 2 - 2] + b"01" + file[begin + rich.ROOM * 2:]
    yield invalid("bytes-in-the-padding", longer, "cms", "cms_trailing_bytes", "the place behind the CMS is zeros")


def digit(file, place):
    other = b"1" if file[place:place + 1] == b"0" else b"0"
    return file[:place] + other + file[place + 1:]


def updated(file):
    replaced, hidden, changed = "content_replaced", "hidden_content_shown", "changed_after_signing"

    def after(name, changes, reason, why, **options):
        return invalid(f"update-{name}", update(file, changes, **options), "changes", reason, why)

    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[12 0 R 15 0 R 7 0 R]" \
           b"/Resources<</Font<</F1 5 0 R>>/XObject<</X1 6 0 R>>/Properties<</P1 9 0 R>>>>%s>>"
    catalog = rich.objects(b"")[1]
    yield after("content", {4: stream(b"BT /F1 24 Tf 72 720 Td (You owe 900) Tj ET")}, replaced, "another sum on the page")
    yield after("content-shared", {20: stream(b"q Q"), 3: page.replace(b"/Contents 4 0 R", b"/Contents[4 0 R 20 0 R]") % b""}, replaced,
                "a second stream is drawn over the page")
    yield after("page-size", {3: page.replace(b"595", b"99") % b""}, replaced, "what is cut off is not seen")
    yield after("page-rotated", {3: page % b"/Rotate 180"}, replaced, "the page is another way up")
    yield after("page-more", {2: b"<</Type/Pages/Kids[3 0 R 20 0 R]/Count 2>>",
                              20: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"}, replaced, "a page more")
    yield after("page-none", {2: b"<</Type/Pages/Kids[20 0 R]/Count 1>>",
                              20: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"}, replaced, "another page in place of the signed one")
    yield after("font", {5: b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>"}, replaced, "the same codes, other letters")
    yield after("drawing", {6: stream(b"0 0 m 0 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")}, replaced, "the drawing on the page")
    yield after("layer", {10: b"<</ON[]/OFF[9 0 R]>>"}, hidden, "a layer that was shown is off")
    yield after("layers", {1: catalog.replace(b"/D 10 0 R", b"/D<</OFF[9 0 R]>>")}, hidden, "other layers by the catalogue")
    yield after("freed", {6: None}, hidden, "an object of the page no longer exists")
    yield after("annotation", {12: rich.objects(b"")[12].replace(b"a remark", b"void")}, changed, "an annotation says something else")
    yield after("annotation-more", {3: page.replace(b"7 0 R]", b"7 0 R 20 0 R]") % b"",
                                    20: b"<</Type/Annot/Subtype/FreeText/Contents(paid)/Rect[0 0 595 842]/DA(/F1 9 Tf)>>"},
                changed, "an annotation over the page, which no permission of ours allows")
    yield after("annotation-less", {3: page.replace(b"12 0 R ", b"") % b""}, changed, "an annotation is no longer listed")
    yield after("widget-moved", {7: rich.objects(b"")[7].replace(b"[72 600", b"[0 0")}, changed, "a field covers the page")
    yield after("field-more", {8: b"<</Fields[15 0 R 7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf)>>", 20: b"<</FT/Tx/T(More)/V(x)>>"},
                changed, "a field that nobody signed")
    yield after("form-xfa", {8: rich.objects(b"")[8][:-2] + b"/XFA 20 0 R>>", 20: stream(b"<xdp/>")}, changed, "a second form")
    yield after("form-appearances", {8: rich.objects(b"")[8][:-2] + b"/NeedAppearances true>>"}, changed, "readers draw fields anew")
    yield after("signature-emptied", {15: rich.objects(b"")[15].replace(b"/V %d 0 R" % SIGNATURE, b"")}, changed, "the field forgets its signature")
    yield after("look-of-a-button", {7: rich.objects(b"")[7].replace(b"/FT/Tx", b"/FT/Btn/Ff 65536")}, changed, "a field of another kind")
    yield after("crop", {3: page % b"/CropBox[0 0 99 99]"}, replaced, "what is cropped is not seen")
    yield after("unit", {3: page % b"/UserUnit 9"}, replaced, "the page is measured otherwise")
    yield after("attachment", {1: catalog.replace(b"/Names<<", b"/Names<</EmbeddedFiles<</Names[(a) 20 0 R]>>")}, changed, "a file is attached")
    yield after("permissions", {1: catalog[:-2] + b"/Perms<</DocMDP %d 0 R>>>>" % SIGNATURE}, changed, "who certifies does it when signing")
    yield after("needs-appearances", {8: rich.objects(b"")[8][:-2] + b"/DR<</Font<</Helv 20 0 R>>>>>>",
                                      20: b"<</Type/Font/Subtype/Type3/BaseFont/Helvetica/FontDescriptor 5 0 R>>"}, changed,
                "the usual name of a font for another one, where text was to be written with it")
    yield after("open-action", {1: catalog[:-2] + b"/OpenAction 18 0 R>>"}, changed, "something happens on opening")
    yield after("page-action", {3: page % b"/AA<</O 18 0 R>>"}, changed, "something happens on turning the page")
    yield after("script", {18: b"<</S/JavaScript/JS(app.alert\\(1\\))>>"}, changed, "another script")
    yield after("names", {13: b"<</Names[(a) 18 0 R (b) 18 0 R]>>"}, changed, "a name more")
    yield after("structure", {17: b"<</Type/StructElem/S/H1/P 11 0 R/K 0/Pg 3 0 R>>"}, changed, "read aloud as a heading")
    yield after("metadata", {14: rich.metadata(b' xmp:Label="paid"')}, changed, "a label that was not there: metadata are shown as properties of what was signed (decision 18)")
    dated = update(file, {14: rich.metadata(b' xmp:ModifyDate="2027-01-01"')})
    yield "update-metadata-date", dated, "valid_in_part", "-", "-", "writers note when they wrote"
    yield after("title", {19: b"<</Title(Another contract)/Producer(by hand)>>"}, changed, "another title")
    yield after("root", {20: catalog}, changed, "a copy of the catalogue takes its place", root=20)
    yield after("catalogue-version", {1: catalog[:-2] + b"/Version/9.9>>"}, changed, "only a version that exists may be named: nobody knows by which rules this is read (ISO 32000-2, 7.2.2)")
    raised = update(file, {1: catalog[:-2] + b"/Version/2.0>>"})
    yield "update-version-raised", raised, "valid_in_part", "-", "-", "as programs do that sign in a newer form"
    yield after("outlines", {1: catalog[:-2] + b"/Outlines<<>>>>"}, changed, "bookmarks")
    back = update(update(file, {5: b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>"}), {5: rich.objects(b"")[5]})
    yield invalid("update-taken-back", back, "changes", replaced, "a change that a later revision takes back is one still")
    filled = update(file, {7: rich.objects(b"")[7].replace(b"/V(100)", b"/V(200)")})
    yield "update-field-filled-in", filled, "valid_in_part", "-", "-", "forms may be filled in where nobody certified or locked"
    yield "update-nothing", update(file, {}), "valid_in_part", "-", "-", "an empty update changes nothing"
    same = update(file, {5: rich.objects(b"")[5]})
    yield "update-the-same", same, "valid_in_part", "-", "-", "an object written again as it was"
    date = update(file, {19: b"<</Title(A contract)/Producer(by hand)/ModDate(D:2027)>>"})
    yield "update-date", date, "valid_in_part", "-", "-", "writers note when they wrote"


def in_a_waiting_field(signer):
    """A field over the whole page that waits for a second signature, and what comes of it."""
    waiting = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[0 0 595 842]/P 3 0 R/F 4%s>>"
    base = signed(signer, {30: waiting % b"", 8: b"<</Fields[15 0 R 7 0 R 30 0 R]/SigFlags 3/DA(/Helv 0 Tf)>>",
                           3: rich.objects(b"")[3].replace(b"7 0 R]", b"7 0 R 30 0 R]")})
    look = stream(b"1 g 0 0 595 842 re f 0 g BT /F1 24 Tf 72 720 Td (You owe 900) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]")
    shown = update(base, {30: waiting % b"/AP<</N 31 0 R>>", 31: look})
    yield invalid("look-without-a-signature", shown, "changes", "changed_after_signing", "a waiting field covers the page, signed by nobody")
    moved = update(base, {30: (waiting % b"").replace(b"595 842", b"99 99")})
    yield invalid("waiting-field-moved", moved, "changes", "changed_after_signing", "who laid it out said where")
    locked = update(base, {7: rich.objects(b"")[7].replace(b"/T(Price)", b"/T(Price)/Ff 1")})
    yield "field-locked-for-users", locked, "valid_in_part", "-", "-", "as Adobe's programs do when a signature locks a field"


def ranges(signer):
    def ranged(name, reason, why, numbers=None, **signature):
        body = write(objects(dictionary(**signature)))
        return invalid(f"range-{name}", sign(body, signer, numbers=numbers), "byte_range", reason, why)

    yield ranged("starts-late", "byte_range_out_of_order", "the first byte is not covered", byte_range=b"[1 AAAAAAAA BBBBBBBB CCCCCCCC]")
    yield ranged("negative", "byte_range_malformed", "a negative number", byte_range=b"[0 AAAAAAAA BBBBBBBB CCCCCCCC -1]")
    yield ranged("minus-start", "byte_range_malformed", "a negative start", byte_range=b"[-1 AAAAAAAA BBBBBBBB CCCCCCCC]")
    yield ranged("two-holes", "byte_range_malformed", "two holes", byte_range=b"[0 AAAAAAAA BBBBBBBB CCCCCCCC 9 9]")
    yield ranged("three-numbers", "byte_range_malformed", "a number is missing", byte_range=b"[0 AAAAAAAA BBBBBBBB]")
    yield ranged("reals", "byte_range_malformed", "numbers with a point", byte_range=b"[0 AAAAAAAA BBBBBBBB CCCCCCCC.0]")
    yield ranged("text", "byte_range_malformed", "no array", byte_range=b"(0 AAAAAAAA BBBBBBBB CCCCCCCC)")
    yield ranged("missing", "byte_range_malformed", "no range at all", byte_range=None)
    yield ranged("overlaps", "byte_range_out_of_order", "the pieces overlap", numbers=lambda b, e, rest: (e, b, rest))
    yield ranged("overflows", "byte_range_malformed", "larger than any number", byte_range=b"[0 AAAAAAAA 99999999999999999999 CCCCCCCC]")
    yield ranged("beyond-the-end", "not_the_whole_revision", "ends behind the file", numbers=lambda b, e, rest: (b, e, rest + 9))
    yield ranged("before-the-end", "not_the_whole_revision", "the last bytes are not covered", numbers=lambda b, e, rest: (b, e, rest - 9))
    yield ranged("hole-too-wide", "signature_wrapped", "bytes beside /Contents that nobody signed", numbers=lambda b, e, rest: (b - 3, e + 1, rest - 1))
    yield ranged("hole-too-narrow", "hole_is_not_contents", "part of /Contents is covered", numbers=lambda b, e, rest: (b + 1, e - 1, rest + 1))
    yield ranged("hole-elsewhere", "hole_is_not_contents", "leaves out the page", numbers=lambda b, e, rest: (20, 90, b + e + rest - b - 90))


def contents(signer):
    def with_contents(name, contents, check, reason, why):
        body = write(objects(dictionary(contents=contents, byte_range=b"[0 100 200 300]"), {21: b"<00>"}))
        return invalid(f"contents-{name}", body, check, reason, why)

    malformed = ("byte_range", "contents_malformed")
    yield with_contents("missing", None, *malformed, "no /Contents")
    yield with_contents("null", b" null", *malformed, "/Contents is null")
    yield with_contents("indirect", b" 21 0 R", *malformed, "/Contents stands in another object")
    yield with_contents("literal", b"(abc)", *malformed, "a literal string has no place of its own")
    yield with_contents("name", b"/Nothing", *malformed, "/Contents is a name")
    yield with_contents("empty", b"<>", "cms", "cms_empty", "nothing in the string")
    yield with_contents("odd", b"<123>", "cms", "cms_not_der", "an odd number of digits")
    waits = rich.set_range(write(objects(dictionary())))[0]
    yield invalid("contents-zeros", waits, "cms", "cms_empty", "the place is still kept")
    for sub_filter in (b"adbe.pkcs7.sha1", b"adbe.x509.rsa_sha1", b"ETSI.Other"):
        yield invalid("kind-" + sub_filter.decode().replace(".", "-"), signed(signer, sub_filter=sub_filter), "cms", "unknown_kind",
                      "a form that is no longer or not yet safe")


def wrapped(file, signer):
    body = objects(dictionary())
    without_field = {**body, 15: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/Rect[0 0 0 0]/P 3 0 R>>"}
    yield invalid("detached-from-its-field", sign(write(without_field), signer), "byte_range", "no_field", "no field has this signature")
    shared = {**body, 7: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[0 0 0 0]/P 3 0 R/V %d 0 R>>" % SIGNATURE}
    yield invalid("two-fields-share", sign(write(shared), signer), "byte_range", "shared_dictionary", "two fields show one signature")
    number = {**body, 7: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[0 0 0 0]/P 3 0 R/V 7>>"}
    yield invalid("value-is-a-number", sign(write(number), signer), "byte_range", "not_a_dictionary", "a signature field whose value is none")
    moved = update(file, {SIGNATURE: re.search(rb"%d 0 obj\n(.*?)\nendobj" % SIGNATURE, file, re.S).group(1)})
    yield invalid("signature-copied-later", moved, "byte_range", "hole_is_not_contents", "the same signature again in a later revision")
    begin, end = file.index(b"/Contents<") + 9, file.index(b">", file.index(b"/Contents<") + 10) + 1
    forged = file[:end] + b" %injected\n" + file[end:]
    yield "bytes-behind-the-hole", forged, "refused", "-", "Malformed", "startxref no longer leads to a table: to read it one would have to repair it, and nobody repairs a signed file"
    other = file.replace(b"You owe 100", b"You owe 900")
    stolen = other[:begin] + file[begin:end] + other[end:]
    yield invalid("signature-of-another-document", stolen, "message_digest", "document_changed", "a true signature on another page")


def odd_files(file, signer):
    def disagree(name, odd, why):
        return name, odd, "invalid", "file", "readers_can_disagree", why

    yield disagree("junk-before-the-header", b"junk\n" + file, "some readers count from the header, others from the start")
    yield disagree("junk-after-the-end", file + b"junk\n", "bytes that no revision explains")
    yield disagree("object-after-the-end", file + b"4 0 obj\n<</Length 0>>stream\n\nendstream\nendobj\n", "readers that repair find it")
    second = b"trailer\n<</Size 40/Root 20 0 R>>\nstartxref\n%d\n%%%%EOF\n" % file_xref(file)
    yield disagree("second-trailer", file + second, "two possible trailers: readers that believe the last one show another catalogue")
    shadow = b"4 0 obj\n<</Length 0>>stream\n\nendstream\nendobj\n"
    yield disagree("shadow-object-inside", sign(write(objects(dictionary()), hidden=shadow), signer), "signed with the rest, but a reader that repairs takes it for the page, one that does not takes the listed one")
    encrypted = update(file, {20: b"<</Filter/Standard/V 1/R 2/O(x)/U(x)/P -1>>"}, trailer=b"/Encrypt 20 0 R")
    yield "encrypted", encrypted, "refused", "-", "Encrypted", "nothing in it can be read"
    deep = update(file, {20: b"[" * 10_000 + b"]" * 10_000})
    yield "ten-thousand-arrays", deep, "refused", "-", "TooMany", "nested deeper than any document"
    loop = update(file, {20: b"21 0 R", 21: b"20 0 R", 8: b"<</Fields 20 0 R>>"})
    yield "loop-of-references", loop, "refused", "-", "Malformed", "references that lead only to themselves"
    tree = update(file, {2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"})
    yield invalid("loop-in-the-page-tree", tree, "changes", "content_replaced", "a node of the page tree was written anew, whatever a walk over it would find")
    parents = update(file, {7: b"<</T(a)/Parent 7 0 R/Kids[7 0 R]>>"})
    yield invalid("loop-in-the-form", parents, "changes", "changed_after_signing", "a field that is its own parent")
    previous = int(re.findall(rb"startxref\n(\d+)", update(file, {}))[-1])
    chain = update(file, {}).replace(b"/Prev %d" % file_xref(file), b"/Prev %d" % previous)
    yield disagree("loop-of-revisions", chain, "a chain of tables that returns to itself")
    no_pages = update(file, {2: b"<</Type/Pages/Kids[]/Count 0>>"})
    yield invalid("no-pages", no_pages, "changes", "content_replaced", "the signed page is gone; that a PDF without pages cannot be shown matters no more")
    bomb = zlib.compress(zlib.compress(b"\0" * 100_000_000, 9), 9)
    packed = update(file, {20: stream(bomb, b"/Filter[/FlateDecode/FlateDecode]")})
    yield "bomb-as-an-unused-stream", packed, "valid_in_part", "-", "-", "nobody names it, so nobody unpacks it"
    yield "unsigned", write(objects(b"<<>>", {15: None, 16: None, 8: None, 1: b"<</Type/Catalog/Pages 2 0 R>>",
                                              3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"})), "unsigned", "-", "-", "no signature at all"


def file_xref(file):
    return int(re.findall(rb"startxref\n(\d+)", file)[-1])
