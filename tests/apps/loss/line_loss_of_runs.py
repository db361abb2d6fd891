#!/usr/bin/env python3
"""`metertwin loss`: the head-end's line-loss report of a run, held to the physical truth of that run.

The report knows registers only; truth knows each milliwatt-hour. Supplied, sold and lost must agree within the uncertainty
that the report states (U = 2 u, about 95 %). Meters' errors are drawn by the scenario's fixed seed, so the result of each
check is the same every time. The published day of the IEEE European LV feeder is tried where its files lie beside the
project.
"""
import json
import pathlib
import re
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scenario"))
from support import ROOT, Tally, run  # noqa: E402


def truth_of(folder, area):
    """Supplied and delivered by phase and in all, in kWh, as the network computed them."""
    store = sqlite3.connect(f"file:{folder}/truth.db?mode=ro", uri=True)
    sums = [0] * 7
    for (text,) in store.execute("SELECT text FROM events WHERE kind = 'feeder-energy' AND entity = ?", (f"area {area}",)):
        sums = [a + int(b) for a, b in zip(sums, re.findall(r"-?\d+", text))]
    return [s / 1e6 for s in sums[:3]], [s / 1e6 for s in sums[3:6]]


def check_area(tally, folder, report, area, phases):
    supplied, delivered = truth_of(folder, area)
    total = report["total"]
    true_loss = sum(supplied) - sum(delivered)
    U = total["expanded_uncertainty_kWh"]
    tally.expect(abs(total["supplied_kWh"] - sum(supplied)) <= U,
                 f"{area}: supplied {total['supplied_kWh']:.3f} kWh, truth {sum(supplied):.3f}, U {U:.3f}")
    tally.expect(U < 0.02 * sum(supplied), f"{area}: the stated uncertainty {U:.3f} kWh says something")
    if phases:
        tally.expect([g["name"] for g in report["groups"]] == ["phase A", "phase B", "phase C"], f"{area}: three phases")
        for group, s, d in zip(report["groups"], supplied, delivered):
            tally.expect(abs(group["loss_kWh"] - (s - d)) <= group["expanded_uncertainty_kWh"],
                         f"{area}, {group['name']}: loss {group['loss_kWh']:.3f} kWh, truth {s - d:.3f}, "
                         f"U {group['expanded_uncertainty_kWh']:.3f}")
    return true_loss, total["loss_kWh"], U


def check_line_loss(tally, out):
    process = run(["run", ROOT / "scenarios" / "line-loss", "--out", out])
    tally.expect(process.returncode == 0, f"line-loss passes\n{process.stdout}{process.stderr}")
    folder = pathlib.Path(out) / "line-loss"
    before = (folder / "books.db").read_bytes()
    asked = run(["loss", folder, "--format", "json"])
    tally.expect(asked.returncode == 0, f"the report is printed\n{asked.stderr}")
    tally.expect((folder / "books.db").read_bytes() == before, "the books of the run stay as they are")
    reports = {r["area"]: r for r in json.loads(asked.stdout)}
    tally.expect(list(reports) == ["honest", "robbed"], f"both areas: {list(reports)}")
    true_loss, loss, U = check_area(tally, folder, reports["honest"], "honest", False)
    tally.expect(abs(loss - true_loss) <= U, f"honest: loss {loss:.3f} kWh, I2R {true_loss:.3f}, U {U:.3f}")
    tally.expect(reports["honest"]["verdict"] == "explained", f"honest: {reports['honest']['verdict']}")
    true_loss, loss, U = check_area(tally, folder, reports["robbed"], "robbed", False)
    store = sqlite3.connect(f"file:{folder}/truth.db?mode=ro", uri=True)
    stolen = store.execute("SELECT value FROM events WHERE kind = 'bypass-ended' AND entity = 'M0048'").fetchone()[0] / 1000
    tally.expect(abs(loss - true_loss - stolen) <= U, f"robbed: loss {loss:.3f}, I2R {true_loss:.3f} + stolen {stolen:.3f}, U {U:.3f}")
    tally.expect(reports["robbed"]["verdict"] == "unexplained loss", f"robbed: {reports['robbed']['verdict']}")

    text = run(["loss", folder, "--area", "robbed"])
    tally.expect("unexplained" in text.stdout and "honest" not in text.stdout, f"one area as text\n{text.stdout}")
    csv = run(["loss", folder, "--format", "csv", "--day", "2026-06-30"])
    tally.expect(len(csv.stdout.splitlines()) == 3, f"two areas as CSV\n{csv.stdout}")
    for wrong in (["--area", "honets"], ["--day", "2026-07-09"], ["--day", "yesterday"], ["--day", "2026-06-31"]):
        refused = run(["loss", folder, *wrong])
        tally.expect(refused.returncode == 64 and len(refused.stderr.splitlines()) == 1, f"{wrong} is refused: {refused.stderr}")
    run(["run", ROOT / "scenarios" / "first-day", "--out", out])
    refused = run(["loss", pathlib.Path(out) / "first-day"])
    tally.expect(refused.returncode == 64 and "no area has a meter at its transformer" in refused.stderr,
                 f"a run that measures no supply: {refused.stderr}")
    for wrong in (ROOT / "scenarios" / "line-loss", pathlib.Path(out) / "nothing"):
        refused = run(["loss", wrong])
        tally.expect(refused.returncode == 64 and len(refused.stderr.splitlines()) == 1, f"{wrong} is no run: {refused.stderr}")


def check_european(tally, out):
    if not (ROOT.parent / "shared" / "data" / "feeder" / "ieee_input").is_dir():
        print("SKIPPED: european-lv: the IEEE feeder's CSV files are not beside the project")
        return
    process = run(["run", ROOT / "scenarios" / "european-lv", "--out", out])
    tally.expect(process.returncode == 0, f"european-lv passes\n{process.stdout}{process.stderr}")
    folder = pathlib.Path(out) / "european-lv"
    supplied, delivered = truth_of(folder, "feeder")
    tally.expect(abs(sum(delivered) - 483.914150) < 1e-5, f"truth sold {sum(delivered):.6f} kWh, published 483.914150")
    tally.expect(abs(sum(supplied) - 488.386096) < 2e-5, f"truth supplied {sum(supplied):.6f} kWh, reference 488.386096")
    for s, d, percent in zip(supplied, delivered, (0.954, 1.114, 0.598)):
        tally.expect(abs(100 * (s - d) / s - percent) < 0.0005, f"phase lost {100 * (s - d) / s:.4f} %, reference {percent}")
    asked = run(["loss", folder, "--format", "json", "--data", ROOT.parent / "shared" / "data" / "feeder" / "ieee_input"])
    tally.expect(asked.returncode == 0, f"the report is printed\n{asked.stderr}")
    report = json.loads(asked.stdout)[0]
    true_loss, loss, U = check_area(tally, folder, report, "feeder", True)
    tally.expect(abs(loss - true_loss) <= U, f"loss {loss:.3f} kWh, truth {true_loss:.3f}, U {U:.3f}")
    tally.expect(report["verdict"] == "explained", f"european-lv: {report['verdict']}")


OWN_FEEDER = """Clear
New Circuit.two basekv=0.4 pu=1.0 phases=3 bus1=src Isc3=5000 Isc1=4000
New Linecode.lc nphases=3 r1=0.4 x1=0.08 r0=1.2 x0=0.2 units=km
New Line.l1 bus1=src bus2=a linecode=lc length=0.2 units=km
New Load.h1 bus1=a.1 phases=1 kv=0.23 kw=2 pf=0.95 model=1
New Load.h2 bus1=a.2 phases=1 kv=0.23 kw=3 pf=0.95 model=2
"""
OWN_SCENARIO = """story: own
starts: "2026-07-01T00:00:00+08:00"
lasts: 6h
tariffs: [ { name: flat, periods: [ { name: flat, slots: "00:00-24:00", prices: 0.5 CNY/kWh } ] } ]
areas:
  - name: north
    feeder: two
    grid: true
    meters:
      - { count: COUNT, tariff: flat, load: shop }
      - { count: 1, name: T, tariff: flat, load: feeder-head }
"""


def check_own_feeder(tally, out):
    """A feeder of the user's own, in OpenDSS's language: it goes along with the run, and its mistakes are his to hear."""
    home = pathlib.Path(out) / "home"
    (home / "feeders").mkdir(parents=True)
    (home / "feeders" / "two.dss").write_text(OWN_FEEDER)
    (home / "own.yaml").write_text(OWN_SCENARIO.replace("COUNT", "2"))
    process = run(["run", home / "own.yaml", "--out", out])
    tally.expect(process.returncode == 0, f"a run on an OpenDSS feeder passes\n{process.stdout}{process.stderr}")
    asked = run(["loss", pathlib.Path(out) / "own", "--format", "json"])
    tally.expect(asked.returncode == 0, f"its feeder is found again\n{asked.stderr}")
    if asked.returncode == 0:
        true_loss, loss, U = check_area(tally, pathlib.Path(out) / "own", json.loads(asked.stdout)[0], "north", False)
        tally.expect(abs(loss - true_loss) <= U, f"own: loss {loss:.3f} kWh, truth {true_loss:.3f}, U {U:.3f}")
    for wrong, text in (("too many customers", OWN_SCENARIO.replace("COUNT", "3")),
                        ("no feeder", OWN_SCENARIO.replace("COUNT", "2").replace("feeder: two", "feeder: three"))):
        (home / "wrong.yaml").write_text(text)
        refused = run(["run", home / "wrong.yaml", "--out", out])
        tally.expect(refused.returncode == 64 and len(refused.stderr.splitlines()) == 1, f"{wrong}: {refused.stderr}")
    for wrong, text in (("an unknown line code", OWN_FEEDER.replace("linecode=lc", "linecode=xy")),
                        ("a load on no bus", OWN_FEEDER.replace("bus1=a.2", "bus1=z.2")),
                        ("no circuit", OWN_FEEDER.replace("New Circuit", "New Nothing"))):
        (home / "feeders" / "two.dss").write_text(text)
        refused = run(["run", home / "own.yaml", "--out", out])
        tally.expect(refused.returncode == 64 and len(refused.stderr.splitlines()) == 1, f"{wrong}: {refused.stderr}")


def check_advice(tally):
    lane = ROOT / "scenarios" / "feeders" / "lane.yaml"
    asked = run(["grid", lane, "--advice", "--households", "3", "--format", "csv"])
    rows = [line.split(",") for line in asked.stdout.splitlines()[1:]]
    tally.expect(asked.returncode == 0 and len(rows) == 24, f"advice for 24 houses\n{asked.stderr}")
    tally.expect(all(float(row[2]) > 0 and float(row[4]) > 0 for row in rows), "each can take more, and give some")
    band = run(["grid", lane, "--advice", "--households", "3", "--format", "csv", "--lowest", "229"])
    tally.expect("0.00" in band.stdout, f"a band that is left already has no room\n{band.stdout}")
    refused = run(["grid", lane, "--advice", "--day"])
    tally.expect(refused.returncode == 64 and len(refused.stderr.splitlines()) == 1, f"advice for a day: {refused.stderr}")


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="metertwin-test-") as out:
        check_line_loss(tally, out)
        check_european(tally, out)
        check_own_feeder(tally, out)
        check_advice(tally)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
