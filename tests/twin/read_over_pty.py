#!/usr/bin/env python3
"""The seam in wall-clock time: the head-end's own reader reads a simulated meter over a PTY, as it would read a real one.

`metertwin meter` is the twin, `metertwin read` the head-end's reader, compiled once for all worlds. The wall clock is the
subject here, so this test takes a second or two.
"""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenario"))
from support import Tally, metertwin, run  # noqa: E402

ADDRESS = "330100000017"


def read_json(*arguments):
    process = run(["read", *arguments, "--json"], timeout=60)
    return process.returncode, json.loads(process.stdout) if process.stdout.strip() else {}


def main():
    tally = Tally()
    meter = subprocess.Popen([metertwin(), "meter", "--address", ADDRESS, "--for", "60"], stdout=subprocess.PIPE, text=True)
    try:
        words = meter.stdout.readline().split()
        tally.expect(words[:2] == ["meter", ADDRESS], f"the meter says who and where it is: {words}")
        port = words[-1]
        code, told = read_json(port, ADDRESS, "energy", "voltage", "balance", "constant", "address")
        by_item = {r["item"]: r["values"][0]["value"] for r in told.get("readings", [])}
        tally.expect(code == 0 and len(by_item) == 5, f"five items are read (exit {code}): {told}")
        tally.expect(by_item.get("00010000", "").startswith("1234.5"), f"the register shows 1234.56 kWh: {by_item}")
        tally.expect(200 < float(by_item.get("02010100", "0")) < 240, f"the voltage is a mains voltage: {by_item}")
        tally.expect(0 < float(by_item.get("00900200", "0")) <= 100, f"there is money in the meter: {by_item}")
        tally.expect(by_item.get("04000401") == ADDRESS, f"the meter knows its address: {by_item}")
        code, told = read_json(port, "any", "time")
        tally.expect(code == 0 and told["address"] == ADDRESS, f"the only meter on the line is found by asking: {told}")
        code, told = read_json(port, ADDRESS, "00020000", "0CFFFFFF")
        tally.expect(code == 1 and len(told["readings"]) == 1 and len(told["failures"]) == 1,
                     f"what the meter does not have is a failure of that item alone: exit {code}, {told}")
        silent = run(["read", port, "000000000001", "energy", "--timeout", "50", "--attempts", "2"], timeout=60)
        tally.expect(silent.returncode == 1 and "timeout" in silent.stderr, f"an absent meter times out: {silent.stderr}")
    finally:
        meter.terminate()
        meter.wait()
    nowhere = run(["read", "/dev/nowhere", ADDRESS])
    tally.expect(nowhere.returncode == 64 and "/dev/nowhere" in nowhere.stderr, f"no such port: {nowhere.stderr}")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
