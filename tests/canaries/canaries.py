#!/usr/bin/env python3
"""Canaries: head-ends with a fault so small that only a good harness sees it, built apart, flooded, and to be caught.

    canaries.py BUILD_FOLDER [--runs N] [--seed FIRST] [NAME...]

Each NAME.patch here begins with the lines `canary: what is wrong`, `caught-by: CHECK-ID` and `stress: ARGUMENTS`, and changes
one source file of the head-end. It is built as the mutants are (docs/decisions/0007): the mutated file in front of the
product's own archives. The same flood then meets the canary, where CHECK-ID must fail, and the product itself, where it
must pass; nothing that was confirmed may be lost in any but the canary that loses. Wall clock: a flood lasts as long as it
says, and the two run one behind the other. `--runs N`: each N times with other seeds; tells how often it was caught.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "scenario"))
sys.path.insert(0, str(ROOT / "tests" / "mutants"))
from mutants import build_mutant  # noqa: E402
from support import Tally  # noqa: E402


class Canary:
    def __init__(self, patch):
        text = patch.read_text()
        head = dict(re.findall(r"(?m)^([a-z-]+): (.*)$", text.split("\n--- ")[0]))
        self.patch = patch
        self.name = patch.stem
        self.meaning = head["canary"]
        self.caught_by = head["caught-by"]
        self.stress = head["stress"].split()
        self.source = re.search(r"(?m)^--- a/(\S+)", text).group(1)


def flood(program, canary, seed, folder, head_end=None):
    """The checks of one stress run by id; its one-line troubles instead when there is no record."""
    arguments = [program, "stress", *canary.stress, "--seed", str(seed), "--no-calibration", "--quiet", "--out", folder]
    if head_end is not None:
        arguments += ["--head-end", head_end]
    process = subprocess.run([*map(str, arguments)], capture_output=True, text=True, timeout=900)
    record = folder / "stress.json"
    if not record.exists():
        return None, f"exit {process.returncode}: {process.stderr.strip()[:300]}"
    return {check["id"]: check for check in json.loads(record.read_text())["checks"]}, ""


def try_out(program, head_end, canary, seed, folder, tally):
    """One flood of the canary and one of the innocent product; whether the canary was caught."""
    caught = False
    for who, other in (("canary", head_end), ("innocent", None)):
        place = folder / f"{canary.name}-{seed}-{who}"
        checks, trouble = flood(program, canary, seed, place, other)
        tally.expect(checks is not None, f"{canary.name}, {who}: {trouble}")
        if checks is None:
            continue
        wanted = "fail" if other else "pass"
        seen, loss = checks[canary.caught_by], checks["S-LOSS"]
        print(f"{canary.name:<24} seed {seed} {who:<9} {canary.caught_by} {seen['verdict']}: {seen['measured']}", flush=True)
        tally.expect(seen["verdict"] == wanted,
                     f"{canary.name} ({canary.meaning}), seed {seed}, {who}: {canary.caught_by} {seen['verdict']}, "
                     f"not {wanted}: {seen['measured']} {seen.get('reason', '')}")
        tally.expect(loss["verdict"] == "pass" or (other and canary.caught_by == "S-LOSS"),
                     f"{canary.name}, seed {seed}, {who}: S-LOSS {loss['verdict']}: {loss['measured']}")
        caught = caught or bool(other and seen["verdict"] == "fail")
    return caught


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    arguments = parser.parse_intermixed_args()
    build = arguments.build.resolve()
    program = build / "apps" / "metertwin"
    canaries = [Canary(p) for p in sorted(HERE.glob("*.patch")) if not arguments.names or p.stem in arguments.names]
    tally = Tally()
    tally.expect(bool(arguments.names) or len(canaries) >= 2, f"at least two canaries, not {len(canaries)}")
    with tempfile.TemporaryDirectory(prefix="metertwin-canaries-") as name:
        folder = pathlib.Path(name)
        for canary in canaries:
            head_end, trouble = build_mutant(build, canary, folder)
            tally.expect(head_end is not None, f"{canary.name}: {trouble}")
            if head_end is None:
                continue
            seeds = range(arguments.seed, arguments.seed + arguments.runs)
            caught = sum(try_out(program, head_end, canary, seed, folder, tally) for seed in seeds)
            print(f"{canary.name:<24} caught in {caught} of {arguments.runs}", flush=True)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
