#!/usr/bin/env python3
"""Networks as a user meets them: broken feeders everywhere they can be used, faults of sections, a network that has no solution in
the middle of a run, and a run on an OpenDSS feeder that repeats from its own folder."""
import pathlib
import sys
import tempfile

from support import ROOT, Run, Tally, run

STORY = """story: tried
starts: "2026-07-01T00:00:00+08:00"
lasts: 2h
settles: 30min
expect: {{ coverage_min: 80 % }}
tariffs:
  - {{ name: flat, source: made up, periods: [ {{ name: flat, slots: "00:00-24:00", prices: [0.5 CNY/kWh] }} ] }}
areas:
  - {{ name: north, feeder: {feeder}, grid: {grid}, line: {{ kind: {line} }},
      meters: [ {{ count: {count}, tariff: flat, load: constant, constant_power: {power} W }} ] }}
{faults}
"""
SCRIPT = """Set DefaultBaseFrequency=50
Redirect ../library/parts.dss
New Line.a bus1=s bus2=t linecode=cable length=0.1 units=km
New Line.sw bus1=t bus2=u switch=yes
New Load.h phases=1 bus1=t.1 kv=0.23 kw=1 daily=day
New Load.i phases=1 bus1=u.2 kv=0.23 kw=1
"""
PARTS = """New Circuit.village bus1=s basekv=0.4 R1=0.01 X1=0.01 R0=0.01 X0=0.01
New Linecode.cable R1=0.3 X1=0.1 R0=1 X0=0.3 C1=0 C0=0 units=km
New Loadshape.day npts=2 interval=12 mult=(file=tables/day.csv)
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def story(folder, faults="", feeder="lane", grid="true", line="rs485", count=24, power=500):
    return write(folder / "scenario.yaml", STORY.format(feeder=feeder, grid=grid, line=line, count=count, power=power, faults=faults))


def fault(fields):
    return f'faults: [ {{ area: north, from: "2026-07-01T00:30", till: "2026-07-01T01:00", {fields} }} ]'


def main():
    tally = Tally()
    lane = (ROOT / "scenarios/feeders/lane.yaml").read_text()

    def refused(process, words, what):
        lines = process.stderr.strip().splitlines()
        tally.expect(process.returncode == 64, f"{what}: exit 64, not {process.returncode}: {process.stderr[:300]}")
        tally.expect(len(lines) == 1 and all(word in lines[0] for word in words), f"{what}: one line with {words}: {lines}")

    with tempfile.TemporaryDirectory(prefix="metertwin-test-") as name:
        top = pathlib.Path(name)
        # The same broken feeder, wherever a feeder can be named.
        for what, old, new, words in [("a loop", "[12, 122, 12, service-16]", "[12, 5, 12, service-16]", ["fed twice"]),
                                      ("no length", "[2, 101, 19, service-16]", "[2, 101, 0, service-16]", ["line 2-101", "no length"]),
                                      ("a load nowhere", "[101, A, 0]", "[99, A, 0]", ["bus 99"]),
                                      ("a text for a number", "[1, 2, 35, main-70]", "[1, 2, far, main-70]", ["far"])]:
            broken = write(top / "broken/feeders/broken.yaml", lane.replace(old, new))
            tally.expect(broken.read_text() != lane, f"{what}: the edit applies to lane.yaml")
            words = ["broken.yaml:"] + words
            refused(run(["grid", broken]), words, f"grid, {what}")
            refused(run(["line", "area", broken]), words, f"line area, {what}")
            for grid, line in [("true", "rs485"), ("false", "carrier"), ("true", "half-carrier")]:
                scenario = story(top / "broken", feeder="broken", grid=grid, line=line)
                refused(run(["run", scenario, "--out", top / "out"]), words, f"run with grid {grid} over {line}, {what}")
        tally.expect(not (top / "out").exists() or not list((top / "out").iterdir()), "nothing is left behind")

        # Faults that only the network can judge.
        for fields, words in [("kind: section-outage, section: line 99-100", ["no section 'line 99-100'"]),
                              ("kind: section-outage, section: line 2-3, phases: AX", ["letters out of A, B and C"]),
                              ("kind: section-outage", ["needs a 'section'"]),
                              ("kind: switch-open, section: line 2-3", ["is no switch"]),
                              ("kind: fuse-blown, section: line 2-3", ["has no fuse"])]:
            refused(run(["run", story(top / "faults", fault(fields)), "--out", top / "out"]), ["scenario.yaml:"] + words, fields)
        refused(run(["run", story(top / "faults", fault("kind: section-outage, section: line 2-3"), grid="false"), "--out", top / "out"]),
                ["grid: true"], "a section without a network")
        refused(run(["run", story(top / "faults", fault("kind: switch-closed, section: tie"), feeder="two-lanes"), "--out", top / "out"]),
                ["scenario.yaml:", "'tie'", "loop"], "a tie between live lanes")

        # A workshop of 200 kW at the end of the lane: no solution, said so, and the run goes on.
        hook = "faults: [ { kind: theft-hook, meter: M0024, power: 100 kW, from: \"2026-07-01T00:30\", till: \"2026-07-01T01:00\" } ]"
        far = Run(story(top / "far", hook))
        tally.expect(far.exit_code == 2, f"no solution: unknown, exit 2, not {far.exit_code}: {far.process.stdout[-600:]}")
        sentence = "".join(check["reason"] for check in far.result["checks"] if check["id"] == "TRUTH.network")
        tally.expect(all(words in sentence for words in ["area north has no solution from 2026-07-01 00:30:00 for 30 min", "load 24",
                                                         "M0024"]), f"one sentence names area, instant and state: {sentence}")

        # A series with minutes that have no solution goes on, and says so at its end.
        shape = write(top / "peak/peak.dss", PARTS.replace("(file=tables/day.csv)", "(1 900)") + "\n".join(SCRIPT.splitlines()[2:]) + "\n")
        process = run(["grid", shape, "--day", "--format", "csv"])
        refused(process, ["minute 721", "load h", "720 of 1440 minutes"], "a diverging series")
        tally.expect(process.stdout.count("\n") == 1 + 3 * 1440 and "\n721,A,,,\n" in process.stdout, "the other minutes are there")
        refused(run(["grid", shape, "--minute", "800"]), ["minute 800", "load h"], "a diverging minute")
        tally.expect(run(["grid", shape, "--minute", "20"]).returncode == 0, "a good minute of the same feeder")
        refused_minute = run(["grid", shape, "--minute", "1441"])
        tally.expect(refused_minute.returncode == 64, "no such minute")
        tally.expect(run(["grid", top]).returncode == 64 and run(["grid", top / "nowhere"]).returncode == 64, "no feeder there")

        # An OpenDSS feeder with redirections and tables travels with the run.
        write(top / "village/feeders/village.dss", SCRIPT)
        write(top / "village/library/parts.dss", PARTS)
        write(top / "village/library/tables/day.csv", "0.5\n1.5\n")
        first = run(["run", story(top / "village", fault("kind: switch-open, section: line sw"), feeder="village", count=2), "--out", top / "first"])
        (top / "village").rename(top / "elsewhere")
        again = run(["run", top / "first/tried", "--out", top / "again"])
        digests = [[line for line in process.stdout.splitlines() if "digest" in line] for process in (first, again)]
        tally.expect(first.returncode == 0 and again.returncode == 0, f"both runs pass: {first.stdout[-400:]}{again.stderr[-300:]}")
        tally.expect(digests[0] == digests[1] and digests[0], f"a run repeats from its own folder: {digests}")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
