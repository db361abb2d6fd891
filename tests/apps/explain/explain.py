#!/usr/bin/env python3
"""`metertwin explain`: the parts of a bill add up to the fen, steps add up to the difference, causes are named."""
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scenario"))
from support import Tally, run

SCENARIO = """
story: explained
starts: "2026-07-29T00:00:00+08:00"
lasts: 3d
tariffs:
  - name: steps
    periods:
      - { name: peak, slots: "08:00-22:00", prices: [0.568 CNY/kWh, 0.868 CNY/kWh] }
      - { name: valley, slots: "22:00-08:00", prices: [0.288 CNY/kWh, 0.588 CNY/kWh] }
    resets: monthly
    bounds: [10 kWh]
areas:
  - name: yard
    meters: [ { count: 3, tariff: steps } ]
faults:
  - { kind: supply-outage, meter: M0002, from: "2026-07-30T09:05", till: "2026-07-30T11:20" }
  - { kind: uplink-outage, from: "2026-07-30T05:00", till: "2026-07-30T06:10" }
expect: { coverage_min: 95 % }
"""


def half_up(microyuan):
    return (microyuan + 5000) // 10000


def check_bill(tally, bill):
    amount = sum(part["amount_microyuan"] for interval in bill["intervals"] for part in interval["parts"])
    energy = sum(interval["energy_centikWh"] for interval in bill["intervals"])
    name = bill["account"]
    tally.expect(half_up(amount) == bill["bill"]["amount_fen"], f"{name}: the intervals make the bill: {amount}")
    tally.expect(energy == bill["bill"]["energy_centikWh"], f"{name}: and its energy: {energy}")
    tally.expect(len(bill["intervals"]) == 3 * 96, f"{name}: {len(bill['intervals'])} quarter hours")
    due = {reading["due"] for reading in bill["readings"]}
    missing = sum(gap["readings"] for gap in bill["missing"])
    tally.expect(len(due) + missing == 3 * 96 + 1, f"{name}: {len(due)} readings and {missing} missing ones")
    counts = bill["counts"]
    order = ["passed", "counted", "shown", "recorded", "collected", "billed"]
    steps = [counts[b]["amount_fen"] - counts[a]["amount_fen"] for a, b in zip(order, order[1:])]
    tally.expect(sum(steps) == bill["beside_ideal_fen"], f"{name}: steps {steps} make {bill['beside_ideal_fen']} fen")


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="metertwin-test-") as folder:
        scenario = pathlib.Path(folder) / "scenario.yaml"
        scenario.write_text(SCENARIO)
        tally.expect(run(["run", scenario, "--out", folder, "--quiet"]).returncode == 0, "the run passes")
        there = pathlib.Path(folder) / "explained"
        for account in ("A0001", "A0002", "A0003"):
            process = run(["explain", "--bill", f"{account}@2026-07", there, "--format", "json"])
            tally.expect(process.returncode == 0, f"{account} is explained: {process.stderr}")
            bill = json.loads(process.stdout)
            check_bill(tally, bill)
            wanted = [["supply-outage of M0002, 2026-07-30 09:05:00 to 11:20:00"]] if account == "A0002" else []
            blamed = [group["causes"] for difference in bill["differences"] for group in difference["groups"]]
            tally.expect(blamed == wanted, f"{account}: blamed {blamed}")
        text = run(["explain", "--bill", "A0002@2026-07", there, "--intervals"]).stdout
        told = sum("kWh x " in line for line in text.splitlines())
        tally.expect("9 readings of M0002 are missing" in text and told > 250, f"the text tells it all: {told}")
        listed = run(["explain", "--all", there])
        tally.expect(listed.returncode == 0 and "1 differences, 0 unexplained" in listed.stdout, listed.stdout)
        blame = json.loads((there / "blame.json").read_text())["differences"]
        tally.expect(len(blame) == 1 and blame[0]["account"] == "A0002", f"blame.json: {blame}")
        for arguments, words in [(["--bill", "A0009@2026-07", there], "A0001 to A0003"),
                                 (["--bill", "A0001@2026-08", there], "did not end in this run"),
                                 (["--bill", "A0001", there], "ACCOUNT@MONTH"),
                                 (["--bill", "A0001@2026-99", there], "ACCOUNT@MONTH"),
                                 (["--bill", "A0001@2026-07", folder], "is no finished run"),
                                 ([there], "--bill or --all")]:
            process = run(["explain", *arguments])
            lines = process.stderr.strip().splitlines()
            tally.expect(process.returncode == 64 and words in process.stderr and len(lines) <= 2,
                         f"{arguments}: {process.returncode} {process.stderr}")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
