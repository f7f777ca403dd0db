"""What lists of the authority make of signatures: the verdicts by the rules of decisions 16, 34 and 45, and of docs/verdict.md.

All is judged on 1 January 2027. Time stamps say 1 June 2026. The list of 31 December 2026 is newer than they, and current.
"""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from accepted import ADOBE, document_stamp, empty, pyhanko, stamper, time_holder
from authority import Holder

REASON = x509.ReasonFlags
ANSWERED = ("valid", "-", "answered")
PROVEN_ONLY = ("valid_in_part", "-", "proven")


def all_answered(root, signer):
    base = empty()
    time = time_holder(root, "Answered time")
    stamped = pyhanko(base, signer, time=stamper(time))
    good = {"good": made(root)}
    yield "answered", good, stamped, *ANSWERED, "stamped, and a newer list of the one authority names neither signer nor stamper"
    yield ("answered-document-stamp", good, document_stamp(pyhanko(base, signer), stamper(time)), *ANSWERED,
           "the stamp over the document proves the signature's time and is asked about itself")
    twice = pyhanko(pyhanko(base, signer, time=stamper(time)), signer, field="Second", time=stamper(time))
    yield "answered-twice", good, twice, *ANSWERED, "each signature for itself"
    older = pyhanko(base, signer, time=stamper(time), subfilter=ADOBE)
    yield "answered-older-form", good, older, *ANSWERED, "the older form names its certificate here, too"
    middle = Holder("Answered middle", root, ca=(True, 0), bits=("key_cert_sign", "crl_sign"))
    below = pyhanko(base, Holder("Answered below", middle), [middle], time=stamper(time))
    both = {**good, "good-of-middle": made(middle)}
    yield "answered-path", both, below, *ANSWERED, "every authority below the root is answered for by the one above it"
    yield ("answered-half-a-path", good, below, "valid_in_part", "revocation", "revocation_other_issuer",
           "of the lower certificate nobody speaks: the list is its issuer's issuer's")
    yield ("answered-without-a-time", good, pyhanko(base, signer), "valid_in_part", "time", "no_time_stamp",
           "everything but the time was checked, and the certificate is good now")
    yield from revoked(root, signer, time, stamped)
    yield from out_of_time(root, signer, time, stamped)


def revoked(root, signer, time, stamped):
    def row(name, holder, day, reason, *verdict, more=()):
        return f"answered-{name}", {name: made(root, (holder, day, reason), *more)}, stamped, *verdict

    march, september = datetime.datetime(2026, 3, 1), datetime.datetime(2026, 9, 1)
    yield row("revoked-before", signer, march, REASON.superseded, "invalid", "revocation", "revoked", "revoked before it was signed")
    yield row("held-before", signer, march, REASON.certificate_hold, "invalid", "revocation", "on_hold", "suspended when it was signed")
    yield row("revoked-after", signer, september, REASON.key_compromise, *ANSWERED, "the stamp proves that it was signed before")
    yield row("time-compromised", time, september, REASON.key_compromise, "valid_in_part", "time", "time_stamp_revoked",
              "who stole the stamper's key can stamp the past: the time is as good as none (RFC 3161, section 4)")
    yield row("time-ceased", time, september, REASON.cessation_of_operation, *ANSWERED,
              "a stamper that stopped in order leaves its earlier stamps good (RFC 3161, section 4)")
    yield row("both-revoked", time, september, REASON.key_compromise, "invalid", "revocation", "revoked",
              "without the time nobody knows whether it was signed before September", more=[(signer, september, REASON.superseded)])


def out_of_time(root, signer, time, stamped):
    def row(name, list_, *verdict):
        return f"answered-{name}", {name: list_}, stamped, *verdict

    day = datetime.datetime
    yield row("too-early", made(root, start=day(2026, 5, 1)), "valid_in_part", "revocation", "revocation_before_proven_time",
              "made before the signature: decision 45")
    yield row("ended-since", made(root, start=day(2026, 7, 1), end=day(2026, 8, 1)), "valid_in_part", "revocation",
              "time_stamp_revocation_unknown", "it clears the signer for its time, but the stamper only until August: decision 34")
    yield row("from-the-future", made(root, start=day(2027, 6, 1)), "valid_in_part", "revocation", "revocation_in_the_future",
              "nobody made it yet")
    yield row("of-another-key", made(Holder.root("Root of the corpus")), "valid_in_part", "revocation", "revocation_other_issuer",
              "same name, other key")
    ended = Holder("Answered ended", root, start=2020, end=2026)
    early = stamper(time_holder(root, "Answered early time", start=2020), day(2025, 6, 1, tzinfo=datetime.timezone.utc))
    yield ("answered-after-the-end", {"good": made(root)}, pyhanko(empty(), ended, time=early), "valid_in_part", "revocation",
           "revocation_after_the_end", "a list need not name a certificate that has ended (RFC 5280, section 3.3)")


def made(issuer, *entries, start=datetime.datetime(2026, 12, 31), end=datetime.datetime(2036, 1, 1)):
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject).last_update(start).next_update(end)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = builder.add_extension(x509.CRLNumber(1), False).add_extension(identifier, False)
    for holder, day, reason in entries:
        entry = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number).revocation_date(day)
        builder = builder.add_revoked_certificate(entry.add_extension(x509.CRLReason(reason), False).build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
