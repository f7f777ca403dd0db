"""Writes handoff.json, the values of the hand-off's cryptography and messages, without any code of ours.

Run by hand where protocol.md changes:  python3 make-handoff.py > handoff.json
Needs `cryptography` (tests/end-to-end/tools/requirements.txt).
"""

import base64
import hashlib
import hmac
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def sha256(raw):
    return hashlib.sha256(raw).digest()


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def expand(prk, info, length):
    """RFC 5869, section 2.3, by hand."""
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        out, counter = out + block, counter + 1
    return out[:length]


def fill_up(purpose, message):
    """ISO/IEC 7816-4: a byte 0x80, then zeros up to a multiple of what the purpose fills."""
    block = 8192 if purpose in ("request", "result") else 256
    message += b"\x80"
    return message + bytes(-len(message) % block)


def seal_stream(key, session, index, prefix, plain):
    associated = session + index.to_bytes(2, "big") + b"\x01"
    chunks = [plain[at : at + 65536] for at in range(0, len(plain), 65536)]
    out = prefix
    for counter, chunk in enumerate(chunks):
        nonce = prefix + counter.to_bytes(4, "big") + bytes([counter == len(chunks) - 1])
        out += AESGCM(key).encrypt(nonce, chunk, associated)
    return out


SESSION = bytes(range(0x10, 0x20))
SECRET = bytes(range(0x20, 0x40))
TICKET = bytes(range(0x40, 0x50))
FRAME_KEY = bytes(range(0x50, 0x70))
NONCE = bytes(range(0x70, 0x90))
PHONE = X25519PrivateKey.from_private_bytes(bytes(range(0x90, 0xB0)))
SERVICE = X25519PrivateKey.from_private_bytes(bytes(range(0xB0, 0xD0)))
ORIGIN = Ed25519PrivateKey.from_private_bytes(bytes(range(0xD0, 0xF0)))
CONTENT_KEY = bytes(range(0x01, 0x21))
ENVELOPE_NONCE = bytes(range(0xF0, 0xFC))
PREFIX = bytes(range(0xE0, 0xE7))
TOKEN_HASH = sha256(b"\x44" * 32)
BANK, LINK_HOST = "https://bank.example", "link.kazasu.example"
HERE, LOOPBACK = "http://127.0.0.1:8080", "127.0.0.1:8080"
KEY_NAME = "2026-11"
SESSION_KINDS = {"signing": 1, "rehearsal": 2}
LINK_KINDS = {"moving": 1, "launch": 2, "copied": 3}


def frame(step):
    return hmac.digest(FRAME_KEY, SESSION + step.to_bytes(4, "big"), "sha256")[:8]


def link(base, kind, proof):
    return f"{base}/s#" + b64(bytes([1, LINK_KINDS[kind]]) + SESSION + SECRET + proof)


def messages(commitment, answer):
    ja, en = "四つの情報が伝わることに同意します。", "I agree that four items are disclosed."
    consent = b64(sha256(f"{ja}\n{en}".encode()))
    claim = {"version": 1, "session": b64(SESSION), "commitment": b64(commitment), "token_hash": b64(TOKEN_HASH)}
    app = {"app_version": "practice-phone 0.1.0"}
    moving = {"moving": {"step": 7, "mac": b64(frame(7))}}
    offer = {"title": "業務委託契約書", "parties": ["株式会社見本", "甲野 太郎"], "sha256": b64(b"\x55" * 32),
             "format": "pades_b_b", "content_key": b64(CONTENT_KEY)}
    signed = {"certificate": b64(b"\x30\x82\xff"), "signed_attributes": b64(b"\x31\x0b"), "signature": b64(b"\xfb" * 5),
              "opened": True}
    return {
        "claim_moving": {**claim, "proof": moving, **app},
        "claim_launch": {**claim, "proof": {"launch": b64(TICKET)}, **app},
        "claim_copied": {**claim, "proof": {"copied": b64(TICKET)}, **app},
        "claim_answer": {"version": 1, "answer": answer, "seconds_left": 583, "versions": [1]},
        "reveal": {"version": 1, "phone_key": b64(public(PHONE)), "nonce": b64(NONCE)},
        "begun": {"version": 1, "seconds_left": 301},
        "progress": {"version": 1, "stage": "matched"},
        "standing": {"version": 1, "state": {"ended": {"reason": {"refused": {"refusal": "held"}}}}, "seconds_left": 0},
        "request": {"version": 1, "documents": [offer],
                    "consents": [{"id": "disclosure", "text_ja": ja, "text_en": en, "text_sha256": consent}]},
        "refusal": {"version": 1, "kind": "other_signer"},
        "rehearsal": {"version": 1, "reader": "quick", "application": "my_number_card", "attempts_left": 5,
                      "certificate": "under_three_months", "network": "slow", "clock": "right"},
        "result": {"version": 1, "documents": [signed], "consents": [{"id": "disclosure", "text_sha256": consent}],
                   "touches": 2, "tries_left_before": 5, "tries_left_after": None, **app},
        "outcome": {"version": 1, "settlement": {"rejected": {"reason": "other_signer"}}},
    }


def sign(session_kind, origin, host, commitment):
    kind, name = bytes([SESSION_KINDS[session_kind]]), sha256(KEY_NAME.encode())
    places = sha256(origin.encode()) + sha256(host.encode())
    return ORIGIN.sign(b"kazasu/1 answer" + kind + name + places + SESSION + commitment + public(SERVICE))


def handoff(session_kind, link_kind, origin, host, told):
    commitment = sha256(b"kazasu/1 commit" + SESSION + public(PHONE) + NONCE)
    places = sha256(origin.encode()) + sha256(host.encode())
    signature = sign(session_kind, origin, host, commitment)
    transcript = sha256(
        b"kazasu/1 transcript" + bytes([SESSION_KINDS[session_kind], LINK_KINDS[link_kind]]) + SESSION + commitment
        + public(SERVICE) + public(PHONE) + NONCE + places
    )
    prk = hmac.digest(SECRET, PHONE.exchange(SERVICE.public_key()), "sha256")
    number = int.from_bytes(expand(prk, b"kazasu/1 number" + transcript, 8), "big") % 1_000_000
    returned = SESSION + expand(prk, b"kazasu/1 return" + transcript, 16)
    envelopes = {}
    for purpose in ["request", "refusal", "rehearsal", "result", "outcome"]:
        key = expand(prk, b"kazasu/1 " + purpose.encode() + b"\x00" + transcript, 32)
        filled = fill_up(purpose, told[purpose].encode())
        envelopes[purpose] = b64(ENVELOPE_NONCE + AESGCM(key).encrypt(ENVELOPE_NONCE, filled, transcript))
    return {
        "session_kind": session_kind, "link_kind": link_kind, "origin": origin, "link_host": host,
        "commitment": b64(commitment), "signature": b64(signature), "transcript": b64(transcript),
        "number": f"{number // 1000:03} {number % 1000:03}", "return": f"{origin}/return#{b64(returned)}",
        "envelopes": envelopes,
    }


def document(index, length):
    plain = bytes(at % 251 for at in range(length))
    sealed = seal_stream(CONTENT_KEY, SESSION, index, PREFIX, plain)
    return {"index": index, "bytes": length, "sha256": b64(sha256(plain)), "sealed_bytes": len(sealed),
            "sealed_sha256": b64(sha256(sealed)), "first_sealed_bytes": b64(sealed[:64])}


def main():
    commitment = sha256(b"kazasu/1 commit" + SESSION + public(PHONE) + NONCE)
    signature = sign("signing", BANK, LINK_HOST, commitment)
    answer = {"kind": "signing", "origin": BANK, "signing_key": KEY_NAME, "service_key": b64(public(SERVICE)),
              "signature": b64(signature)}
    told = {name: text(message) for name, message in messages(commitment, answer).items()}
    key_file = {"name": "見本銀行", "relays": [LINK_HOST, LOOPBACK],
                "keys": [{"id": KEY_NAME, "ed25519": b64(public(ORIGIN)), "not_after": 1_800_000_000}]}
    json.dump({
        "session": b64(SESSION), "secret": b64(SECRET), "ticket": b64(TICKET), "frame_key": b64(FRAME_KEY),
        "nonce": b64(NONCE), "phone_private": b64(PHONE.private_bytes_raw()), "phone_key": b64(public(PHONE)),
        "service_private": b64(SERVICE.private_bytes_raw()), "service_key": b64(public(SERVICE)),
        "origin_private": b64(ORIGIN.private_bytes_raw()), "content_key": b64(CONTENT_KEY),
        "envelope_nonce": b64(ENVELOPE_NONCE), "prefix": b64(PREFIX), "key_file": text(key_file),
        "frames": [{"step": step, "mac": b64(frame(step))} for step in [0, 7, 299, 4294967295]],
        "links": {
            "moving": link(f"https://{LINK_HOST}", "moving", (7).to_bytes(4, "big") + frame(7)),
            "launch": link(f"https://{LINK_HOST}", "launch", TICKET),
            "copied": link(HERE, "copied", TICKET),
        },
        "handoffs": [
            handoff("signing", "moving", BANK, LINK_HOST, told),
            handoff("signing", "launch", BANK, LINK_HOST, told),
            handoff("rehearsal", "moving", BANK, LINK_HOST, told),
            handoff("signing", "copied", HERE, LOOPBACK, told),
        ],
        "messages": told,
        "documents": [document(0, length) for length in [1, 65_535, 65_536, 65_537, 131_072]] + [document(513, 200_000)],
    }, sys.stdout, ensure_ascii=False, indent=1)
    print()


main()
