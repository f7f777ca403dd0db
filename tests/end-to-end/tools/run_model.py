#!/usr/bin/env python3
"""Runs the symbolic model of the hand-off (shared/wire/model) and fails unless exactly the expected queries are broken.

Words on the command line choose the runs whose description contains them all."""

import pathlib
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[3]
MODEL = ROOT / "shared/wire/model"
VERIFPAL = ROOT / ".cache/verifpal/bin/verifpal"
# Where the assembled models lie for whoever wants to run one by hand.
ASSEMBLED = ROOT / ".cache/model"
END = "confidentiality? end"


def main():
    plan = tomllib.loads((MODEL / "runs.toml").read_text())
    runs = [run for run in plan["run"] if all(word in run["what"] for word in sys.argv[1:])]
    ASSEMBLED.mkdir(parents=True, exist_ok=True)
    wrong, began = 0, time.monotonic()
    for number, run in enumerate(runs, 1):
        wrong += not as_expected(plan, run, ASSEMBLED / f"run-{number}.vp")
    spent = round(time.monotonic() - began)
    print(f"model result: {'FAILED' if wrong or not runs else 'ok'}. {len(runs) - wrong} runs as expected; {wrong} not; finished in {spent} s")
    return 1 if wrong or not runs else 0


def as_expected(plan, run, file):
    queries = [*plan["queries"][run["asks"]], END]
    file.write_text(assembled(plan, run, queries))
    broken = verdicts(file, run.get("sessions", 1), queries)
    expected = [*run.get("breaks", []), END]
    for query in expected:
        if query not in queries:
            raise SystemExit(f"{run['what']}: {query} is not asked")
    found = [query for query in queries if query in broken and query != END]
    is_right = broken == set(expected)
    print(f"{'ok   ' if is_right else 'WRONG'} {run['what']}: {'breaks ' + ', '.join(found) if found else 'holds'}", flush=True)
    if not is_right:
        missing = [query for query in expected if query not in broken]
        print(f"      expected broken: {', '.join(expected)}; unbroken of them: {', '.join(missing) or 'none'} ({file.relative_to(ROOT)})")
    return is_right


def assembled(plan, run, queries):
    text = "".join((MODEL / f"{part}.vp").read_text() for part in run["parts"])
    for name in run.get("changes", []):
        for change in plan["changes"][name]:
            if text.count(change["from"]) != 1:
                raise SystemExit(f"{run['what']}: what {name} replaces stands there {text.count(change['from'])} times")
            text = text.replace(change["from"], change["to"])
    return text + "\nqueries[\n" + "".join(f"\t{query}\n" for query in queries) + "]\n"


def verdicts(file, sessions, queries):
    command = [VERIFPAL, "verify", file, "--quiet", "--result-code", "--sessions", str(sessions)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    code = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    marks = [code[at : at + 2] for at in range(0, len(code), 2)]
    if done.returncode or [mark[0] for mark in marks] != [query[0] for query in queries]:
        raise SystemExit(f"{file}: {done.stderr.strip() or code}")
    return {query for query, mark in zip(queries, marks) if mark[1] == "1"}


if __name__ == "__main__":
    sys.exit(main())
