"""Makes form-with-empty-signature-fields.pdf with pyHanko: run it with the python of .cache/judges-venv."""

import io
import pathlib

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields

HERE = pathlib.Path(__file__).parent


def main():
    writer = PdfFileWriter()
    page = PageObject(contents=writer.add_object(generic.StreamObject(stream_data=b"")),
                      media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))))
    writer.insert_page(page)
    file = io.BytesIO()
    writer.write(file)
    update = IncrementalPdfFileWriter(file)
    fields.append_signature_field(update, fields.SigFieldSpec("parties.buyer", box=(72, 72, 272, 122)))
    lock = fields.FieldMDPSpec(fields.FieldMDPAction.INCLUDE, fields=["price"])
    fields.append_signature_field(update, fields.SigFieldSpec("seller", box=(300, 72, 500, 122), field_mdp_spec=lock))
    result = io.BytesIO()
    update.write(result)
    (HERE / "form-with-empty-signature-fields.pdf").write_bytes(result.getvalue())


if __name__ == "__main__":
    main()
