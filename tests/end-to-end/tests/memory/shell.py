"""Signs through the boundary with a card on a socket, wiping what a shell must wipe; then waits to be looked into.

Arguments: the folder of the generated bindings, a copied link, the port of the card, the folder of boundary.py.
The password comes on standard input; the digits for the page go to standard output.
"""

import asyncio
import ctypes
import os
import socket
import sys

sys.path.insert(0, sys.argv[4])
from boundary import Shell, go_to_the_password, signer, touched  # noqa: E402  (the folder is known only now)


def wipe(data):
    """Zeroes the bytes object in place: CPython keeps its content behind its header."""
    ctypes.memset(id(data) + bytes.__basicsize__ - 1, 0, len(data))


def tell(word):
    os.write(1, word + b"\n")


class CardShell(Shell):
    def __init__(self, port):
        super().__init__(lambda number: tell(number.encode()))
        self.port = port
        self.card = None

    async def perform(self, effects):
        for effect in effects:
            if effect.is_TRANSMIT():
                answer = self.exchange(effect.command)
                wipe(effect.command)
                await self.send(signer.Event.CARD_ANSWERED(id=effect.id, response=answer))
            elif effect.is_RELEASE_CARD():
                self.card.close()
            else:
                await super().perform([effect])

    async def hold(self):
        self.card = socket.create_connection(("127.0.0.1", self.port))
        await self.send(touched(self.awaited))

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


async def main():
    shell = CardShell(int(sys.argv[3]))
    await shell.send(signer.Event.LINK_PASTED(text=sys.argv[2]))
    await go_to_the_password(shell)
    password = os.read(0, 16)
    tell(b"typed")
    os.read(0, 1)
    await shell.type(password)
    wipe(password)
    await shell.hold()
    assert shell.flow.screen().is_DONE(), shell.flow.screen()
    tell(b"signed")
    os.read(0, 1)


asyncio.run(main())
