#!/usr/bin/env python3
"""Every fault of the registry is injected by a scenario of the library; `metertwin faults` tells the same in each format, and so
does docs/faults.md."""
import json
import sys

from support import ROOT, Tally, run


def main():
    tally = Tally()
    listed = run(["faults"])
    tally.expect(listed.returncode == 0, "the list is printed")
    names = [line.split()[0] for line in listed.stdout.splitlines() if line.strip()]
    described = json.loads(run(["faults", "--format", "json"]).stdout)
    tally.expect([entry["name"] for entry in described] == names, "text and JSON list the same faults")
    table = run(["faults", "--format", "markdown"]).stdout
    tally.expect(all(f"| `{name}` |" in table for name in names), "so does the table")
    one = run(["faults", names[0]])
    tally.expect(one.returncode == 0 and "heals" in one.stdout, "one fault is explained")
    unknown = run(["faults", names[0][:-1]])
    tally.expect(unknown.returncode == 64 and "did you mean" in unknown.stderr and len(unknown.stderr.splitlines()) == 1,
                 f"an unknown fault is refused in one line: {unknown.stderr}")
    tally.expect(run(["faults", "--coverage", "--scenarios", "/nonexistent"]).returncode == 64, "no scenarios there: refused")

    coverage = run(["faults", "--coverage", "--format", "json"])
    stories = json.loads(coverage.stdout)
    for name in names:
        tally.expect(bool(stories.get(name)), f"{name} is injected by a scenario")
    tally.expect(coverage.returncode == 0, f"the coverage is complete (exit {coverage.returncode})")

    page = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
    tally.expect(table in page, "docs/faults.md holds the table that `metertwin faults --format markdown` prints")
    covered = run(["faults", "--coverage", "--format", "markdown"]).stdout
    tally.expect(covered in page, "docs/faults.md holds the table that `metertwin faults --coverage --format markdown` prints")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
