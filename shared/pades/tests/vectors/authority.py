"""Certificates of an authority that exists for these vectors only. Its keys are thrown away."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


def day(year):
    return datetime.datetime(year, 1, 1)


def der_of(holder):
    return holder.certificate.public_bytes(serialization.Encoding.DER)


def new_key(kind="p256"):
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "p384":
        return ec.generate_private_key(ec.SECP384R1())
    if kind == "p521":
        return ec.generate_private_key(ec.SECP521R1())
    return rsa.generate_private_key(65537, int(kind))


def name(common):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Vectors, worth nothing"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def usage(*bits):
    names = ("digital_signature content_commitment key_encipherment data_encipherment key_agreement "
             "key_cert_sign crl_sign encipher_only decipher_only").split()
    return x509.KeyUsage(**{bit: bit in bits for bit in names})


AUTHORITY = ("key_cert_sign", "crl_sign")
CONTRACTS = ("digital_signature", "content_commitment")


class Holder:
    """A key with its certificate."""

    def __init__(self, common, issuer=None, key="p256", ca=None, bits=CONTRACTS, start=2026, end=2036, extra=(),
                 identifiers=True, digest=hashes.SHA256()):
        self.key = new_key(key)
        signer = issuer or self
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(common))
            .issuer_name(issuer.certificate.subject if issuer else name(common))
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(day(start))
            .not_valid_after(day(end))
            .add_extension(usage(*bits), critical=True)
        )
        if ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca=ca[0], path_length=ca[1]), critical=True)
        if identifiers:
            own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
            issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
            builder = builder.add_extension(own, critical=False).add_extension(issuers, critical=False)
        for extension in extra:
            builder = builder.add_extension(extension, critical=True)
        self.certificate = builder.sign(signer.key, digest)

    @classmethod
    def root(cls, common="Root of the vectors", **options):
        return cls(common, ca=(True, None), bits=AUTHORITY, start=2020, end=2050, **options)
