"""Documents of other programs, signed by pyHanko or OpenSSL: all of them must be accepted."""

import datetime
import io
import pathlib
import subprocess
import tempfile

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from asn1crypto import algos, keys
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

import rich
from authority import Holder, der_of

HERE = pathlib.Path(__file__).parent
PADES = fields.SigSeedSubFilter.PADES
ADOBE = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
BYTES = 8192
STAMPED = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)


def bases():
    """Unsigned documents by Chromium, poppler, qpdf and pyHanko."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        page = folder / "page.html"
        page.write_text("<!doctype html><title>Contract</title><h1>Contract</h1><p>Alice pays Bob 100.")
        printed = folder / "chromium.pdf"
        run("chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={printed}", page.as_uri())
        run("pdftocairo", "-pdf", printed, folder / "poppler-cairo.pdf")
        run("pdfunite", printed, folder / "poppler-cairo.pdf", folder / "poppler-united.pdf")
        plain = folder / "plain.pdf"
        plain.write_bytes(rich.write(rich.objects(b"<<>>", {15: None, 16: None, 8: None, 1: b"<</Type/Catalog/Pages 2 0 R>>",
                                                           3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
                                                              b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>"
                                                              b"/XObject<</X1 6 0 R>>>>>>"})))
        for kind, options in QPDF.items():
            run("qpdf", "--warning-exit-0", *options, plain, folder / f"qpdf-{kind}.pdf")
        run("qpdf", "--empty", "--pages", printed, plain, printed, "--", folder / "qpdf-merged.pdf")
        # pyHanko will not sign what pdfunite writes: its /Size is too small. qpdf puts that right.
        united = folder / "poppler-united.pdf"
        run("qpdf", "--warning-exit-0", united, folder / "poppler-united-by-qpdf.pdf")
        united.unlink()
        plain.unlink()
        for streams in (False, True):
            name = "pyhanko-streams" if streams else "pyhanko-table"
            (folder / f"{name}.pdf").write_bytes(empty(streams))
        return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.pdf"))}


QPDF = {
    "table": ["--object-streams=disable"],
    "object-streams": ["--object-streams=generate"],
    "linearised": ["--linearize"],
    "linearised-streams": ["--linearize", "--object-streams=generate"],
    "pdf-2.0": ["--force-version=2.0", "--object-streams=generate"],
    "rotated": ["--rotate=+90"],
    "uncompressed": ["--qdf", "--object-streams=disable"],
    "readable": ["--stream-data=uncompress", "--newline-before-endstream"],
}


def run(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def empty(streams=False):
    writer = PdfFileWriter(stream_xrefs=streams)
    contents = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=contents, media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def private(holder):
    form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return keys.PrivateKeyInfo.load(holder.key.private_bytes(*form))


def signer_of(holder, others=(), pss=None):
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(der_of(other)) for other in others)
    certificate = asn1_x509.Certificate.load(der_of(holder))
    return signers.SimpleSigner(certificate, private(holder), store, signature_mechanism=pss)


def pss(digest, salt):
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": {
        "hash_algorithm": {"algorithm": digest},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": digest}}, "salt_length": salt}})


def stamper(holder, time=STAMPED):
    certificate = asn1_x509.Certificate.load(der_of(holder))
    return timestamps.DummyTimeStamper(certificate, private(holder), fixed_dt=time)


def pyhanko(file, holder, others=(), field="Signature1", time=None, mechanism=None, style=None, box=None, **metadata):
    writer = IncrementalPdfFileWriter(io.BytesIO(file), strict=False)
    metadata = signers.PdfSignatureMetadata(
        field_name=field, **{"md_algorithm": "sha256", "subfilter": PADES, "name": "署名 花子", **metadata})
    new_field = fields.SigFieldSpec(field, box=box) if box else None
    pdf_signer = signers.PdfSigner(metadata, signer_of(holder, others, mechanism), timestamper=time, stamp_style=style,
                                   new_field_spec=new_field)
    return pdf_signer.sign_pdf(writer, bytes_reserved=BYTES if time else BYTES // 2).getvalue()


def document_stamp(file, time, field="Time1"):
    writer = IncrementalPdfFileWriter(io.BytesIO(file), strict=False)
    result = signers.PdfTimeStamper(time, field_name=field).timestamp_pdf(writer, "sha256", None, bytes_reserved=BYTES)
    return result.getvalue()


def openssl(holder, *options):
    def contents(data):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            (folder / "key").write_bytes(holder.key.private_bytes(*form))
            (folder / "certificate").write_bytes(holder.certificate.public_bytes(serialization.Encoding.PEM))
            (folder / "data").write_bytes(data)
            run("openssl", "cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER", "-nosmimecap", "-cades", *options, "-in",
                folder / "data", "-signer", folder / "certificate", "-inkey", folder / "key", "-out", folder / "cms")
            return (folder / "cms").read_bytes()

    file, (begin, end) = rich.set_range(rich.write(rich.objects(rich.dictionary(sub_filter=b"adbe.pkcs7.detached"))))
    return rich.fill(file, (begin, end), contents(file[:begin] + file[end:]))


def time_holder(root, name="Time", **options):
    """With RSA: the only key that pyHanko's own time stamper takes."""
    return Holder(name, root, key="2048", bits=("digital_signature",), extra=[x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])],
                  **options)


def all_accepted(root, signer):
    """Name, file, and the check that passes beyond the usual ones."""
    documents = bases()
    for name, document in documents.items():
        yield f"{name}-signed", pyhanko(document, signer), "-"
    base, chromium = documents["pyhanko-table"], documents["chromium"]
    time = stamper(time_holder(root))
    yield "older-form", pyhanko(base, signer, subfilter=ADOBE), "-"
    yield "claims", pyhanko(base, signer, location="東京", reason="契約", contact_info="nobody"), "-"
    yield "older-form-chromium", pyhanko(chromium, signer, subfilter=ADOBE), "-"
    for number in (1, 2, 3):
        permission = {1: fields.MDPPerm.NO_CHANGES, 2: fields.MDPPerm.FILL_FORMS, 3: fields.MDPPerm.ANNOTATE}[number]
        certified = pyhanko(base, signer, certify=True, docmdp_permissions=permission)
        yield f"certified-p{number}", certified, "-"
        if number > 1:
            yield f"certified-p{number}-and-signed", pyhanko(certified, signer, field="Second"), "-"
        yield f"certified-p{number}-and-stamped", document_stamp(certified, time), "time"
    style = TextStampStyle(stamp_text="Signed by %(signer)s", border_width=1)
    yield "visible-stamp", pyhanko(chromium, signer, style=style, box=(72, 72, 272, 122)), "-"
    visible = pyhanko(base, signer, style=style, box=(72, 72, 272, 122))
    yield "two-visible-stamps", pyhanko(visible, signer, field="Second", style=style, box=(300, 72, 500, 122)), "-"
    yield "existing-field", pyhanko(with_field(base), signer, field="Buyer"), "-"
    yield "existing-field-with-lock", pyhanko(with_field(base, lock=True), signer, field="Buyer"), "-"
    yield "three-signers", pyhanko(pyhanko(pyhanko(base, signer), signer, field="B"), signer, field="C"), "-"
    nine = base
    for number in range(9):
        nine = pyhanko(nine, signer, field=f"Signer{number}")
    yield "nine-signers", nine, "-"
    yield "time-stamped", pyhanko(base, signer, time=time), "time"
    yield "time-stamped-document", document_stamp(pyhanko(base, signer), time), "time"
    yield "time-stamped-twice", document_stamp(pyhanko(base, signer, time=time), time), "time"
    ended = Holder("Ended", root, start=2020, end=2026)
    early = stamper(time_holder(root, "Early time", start=2020), datetime.datetime(2025, 6, 1, tzinfo=datetime.timezone.utc))
    yield "ended-certificate-stamped-in-time", pyhanko(base, ended, time=early), "time"
    for key, digest in (("p384", "sha256"), ("p384", "sha384"), ("p384", "sha512"), ("p256", "sha512"), ("p521", "sha512"),
                        ("3072", "sha384"), ("4096", "sha512")):
        yield f"key-{key}-{digest}", pyhanko(base, Holder(f"Key {key}", root, key=key), md_algorithm=digest), "-"
    yield "key-2048-pss-sha512", pyhanko(base, Holder("PSS", root, key="2048"), mechanism=pss("sha512", 64), md_algorithm="sha512"), "-"
    middle = Holder("Middle", root, ca=(True, 1), bits=("key_cert_sign",))
    lower = Holder("Lower", middle, ca=(True, 0), bits=("key_cert_sign",), key="p384", digest=hashes.SHA384())
    yield "long-path", pyhanko(base, Holder("Below", lower), [middle, lower]), "-"
    yield "in-ber", rich.sign(rich.write(rich.objects(rich.dictionary())), signer, alter=in_ber), "-"
    yield "openssl-cades", openssl(signer), "-"
    yield "openssl-by-key-identifier", openssl(signer, "-keyid"), "-"
    yield "pades-b-lt", with_validation_data(base, root, signer, time), "time"
    long_term = with_validation_data(base, root, signer, time, use_pades_lta=True)
    yield "pades-b-lta", long_term, "time"
    yield "pades-b-lta-and-signed", pyhanko(long_term, signer, field="Second", time=time), "time"
    yield from of_several_hands(documents, signer, time)
    yield "by-hand", rich.signed(signer), "-"
    yield "by-hand-and-by-pyhanko", pyhanko(rich.signed(signer), signer, field="Second"), "-"
    certified = pyhanko(documents["qpdf-table"], signer, certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS)
    yield "certified-and-signed-and-stamped", document_stamp(pyhanko(certified, signer, field="Second"), time), "time"


def of_several_hands(documents, signer, time):
    """Layouts that are harder to go on with, each signed more than once."""
    for kind in ("linearised", "linearised-streams", "object-streams", "pdf-2.0", "rotated"):
        twice = pyhanko(pyhanko(documents[f"qpdf-{kind}"], signer), signer, field="Second", subfilter=ADOBE)
        yield f"{kind}-signed-twice-and-stamped", document_stamp(twice, time), "time"
    for name in ("hybrid", "hybrid-like-word", "nested-pages", "form-indirect"):
        base = (HERE.parent / "pdf" / f"reads-{name}.pdf").read_bytes()
        yield f"{name}-signed-twice", pyhanko(pyhanko(base, signer, field="A"), signer, field="B"), "-"
    for action, fields_named in (("Include", ["Other"]), ("Exclude", ["Buyer", "Seller"])):
        base = with_two_fields(documents["chromium"], action, fields_named)
        yield f"lock-{action.lower()}-signed-twice", pyhanko(pyhanko(base, signer, field="Buyer"), signer, field="Seller"), "-"
    certified = pyhanko(with_field(documents["qpdf-object-streams"]), signer, certify=True,
                        docmdp_permissions=fields.MDPPerm.FILL_FORMS)
    style = TextStampStyle(stamp_text="Signed by %(signer)s", border_width=1)
    yield "certified-and-seen-in-its-field", pyhanko(certified, signer, field="Buyer", style=style), "-"
    stamped = document_stamp(document_stamp(documents["poppler-cairo"], time), time, field="Time2")
    yield "only-stamps", stamped, "time"


def with_two_fields(file, action, named):
    writer = IncrementalPdfFileWriter(io.BytesIO(file), strict=False)
    rule = fields.FieldMDPSpec(fields.FieldMDPAction[action.upper()], named)
    fields.append_signature_field(writer, fields.SigFieldSpec("Buyer", box=(72, 72, 272, 122), field_mdp_spec=rule))
    fields.append_signature_field(writer, fields.SigFieldSpec("Seller", box=(300, 72, 500, 122)))
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def with_validation_data(file, root, signer, time, **options):
    """An empty revocation list of the root, kept in the document's security store. It was made before the time stamp, and
    so does not say that the signer was not revoked by then: pyHanko takes it with soft-fail, and we leave that open."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject)
    builder = builder.last_update(datetime.datetime(2026, 1, 1)).next_update(datetime.datetime(2036, 1, 1))
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = builder.add_extension(x509.CRLNumber(1), False).add_extension(identifier, False)
    empty_list = builder.sign(root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    anchors = [asn1_x509.Certificate.load(der_of(root))]
    context = ValidationContext(trust_roots=anchors, crls=[empty_list], allow_fetching=False, revocation_mode="soft-fail")
    return pyhanko(file, signer, time=time, embed_validation_info=True, validation_context=context, **options)


def in_ber(contents):
    """The three outermost lengths as indefinite ones."""
    def inside(der):
        octets = der[1] & 0x7F if der[1] & 0x80 else 0
        return der[2 + octets:]

    kind = inside(contents)
    signed_data = inside(inside(kind[11:]))
    return b"\x30\x80" + kind[:11] + b"\xa0\x80\x30\x80" + signed_data + bytes(6)


def with_field(file, lock=False):
    writer = IncrementalPdfFileWriter(io.BytesIO(file), strict=False)
    rule = fields.FieldMDPSpec(fields.FieldMDPAction.ALL) if lock else None
    fields.append_signature_field(writer, fields.SigFieldSpec("Buyer", box=(72, 72, 272, 122), field_mdp_spec=rule))
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()
