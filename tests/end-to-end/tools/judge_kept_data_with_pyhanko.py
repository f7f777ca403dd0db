"""Says as one line of JSON whether pyHanko believes the first signature of a PDF by what the PDF carries about revocation,
and by nothing else: judge_kept_data_with_pyhanko.py FILE.pdf CA.pem"""

import json
import logging
import sys

from judge_with_pyhanko import read_certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, KeyUsageConstraints, validate_pdf_signature


def judge(path, root):
    # Whatever makes pyHanko raise, such as missing data, is its refusal, not a failure to judge.
    try:
        with open(path, "rb") as file:
            reader = PdfFileReader(file)
            only_its_own = {"trust_roots": [root], "allow_fetching": False, "revocation_mode": "hard-fail"}
            context = DocumentSecurityStore.read_dss(reader).as_validation_context(only_its_own)
            contracts = KeyUsageConstraints(key_usage={"non_repudiation"})
            status = validate_pdf_signature(reader.embedded_signatures[0], context, key_usage_settings=contracts)
            return {"bottom_line": status.bottom_line, "revoked": status.revoked}
    except Exception as refusal:
        return {"bottom_line": False, "refusal": f"{type(refusal).__name__}: {refusal}"}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print(json.dumps(judge(sys.argv[1], read_certificate(sys.argv[2]))))
