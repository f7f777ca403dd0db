"""Drives the signing flow from another language: to the password, past a typing mistake, and back out.

Arguments: the folder of the generated bindings, a file with the revision to sign, the copied link of a session, and the
address where digits are typed into its page.
"""

import asyncio
import hashlib
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import signer  # noqa: E402  (the folder is known only now)

NOW_MS = 5_000


def new_flow():
    return signer.SigningFlow.on_desktop(signer.Setup(app_version="python 0", gothic_font=None, mincho_font=None))


def touched(id):
    return signer.Event.CARD_TOUCHED(id=id, extended_length=True, application_selected=False)


class Shell:
    """The few lines that every shell is made of. `type_number` is what the person does at the page."""

    def __init__(self, type_number):
        self.flow, self.relay = new_flow(), signer.Relay()
        self.type_number = type_number
        self.awaited = None

    async def send(self, event):
        await self.perform(self.flow.handle(event, NOW_MS))

    async def type(self, password):
        await self.perform(self.flow.enter_password(password, NOW_MS))

    async def perform(self, effects):
        for effect in effects:
            if effect.is_CALL():
                screen = self.flow.screen()
                if screen.is_NUMBER():
                    assert f"{screen} {screen!r} {screen.page!r}" == "Number Number AskingPage", "what a log could get"
                    self.type_number(screen.number)
                await self.send(await self.relay.perform(effect.id, effect.call))
            elif effect.is_INSPECT():
                await self.send(effect.task.run())
            elif effect.is_WAIT_FOR_CARD():
                self.awaited = effect.id


async def go_to_the_password(shell):
    review = shell.flow.screen().review
    assert f"{review} {review.documents}" == "Review [ReviewedDocument]", "what a log could get"
    await shell.send(signer.Event.PAGES_SEEN(document=0))
    for event in (signer.Event.PROCEED(), signer.Event.PROCEED(), signer.Event.CONSENTS_GIVEN(), signer.Event.PROCEED()):
        await shell.send(event)
    assert shell.flow.screen().is_ENTER_PASSWORD(), shell.flow.screen()


async def to_the_password_and_back(revision, link, typed_at):
    typed = []

    def type_number(number):
        typed.append(number)
        urllib.request.urlopen(urllib.request.Request(typed_at, data=number.encode(), method="POST")).read()

    shell = Shell(type_number)
    assert shell.flow.screen().is_SCAN()
    await shell.send(signer.Event.LINK_SCANNED(text="https://example.com/"))
    assert shell.flow.screen().problem.code == "E-QR-01"

    await shell.send(signer.Event.LINK_PASTED(text=link))
    assert len(typed) == 1 and len(typed[0]) == 7, typed
    review = shell.flow.screen().review
    assert link.startswith(review.page.origin) and review.documents[0].title == "業務委託契約書", review
    digest = hashlib.sha256(revision).hexdigest()
    assert review.documents[0].fingerprint == " ".join(digest[at : at + 4] for at in (0, 4, 8, 12))
    page = shell.flow.draw_page(0, 0, 300)
    assert page.png.startswith(b"\x89PNG") and page.width == 300

    await go_to_the_password(shell)
    screen = shell.flow.screen()
    assert f"{screen} {screen!r}" == "EnterPassword EnterPassword", "what a log could get"
    await shell.type(b"1234")
    problem = shell.flow.screen().problem
    assert problem.kind.is_PASSWORD_LOOKS_LIKE_FOUR_DIGITS() and problem.code == "E-PIN-02"
    assert problem.facts.try_spent.is_NO()

    await shell.type(b"PRACTICE1")
    assert shell.flow.screen().stage.is_WAITING() and shell.awaited is not None
    effects = shell.flow.handle(touched(shell.awaited), NOW_MS)
    assert str(effects[0]) == repr(effects[0]) == f"Transmit({effects[0].id})", "without the command"
    assert len(effects) == 1 and effects[0].is_TRANSMIT() and effects[0].command[:2] == b"\x00\xa4", effects
    await shell.send(signer.Event.CARD_LOST(id=effects[0].id))
    assert shell.flow.screen().stage.problem.code == "E-NFC-06"

    await shell.send(signer.Event.DECLINED())
    assert shell.flow.screen().is_DECLINED() and not shell.flow.screen().facts.signed
    assert shell.flow.screen().facts.sent == signer.Sent.REFUSAL
    await shell.send(signer.Event.START_OVER())
    assert shell.flow.screen().is_SCAN()


async def nobody_answers(link):
    flow = new_flow()
    (effect,) = flow.handle(signer.Event.LINK_PASTED(text=link), NOW_MS)
    event = await signer.Relay().perform(effect.id, effect.call)
    assert event.is_RELAY_ANSWERED() and event.answer.is_UNREACHABLE(), event
    flow.handle(event, NOW_MS)
    assert flow.screen().trouble.code == "E-QR-09"


async def main():
    revision, link, typed_at = Path(sys.argv[2]).read_bytes(), sys.argv[3], sys.argv[4]
    await to_the_password_and_back(revision, link, typed_at)
    _, payload = link.split("#")
    await nobody_answers(f"http://127.0.0.1:9/s#{payload}")
    print("the boundary holds")


if __name__ == "__main__":
    asyncio.run(main())
