"""Makes every file of this folder and verdicts.tsv: run it with the python of .cache/judges-venv.

The verdicts are written by hand beside each file, before our verifier sees it; what must be accepted is first judged by pyHanko.
"""

import datetime
import io
import pathlib

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

import rich  # noqa: F401, finds the modules of the other vectors
from accepted import all_accepted
from altered import all_altered
from answered import all_answered
from authority import Holder, der_of
from permitted import all_permitted

HERE = pathlib.Path(__file__).parent
NEW_YEAR = datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)
# pyHanko's plain validation asks whether a certificate is valid now, not whether it was at the time stamp.
NOT_ASKED = {"ended-certificate-stamped-in-time"}


def is_accepted_by_pyhanko(file, root):
    anchors = [x509.Certificate.load(der_of(root))]
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    for signature in PdfFileReader(io.BytesIO(file), strict=False).embedded_signatures:
        context = ValidationContext(trust_roots=anchors, moment=NEW_YEAR, revocation_mode="soft-fail")
        if signature.sig_object_type == "/DocTimeStamp":
            status = validate_pdf_timestamp(signature, context)
        else:
            status = validate_pdf_signature(signature, context, key_usage_settings=usage)
        if not (status.intact and status.valid and status.trusted):
            return False
    return True


def main():
    root = Holder.root("Root of the corpus")
    signer = Holder("Signer", root)
    rows = []
    for old in [*HERE.glob("*.pdf"), *HERE.glob("*.crl")]:
        old.unlink()
    for name, file, proven in all_accepted(root, signer):
        assert name in NOT_ASKED or is_accepted_by_pyhanko(file, root), name
        (HERE / f"{name}.pdf").write_bytes(file)
        # Of revocation nobody says anything that is of the time in question.
        rows.append((name, "-", "valid_in_part", "-", "-" if proven == "-" else "proven", "accepted by pyHanko too"))
    for name, file, *verdict in [*all_altered(root, signer), *all_permitted(root, signer)]:
        assert not (HERE / f"{name}.pdf").exists(), name
        (HERE / f"{name}.pdf").write_bytes(file)
        rows.append((name, "-", *verdict))
    for name, lists, file, *verdict in all_answered(root, signer):
        (HERE / f"{name}.pdf").write_bytes(file)
        for list_name, der in lists.items():
            (HERE / f"{list_name}.crl").write_bytes(der)
        rows.append((name, " ".join(lists) or "-", *verdict))
    (HERE / "root.der").write_bytes(der_of(root))
    lines = ["\t".join(row) for row in [("file", "lists", "verdict", "check", "reason", "why"), *rows]]
    (HERE / "verdicts.tsv").write_text("\n".join(lines) + "\n")
    print(len(rows), "files")


if __name__ == "__main__":
    main()
