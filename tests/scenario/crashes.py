#!/usr/bin/env python3
"""The head-end dies at random instants of two-months and starts again on its store: money and order hold at every one.

    crashes.py [COUNT] [SEED]      COUNT crash instants (200), drawn by SEED (1)

Each crash is a run of its own. The instants are drawn in milliseconds over the whole run: half of them anywhere, half within
two minutes after something happened to money (a sale, a command, a day's close), where a crash can hurt.
"""
import concurrent.futures
import pathlib
import random
import sqlite3
import sys
import tempfile

from support import ROOT, Run, Tally, run

SCENARIO = ROOT / "scenarios" / "two-months"
NS = 1_000_000_000


def busy_instants():
    """Offsets from the start, in ns, at which the undisturbed run touched money."""
    with tempfile.TemporaryDirectory(prefix="metertwin-test-") as folder:
        process = run(["run", SCENARIO, "--out", folder])
        if process.returncode != 0:
            print(process.stdout, process.stderr)
        run_folder = next(pathlib.Path(folder).iterdir())
        truth = sqlite3.connect(run_folder / "truth.db")
        starts, ends = (int(truth.execute("SELECT value FROM run WHERE key = ?", (k,)).fetchone()[0]) for k in ("starts_ns", "ends_ns"))
        books = sqlite3.connect(run_folder / "books.db")
        rows = books.execute("SELECT at_ns FROM sale UNION SELECT wanted_at_ns FROM command UNION SELECT at_ns FROM entry ORDER BY 1")
        return [at - starts for (at,) in rows if starts < at < ends], ends - starts, process.returncode


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    tally = Tally()
    busy, whole_ns, code = busy_instants()
    tally.expect(code == 0, f"two-months passes undisturbed (exit {code})")
    draw = random.Random(seed)
    latest = whole_ns - 600 * NS
    instants = []
    for i in range(count):
        at = draw.randrange(60 * NS, latest) if i % 2 == 0 else draw.choice(busy) + draw.randrange(0, 120 * NS)
        instants.append(min(at // 1_000_000 * 1_000_000, latest))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for at, crashed in zip(instants, pool.map(lambda at: Run(SCENARIO, "--crash-after", f"{at // 1_000_000}ms"), instants)):
            failed = crashed.failed() if crashed.result else ["no result"]
            hurt = [i for i in failed if i.startswith(("I-MONEY", "I-ORDER", "I-READ", "no result"))]
            tally.expect(not hurt, f"crash at {at // 1_000_000} ms (seed {seed}): {hurt} {crashed.process.stderr[:300]}")
    print(f"crash instants: {count}, seed {seed}")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
