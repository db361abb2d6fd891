#!/usr/bin/env python3
"""Bad input gets one clear line with file:line:column, exit 64, and leaves nothing behind."""
import pathlib
import re
import sys
import tempfile

from support import ROOT, Run, Tally, run

GOOD = ROOT / "scenarios" / "first-day" / "scenario.yaml"

# (what, pattern in the good file, replacement, what the message must say)
EDITS = [
    ("unknown key", r"(?m)^seed:", "sede:", "sede"),
    ("wrong unit", r"(?m)^lasts: .*$", "lasts: 3 kWh", "lasts"),
    ("negative price", r"0\.568 CNY/kWh", "-0.568 CNY/kWh", "price"),
    ("duplicate key", r"(?m)^seed: (.*)$", r"seed: \1\nseed: 43", "seed"),
    ("missing meter", r"(?m)^payments:\n", "payments:\n  - { at: 2026-06-30T10:00, meter: M9999, amount: 10 CNY }\n", "M9999"),
    ("overlapping tariff slots", r'"?08:00-22:00"?', '"07:00-22:00"', "overlap"),
    ("tariff with a hole", r'"?08:00-22:00"?', '"09:00-22:00"', "hole"),
    ("a campaign that ends before it begins", r"(?m)^tariffs:", "campaigns: [{ name: c, power: 2 kW, from: 2026-06-30T20:00, till: 2026-06-30T18:00 }]\ntariffs:", "till"),
    ("a limit of nothing", r"(?m)^tariffs:", "campaigns: [{ name: c, power: 0 W, from: 2026-06-30T18:00, till: 2026-06-30T20:00 }]\ntariffs:", "power"),
    ("unknown tariff", r"(?m)^(\s+)tariff: (\S+)$", r"\1tariff: nowhere", "nowhere"),
]


def main():
    tally = Tally()
    good = GOOD.read_text()
    with tempfile.TemporaryDirectory(prefix="metertwin-test-") as folder:
        for what, pattern, replacement, word in EDITS:
            bad, edits = re.subn(pattern, replacement, good, count=1)
            tally.expect(edits == 1, f"{what}: the edit applies to first-day")
            path = pathlib.Path(folder) / "scenario.yaml"
            path.write_text(bad)
            attempt = Run(path)
            lines = attempt.process.stderr.strip().splitlines()
            tally.expect(attempt.exit_code == 64, f"{what}: exit 64, not {attempt.exit_code}: {lines}")
            tally.expect(len(lines) == 1 and re.search(r"scenario\.yaml:\d+:\d+: ", lines[0]), f"{what}: one line with its place: {lines}")
            tally.expect(bool(lines) and word in lines[0], f"{what}: the line names it ('{word}'): {lines}")
            tally.expect(attempt.left_behind == [], f"{what}: nothing half-written: {attempt.left_behind}")
    for what, arguments in [("a file that is not there", ["run", "scenarios/nowhere.yaml"]),
                            ("an unknown option", ["run", "scenarios/first-day", "--sede", "3"]),
                            ("no command", []),
                            ("a bad frame argument", ["frame", "hello"]),
                            ("a reading that is not due", ["trace", "scenarios/first-day", "--reading", "M0001@2020-01-01T00:00"]),
                            ("a meter that is not there", ["trace", "scenarios/first-day", "--meter", "M9999"])]:
        process = run(arguments)
        tally.expect(process.returncode == 64, f"{what}: exit 64, not {process.returncode}: {process.stderr[:200]}")
        tally.expect("Traceback" not in process.stderr and process.stderr.strip() != "", f"{what}: says why")
    frame = run(["frame", "68 01 02 03 04 05 06 68 11 04 33 33 34 33 00 16"])
    tally.expect(frame.returncode == 1, f"a frame with a bad checksum: exit 1, not {frame.returncode}")
    tally.expect("checksum" in (frame.stdout + frame.stderr), "a frame with a bad checksum: says so")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
