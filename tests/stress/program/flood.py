#!/usr/bin/env python3
"""`metertwin stress` as a user's CI runs it: quick floods, plain and mixed, compared, replayed, and refused with a reason.

A verdict about speed is not asked for here (the machine may be busy); that nothing confirmed is lost is.
"""
import pathlib
import re
import sys
import tempfile

from program import Tally, expect_whole_run, run, stress

QUICK = ["--stage", "1s", "--rate", "20000", "--meters", "5000"]


def check_plain(tally, folder):
    out = folder / "plain"
    process = stress(out, *QUICK, "--json", folder / "copy.json")
    record = expect_whole_run(tally, "plain", out, process)
    if record is None:
        return
    tally.expect((folder / "copy.json").read_text() == (out / "stress.json").read_text(), "--json: the same record")
    stages = sorted(out.glob("stage-*.yaml"))
    tally.expect(len(stages) == len(record["stages"]) >= 13, f"each stage is written down: {len(stages)} of {len(record['stages'])}")
    tally.expect("metertwin stress" in process.stdout, "the verdict says how to run it again")

    again = stress(folder / "compared", "--plan", "spike", *QUICK, "--compare", out / "stress.json")
    expect_whole_run(tally, "--compare", folder / "compared", again)
    alone = stress(folder / "alone", "--plan", "spike", *QUICK)
    extra = set(again.stdout.splitlines()) - set(alone.stdout.splitlines())
    tally.expect(any("earlier" in line or "before" in line for line in extra), f"--compare: a table beside the verdict: {sorted(extra)[:5]}")

    replay = stress(folder / "replayed", "--replay", stages[4])
    replayed = expect_whole_run(tally, "--replay", folder / "replayed", replay)
    if replayed is not None:
        tally.expect(len(replayed["stages"]) == 1, f"--replay: one stage, not {len(replayed['stages'])}")
        tally.expect(replayed["stages"][0]["name"] == record["stages"][4]["name"], "--replay: that stage")
        first, second = record["stages"][4]["readings"]["intended"], replayed["stages"][0]["readings"]["intended"]
        # A frame is due when its first reading is: the last one reaches beyond the stage by less than a frame.
        tally.expect(abs(first - second) < record["readings_per_frame"], f"--replay: as many readings are intended: {first}, {second}")
    check_bad_stages(tally, folder, stages[4].read_text())


def check_bad_stages(tally, folder, good):
    bad = folder / "bad.yaml"
    for what, text in [("unknown key", good + "\nsede: 3\n"), ("no YAML", good + "\n  - ]["), ("empty", "")]:
        bad.write_text(text)
        process = stress(folder / "bad", "--replay", bad)
        lines = process.stderr.strip().splitlines()
        tally.expect(process.returncode == 64, f"{what}: exit 64, not {process.returncode}: {lines[:2]}")
        tally.expect(len(lines) == 1 and re.search(r"bad\.yaml:\d+:\d+", lines[0]), f"{what}: one line with its place: {lines[:2]}")
    for what, arguments, word in [("a stage of no length", ["--stage", "0s"], "--stage"),
                                  ("a stage without unit", ["--stage", "10"], "--stage"),
                                  ("no record to compare with", ["--compare", folder / "none.json"], "none.json"),
                                  ("a record that is none", ["--compare", bad], "bad.yaml"),
                                  ("a plan that is none", ["--plan", "panic"], "panic"),
                                  ("an instant that is none", ["--opens", "soon"], "soon")]:
        process = run(["stress", "--out", folder / "bad", *arguments])
        tally.expect(process.returncode == 64, f"{what}: exit 64, not {process.returncode}")
        tally.expect(word in process.stderr, f"{what}: the line names it: {process.stderr[:200]}")


def check_mixed(tally, folder):
    out = folder / "mixed"
    process = stress(out, "--plan", "abnormal", *QUICK, "--managers", "300", "--passed-on", "200", "--tls")
    record = expect_whole_run(tally, "managers, passed on, TLS", out, process)
    if record is None:
        return
    abnormal = sum(sum(stage["abnormal_sent"].values()) for stage in record["stages"])
    tally.expect(abnormal > 0, "abnormal frames were sent")
    tally.expect(all(stage["abnormal_accepted"] == 0 for stage in record["stages"]), "and none was accepted")


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="metertwin-flood-") as name:
        folder = pathlib.Path(name)
        check_plain(tally, folder)
        check_mixed(tally, folder)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
