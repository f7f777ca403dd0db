"""Makes corpus/crl and corpus/ocsp (lists and answers about the signer of a vector), path, update, entries and receipt.

Whatever is signed here is signed with a key that nobody believes.
"""

import datetime
import ipaddress
import pathlib
import re

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.reader import PdfFileReader

HERE = pathlib.Path(__file__).parent
VECTORS = HERE / "../../shared/pades/tests/vectors"
SIGNED = HERE / "../../tests/vectors/signed"
SIGNED_BYTES = 10_552
DAY = datetime.datetime(2026, 12, 31)
NEXT = datetime.datetime(2027, 1, 31)


def main():
    root = x509.load_der_x509_certificate((VECTORS / "root.der").read_bytes())
    with open(VECTORS / "pyhanko-pades-rsa.pdf", "rb") as file:
        signer = PdfFileReader(file).embedded_signatures[0].signer_cert.dump()
    signer = x509.load_der_x509_certificate(signer)
    key = ec.generate_private_key(ec.SECP256R1())
    made_of = {"crl": lists(root, signer, key), "ocsp": answers(root, signer, key), "path": paths(key), "update": updates(),
               "entries": entries(), "receipt": receipts()}
    for kind, made in made_of.items():
        folder = HERE / "corpus" / kind
        folder.mkdir(parents=True, exist_ok=True)
        for name, der in made:
            (folder / name).write_bytes(der)


def lists(root, signer, key):
    def made(name, *extensions, entry=None):
        builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject).last_update(DAY).next_update(NEXT)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        if entry is not None:
            revoked = x509.RevokedCertificateBuilder().serial_number(signer.serial_number).revocation_date(DAY)
            for extension in entry:
                revoked = revoked.add_extension(extension, False)
            builder = builder.add_revoked_certificate(revoked.build())
        return name, builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def scope(**only):
        usual = dict(full_name=None, relative_name=None, only_contains_user_certs=False, only_contains_ca_certs=False,
                     only_some_reasons=None, indirect_crl=False, only_contains_attribute_certs=False)
        return x509.IssuingDistributionPoint(**{**usual, **only}), True

    yield made("empty")
    yield made("numbered", (x509.CRLNumber(7), False))
    yield made("delta", (x509.DeltaCRLIndicator(6), True))
    yield made("for-persons", scope(only_contains_user_certs=True))
    yield made("at-a-place", scope(full_name=[x509.DirectoryName(root.subject)]))
    yield made("some-reasons", scope(only_some_reasons=frozenset([x509.ReasonFlags.key_compromise])))
    yield made("indirect", scope(indirect_crl=True))
    yield made("revoked", entry=[])
    yield made("revoked-with-reason", entry=[x509.CRLReason(x509.ReasonFlags.superseded)])
    yield made("suspect", entry=[x509.CRLReason(x509.ReasonFlags.key_compromise), x509.InvalidityDate(DAY)])


def answers(root, signer, key):
    def made(name, algorithm, status, time=None, reason=None, nonce=None):
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=signer, issuer=root, algorithm=algorithm, cert_status=status, this_update=DAY, next_update=NEXT,
            revocation_time=time, revocation_reason=reason)
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, certificate)
        if nonce:
            builder = builder.add_extension(x509.OCSPNonce(nonce), False)
        return name, builder.certificates([certificate]).sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    builder = x509.CertificateBuilder().subject_name(x509.Name.from_rfc4514_string("CN=Responder")).issuer_name(root.subject)
    builder = builder.not_valid_before(DAY).not_valid_after(NEXT + datetime.timedelta(days=365)).serial_number(5)
    builder = builder.public_key(key.public_key())
    builder = builder.add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.OCSP_SIGNING]), False)
    certificate = builder.add_extension(x509.OCSPNoCheck(), False).sign(key, hashes.SHA256())
    revoked = ocsp.OCSPCertStatus.REVOKED
    yield made("good", hashes.SHA1(), ocsp.OCSPCertStatus.GOOD)
    yield made("good-sha256-nonce", hashes.SHA256(), ocsp.OCSPCertStatus.GOOD, nonce=bytes(16))
    yield made("unknown", hashes.SHA1(), ocsp.OCSPCertStatus.UNKNOWN)
    yield made("revoked", hashes.SHA1(), revoked, DAY)
    yield made("revoked-with-reason", hashes.SHA1(), revoked, DAY, x509.ReasonFlags.certificate_hold)
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    yield "refused", refused.public_bytes(serialization.Encoding.DER)


def paths(key):
    def certificate(name, issuer, *extensions, authority=True):
        builder = x509.CertificateBuilder().subject_name(x509.Name.from_rfc4514_string(name))
        builder = builder.issuer_name(x509.Name.from_rfc4514_string(issuer)).serial_number(5).public_key(key.public_key())
        builder = builder.not_valid_before(DAY).not_valid_after(NEXT)
        builder = builder.add_extension(x509.BasicConstraints(authority, None), True)
        builder = builder.add_extension(x509.KeyUsage(not authority, not authority, *[False] * 3, authority, *[False] * 3), True)
        for extension in extensions:
            builder = builder.add_extension(extension, True)
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def policies(*numbers):
        return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(number), None) for number in numbers])

    mail, host, net = x509.RFC822Name, x509.DNSName, x509.IPAddress
    names = x509.NameConstraints(
        [x509.DirectoryName(x509.Name.from_rfc4514_string("O=Example,C=JP")), mail("example.com"), host(".example.com"),
         net(ipaddress.ip_network("192.0.2.0/24")), x509.UniformResourceIdentifier(".example.com")], [mail("no@example.com")])
    other = x509.SubjectAlternativeName([mail("a@example.com"), host("a.example.com"), net(ipaddress.ip_address("192.0.2.7")),
                                         x509.UniformResourceIdentifier("https://a.example.com/")])
    root, holder = "CN=Root", "CN=Signer,O=Example,C=JP"
    person = certificate(holder, "CN=Middle", policies("1.2.3"), other, authority=False)
    below = {
        "names": [names],
        "policies": [policies("1.2.3"), x509.PolicyConstraints(0, 0)],
        "any-policy": [policies("2.5.29.32.0"), x509.InhibitAnyPolicy(0)],
    }
    for name, extensions in below.items():
        chain = [certificate(root, root), person, certificate("CN=Middle", root, *extensions)]
        yield name, b"".join(len(der).to_bytes(2, "big") + der for der in chain)


def updates():
    """Of each update in the vectors, its objects as the target wants them."""
    base = (SIGNED / "update-nothing.pdf").read_bytes()[:SIGNED_BYTES]
    for file in sorted(SIGNED.glob("update-*.pdf")):
        whole = file.read_bytes()
        if whole.startswith(base):
            objects = re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj\n", whole[SIGNED_BYTES:], re.S)
            yield file.stem.removeprefix("update-"), b"\xff".join(bytes([int(number)]) + stream(body) for number, body in objects)


def stream(body):
    found = re.fullmatch(rb"(<<.*?)/Length \d+(.*?)>>stream\n(.*)\nendstream", body, re.S)
    return body if found is None else found[1] + found[2] + b"\xfd" + found[3]


def entries():
    yield "in-use", bytes([1, 1, 40]) + b"".join(b"\1" + (15 + 64 * at).to_bytes(2, "big") for at in range(40))
    yield "packed-and-free", bytes([0x89, 9, 40]) + bytes([2, 0, 6, 0, 0, 0, 0, 0]) * 70
    yield "by-hand", bytes([0x92, 20, 1]) + bytes(range(256))


def receipts():
    digest = b"<</Bytes 12/SHA256<" + b"00" * 32 + b">>>"
    signer = b"<</Label(A)/State/valid_in_part/Failed[/path]/NotChecked[/time]/ProvenTime 1798761600>>"
    yield "statement", b"<</Version 1/Original " + digest + b"/Copy " + digest + b"/State/valid/Signers[" + signer + b"]>>"
    for cms in sorted((HERE / "corpus/receipt_text").iterdir()):
        yield cms.stem, b"\0" + cms.read_bytes()


if __name__ == "__main__":
    main()
