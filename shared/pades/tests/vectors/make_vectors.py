"""Makes the signed PDFs beside this file: run it with the python of .cache/judges-venv. What each must be judged is in verdicts.tsv."""

import datetime
import io
import pathlib
import subprocess
import tempfile

from asn1crypto import algos, core, keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.pdf_utils import generic
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from authority import Holder
from container import (attribute, covered, der, element, fill, prepare, signed_attributes, signed_data,
                       signer_info)

HERE = pathlib.Path(__file__).parent
PADES = b"ETSI.CAdES.detached"
ADOBE = b"adbe.pkcs7.detached"
UNKNOWN_EXTENSION = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")

root = Holder.root()
signer = Holder("Signer", root)
rows = []

# With a salt as long as the hash: pyHanko's own choice is longer, and verifiers differ on that.
PSS = algos.SignedDigestAlgorithm({
    "algorithm": "rsassa_pss",
    "parameters": {
        "hash_algorithm": {"algorithm": "sha256"},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
        "salt_length": 32,
    },
})


def keep(name, file, verdict, check="-", reason="-"):
    """`check` is one that must not pass, with the reason why; `-` if only time and revocation remain open."""
    (HERE / f"{name}.pdf").write_bytes(file)
    rows.append((name, verdict, check, reason))


def by_hand(build, sub_filter=PADES):
    file, hole = prepare(sub_filter)
    return fill(file, hole, build(covered(file, hole)))


def plain(holder, others=(), digest="sha256"):
    def build(data):
        signers_info = signer_info(holder, signed_attributes(data, der(holder), digest), digest)
        return signed_data([signers_info], [der(holder), *map(der, others)], digest)

    return by_hand(build)


def pyhanko_signer(holder, others=(), pss=False):
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(der(other)) for other in others)
    key = holder.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                                   serialization.NoEncryption())
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(der(holder)),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
        signature_mechanism=PSS if pss else None,
    )


def empty_pdf():
    writer = PdfFileWriter()
    writer.insert_page(PageObject(contents=writer.add_object(generic.StreamObject(stream_data=b"")),
                                  media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def pyhanko(holder, others=(), sub_filter=fields.SigSeedSubFilter.PADES, pss=False, digest="sha256", before=None,
            field="Signature1"):
    writer = IncrementalPdfFileWriter(io.BytesIO(before or empty_pdf()))
    metadata = signers.PdfSignatureMetadata(field_name=field, md_algorithm=digest, subfilter=sub_filter,
                                            name="署名 花子", location="東京", reason="試験")
    with_others = pyhanko_signer(holder, others, pss)
    return signers.sign_pdf(writer, metadata, with_others, bytes_reserved=8192).getvalue()


def openssl(holder):
    def build(data):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate, message = (pathlib.Path(folder) / name for name in ("key", "certificate", "message"))
            key.write_bytes(holder.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                     serialization.NoEncryption()))
            certificate.write_bytes(holder.certificate.public_bytes(serialization.Encoding.PEM))
            message.write_bytes(data)
            command = ["openssl", "cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER", "-nosmimecap",
                       "-in", message, "-signer", certificate, "-inkey", key]
            return subprocess.run(command, check=True, capture_output=True).stdout

    return by_hand(build, ADOBE)


def accepted():
    keep("pyhanko-pades-p256", pyhanko(signer), "valid_in_part")
    keep("pyhanko-pades-rsa", pyhanko(Holder("Signer with RSA", root, key="2048")), "valid_in_part")
    keep("pyhanko-pades-pss", pyhanko(Holder("Signer with PSS", root, key="2048"), pss=True), "valid_in_part")
    middle = Holder("Intermediate", root, key="p384", ca=(True, 0), bits=("key_cert_sign",))
    below = Holder("Signer below", middle, key="p384", digest=hashes.SHA384())
    keep("pyhanko-pades-p384-path", pyhanko(below, [middle], digest="sha384"), "valid_in_part")
    keep("pyhanko-two-signatures", pyhanko(Holder("Second", root), before=pyhanko(signer), field="Signature2"),
         "valid_in_part")
    adobe = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    keep("pyhanko-adobe", pyhanko(signer, sub_filter=adobe), "valid_in_part")
    keep("openssl-adobe", openssl(signer), "valid_in_part", "signing_certificate", "certificate_not_named")
    keep("by-hand", plain(signer), "valid_in_part")


def certificates():
    def refuse(name, holder, check, reason, others=()):
        keep(name, plain(holder, others), "invalid", check, reason)

    refuse("logging-in-certificate", Holder("A", root, bits=("digital_signature",)), "key_usage", "not_for_contracts")
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    refuse("time-stamping-certificate", Holder("O", root, extra=[stamping]), "key_usage", "not_for_contracts")
    refuse("expired", Holder("B", root, start=2020, end=2026), "validity", "expired")
    refuse("not-yet-valid", Holder("C", root, start=2030), "validity", "not_yet_valid")
    refuse("rsa-1024", Holder("D", root, key="1024"), "algorithms", "weak_rsa_key")
    refuse("unknown-critical", Holder("E", root, extra=[UNKNOWN_EXTENSION]), "path", "unknown_critical_extension")
    refuse("unknown-root", Holder("F", Holder.root("Another root")), "path", "no_known_root")
    namesake = Holder.root(identifiers=False)
    refuse("root-of-the-same-name", Holder("G", namesake, identifiers=False), "path", "wrong_issuer_signature", [namesake])
    refuse("root-of-the-same-name-with-identifiers", Holder("G", Holder.root()), "path", "no_known_root")
    refuse("self-signed", Holder("H"), "path", "no_known_root")
    paths(refuse)


def paths(refuse):
    not_ca = Holder("Not an authority", root, ca=(False, None))
    refuse("issuer-is-no-authority", Holder("I", not_ca), "path", "issuer_may_not_issue", [not_ca])
    plain_person = Holder("Only a person", root)
    refuse("issuer-without-constraints", Holder("J", plain_person), "path", "issuer_may_not_issue", [plain_person])
    no_signing = Holder("May not sign certificates", root, ca=(True, None), bits=("crl_sign",))
    refuse("issuer-may-not-sign", Holder("K", no_signing), "path", "issuer_may_not_issue", [no_signing])
    short = Holder("Short path", root, ca=(True, 0), bits=("key_cert_sign",))
    long = Holder("Too long", short, ca=(True, None), bits=("key_cert_sign",))
    refuse("path-too-long", Holder("L", long), "path", "issuer_may_not_issue", [short, long])
    over = Holder("Ended", root, ca=(True, None), bits=("key_cert_sign",), start=2020, end=2026)
    refuse("issuer-ended", Holder("M", over), "path", "issuer_not_valid", [over])
    odd = Holder("Odd", root, ca=(True, None), bits=("key_cert_sign",), extra=[UNKNOWN_EXTENSION])
    refuse("issuer-with-unknown-critical", Holder("N", odd), "path", "unknown_critical_extension", [odd])


def contents():
    def refuse(name, build, check, reason, sub_filter=PADES):
        keep(name, by_hand(build, sub_filter), "invalid", check, reason)

    def with_attributes(change, certificates=(signer,), named=None):
        def build(data):
            attributes = change(signed_attributes(data, der(signer)))
            return signed_data([signer_info(signer, attributes, named=named)], [der(item) for item in certificates])

        return build

    def ordinary(data):
        return with_attributes(lambda attributes: attributes)(data)

    other = Holder("Another", root)
    twin = signed_attributes(b"", der(other))[2]
    refuse("sha-1", lambda data: weak(data), "algorithms", "weak_sha1")
    refuse("attributes-unsorted", with_attributes(lambda all: all[::-1]), "attributes", "attributes_unsorted")
    refuse("content-type-missing", with_attributes(lambda all: all[1:]), "attributes", "content_type_wrong")
    refuse("digest-missing", with_attributes(lambda all: [all[0], all[2]]), "message_digest", "document_changed")
    refuse("digest-of-other-bytes", with_attributes(
        lambda all: [all[0], attribute("message_digest", bytes(32)), all[2]]), "message_digest", "document_changed")
    refuse("digest-twice", with_attributes(
        lambda all: [all[0], *sorted([all[1], attribute("message_digest", bytes(32))], key=lambda item: item.dump()),
                     all[2]]), "message_digest", "document_changed")
    refuse("certificate-not-named", with_attributes(lambda all: all[:2]), "signing_certificate",
           "certificate_not_named")
    refuse("other-certificate-named", with_attributes(lambda all: [*all[:2], twin]), "signing_certificate",
           "other_certificate")
    refuse("certificate-missing", with_attributes(lambda all: all, certificates=()), "signing_certificate",
           "signer_certificate_missing")
    refuse("other-signer-named", with_attributes(lambda all: [*all[:2], twin], (other,), other), "signature_value",
           "wrong_signature")
    refuse("two-signers", lambda data: signed_data(
        [signer_info(item, signed_attributes(data, der(item))) for item in (signer, other)],
        [der(signer), der(other)]), "cms", "cms_signer_count")
    refuse("no-signer", lambda data: signed_data([], [der(signer)]), "cms", "cms_signer_count")
    refuse("content-inside", lambda data: signed_data(
        [signer_info(signer, signed_attributes(data, der(signer)))], [der(signer)],
        content=element(0xA0, core.OctetString(b"other").dump())), "cms", "cms_not_detached")
    refuse("bytes-behind", lambda data: ordinary(data) + b"\x01", "cms", "cms_trailing_bytes")
    refuse("broken-off", lambda data: ordinary(data)[:-1], "signature_value", "wrong_signature")
    refuse("not-a-cms", lambda data: b"not a CMS", "cms", "cms_not_der")
    refuse("never-filled", lambda data: b"", "cms", "cms_empty")
    refuse("unknown-kind", ordinary, "cms", "unknown_kind", b"adbe.pkcs7.sha1")


def weak(data):
    holder = Holder("Old hash", root, key="2048")
    return signed_data([signer_info(holder, signed_attributes(data, der(holder), "sha1"), "sha1")], [der(holder)], "sha1")


def main():
    (HERE / "root.der").write_bytes(der(root))
    accepted()
    certificates()
    contents()
    lines = ["\t".join(row) for row in [("file", "verdict", "check", "reason"), *rows]]
    (HERE / "verdicts.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
