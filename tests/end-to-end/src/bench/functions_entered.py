"""Writes where the linker puts the functions that a signing enters: together, and in the order in which they are entered first.

    functions_entered.py kazasu signing-first.ld DOCUMENT…

Signs each document in turn with a breakpoint at the beginning of every function, which is taken away when it is met.
Linux on x86-64; needs binutils, and a `kazasu` that was not stripped. The standard input is the password's file.
"""

import collections
import ctypes
import os
import re
import signal
import struct
import subprocess
import sys

TRACEME, CONT, GETREGS, SETREGS, SETOPTIONS = 0, 7, 12, 13, 0x4200
TRACECLONE_AND_EXITKILL = 0x8 | 0x100000
ALL_THREADS = 0x40000000
RIP = 16  # the place in user_regs_struct, in words
BREAK = b"\xcc"

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def functions(program):
    """Names and sizes by offset. Names that aws-lc's assembly gives to tables are left out: they are no functions."""
    listed = subprocess.run(["nm", "-S", "--defined-only", program], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^([0-9a-f]+) ([0-9a-f]+) [tT] (\S+)$", listed, re.MULTILINE)
    is_table = re.compile(r"L[A-Za-z0-9]*_|aws_lc")
    return {int(at, 16): (name, int(size, 16)) for at, size, name in found if not is_table.match(name)}


def entered(program, known, arguments):
    """The names of the functions that this run enters, in their order."""
    child = os.fork()
    if child == 0:
        os.lseek(0, 0, os.SEEK_SET)
        libc.ptrace(TRACEME, 0, None, None)
        os.execv(program, [program, *arguments])
    os.waitpid(child, 0)
    libc.ptrace(SETOPTIONS, child, None, TRACECLONE_AND_EXITKILL)
    with open(f"/proc/{child}/maps") as maps:
        base = int(maps.readline().split("-")[0], 16)
    memory = os.open(f"/proc/{child}/mem", os.O_RDWR)
    first_bytes = {at: os.pread(memory, 1, base + at) for at in known}
    for at in known:
        os.pwrite(memory, BREAK, base + at)
    names, met = [], set()
    libc.ptrace(CONT, child, None, None)
    while True:
        thread, status = os.waitpid(-1, ALL_THREADS)
        if not os.WIFSTOPPED(status):
            if thread == child:
                assert status == 0, f"kazasu ended with {status:#x}"
                return names
            continue
        stopped_by = os.WSTOPSIG(status)
        if stopped_by == signal.SIGTRAP and status >> 16 == 0:
            registers = ctypes.create_string_buffer(27 * 8)
            libc.ptrace(GETREGS, thread, None, registers)
            after = struct.unpack_from("Q", registers, RIP * 8)[0]
            at = after - 1 - base
            if at not in met:
                met.add(at)
                names.append(known[at][0])
                os.pwrite(memory, first_bytes[at], base + at)
            struct.pack_into("Q", registers, RIP * 8, after - 1)
            libc.ptrace(SETREGS, thread, None, registers)
        is_ours = stopped_by in (signal.SIGTRAP, signal.SIGSTOP)
        libc.ptrace(CONT, thread, None, 0 if is_ours else stopped_by)


def without_hash(name):
    """What every build calls it: the compiler's hashes of a crate and of a function change with a version or a feature."""
    return re.sub(r"17h[0-9a-f]{16}E.*", "17h*", re.sub(r"Cs[0-9A-Za-z]+_", "Cs*_", name))


def lines(known, names):
    """Those first whose name alone is enough. Of a generic name that many functions share, those that this build calls
    by it come before the others, so that the others lie apart as long as the hashes are those of this build."""
    size, entered_size = collections.Counter(), collections.Counter()
    for name, length in known.values():
        size[without_hash(name)] += length
        if name in names:
            entered_size[without_hash(name)] += length
    is_shared = {name: size[name] > 2 * entered_size[name] + 1000 for name in size}
    own = dict.fromkeys(without_hash(name) for name in names if not is_shared[without_hash(name)])
    this_build = dict.fromkeys(name for name in names if is_shared[without_hash(name)])
    shared = dict.fromkeys(map(without_hash, this_build))
    # What the compiler calls unlikely, such as the growing of a list, is little, and lies together anyway.
    return [f"    *(.text.{name})" for name in [*own, *this_build, *shared, "unlikely.*"]]


def main():
    program, script, *documents = sys.argv[1:]
    known = functions(program)
    names = {}
    for document in documents:
        signing = ["sign", document, "--output", "signed.pdf", "--overwrite", "--trust", "ca.pem", "--password-stdin"]
        names.update(dict.fromkeys(entered(program, known, signing)))
    with open(script, "w") as file:
        file.write("/* Written by `target/release/bench layout`; read by build.rs. */\n")
        file.write("SECTIONS\n{\n  .text.signing :\n  {\n" + "\n".join(lines(known, names)) + "\n  }\n}\nINSERT BEFORE .text\n")


main()
