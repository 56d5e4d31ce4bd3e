#!/usr/bin/env python3
"""Runs clang-tidy and clazy over our sources, as many at a time as there are cores. Called by `./dev lint`.

    lint.py BUILD [PATH]...      BUILD has compile_commands.json; a PATH is a source or a folder, by default all

A source that passed is not looked at again until it, a header of ours that it includes, the settings or the tools
change: BUILD/lint-passed holds an empty file for each, named after the hash of all that.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"  # has further settings of its own
HOUSE = ("app", "core", "ui", "tests")
# Level 0 and 1 of clazy but for what does not suit the house.
CLAZY = [
    "level1",
    "no-overloaded-signal",  # signals are connected by pointer to member; qOverload says which
]
CLAZY_IN_TESTS = CLAZY + [
    "no-non-pod-global-static",  # a test may make its constants before main
    "no-qstring-ref",  # QStringRef has gone with Qt 5
]
INCLUDE = re.compile(rb'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)

SUMMARY = re.compile(r"^(\d+ warnings?.* generated|\d+ warnings? treated as|Suppressed \d|Use -header-filter)")


def closure(source):
    """The source and all headers of ours that it includes, directly or not."""
    seen, todo = {}, [source]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen[path] = path.read_bytes()
        for name in INCLUDE.findall(seen[path]):
            header = ROOT / name.decode()
            if header.is_file():
                todo.append(header)
    return seen


def clazy_checks(source):
    return ",".join(CLAZY_IN_TESTS if source.is_relative_to(TESTS) else CLAZY)


def fingerprint(entry, common):
    source = pathlib.Path(entry["file"])
    digest = hashlib.sha256(common)
    if source.is_relative_to(TESTS):
        digest.update((TESTS / ".clang-tidy").read_bytes() + clazy_checks(source).encode())
    digest.update(entry["command"].encode())
    for path, text in sorted(closure(pathlib.Path(entry["file"])).items()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(text).digest())
    return digest.hexdigest()


def output_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    return done.returncode, done.stdout


def uses_qt(source):
    return any(re.search(rb"^\s*#\s*include\s+<Q", text, re.MULTILINE) for text in closure(source).values())


def findings(entry, build):
    """What the tools have to say of a source; empty if nothing."""
    source = pathlib.Path(entry["file"])
    code, text = output_of(["clang-tidy", "-p", str(build), "--quiet", str(source)])
    said = "" if code == 0 else text
    if uses_qt(source):
        code, text = output_of(["clazy-standalone", "-p", str(build), "-checks=" + clazy_checks(source),
                                "-header-filter=^" + re.escape(str(ROOT)) + "/(app|core|ui|tests)/", str(source)])
        if code != 0 or "[-Wclazy" in text:
            said += text
    # The summaries count what is hidden in other people's headers.
    return "\n".join(line for line in said.splitlines() if not SUMMARY.match(line))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    wanted = [(ROOT / path).resolve() for path in sys.argv[2:]] or [ROOT / folder for folder in HOUSE]
    entries = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        in_house = any(source.is_relative_to(ROOT / folder) for folder in HOUSE)
        if in_house and any(source == path or source.is_relative_to(path) for path in wanted):
            entries.setdefault(source, entry)  # a source in two programs is looked at once
    if not entries:
        sys.exit("lint: no sources there")
    passed = build / "lint-passed"
    passed.mkdir(exist_ok=True)
    common = (ROOT / ".clang-tidy").read_bytes() + ",".join(CLAZY).encode()
    for tool in ("clang-tidy", "clazy-standalone"):
        common += output_of([tool, "--version"])[1].encode()

    def look(entry):
        mark = passed / fingerprint(entry, common)
        if mark.exists():
            return ""
        said = findings(entry, build)
        if not said:
            mark.touch()
        return said

    bad = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        jobs = {pool.submit(look, entry): source for source, entry in sorted(entries.items())}
        for job in concurrent.futures.as_completed(jobs):
            if job.result():
                bad += 1
                print(f"==> {jobs[job].relative_to(ROOT)}\n{job.result()}", flush=True)
    print(f"lint: {len(entries)} sources, {bad} with findings")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
