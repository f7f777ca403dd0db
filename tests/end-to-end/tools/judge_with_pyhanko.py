"""Says as one line of JSON what pyHanko thinks of every signature in a PDF: judge_with_pyhanko.py FILE.pdf CA.pem"""

import json
import logging
import sys

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext


def read_certificate(path):
    with open(path, "rb") as file:
        _, _, der = pem.unarmor(file.read())
    return x509.Certificate.load(der)


def judge(signature, root):
    context = ValidationContext(trust_roots=[root], allow_fetching=False, revocation_mode="soft-fail")
    if signature.sig_object_type == "/DocTimeStamp":
        return told(validate_pdf_timestamp(signature, context))
    contracts = KeyUsageConstraints(key_usage={"non_repudiation"})
    return told(validate_pdf_signature(signature, context, key_usage_settings=contracts))


def told(status):
    stamp = getattr(status, "timestamp_validity", None)
    modification = getattr(status, "modification_level", None)
    return {
        "time_stamp": stamp and bool(stamp.valid and stamp.trusted),
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "bottom_line": getattr(status, "bottom_line", status.valid and status.trusted),
        "coverage": status.coverage.name,
        "modification": modification.name if modification else None,
    }


def judge_all(path, root):
    # Whatever a broken file makes pyHanko raise is its refusal, not a failure to judge.
    try:
        with open(path, "rb") as file:
            return [judge(signature, root) for signature in PdfFileReader(file).embedded_signatures]
    except Exception as refusal:
        return [{"refusal": type(refusal).__name__}]


def main(path, root_path):
    print(json.dumps(judge_all(path, read_certificate(root_path))))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    main(*sys.argv[1:])
