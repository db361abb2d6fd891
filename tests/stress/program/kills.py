#!/usr/bin/env python3
"""kill -9 of the head-end under full traffic, N times: whatever was confirmed is in the store, once and right.

    kills.py N [--rate READINGS_PER_S] [--meters N] [--seed N]

The generator keeps what was confirmed; each life of the head-end goes on from the store that the one before left.
"""
import argparse
import pathlib
import sys
import tempfile

from program import Tally, expect_whole_run, stress


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kills", type=int)
    parser.add_argument("--rate", type=int, default=100_000)
    parser.add_argument("--meters", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="metertwin-kills-") as name:
        out = pathlib.Path(name) / "out"
        process = stress(out, "--kills", told.kills, "--rate", told.rate, "--meters", told.meters, "--seed", told.seed,
                         "--managers", 200, timeout=60 + 20 * told.kills)
        record = expect_whole_run(tally, f"{told.kills} kills", out, process)
        if record is not None:
            loss = record["loss"]
            print(f"{told.kills} kills at {told.rate}/s: {loss['acknowledged']} acknowledged, {loss['lost']} lost, {loss['doubled']} doubled, "
                  f"{loss['wrong']} wrong, {loss['stored_unasked']} never sent")
            # Two seconds between kills at least: otherwise the head-end was killed before it took anything.
            tally.expect(loss["acknowledged"] > told.kills * told.rate / 2, f"it was under traffic: {loss['acknowledged']} acknowledged")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
