"""Makes an authority and a signer with P-384 keys, as the next card is planned to have.

Run it with the python of .cache/judges-venv. The signer's key is published here and worth nothing; the authority's is thrown away.
"""

import pathlib
import sys

from cryptography.hazmat.primitives import hashes, serialization

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent))
from authority import Holder  # noqa: E402


def main():
    root = Holder.root("Root with P-384", key="p384", digest=hashes.SHA384())
    signer = Holder("Signer with P-384", root, key="p384", start=2020, end=2050, digest=hashes.SHA384())
    for name, holder in (("authority", root), ("signer", signer)):
        (HERE / f"{name}.der").write_bytes(holder.certificate.public_bytes(serialization.Encoding.DER))
    key = signer.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                                   serialization.NoEncryption())
    (HERE / "WORTHLESS-signer.p8").write_bytes(key)


if __name__ == "__main__":
    main()
