#!/usr/bin/env python3
"""Same scenario and seed, same digest: whatever the run, the jobs, the order of construction, the build."""
import os
import sys

from support import ROOT, Run, Tally

SCENARIO = ROOT / "scenarios" / "first-day"


def main():
    tally = Tally()
    first = Run(SCENARIO)
    tally.expect(first.exit_code == 0, f"first-day passes (exit {first.exit_code})\n{first.process.stdout}{first.process.stderr}")
    tally.expect(Run(SCENARIO).digest == first.digest, "a second run has the same digest")
    tally.expect(Run(SCENARIO, "--construct", "reversed").digest == first.digest, "construction in reverse leaves no trace")
    tally.expect(Run(SCENARIO, "--jobs", "2").digest == first.digest, "two jobs leave no trace")
    twice = Run(SCENARIO, "--twice")
    tally.expect(twice.exit_code == 0 and twice.verdicts().get("I-DET") == "pass", "--twice passes I-DET")
    tally.expect(twice.digest == first.digest, "--twice has the same digest")
    other = Run(SCENARIO, "--seed", "7")
    tally.expect(other.digest != first.digest, "another seed has another digest")
    tally.expect(other.exit_code == 0, f"another seed passes, too: {other.failed()}")
    debug = os.environ.get("METERTWIN_DEBUG_BINARY", "")
    if debug and os.path.exists(debug):
        tally.expect(Run(SCENARIO, binary=debug).digest == first.digest, "the sanitized debug build has the same digest")
    else:
        print("SKIPPED: debug against release: METERTWIN_DEBUG_BINARY not built")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
