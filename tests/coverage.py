#!/usr/bin/env python3
"""Line coverage by room, from gcov's own JSON: `coverage.py BUILD_FOLDER` after the tests have run there."""
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def covered_lines(build):
    """{file: {line: times}} over all objects, a line counting where any object ran it."""
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    for data in sorted(build.rglob("*.gcda")):
        out = subprocess.run(["gcov", "--json-format", "--stdout", str(data)], capture_output=True, text=True, cwd=data.parent).stdout
        for document in out.splitlines():
            for file in json.loads(document)["files"]:
                path = pathlib.Path(file["file"])
                path = path if path.is_absolute() else build / path
                if ROOT in path.parents and "tests" not in path.relative_to(ROOT).parts:
                    for line in file["lines"]:
                        lines[path.relative_to(ROOT)][line["line_number"]] += line["count"]
    return lines


def main():
    rooms = collections.defaultdict(lambda: [0, 0])
    for path, counts in covered_lines(pathlib.Path(sys.argv[1]).resolve()).items():
        room = rooms[path.parts[0]]
        room[0] += sum(1 for times in counts.values() if times)
        room[1] += len(counts)
    for name, (ran, all_lines) in sorted(rooms.items()):
        print(f"{name:<12} {100 * ran / all_lines:5.1f} %  {ran} of {all_lines} lines")
    return 0 if rooms else 1


if __name__ == "__main__":
    sys.exit(main())
