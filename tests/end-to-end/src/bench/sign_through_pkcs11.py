"""Signs a PDF with pyHanko through OpenSC's PKCS#11 module. Arguments: module, input, output."""

import sys

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import PdfSignatureMetadata, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

module, source, target = sys.argv[1:]
token = TokenCriteria(label="JPKI (Digital Signature PIN)")
with open_pkcs11_session(module, token_criteria=token, user_pin="PRACTICE1") as session:
    signer = PKCS11Signer(session, cert_id=b"\x02", key_id=b"\x02")
    metadata = PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    with open(source, "rb") as original, open(target, "wb") as signed:
        sign_pdf(IncrementalPdfFileWriter(original), metadata, signer=signer, output=signed)
