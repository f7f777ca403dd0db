"""What certifications, locks and time stamps forbid or prove, on documents that pyHanko signed."""

import datetime
import re

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign import fields
from pyhanko.stamp import TextStampStyle

from accepted import document_stamp, empty, pyhanko, stamper, time_holder
from authority import Holder

UTC = datetime.timezone.utc


def all_permitted(root, signer):
    yield from certified(signer)
    yield from stamped(root, signer)
    yield from others(root, signer)


def invalid(name, file, check, reason, why):
    return name, file, "invalid", check, reason, why


def certified(signer):
    sealed = pyhanko(empty(), signer, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
    # pyHanko will not sign after P=1 itself: the same file, said to allow more, is signed and then put right.
    open_file = sealed.replace(b"/P 1", b"/P 2")
    later = pyhanko(open_file, signer, field="Second")
    yield invalid("certified-p1-and-signed", sealed + later[len(sealed):], "changes", "changed_after_signing",
                  "the certifier allowed no further signature")
    style = TextStampStyle(stamp_text="You owe 900", border_width=1, background_opacity=1)
    filling = pyhanko(empty(), signer, certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS)
    seen = pyhanko(filling, signer, field="Second", style=style, box=(0, 0, 595, 842))
    yield invalid("certified-p2-and-covered", seen, "changes", "changed_after_signing",
                  "a picture over the certified page, in a place that the certifier did not lay out: the attack of 2021, which pyHanko refuses too")
    commented = comment(pyhanko(empty(), signer, certify=True, docmdp_permissions=fields.MDPPerm.ANNOTATE))
    yield invalid("certified-p3-and-commented", commented, "changes", "changed_after_signing",
                  "annotations are refused even where P=3 allows them")


def comment(file):
    """An annotation more on the only page."""
    number, body = re.search(rb"(\d+) 0 obj\s*(<<[^>]*?/Type /Page\b(?!s).*?>>)\s*endobj", file, re.S).groups()
    start = int(re.findall(rb"startxref\s+(\d+)", file)[-1])
    root = re.findall(rb"/Root (\d+) 0 R", file)[-1]
    place = len(file)
    body = re.sub(rb"/Annots \[(.*?)\]", rb"/Annots [\1 90 0 R]", body, flags=re.S)
    first = b"%s 0 obj\n%s\nendobj\n" % (number, body)
    second = b"90 0 obj\n<</Type/Annot/Subtype/Text/Contents(x)/Rect[0 0 9 9]>>\nendobj\n"
    table = b"xref\n%s 1\n%010d 00000 n \n90 1\n%010d 00000 n \n" % (number, place, place + len(first))
    trailer = b"trailer\n<</Size 91/Root %s 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        root, start, place + len(first) + len(second))
    return file + first + second + table + trailer


def stamped(root, signer):
    ended = Holder("Ended", root, start=2020, end=2026)
    base = empty()
    yield invalid("ended-certificate", pyhanko(base, ended), "validity", "expired", "nothing proves that it was signed in time")
    late = stamper(time_holder(root))
    yield invalid("ended-certificate-stamped-too-late", pyhanko(base, ended, time=late), "validity", "expired",
                  "the time stamp is from after the end")
    unknown = stamper(time_holder(Holder.root("Another root")))
    yield ("stamp-of-an-unknown-authority", pyhanko(base, signer, time=unknown), "valid_in_part", "time", "time_stamp_untrusted",
           "the time stays unproven, the signature is as good as without")
    person = stamper(Holder("A person", root, key="2048"))
    yield ("stamp-with-a-persons-certificate", pyhanko(base, signer, time=person), "valid_in_part", "time",
           "time_stamp_not_for_time_stamps", "the certificate is not for time stamps")
    both = Holder("Two purposes", root, key="2048", bits=("digital_signature",), extra=[
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION])])
    yield ("stamp-with-two-purposes", pyhanko(base, signer, time=stamper(both)), "valid_in_part", "time",
           "time_stamp_not_for_time_stamps", "the purpose must stand alone")
    future = stamper(time_holder(root), datetime.datetime(2030, 1, 1, tzinfo=UTC))
    yield ("stamp-from-the-future", pyhanko(base, signer, time=future), "valid_in_part", "time", "time_stamp_in_the_future",
           "judged on 1 January 2027")
    over = stamper(time_holder(root, "Over", start=2020, end=2026))
    yield ("stamp-outside-its-certificate", pyhanko(base, signer, time=over), "valid_in_part", "time", "time_stamp_outside_validity",
           "the authority's certificate had ended")
    yield invalid("document-stamp-of-an-unknown-authority", document_stamp(pyhanko(base, signer), unknown), "path",
                  "time_stamp_untrusted", "a document time stamp that is worth nothing")
    yield invalid("document-stamp-of-another-document", swapped(signer, late), "message_digest", "document_changed",
                  "the token is over another file")


def swapped(signer, time):
    one = document_stamp(pyhanko(empty(), signer), time)
    other = document_stamp(pyhanko(empty(), signer), time)
    hole = [list(re.finditer(rb"/Contents\s*<[0-9a-fA-F]+>", file))[-1] for file in (one, other)]
    return one[:hole[0].start()] + hole[1].group() + one[hole[0].end():]


def others(root, signer):
    base = empty()
    first = pyhanko(base, signer)
    namesake = Holder.root("Root of the corpus")
    forged = Holder("Signer", namesake)
    yield invalid("namesake-of-the-root", pyhanko(base, forged, [namesake]), "path", "no_known_root",
                  "same name, other key: the issuer is chosen by key identifier")
    yield invalid("second-signature-of-a-stranger", pyhanko(first, forged, field="Second"), "path", "no_known_root",
                  "one bad signature among good ones makes the verdict")
    login = Holder("Login", root, bits=("digital_signature",))
    yield invalid("certificate-for-logging-in", raw(login), "key_usage",
                  "not_for_contracts", "no nonRepudiation")
    weak = Holder("Weak", root, key="1024")
    yield invalid("rsa-1024", raw(weak), "algorithms", "weak_rsa_key", "too short since 2014")
    below_weak = Holder("Weak authority", root, key="1024", ca=(True, None), bits=("key_cert_sign",))
    yield invalid("authority-with-rsa-1024", raw(Holder("Below", below_weak), [below_weak]), "path", "weak_rsa_key",
                  "a short key anywhere on the path")
    yield invalid("certificate-for-servers", raw(Holder("Server", root, extra=[
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])])), "key_usage", "not_for_contracts", "critically for something else")
    yield invalid("name-constraints", raw(Holder("Constrained", root, extra=[x509.NameConstraints(
        [x509.DNSName("example")], None)])), "path", "unknown_critical_extension", "a rule that nobody here can apply")


def raw(holder, chain=()):
    """By hand: pyHanko refuses to sign with these."""
    import rich

    body = rich.write(rich.objects(rich.dictionary()))
    file, (begin, end) = rich.set_range(body)
    return rich.fill(file, (begin, end), rich.cms_over(file[:begin] + file[end:], holder, chain))
