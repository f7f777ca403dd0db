"""Makes the signed PDFs beside this file: run it with the python of .cache/judges-venv. What each must be judged is in verdicts.tsv."""

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from cryptography import x509

import container
from container import covered, fill, prepare
from der import (AUTHORITY, ECDSA, ED25519, RSA, SHA256, SHA512, Certificate, Key, authority, called, extension, integer, named,
                 named_by_sha1, oid, organisation, plain, protected, pss, seq, signed, tagged,
                 text, usage)
from make_vectors import pyhanko

rows = []
root = Certificate("Root of the odd vectors", extensions=AUTHORITY)
signer = Certificate("Signer", root)


def keep(name, build, verdict, check="-", reason="-"):
    """`check` is one that must not pass, with the reason why; `-` if only time and revocation remain open."""
    for container.ROOM in (1500, 2500, 5000):
        file, hole = prepare(b"ETSI.CAdES.detached")
        contents = build(covered(file, hole))
        if len(contents) <= container.ROOM:
            break
    keep_file(name, fill(file, hole, contents), verdict, check, reason)


def keep_file(name, file, verdict, check="-", reason="-"):
    (HERE / f"{name}.pdf").write_bytes(file)
    rows.append((name, verdict, check, reason))


def accept(name, holder=signer, others=(), **options):
    keep(name, lambda data: signed(data, holder, others=others, **options), "valid_in_part")


def refuse(name, check, reason, holder=signer, others=(), **options):
    keep(name, lambda data: signed(data, holder, others=others, **options), "invalid", check, reason)


def purposes():
    """RFC 5280, section 4.2.1.12: for what is listed and nothing else, critical or not."""
    kinds = {"server": "1.3.6.1.5.5.7.3.1", "client": "1.3.6.1.5.5.7.3.2", "code": "1.3.6.1.5.5.7.3.3",
             "mail": "1.3.6.1.5.5.7.3.4", "time": "1.3.6.1.5.5.7.3.8", "status": "1.3.6.1.5.5.7.3.9"}

    def holder(*purposes):
        return Certificate("Signer", root, more=[extension("2.5.29.37", seq(*map(oid, purposes)))])

    for kind in ("server", "client", "code", "time", "status"):
        refuse(f"purpose-{kind}", "key_usage", "not_for_contracts", holder(kinds[kind]))
    refuse("purpose-server-and-client", "key_usage", "not_for_contracts", holder(kinds["server"], kinds["client"]))
    accept("purpose-client-and-mail", holder(kinds["client"], kinds["mail"]))
    accept("purpose-of-its-own", holder(kinds["client"], "1.3.6.1.4.1.99999.1"))


def versions():
    """RFC 5280, section 4.1.2.1: extensions are known from version 3 on."""
    for version in (1, 3):
        refuse(f"certificate-version-{version + 1}", "signing_certificate", "signer_certificate_unreadable",
               Certificate("Signer", root, version=version))


def attributes():
    other = Certificate("Other", root)
    refuse("forerunner-names-another", "signing_certificate", "other_certificate", more=[named_by_sha1(other)])
    accept("forerunner-names-the-same", more=[named_by_sha1(signer)])
    # RFC 6211.
    accept("algorithms-protected", more=[protected(SHA256, ECDSA)])
    refuse("other-digest-protected", "attributes", "other_algorithms", more=[protected(SHA512, ECDSA)])
    refuse("other-signature-protected", "attributes", "other_algorithms",
           more=[protected(SHA256, seq(oid("1.2.840.10045.4.3.4")))])
    # RFC 8419, section 3.1: around Ed25519 everything is SHA-512.
    edwards = Certificate("Signer with Ed25519", root, key=Key(ED25519))
    accept("ed25519", edwards, hashed=SHA512)
    refuse("ed25519-and-sha-256", "algorithms", "algorithm_of_other_key", edwards)
    refuse("ed25519-with-ecdsa-said", "algorithms", "algorithm_of_other_key", edwards, algorithm=ECDSA)
    below_edwards = Certificate("Authority with Ed25519", root, key=Key(ED25519), extensions=AUTHORITY)
    accept("below-ed25519", Certificate("Signer", below_edwards), others=[below_edwards])
    holder = Certificate("Signer with RSA", root, key=Key(RSA))
    accept("pss-trailer-1", holder, algorithm=pss(32, 1), salt=32)
    for salt in (0, 20, 222):
        accept(f"pss-salt-{salt}", holder, algorithm=pss(salt), salt=salt)
    refuse("pss-salt-said-wrong", "signature_value", "wrong_signature", holder, algorithm=pss(20), salt=222)
    refuse("pss-salt-too-long", "algorithms", "unknown_algorithm", holder, algorithm=pss(4_000_000_000), salt=32)
    refuse("pss-trailer-2", "algorithms", "unknown_algorithm", holder, algorithm=pss(32, 2), salt=32)


def names():
    """RFC 5280, section 7.1: one name in several kinds of string."""
    written = called("root  of the ODD vectors", tag=19)
    accept("issuer-written-otherwise", Certificate("Signer", root, issuer_name=written))
    # Nobody signed how SignerInfo writes the name: nothing but the kind of string may differ.
    accept("signer-named-otherwise", sid=seq(called("Root of the odd vectors", tag=19), signer.serial), version=1)
    refuse("signer-named-in-other-letters", "signing_certificate", "signer_certificate_missing",
           sid=seq(written, signer.serial), version=1)
    accept("issuer-and-serial-named-otherwise",
           name_of=lambda holder: named(holder, seq(seq(tagged(4, written)), holder.serial)))
    refuse("other-serial-named", "signing_certificate", "other_certificate",
           name_of=lambda holder: named(holder, seq(seq(tagged(4, root.subject)), integer(1))))


def twins():
    """Of two certificates that the signer's name fits, the one that was signed for."""
    renewed = Certificate("Signer before", root, key=signer.key)
    accept("same-key-identifier", sid=plain(0, signer.key.identifier), others=[renewed])
    refuse("same-key-identifier-other-signed-for", "signing_certificate", "other_certificate",
           sid=plain(0, signer.key.identifier), others=[renewed], name_of=lambda _: named(root))


def below(more=(), leaf_more=(), subject="Signer"):
    middle = Certificate("Intermediate", root, extensions=AUTHORITY, more=more)
    return Certificate(subject, middle, more=leaf_more), [middle]


def persons():
    """Names of the JPKI profile that are not a person's whole four items."""
    def item(number, value):
        return tagged(0, oid(f"1.2.392.200149.8.5.5.{number}"), tagged(0, text(value)))

    items = [item(1, "花子"), item(4, "319800217"), item(5, "東京都")]
    holder = Certificate("20270101ABC", root, more=[extension("2.5.29.17", seq(*items))])
    accept("person-without-sex", holder)


def paths():
    short = Certificate("Intermediate", root, extensions=[authority(0), usage(5, 6)])
    again = Certificate("Intermediate", short, extensions=AUTHORITY)
    accept("key-changed-below-a-short-path", Certificate("Signer", again), others=[short, again])
    other = Certificate("Another", short, extensions=AUTHORITY)
    refuse("authority-below-a-short-path", "path", "issuer_may_not_issue", Certificate("Signer", other),
           others=[short, other])
    chain = [root]
    for number in range(6):
        chain.append(Certificate(f"Authority {number}", chain[-1], extensions=AUTHORITY))
    accept("six-authorities", Certificate("Signer", chain[-1]), others=chain[1:])
    places = extension("2.5.29.31", seq(seq(tagged(0, tagged(0, plain(6, b"http://a.invalid/"))))), True)
    accept("critical-places-of-lists", Certificate("Signer", root, more=[places]))
    for name, kind, judge in [("type", "0.4.0.1862.1.6", accept), ("limit", "0.4.0.1862.1.2", None)]:
        holder = Certificate("Signer", root, more=[extension("1.3.6.1.5.5.7.1.3", seq(seq(oid(kind))), True)])
        if judge:
            judge(f"critical-statement-of-{name}", holder)
        else:
            refuse(f"critical-statement-of-{name}", "path", "unknown_critical_extension", holder)


def together():
    """The authority of two signers came along with the first."""
    middle = Certificate("Intermediate", root, extensions=AUTHORITY)
    first, second = Certificate("First", middle), Certificate("Second", middle)
    file = pyhanko(Held(first), [Held(middle)])
    keep_file("authority-in-another-signature", pyhanko(Held(second), before=file, field="Signature2"), "valid_in_part")


class Held:
    """As `make_vectors` has it."""

    def __init__(self, certificate):
        self.key = certificate.key.key
        self.certificate = x509.load_der_x509_certificate(certificate.der)


def constraints():
    """RFC 5280, section 4.2.1.10; also where somebody forgot to make them critical."""
    def bound(permitted=(), excluded=(), critical=True):
        trees = [tagged(number, *map(seq, bases)) for number, bases in ((0, permitted), (1, excluded)) if bases]
        return [extension("2.5.29.30", seq(*trees), critical)]

    ours = tagged(4, organisation())
    mail = [extension("2.5.29.17", seq(plain(1, b"a@mail.invalid")))]
    for critical in (True, False):
        way = "" if critical else "-not-critical"
        refuse(f"name-excluded{way}", "path", "name_not_permitted",
               *below(bound(excluded=[ours], critical=critical)))
        refuse(f"name-not-permitted{way}", "path", "name_not_permitted",
               *below(bound([tagged(4, called("Nobody"))], critical=critical)))
    accept("name-permitted", *below(bound([ours], [tagged(4, called("Nobody"))])))
    accept("mail-permitted", *below(bound([plain(1, b".invalid")]), mail))
    refuse("mail-excluded", "path", "name_not_permitted", *below(bound(excluded=[plain(1, b"mail.invalid")]), mail))
    accept("form-without-a-name", *below(bound([plain(2, b"host.invalid")])))
    refuse("form-that-nobody-compares", "path", "name_not_permitted",
           *below(bound([plain(8, b"\x2a\x03")]), [extension("2.5.29.17", seq(plain(8, b"\x2a\x03")))]))
    refuse("constraints-malformed", "path", "name_not_permitted", *below([extension("2.5.29.30", b"\5\0", False)]))


def policies():
    """RFC 5280, section 6.1, with any policy welcome."""
    def certified(*kinds):
        return [extension("2.5.29.32", seq(*[seq(oid(kind)) for kind in kinds]))]

    demand = [extension("2.5.29.36", seq(plain(0, b"\0")), True)]
    no_any = [extension("2.5.29.54", integer(0), True)]
    any_policy, one, two = "2.5.29.32.0", "1.3.6.1.4.1.99999.2", "1.3.6.1.4.1.99999.3"
    mapped = [extension("2.5.29.33", seq(seq(oid(one), oid(two))), True)]
    accept("policy-demanded-and-there", *below([*demand, *certified(one)], certified(one)))
    refuse("policy-demanded-and-none", "path", "no_valid_policy", *below(demand))
    refuse("policy-demanded-and-another", "path", "no_valid_policy", *below([*demand, *certified(one)], certified(two)))
    refuse("policy-demanded-not-critical", "path", "no_valid_policy",
           *below([extension("2.5.29.36", seq(plain(0, b"\0")))]))
    accept("any-policy", *below([*demand, *certified(any_policy)], certified(one)))
    accept("any-policy-inhibited", *below([*no_any, *certified(one)], certified(one)))
    refuse("any-policy-inhibited-and-used", "path", "no_valid_policy",
           *below([*demand, *no_any, *certified(one)], certified(any_policy)))
    accept("policy-mapped", *below([*demand, *certified(one), *mapped], certified(two)))
    refuse("policy-mapped-away", "path", "no_valid_policy", *below([*demand, *certified(one), *mapped], certified(one)))


def main():
    (HERE / "root.der").write_bytes(root.der)
    purposes()
    versions()
    attributes()
    names()
    twins()
    persons()
    paths()
    together()
    constraints()
    policies()
    lines = ["\t".join(row) for row in [("file", "verdict", "check", "reason"), *rows]]
    (HERE / "verdicts.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
