"""DER, certificates and CMS, byte by byte: what the libraries would not write."""

import hashlib
import itertools

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

SERIALS = itertools.count(1000)


def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def seq(*parts):
    return tlv(0x30, *parts)


def tagged(number, *parts):
    return tlv(0xA0 | number, *parts)


def plain(number, content):
    return tlv(0x80 | number, content)


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = b""
    for arc in [first * 40 + second, *rest]:
        digits = [arc & 127]
        while arc := arc >> 7:
            digits.append(128 | arc & 127)
        out += bytes(reversed(digits))
    return tlv(6, out)


def integer(number):
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(content):
    return tlv(4, content)


def bits(content):
    return tlv(3, b"\0", content)


def utc(text):
    return tlv(0x17, text.encode())


NULL = b"\5\0"
TRUE = b"\1\1\xff"


def text(value, tag=12):
    return tlv(tag, value.encode())


def name(*parts):
    """Of (kind, value in DER)."""
    return seq(*[tlv(0x31, seq(oid(kind), value)) for kind, value in parts])


def called(common, tag=12):
    return name(("2.5.4.10", text("Vectors, worth nothing", tag)), ("2.5.4.3", text(common, tag)))


def organisation():
    """What all of these names begin with."""
    return name(("2.5.4.10", text("Vectors, worth nothing")))


def extension(kind, value, critical=False):
    return seq(oid(kind), TRUE if critical else b"", octets(value))


def usage(*places):
    value = sum(1 << (15 - place) for place in places).to_bytes(2, "big")
    return extension("2.5.29.15", tlv(3, bytes([7 - max(places) % 8]), value[: max(places) // 8 + 1]), True)


def authority(longest=None):
    return extension("2.5.29.19", seq(TRUE, b"" if longest is None else integer(longest)), True)


SHA256 = seq(oid("2.16.840.1.101.3.4.2.1"))
SHA512 = seq(oid("2.16.840.1.101.3.4.2.3"))
ECDSA = seq(oid("1.2.840.10045.4.3.2"))
ED25519 = seq(oid("1.3.101.112"))
RSA = seq(oid("1.2.840.113549.1.1.11"), NULL)


def pss(salt, trailer=None):
    sha256 = seq(oid("2.16.840.1.101.3.4.2.1"), NULL)
    mask = tagged(1, seq(oid("1.2.840.113549.1.1.8"), sha256))
    last = b"" if trailer is None else tagged(3, integer(trailer))
    return seq(oid("1.2.840.113549.1.1.10"), seq(tagged(0, sha256), mask, tagged(2, integer(salt)), last))


class Key:
    def __init__(self, algorithm=None):
        self.algorithm = algorithm or ECDSA
        make = {RSA: lambda: rsa.generate_private_key(65537, 2048), ED25519: ed25519.Ed25519PrivateKey.generate}
        self.key = make.get(self.algorithm, lambda: ec.generate_private_key(ec.SECP256R1()))()
        public = self.key.public_key()
        self.info = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.identifier = hashlib.sha1(self.info).digest()

    def sign(self, message, salt=None):
        if self.algorithm == ED25519:
            return self.key.sign(message)
        if self.algorithm == ECDSA:
            return self.key.sign(message, ec.ECDSA(hashes.SHA256()))
        scheme = padding.PKCS1v15() if salt is None else padding.PSS(padding.MGF1(hashes.SHA256()), salt)
        return self.key.sign(message, scheme, hashes.SHA256())


class Certificate:
    """Of a key for contracts, or of an authority where `extensions` say so."""

    def __init__(self, subject, issuer=None, key=None, extensions=None, version=2, issuer_name=None, more=()):
        self.key = key or Key()
        signer = issuer.key if issuer else self.key
        self.subject = called(subject) if isinstance(subject, str) else subject
        self.issuer = issuer_name or (issuer.subject if issuer else self.subject)
        self.serial = integer(next(SERIALS))
        identifiers = [extension("2.5.29.14", octets(self.key.identifier)),
                       extension("2.5.29.35", seq(plain(0, signer.identifier)))]
        own = [usage(0, 1)] if extensions is None else extensions
        body = seq(tagged(0, integer(version)), self.serial, signer.algorithm, self.issuer,
                   seq(utc("260101000000Z"), utc("360101000000Z")), self.subject, self.key.info,
                   tagged(3, seq(*own, *identifiers, *more)))
        self.der = seq(body, signer.algorithm, bits(signer.sign(body)))


AUTHORITY = [authority(), usage(5, 6)]


def attribute(kind, value):
    return seq(oid(kind), tlv(0x31, value))


def named(certificate, issuer_serial=b""):
    """signing-certificate-v2."""
    identifier = seq(octets(hashlib.sha256(certificate.der).digest()), issuer_serial)
    return attribute("1.2.840.113549.1.9.16.2.47", seq(seq(identifier)))


def named_by_sha1(certificate):
    """Its forerunner."""
    return attribute("1.2.840.113549.1.9.16.2.12", seq(seq(seq(octets(hashlib.sha1(certificate.der).digest())))))


def protected(digest, signature):
    """cms-algorithm-protection."""
    return attribute("1.2.840.113549.1.9.52", seq(digest, tlv(0xA1, signature[2:])))


def signed(data, signer, more=(), others=(), name_of=named, sid=None, version=None, algorithm=None, salt=None,
           hashed=SHA256):
    value = hashlib.new({SHA256: "sha256", SHA512: "sha512"}[hashed], data).digest()
    digest = attribute("1.2.840.113549.1.9.4", octets(value))
    kind = attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.1"))
    attributes = b"".join(sorted([kind, digest, name_of(signer), *more]))
    value = signer.key.sign(tlv(0x31, attributes), salt)
    version = integer(version or (3 if sid else 1))
    info = seq(version, sid or seq(signer.issuer, signer.serial), hashed, tagged(0, attributes),
               algorithm or signer.key.algorithm, octets(value))
    # In the order given: who comes first matters to some readers.
    certificates = tagged(0, *[item.der for item in (*others, signer)])
    body = seq(version, tlv(0x31, hashed), seq(oid("1.2.840.113549.1.7.1")), certificates, tlv(0x31, info))
    return seq(oid("1.2.840.113549.1.7.2"), tagged(0, body))
