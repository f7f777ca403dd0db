"""Runs a command and prints its CPU time in milliseconds, its wall time in milliseconds and its peak memory in KiB.

The peak has a floor of 10 to 14 MiB: what this interpreter, or whatever started it, holds.
"""

import resource
import subprocess
import sys
import time

# A starter script before this interpreter, such as a version manager's, leaves its own children in the count.
before = resource.getrusage(resource.RUSAGE_CHILDREN)
started = time.monotonic()
ran = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
print(ran.returncode, cpu * 1000, wall * 1000, used.ru_maxrss)
