"""The smallest PDF that waits for a signature, and the CMS to fill it with."""

import hashlib

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

ROOM = 4096


def prepare(sub_filter):
    """The bytes of the file, and where the hole is."""
    hole = b"<" + b"0" * (2 * ROOM) + b">"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Annots[4 0 R]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/F 132/Rect[0 0 0 0]/P 3 0 R/V 5 0 R>>",
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/" + sub_filter + b"/M(D:20260601000000Z)"
        b"/ByteRange[0 AAAAAAAA BBBBBBBB CCCCCCCC]/Contents" + hole + b">>",
    ]
    file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    begin = file.index(hole)
    end = begin + len(hole)
    numbers = (begin, end, len(file) - end)
    for mark, number in zip((b"AAAAAAAA", b"BBBBBBBB", b"CCCCCCCC"), numbers):
        file = file.replace(mark, b"%-8d" % number)
    return file, (begin, end)


def covered(file, hole):
    return file[: hole[0]] + file[hole[1] :]


def fill(file, hole, contents):
    assert len(contents) <= ROOM
    digits = contents.hex().encode().ljust(2 * ROOM, b"0")
    return file[: hole[0] + 1] + digits + file[hole[1] - 1 :]


def attribute(kind, value):
    return cms.CMSAttribute({"type": kind, "values": [value]})


def signed_attributes(data, certificate, digest="sha256"):
    """In the order in which DER sorts them here."""
    hash_of_certificate = hashlib.new(digest, certificate).digest()
    identifier = {"cert_hash": hash_of_certificate}
    if digest != "sha256":
        identifier["hash_algorithm"] = {"algorithm": digest}
    named = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(identifier)]})
    return [
        attribute("content_type", "data"),
        attribute("message_digest", hashlib.new(digest, data).digest()),
        attribute("signing_certificate_v2", named),
    ]


def as_set(attributes, tag=0x31):
    """The attributes in the order given, which asn1crypto would not keep."""
    content = b"".join(item.dump() for item in attributes)
    return bytes([tag]) + core.OctetString(content).dump()[1:]


def sign(key, message, digest="sha256"):
    algorithm = getattr(hashes, digest.upper())()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(algorithm))
    return key.sign(message, padding.PKCS1v15(), algorithm)


def signer_info(holder, attributes, digest="sha256", named=None):
    certificate = der(named or holder)
    issuer = x509.Certificate.load(certificate)
    scheme = "ecdsa" if isinstance(holder.key, ec.EllipticCurvePrivateKey) else "rsa"
    fields = [
        core.Integer(1).dump(),
        cms.IssuerAndSerialNumber({"issuer": issuer.issuer, "serial_number": issuer.serial_number}).dump(),
        algos.DigestAlgorithm({"algorithm": digest}).dump(),
        as_set(attributes, 0xA0),
        algos.SignedDigestAlgorithm({"algorithm": f"{digest}_{scheme}"}).dump(),
        core.OctetString(sign(holder.key, as_set(attributes), digest)).dump(),
    ]
    return sequence(fields)


def signed_data(signers, certificates, digest="sha256", content=b""):
    fields = [
        core.Integer(1).dump(),
        element(0x31, algos.DigestAlgorithm({"algorithm": digest}).dump()),
        sequence([core.ObjectIdentifier("1.2.840.113549.1.7.1").dump(), content]),
        element(0xA0, b"".join(sorted(certificates))),
        element(0x31, b"".join(sorted(signers))),
    ]
    wrapped = element(0xA0, sequence(fields))
    return sequence([core.ObjectIdentifier("1.2.840.113549.1.7.2").dump(), wrapped])


def der(holder):
    return holder.certificate.public_bytes(serialization.Encoding.DER)


def element(tag, content):
    return bytes([tag]) + core.OctetString(content).dump()[1:]


def sequence(fields):
    return element(0x30, b"".join(fields))
