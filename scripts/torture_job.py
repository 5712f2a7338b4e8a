"""One command and what becomes of it when its system calls fail: the part of scripts/torture that knows what has to hold."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter, defaultdict

#: Seconds after which a run is a hang: an ingest that has stored lines waits a minute for a lock.
PATIENCE = 180
DATABASE = "meshweft.db"
#: What a job's own file holds before it.
OLD = b"<!doctype html>what was there before\n"
#: The system calls by which a database is changed, and the errors that each is made to end with.
WRITES = {
    "pwrite64": ("ENOSPC", "EIO"), "fdatasync": ("EIO",), "fsync": ("EIO",), "ftruncate": ("EIO",), "unlink": ("EIO",),
    "rename": ("EIO",), "renameat": ("EIO",), "renameat2": ("EIO",), "linkat": ("EIO",),
}
#: Those by which a file is written as a whole.
FILE_WRITES = {**WRITES, "write": ("ENOSPC", "EIO")}
#: Those by which a command gets at its own files; a failure elsewhere (the loader's, the C library's) is no fault of a disk's.
ACCESSES = {
    "openat": ("EIO", "EMFILE", "ENFILE", "EACCES"), "mmap": ("EIO", "ENOMEM"), "pread64": ("EIO",), "read": ("EIO",),
    # What NFS and its like answer where locks are not to be had, or are lost.
    "fcntl": ("ENOLCK", "EIO", "EACCES", "EINTR"),
}
#: Where a failure may be waited out.
LOCK = {"fcntl"}


class Broken(Exception):
    """What a run must not do."""


# A page says when it was made: the same time in every run.
os.environ["SOURCE_DATE_EPOCH"] = "1795400100"


def run(command, folder, stdin=None):
    with open(stdin or os.devnull, "rb") as source:
        return subprocess.run(command, cwd=folder, stdin=source, capture_output=True, timeout=PATIENCE)


def canonical(line):
    """A trace's or a hop's JSON, whatever ids and order its hops have in this database: each store has a key of its own, and
    hops of one millisecond stand in the order of a hash of theirs."""
    row = json.loads(line)
    row.pop("trace_id", None)
    hops = row.get("hops")
    if isinstance(hops, list):
        places = [f"{hop.get('source')} {hop.get('line')}" for hop in hops]
        for hop in hops:
            for claim in [hop.get("parent"), *(hop.get("via") or [])]:
                if isinstance(claim, dict):
                    claim["hop"] = places[claim["hop"]]
        row["hops"] = sorted(hops, key=lambda hop: json.dumps(hop, sort_keys=True))
    return json.dumps({key: value for key, value in row.items() if key not in ("hop", "id")}, sort_keys=True)


class Job:
    """A command, and the folder that it starts from.

    before: commands that make that folder. damage: what is done to it then. product: a file that the command writes as a whole.
    target: the database that it is about. reads: it changes nothing, and its answer is its standard output; links: but it links
    first. like: commands that bring about the same database in an empty folder.
    """

    def __init__(self, name, binary, arguments, before=(), stdin=None, product=None, damage=None, target=DATABASE,
                 reads=False, links=False, inputs=(), like=()):
        self.name, self.stdin, self.product, self.target, self.reads = name, stdin, product, target, reads
        self.links, self.inputs = links, list(inputs)
        self.binary, self.command = binary, [binary, *arguments]
        self.writes = FILE_WRITES if product or reads else WRITES
        self.start = tempfile.mkdtemp(prefix=f"torture-{name}-")
        if product:
            with open(os.path.join(self.start, product), "wb") as file:
                file.write(OLD)
        for earlier in before:
            self.must(run([binary, *earlier], self.start))
        if damage:
            damage(self.start)
        with self.folder() as folder:
            began = time.monotonic()
            undisturbed = self.must(run(self.command, folder, stdin))
            self.answer, self.words = undisturbed.stdout, undisturbed.stderr.decode(errors="replace")
            self.seconds = time.monotonic() - began
            self.reference = self.picture(folder)
            self.made = self.content(folder)
        if like:
            self.hold_like(like)

    def hold_like(self, like):
        """What the job brings about undisturbed is what these commands make of nothing."""
        with tempfile.TemporaryDirectory(prefix="torture-") as folder:
            for other in like:
                self.must(run([self.binary, *other], folder))
            if self.picture(folder) != self.reference:
                raise SystemExit(f"torture: {self.name} brings about something else than {like}")

    @staticmethod
    def must(done):
        if done.returncode != 0:
            raise SystemExit(f"torture: {done.args} ended with {done.returncode}: {done.stderr.decode()}")
        return done

    def folder(self):
        place = tempfile.TemporaryDirectory(prefix="torture-")
        shutil.copytree(self.start, place.name, dirs_exist_ok=True)
        return place

    def picture(self, folder):
        """A hash of all that the database answers. Nothing of what is its own affair: no keys, no order among equals."""
        if self.reads and not self.links:
            with open(os.path.join(folder, DATABASE), "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()
        digest = hashlib.sha256()
        for question in ("hops -o ndjson", "export traces", "paths -o json", "load -o json", "sources -o json"):
            answer = run([self.binary, *question.split(), "--db", self.target], folder)
            if answer.returncode != 0:
                raise Broken(f"{question} ended with {answer.returncode}: {answer.stderr.decode()}")
            lines = answer.stdout.splitlines()
            if question.startswith(("hops", "export")):
                lines = sorted(canonical(line).encode() for line in lines)
            digest.update(b"\n".join(lines))
        return digest.hexdigest()

    def content(self, folder):
        """What the file holds that the job writes as a whole."""
        if not self.product:
            return None
        with open(os.path.join(folder, self.product), "rb") as file:
            return file.read()

    def own_files(self, folder):
        """Options of strace: only calls about these. Names as they are given and as SQLite makes them."""
        names = [base + ending for base in {DATABASE, self.target} for ending in ("", "-wal", "-shm", "-journal")]
        names += [self.product] if self.product else []
        paths = [place for name in names for place in (name, "./" + name, os.path.join(folder, name))]
        return [word for path in paths + self.inputs for word in ("-P", path)]

    def traced(self, folder, calls, options):
        log = os.path.join(folder, "strace.txt")
        # Not every kernel has every call by its name; -e trace=?name passes over those.
        names = ",".join("?" + call for call in calls)
        done = run(["strace", "-f", "-qq", "-o", log, "-e", f"trace={names}", *options, *self.command],
                   folder, self.stdin)
        with open(log, encoding="utf-8", errors="replace") as lines:
            text = lines.read()
        os.remove(log)
        return done, text

    def counts(self, kinds):
        """How often each call occurs in the thread that makes it most often."""
        found = defaultdict(Counter)
        with self.folder() as folder:
            _, text = self.traced(folder, kinds, self.own_files(folder) if kinds is ACCESSES else [])
        for match in re.finditer(r"^(\d+) +(\w+)\(", text, re.MULTILINE):
            found[match[2]][match[1]] += 1
        return {call: max(threads.values()) for call, threads in found.items()}

    def point(self, call, error, fault, when):
        """One fault and what follows; True where it came about."""
        with self.folder() as folder:
            what = "signal=SIGKILL" if fault == "kill" else f"error={error}"
            options = ["-e", f"inject={call}:{what}:when={when}" + ("+" if fault == "for-good" else "")]
            if call in ACCESSES:
                options += self.own_files(folder)
            done, text = self.traced(folder, [call], options)
            came = done.returncode == -9 if fault == "kill" else "(INJECTED)" in text
            self.hold_to_promises(folder, fault, done, call)
            return came

    def random_point(self, numbers):
        with self.folder() as folder:
            with open(self.stdin or os.devnull, "rb") as source:
                process = subprocess.Popen(
                    self.command, cwd=folder, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(numbers.uniform(0, self.seconds))
            process.kill()
            process.wait()
            self.hold_to_promises(folder, "kill", None)
            return True

    def hold_to_promises(self, folder, fault, done, call=None):
        if fault != "kill" and done is not None:
            self.hold_to_its_word(folder, done, call)
        if self.content(folder) not in (None, OLD, self.made):
            raise Broken(f"{self.product} is neither the old nor the new one")
        for database in {DATABASE, self.target}:
            self.hold_sound(folder, database)
        again = self.again(folder)
        if again.returncode != 0:
            raise Broken(f"the same command again ended with {again.returncode}: {again.stderr.decode()}")
        if self.picture(folder) != self.reference or self.content(folder) != self.made:
            raise Broken("the same command again does not bring about the undisturbed result")
        if self.reads and again.stdout != self.answer:
            raise Broken("the same command again answers something else")

    def again(self, folder):
        """The same command, undisturbed. A salvage refuses to write over what it made already: that is its whole result then."""
        if self.target != DATABASE and os.path.exists(os.path.join(folder, self.target)):
            return self.must(run(["true"], folder))
        return run(self.command, folder, self.stdin)

    def hold_to_its_word(self, folder, done, call):
        """Of a command that was not killed: exit code 2 and the file that it is about, or 0 and the whole result."""
        message = done.stderr.decode(errors="replace")
        if done.returncode == 0:
            # A report on what is linked so far says that it is one.
            if self.reads and done.stdout != self.answer and not message:
                raise Broken("answered something else, and said nothing")
            # A salvage takes what the disk refuses for damage, and says that more could not be read than without that.
            says_loss = self.target != DATABASE and "unreadable" in message and message != self.words
            if says_loss:
                os.remove(os.path.join(folder, self.target))
            elif not self.links and self.picture(folder) != self.reference:
                raise Broken("said that all was well, and it was not")
            return
        if done.returncode != 2:
            raise Broken(f"ended with {done.returncode}: {message}")
        named = [DATABASE, self.target, self.product, *map(os.path.basename, self.inputs), "standard output", "standard input"]
        if not any(name and name in message for name in named) and call != "write":
            # A message cannot be written either where writing fails.
            raise Broken(f"does not name the file: {message}")

    def hold_sound(self, folder, database):
        path = os.path.join(folder, database)
        if not os.path.exists(path) or os.path.getsize(path) == 0:
            if database != DATABASE and os.path.exists(path):
                raise Broken(f"{database} is empty")
            return
        if self.target != DATABASE and database == DATABASE:
            return
        sound = run([self.binary, "check", "--db", database], folder)
        # A database that was killed before its first commit is empty, and says so; one of an older schema is what it was.
        if sound.returncode != 0 and b" schema " not in sound.stderr:
            raise Broken(f"check: {sound.stdout.decode()}{sound.stderr.decode()}")
