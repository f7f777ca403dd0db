"""Drives the signing flow from another language: to the password, past a typing mistake, and back out.

Arguments: the folder of the generated bindings, and a file with the revision that the relay would serve.
"""

import asyncio
import base64
import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import signer  # noqa: E402  (the folder is known only now)

ORIGIN = "http://127.0.0.1:8080"
NOBODY = "http://127.0.0.1:9"
NOW_MS = 5_000


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def link(base):
    """Version 0, kind 3, session, secret, ticket."""
    return f"{base}/s#" + base64url(bytes([0, 3]) + b"\1" * 16 + b"\2" * 32 + b"\3" * 16)


def says(message):
    body = message if isinstance(message, bytes) else json.dumps({"version": 0, **message}).encode()
    return signer.RelayAnswer.ANSWERED(status=200, body=signer.Body(body))


def request(revision):
    document = {
        "title": "契約書",
        "parties": ["株式会社見本"],
        "sha256": base64url(hashlib.sha256(revision).digest()),
        "bytes": len(revision),
        "format": "pades_b_b",
    }
    words = {"text_ja": "同意します。", "text_en": "I agree."}
    words_sha256 = hashlib.sha256((words["text_ja"] + "\n" + words["text_en"]).encode()).digest()
    return {"documents": [document], "consents": [{"id": "all", **words, "text_sha256": base64url(words_sha256)}]}


def touched(id):
    return signer.Event.CARD_TOUCHED(id=id, extended_length=True, application_selected=False)


class Shell:
    """The four lines that every shell is made of."""

    def __init__(self, revision):
        self.flow = signer.SigningFlow.on_desktop(signer.Setup(app_version="python 0", gothic_font=None, mincho_font=None))
        self.answers = {
            signer.CallKind.CLAIM: says({"origin": ORIGIN, "seconds_left": 600}),
            signer.CallKind.FETCH_REQUEST: says(request(revision)),
            signer.CallKind.FETCH_DOCUMENT: says(revision),
            signer.CallKind.BEGIN: says({"seconds_left": 500}),
            signer.CallKind.REPORT_PROGRESS: signer.RelayAnswer.ANSWERED(status=204, body=signer.Body(b"")),
            signer.CallKind.REFUSE: signer.RelayAnswer.ANSWERED(status=204, body=signer.Body(b"")),
        }
        self.awaited = None

    def send(self, event):
        self.perform(self.flow.handle(event, NOW_MS))

    def type(self, password):
        self.perform(self.flow.enter_password(password, NOW_MS))

    def perform(self, effects):
        for effect in effects:
            if effect.is_CALL():
                answer = self.answers[effect.call.kind()]
                self.send(signer.Event.RELAY_ANSWERED(id=effect.id, answer=answer))
            elif effect.is_INSPECT():
                self.send(effect.task.run())
            elif effect.is_WAIT_FOR_CARD():
                self.awaited = effect.id


def go_to_the_password(shell):
    shell.send(signer.Event.PAGES_SEEN(document=0))
    for event in (signer.Event.PROCEED(), signer.Event.PROCEED(), signer.Event.CONSENTS_GIVEN(), signer.Event.PROCEED()):
        shell.send(event)
    assert shell.flow.screen().is_ENTER_PASSWORD(), shell.flow.screen()


def to_the_password_and_back(revision):
    shell = Shell(revision)
    assert shell.flow.screen().is_SCAN()
    shell.send(signer.Event.LINK_SCANNED(text="https://example.com/"))
    assert shell.flow.screen().problem.code == "E-QR-01"

    shell.send(signer.Event.LINK_SCANNED(text=link(ORIGIN)))
    review = shell.flow.screen().review
    assert (review.origin, review.documents[0].title) == (ORIGIN, "契約書"), review
    assert review.documents[0].fingerprint == hashlib.sha256(revision).hexdigest()
    page = shell.flow.draw_page(0, 0, 300)
    assert page.png.startswith(b"\x89PNG") and page.width == 300

    go_to_the_password(shell)
    shell.type(b"1234")
    problem = shell.flow.screen().problem
    assert problem.kind.is_PASSWORD_LOOKS_LIKE_FOUR_DIGITS() and problem.code == "E-PIN-02"
    assert problem.facts.try_spent.is_NO()

    shell.type(b"PRACTICE1")
    assert shell.flow.screen().stage.is_WAITING() and shell.awaited is not None
    effects = shell.flow.handle(touched(shell.awaited), NOW_MS)
    assert len(effects) == 1 and effects[0].is_TRANSMIT() and effects[0].command[:2] == b"\x00\xa4", effects
    shell.send(signer.Event.CARD_LOST(id=effects[0].id))
    assert shell.flow.screen().stage.problem.code == "E-NFC-06"

    shell.send(signer.Event.DECLINED())
    assert shell.flow.screen().is_DECLINED() and not shell.flow.screen().facts.signed
    shell.send(signer.Event.START_OVER())
    assert shell.flow.screen().is_SCAN()


async def nobody_answers():
    flow = signer.SigningFlow.on_desktop(signer.Setup(app_version="python 0", gothic_font=None, mincho_font=None))
    (effect,) = flow.handle(signer.Event.LINK_SCANNED(text=link(NOBODY)), NOW_MS)
    event = await signer.Relay().perform(effect.id, effect.call)
    assert event.is_RELAY_ANSWERED() and event.answer.is_UNREACHABLE(), event
    flow.handle(event, NOW_MS)
    assert flow.screen().trouble.code == "E-QR-09"


if __name__ == "__main__":
    to_the_password_and_back(Path(sys.argv[2]).read_bytes())
    asyncio.run(nobody_answers())
    print("the boundary holds")
