"""Runs a command and prints its CPU time in milliseconds, its wall time in milliseconds and its peak memory in KiB.

The peak has a floor of about 10 MiB: what this interpreter holds when it starts the command.
"""

import resource
import subprocess
import sys
import time

started = time.monotonic()
ran = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(ran.returncode, (used.ru_utime + used.ru_stime) * 1000, wall * 1000, used.ru_maxrss)
