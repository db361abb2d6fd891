#!/usr/bin/env python3
"""Every scenario that comes with metertwin does what it promises, twice, and leaves a whole folder behind."""
import pathlib
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from support import ROOT, Tally, run

EXPECTED = {"report.html", "junit.xml", "result.json", "scenario.yaml", "truth.db", "books.db"}


def main():
    tally = Tally()
    names = [line.split()[0] for line in run(["scenarios"]).stdout.splitlines() if line.strip()]
    tally.expect(len(names) >= 3, f"the library has its scenarios: {names}")
    paths = sorted(p.parent for p in (ROOT / "scenarios").glob("*/scenario.yaml"))
    has_data = (ROOT.parent / "shared" / "data" / "feeder" / "ieee_input").is_dir()
    chosen = [p for p in paths if has_data or p.name != "european-lv"]
    if not has_data:
        print("SKIPPED: european-lv: the IEEE feeder's CSV files are not beside the project")
    with tempfile.TemporaryDirectory(prefix="metertwin-test-") as folder:
        process = run(["run", *chosen, "--out", folder, "--jobs", "2", "--twice"])
        tally.expect(process.returncode == 0, f"the suite passes (exit {process.returncode})\n{process.stdout}{process.stderr}")
        for path in chosen:
            there = {p.name for p in (pathlib.Path(folder) / path.name).glob("*")}
            tally.expect(EXPECTED <= there, f"{path.name}: the folder is whole: {sorted(there)}")
            if "junit.xml" in there:
                suites = ElementTree.parse(pathlib.Path(folder) / path.name / "junit.xml").getroot()
                tally.expect(len(list(suites.iter("testcase"))) > 5, f"{path.name}: junit.xml has its cases")
            if "report.html" in there:
                page = (pathlib.Path(folder) / path.name / "report.html").read_text()
                tally.expect("<script src=" not in page and "<link rel=" not in page, f"{path.name}: the report stands alone")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
