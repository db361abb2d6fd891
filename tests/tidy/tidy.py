#!/usr/bin/env python3
"""The house rules that a program can check, as a test of the code itself.

Include directions, banned calls, dead files, documents that name files which do not exist, sizes. Each finding is one line
`file:line: what is wrong: what to do instead`. Exit 0: tidy; 1: findings. `--self-test` plants each fault in a temporary
tree and demands that it is found, so that this program cannot rot into one that finds nothing.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

# Who may include whom (docs/decisions/0001-rooms.md). A room may always include itself.
MAY_INCLUDE = {
    "core": set(),
    "protocols": {"core"},
    "models": {"core", "protocols"},
    "platform": {"core"},
    "sim": {"core", "protocols", "models", "platform", "scenarios"},
    "head-end": {"core", "protocols", "platform"},
    "scenarios": {"core", "models"},
    "audit": {"core", "models", "scenarios"},
    "reports": {"core"},
    "stress": {"core", "protocols", "platform", "reports", "audit"},
    "apps": {"core", "protocols", "models", "platform", "sim", "head-end", "scenarios", "audit", "reports", "stress"},
    "tests": {"core", "protocols", "models", "platform", "sim", "head-end", "scenarios", "audit", "reports", "stress", "apps"},
    "bench": {"core", "protocols", "models", "platform", "sim", "head-end", "scenarios", "audit", "reports", "stress", "apps"},
    "python": {"core", "protocols", "models", "platform", "sim", "head-end", "scenarios", "audit", "reports", "stress", "apps"},
}
# Finer walls inside rooms: (who, must never include, why).
WALLS = [
    (r"^head-end/", r"^platform/(virtual|posix)/", "the head-end sees interfaces only"),
    (r"^head-end/books|^head-end/(store|validate|tariff|account|watch)/", r"^boost/asio|^platform/", "the books do not wait"),
    (r"^stress/(fleet|plan|verdict|report)/", r"^(sys/|netinet/|arpa/|unistd|platform/posix)", "fleet, plan and verdicts are pure: they run in virtual time"),
    (r"^(core|protocols|models|scenarios|audit|reports|stress)/", r"^boost/asio", "only platform, head-end, sim and apps may wait"),
    (r"^(core|protocols|models|platform|head-end|scenarios|audit|reports)/", r"^systemc", "SystemC lives in sim/"),
    (r"^(scenarios|audit)/", r"^models/(?!fault/registry)", "scenarios and audit know the faults by name, not the models"),
    (r"^audit/oracle/", r"^head-end/|^models/", "the oracle is independent"),
    (r"^(head-end|models|protocols|core)/", r"^scenarios/", "a scenario is translated at the composition root"),
]
# (pattern, where it is allowed, what to do instead)
BANNED = [
    (r"\b(system_clock|steady_clock|high_resolution_clock)\b", r"^(platform/posix|stress/(drive|measure)|bench|apps|tests/(platform|twin|stress))/", "take the time from a Clock"),
    (r"\b(gettimeofday|clock_gettime|std::time\s*\(|localtime|gmtime|strftime)\b", r"^(platform/posix|stress/(drive|measure)|bench)/", "take the time from a Clock"),
    (r"\bstd::(uniform|normal|exponential|poisson|bernoulli|lognormal|discrete|geometric)\w*_distribution\b", r"^$", "distributions are ours: core/random.hpp"),
    (r"\b(random_device|mt19937|srand|std::rand)\b", r"^bench/", "draws are addressed: core/random.hpp"),
    (r"\bthis_thread::sleep|\busleep\s*\(", r"^$", "nobody sleeps; wait on a Clock"),
    (r"CURRENT_TIMESTAMP|datetime\s*\(\s*'now'", r"^$", "the store has no clock: bind the instant"),
    (r"\bstd::locale|setlocale|\bimbue\b", r"^$", "no locale: output is the same everywhere"),
    (r"%p\b", r"^$", "addresses are not reproducible"),
    (r"\bsc_time_stamp\b", r"^sim/|^tests/sim/", "SystemC lives in sim/"),
    (r"-ffast-math|-Ofast", r"^$", "floating point is IEEE to the letter"),
    (r"\b(T[O]DO|F[I]XME|H[A]CK)\b", r"^$", "do it, or write it in docs/decisions with a reason"),
]
CODE = {".cpp", ".hpp", ".h", ".c"}
LINE_MAX, FILE_MAX = 110, 450
SKIP = re.compile(r"^(build|out)/")


def tracked_files(root):
    try:
        out = subprocess.run(["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, text=True, check=True).stdout.split("\n")
        names = [n for n in out if n]
    except (subprocess.CalledProcessError, FileNotFoundError):
        names = []
    if not names:
        names = [str(p.relative_to(root)) for p in sorted(root.rglob("*")) if p.is_file()]
    return sorted(n for n in names if not SKIP.match(n) and (root / n).is_file())


def strip_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


def check_code(name, text, findings):
    room = name.split("/")[0]
    lines = text.split("\n")
    if not lines[0].startswith(("//", "#!", "/*", "#pragma", "#include", '"""')):
        findings.append(f"{name}:1: a file begins with what it is in the world: add a comment")
    if len(lines) > FILE_MAX:
        findings.append(f"{name}:1: {len(lines)} lines: does it have one purpose? split it (at most {FILE_MAX})")
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MAX and "://" not in line and 'R"' not in line:
            findings.append(f"{name}:{number}: {len(line)} columns: at most {LINE_MAX}")
        include = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if include:
            check_include(name, room, number, include.group(1), findings)
    bare = strip_comments(text).split("\n")
    for number, (line, whole) in enumerate(zip(bare, lines), 1):
        for pattern, allowed, instead in BANNED:
            target = whole if "DO" in pattern else line
            if re.search(pattern, target) and not re.match(allowed, name) and not name.startswith("tests/tidy/"):
                findings.append(f"{name}:{number}: banned: {re.search(pattern, target).group().strip()}: {instead}")


def check_include(name, room, number, target, findings):
    target_room = target.split("/")[0]
    if target_room in MAY_INCLUDE and "/" in target and room in MAY_INCLUDE:
        if target_room != room and target_room not in MAY_INCLUDE[room]:
            findings.append(f"{name}:{number}: {room} must not include {target}: see docs/decisions/0001-rooms.md")
    for who, never, why in WALLS:
        if re.match(who, name) and re.match(never, target):
            findings.append(f"{name}:{number}: must not include {target}: {why}")


def check_dead_files(files, texts, findings):
    builds = "\n".join(texts[n] for n in files if n.endswith(("CMakeLists.txt", ".cmake")))
    includes = set(re.findall(r'#\s*include\s*[<"]([^>"]+)[>"]', "\n".join(texts[n] for n in files if pathlib.Path(n).suffix in CODE)))
    for name in files:
        base = name.rsplit("/", 1)[-1]
        if name.endswith((".cpp", ".c")) and not re.search(rf"(^|[\s/(\"]){re.escape(base)}", builds):
            findings.append(f"{name}:1: dead file: no CMake target compiles it")
        if name.endswith((".hpp", ".h")) and name not in includes:
            findings.append(f"{name}:1: dead file: nobody includes it by its path from the root")


PATH_IN_DOC = re.compile(r"`([A-Za-z0-9_.\-]+(?:/[A-Za-z0-9_.\-{},*]+)+/?)`|\]\((?!https?:|#|mailto:)([^)#\s]+)")


def check_document(root, name, text, findings):
    for number, line in enumerate(text.split("\n"), 1):
        for quoted, linked in PATH_IN_DOC.findall(line):
            path = quoted or linked
            if re.match(r"^(out|build|\.\.|tmp|dev/)", path) or any(c in path for c in "*{}<>") or "/" not in path:
                continue
            if linked and (root / pathlib.Path(name).parent / linked).exists():
                continue
            first = path.split("/")[0]
            if (root / first).is_dir() and not (root / path).exists() and not list(root.glob(path + ".*")):
                findings.append(f"{name}:{number}: names {path}, which does not exist")


def check_machine_paths(name, text, findings):
    for number, line in enumerate(text.split("\n"), 1):
        if re.search(r"(^|[^A-Za-z0-9._-])/(w[o]rk|f[a]rm|r[o]ot)/", line):
            findings.append(f"{name}:{number}: a path of one machine: make it relative")


def tidy(root):
    root = pathlib.Path(root)
    findings = []
    files = tracked_files(root)
    texts = {}
    for name in files:
        try:
            texts[name] = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            texts[name] = ""
    for name in files:
        if pathlib.Path(name).suffix in CODE:
            check_code(name, texts[name], findings)
        if name.endswith(".md"):
            check_document(root, name, texts[name], findings)
        if (root / name).stat().st_size > 1_000_000:
            findings.append(f"{name}:1: over 1 MB: data belongs beside the project")
        check_machine_paths(name, texts[name], findings)
    check_dead_files(files, texts, findings)
    return findings


PLANTED = [
    ("core/a.hpp", "// x\n#include \"head-end/books.hpp\"\n", "core must not include"),
    ("head-end/a.cpp", "// x\n#include \"platform/posix/wall_clock.hpp\"\n", "interfaces only"),
    ("models/a.cpp", "// x\nauto t = std::chrono::steady_clock::now();\n", "steady_clock"),
    ("models/b.cpp", "// x\nstd::normal_distribution<double> d;\n", "normal_distribution"),
    ("models/c.cpp", "// x\n// T" + "ODO later\n", "T" + "ODO"),
    ("core/lonely.cpp", "// x\n", "no CMake target"),
    ("core/lonely.hpp", "// x\n", "nobody includes"),
    ("core/wide.cpp", "// x\n" + "int " + "a" * 120 + ";\n", "columns"),
    ("core/long.cpp", "// x\n" * 460, "one purpose"),
    ("core/bare.cpp", "int a;\n", "begins with what it is"),
    ("README.md", "see `core/nowhere.hpp`\n", "does not exist"),
    ("notes.md", "in /wo" + "rk/here\n", "path of one machine"),
    ("audit/oracle/a.cpp", "// x\n#include \"head-end/tariff/ladder.hpp\"\n", "independent"),
]


def self_test():
    missed = []
    for name, text, expected in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            (pathlib.Path(folder) / "core").mkdir(exist_ok=True)  # a document is held to rooms that exist
            path.write_text(text)
            if not any(expected in f and f.startswith(name) for f in tidy(folder)):
                missed.append(f"planted fault not found: {name}: {expected}")
    return missed


def main():
    if "--self-test" in sys.argv:
        findings = self_test()
    else:
        findings = tidy(pathlib.Path(__file__).resolve().parents[2])
    for finding in findings:
        print(finding)
    print(f"tidy: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
