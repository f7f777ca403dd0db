"""Signs through the boundary with a card on a socket, wiping what a shell must wipe; then waits to be looked into.

Arguments: the folder of the generated bindings, the revision to sign, the port of the card, the folder of boundary.py.
The password comes on standard input.
"""

import ctypes
import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[4])
from boundary import ORIGIN, Shell, go_to_the_password, link, says, signer, touched  # noqa: E402  (the folder is known only now)


def wipe(data):
    """Zeroes the bytes object in place: CPython keeps its content behind its header."""
    ctypes.memset(id(data) + bytes.__basicsize__ - 1, 0, len(data))


class CardShell(Shell):
    def __init__(self, revision, port):
        super().__init__(revision)
        self.answers[signer.CallKind.SEND_RESULT] = says({"state": "completed"})
        self.port = port
        self.card = None

    def perform(self, effects):
        for effect in effects:
            if effect.is_TRANSMIT():
                answer = self.exchange(effect.command)
                wipe(effect.command)
                self.send(signer.Event.CARD_ANSWERED(id=effect.id, response=answer))
            elif effect.is_RELEASE_CARD():
                self.card.close()
            else:
                super().perform([effect])

    def hold(self):
        self.card = socket.create_connection(("127.0.0.1", self.port))
        self.send(touched(self.awaited))

    def exchange(self, command):
        self.card.sendall(len(command).to_bytes(2))
        self.card.sendall(command)
        return self.receive(int.from_bytes(self.receive(2)))

    def receive(self, length):
        data = b""
        while len(data) < length:
            part = self.card.recv(length - len(data))
            assert part, "the card has left"
            data += part
        return data


def tell(word):
    os.write(1, word + b"\n")


shell = CardShell(Path(sys.argv[2]).read_bytes(), int(sys.argv[3]))
shell.send(signer.Event.LINK_SCANNED(text=link(ORIGIN)))
go_to_the_password(shell)
password = os.read(0, 16)
tell(b"typed")
os.read(0, 1)
shell.type(password)
wipe(password)
shell.hold()
assert shell.flow.screen().is_DONE(), shell.flow.screen()
tell(b"signed")
os.read(0, 1)
