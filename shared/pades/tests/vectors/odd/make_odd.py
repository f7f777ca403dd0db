"""Makes the signed PDFs beside this file: run it with the python of .cache/judges-venv. What each must be judged is in verdicts.tsv."""

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import container
from container import covered, fill, prepare
from der import (AUTHORITY, ECDSA, SHA256, SHA512, Certificate, Key, authority, called, extension, integer, named,
                 named_by_sha1, oid, plain, protected, pss, seq, signed, tagged, usage)

container.ROOM = 3000
rows = []
root = Certificate("Root of the odd vectors", extensions=AUTHORITY)
signer = Certificate("Signer", root)


def keep(name, build, verdict, check="-", reason="-"):
    """`check` is one that must not pass, with the reason why; `-` if only time and revocation remain open."""
    file, hole = prepare(b"ETSI.CAdES.detached")
    (HERE / f"{name}.pdf").write_bytes(fill(file, hole, build(covered(file, hole))))
    rows.append((name, verdict, check, reason))


def accept(name, holder=signer, **options):
    keep(name, lambda data: signed(data, holder, **options), "valid_in_part")


def refuse(name, check, reason, holder=signer, **options):
    keep(name, lambda data: signed(data, holder, **options), "invalid", check, reason)


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
    holder = Certificate("Signer with RSA", root, key=Key(is_rsa=True))
    accept("pss-trailer-1", holder, algorithm=pss(32, 1), salt=32)
    refuse("pss-trailer-2", "algorithms", "unknown_algorithm", holder, algorithm=pss(32, 2), salt=32)


def main():
    (HERE / "root.der").write_bytes(root.der)
    purposes()
    versions()
    attributes()
    lines = ["\t".join(row) for row in [("file", "verdict", "check", "reason"), *rows]]
    (HERE / "verdicts.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
