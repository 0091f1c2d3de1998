"""The public file of real draws, as two verifiers see it that share no code: the program's and
tests/audit/verify_draw.py. Both accept it; whatever is changed in it, both refuse it and name the
same step.

The seed of the changed bytes is printed; FRONTROW_SEED repeats a run's changes (the draw itself is
another each time). FRONTROW_CHANGES says how many bytes are changed (400).
"""

import hashlib
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from client import Fan, Operator
from many_fans import join_many
from passes import AUDIENCE, ISSUER, Issuer, write_keys
from server import SOURCE, Server, run, wait_until

FANS = 3_000
FANS_WITH_TIERS = 60
CHANGES = int(os.environ.get("FRONTROW_CHANGES", "400"))
SCRIPT = os.path.join(SOURCE, "tests", "audit", "verify_draw.py")

# What the draw rests on, and what stands for a member that is left out.
READ = {"algorithm": "frontrow/draw/v1", "commitment": None, "secret": None, "lobby_root": None,
        "count": None, "beacon": "", "beacon_signature": "", "seed": None, "entries": None}


def load_script():
    spec = importlib.util.spec_from_file_location("verify_draw", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SECOND = load_script()


def public_file(port, ready):
    """The bytes of `GET /audit/draw`, once `ready` is true of its content."""
    def fetched():
        url = f"http://127.0.0.1:{port}/api/v1/audit/draw"
        with urllib.request.urlopen(url, timeout=60) as answer:
            data = answer.read()
        return data if ready(json.loads(data)) else None

    return wait_until(fetched, what="the draw")


def drawn_with_a_beacon():
    """Some thousand fans and a beacon that an operator hands in."""
    signature = os.urandom(48)
    beacon = {"round": 77, "randomness": hashlib.sha256(signature).hexdigest(),
              "signature": signature.hex()}
    sets = {"http.tls": None, "sale.draw_at": "+4s",
            "draw.beacon": {"chain": "ab" * 32, "round": 77, "wait_seconds": 600}}
    with Server(sets=sets) as server:
        joined = join_many(server.port, FANS)
        in_time = [fan["entry"] for fan in joined if fan["state"] == "lobby"]
        public_file(server.port, lambda draw: draw.get("lobby_root"))
        answer = Operator(server.port, server.operator_token, tls=False).call("POST", "/beacon", beacon)
        assert answer.status == 200, answer
        return public_file(server.port, lambda draw: draw.get("entries")), in_time


def drawn_in_tiers():
    """A presale: passes of several tiers, no beacon."""
    with tempfile.TemporaryDirectory() as directory:
        issuer = Issuer(directory, "EdDSA", "one")
        jwks = os.path.join(directory, "keys.json")
        write_keys(jwks, issuer)
        passes = [issuer.sign(f"member-{n}", tier=n % 3) for n in range(FANS_WITH_TIERS)]
        sets = {"http.tls": None, "sale.draw_at": "+3s",
                "identity": {"mode": "pass", "issuer": ISSUER, "audience": AUDIENCE, "jwks": jwks}}
        with Server(sets=sets) as server:
            in_time = []
            for one in passes:
                answer = Fan(server.port, tls=False).join({"pass": one})
                assert answer.status == 201, answer
                if answer.json["state"] == "lobby":
                    in_time.append(answer.json["entry"])
            return public_file(server.port, lambda draw: draw.get("entries")), in_time


def what_is_read(draw):
    return {name: draw.get(name) or absent for name, absent in READ.items()}


def flipped(digits, at):
    return digits[:at] + ("1" if digits[at] == "0" else "0") + digits[at + 1:]


class DrawFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.path = os.path.join(cls.directory.name, "draw.json")
        cls.files = {"with a beacon": drawn_with_a_beacon(), "in tiers": drawn_in_tiers()}

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def first_says(self, data):
        """The step at which the program refuses; nothing where it accepts."""
        with open(self.path, "wb") as file:
            file.write(data)
        code, _, error = run("draw", "verify", "--file", self.path)
        if code == 0:
            return None
        self.assertEqual(code, 1, error)
        self.assertEqual(error.count("\n"), 1, error)
        return error.removeprefix("frontrow draw verify: ").partition(":")[0]

    def second_says(self, data):
        try:
            SECOND.verify(data.decode("utf-8"))
        except UnicodeDecodeError:
            return "file"
        except SECOND.Refused as refused:
            return refused.step
        return None

    def both_say(self, data, what):
        first, second = self.first_says(data), self.second_says(data)
        self.assertEqual(first, second, f"the verifiers do not agree on {what}")
        return first

    def test_both_accept_what_was_drawn(self):
        for name, (data, in_time) in self.files.items():
            with self.subTest(name):
                draw = json.loads(data)
                self.assertGreater(len(in_time), 0)
                self.assertEqual(sorted(entry["entry"] for entry in draw["entries"]), sorted(in_time))
                self.assertIsNone(self.both_say(data, "the file as it is"))
                # The script as a person would run it, on the file that `first_says` wrote.
                done = subprocess.run([sys.executable, SCRIPT, self.path], capture_output=True,
                                      text=True, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("verified", done.stdout)
                self.assertEqual("could have chosen" in done.stdout, not draw["beacon"])
        tiers = [entry["tier"] for entry in json.loads(self.files["in tiers"][0])["entries"]]
        self.assertEqual(sorted(set(tiers)), [0, 1, 2])

    def test_each_kind_of_change_is_refused_at_its_step(self):
        def set_to(name, change):
            def make(draw):
                draw[name] = change(draw[name])
            return make

        def set_entry(name, change):
            def make(draw):
                entry = draw["entries"][len(draw["entries"]) // 2]
                entry[name] = change(entry[name])
            return make

        def exchange(name):
            def make(draw):
                one, other = draw["entries"][10], draw["entries"][11]
                one[name], other[name] = other[name], one[name]
            return make

        def remove(draw):
            draw["entries"].pop(5)

        def remove_and_count(draw):
            remove(draw)
            draw["count"] -= 1

        def add_one(draw):
            draw["entries"].append({"entry": "00" * 16, "tier": 1, "rank": draw["count"] + 1})
            draw["count"] += 1

        changes = [
            ("an entry", "lobby_root", set_entry("entry", lambda entry: flipped(entry, 31))),
            ("a tier", "lobby_root", set_entry("tier", lambda tier: tier + 1)),
            ("a rank", "ranks", set_entry("rank", lambda rank: rank + 1)),
            ("two ranks exchanged", "ranks", exchange("rank")),
            ("two entries exchanged", "ranks", exchange("entry")),
            ("an entry less", "count", remove),
            ("an entry less, and counted so", "lobby_root", remove_and_count),
            ("an entry more", "lobby_root", add_one),
            ("the count", "count", set_to("count", lambda count: count - 1)),
            ("the root", "lobby_root", set_to("lobby_root", lambda root: flipped(root, 0))),
            ("the secret", "commitment", set_to("secret", lambda secret: flipped(secret, 63))),
            ("the commitment", "commitment", set_to("commitment", lambda it: flipped(it, 7))),
            ("the seed", "seed", set_to("seed", lambda seed: flipped(seed, 30))),
            ("the algorithm", "algorithm", set_to("algorithm", lambda it: it + "x")),
        ]
        with_beacon = [
            ("the beacon", "beacon", set_to("beacon", lambda beacon: flipped(beacon, 20))),
            ("its signature", "beacon", set_to("beacon_signature", lambda it: flipped(it, 95))),
            ("no beacon", "beacon", set_to("beacon", lambda _: "")),
            ("neither", "seed", lambda draw: draw.update(beacon="", beacon_signature="")),
        ]
        without = [
            ("a beacon that was not there", "seed", lambda draw: draw.update(
                beacon=hashlib.sha256(b"x").hexdigest(), beacon_signature=b"x".hex())),
        ]
        for name, (data, _) in self.files.items():
            more = with_beacon if json.loads(data)["beacon"] else without
            for what, step, make in changes + more:
                with self.subTest(f"{what}, {name}"):
                    draw = json.loads(data)
                    make(draw)
                    self.assertEqual(self.both_say(json.dumps(draw).encode(), what), step)
            # What no writer of JSON makes of a number, but one changed byte does.
            for digits in (b"-0", b"1.", b"1e", b"01", b".1"):
                with self.subTest(f"{digits} as a rank, {name}"):
                    changed = data.replace(b'"rank":10}', b'"rank":' + digits + b"}")
                    self.assertNotEqual(changed, data)
                    self.assertEqual(self.both_say(changed, digits), "file")

    def test_a_byte_changed_anywhere_is_refused_by_both_at_the_same_step(self):
        seed = int(os.environ.get("FRONTROW_SEED", random.randrange(2**32)))
        print(f"seed {seed}", flush=True)
        chance = random.Random(seed)
        steps = {}
        for name, (data, _) in self.files.items():
            good = json.loads(data)
            for _ in range(CHANGES // len(self.files)):
                # Half of them anywhere; the rest where they are few among many entries.
                end = len(data) if chance.random() < 0.5 else data.index(b'"entries"') + 200
                at = chance.randrange(end)
                # Half of them what may stand in JSON, so that not all of them end at its grammar.
                new = chance.randrange(256) if chance.random() < 0.5 else chance.choice(b"0123456789abcdef-.e\" ")
                if new == data[at]:
                    continue
                changed = data[:at] + bytes([new]) + data[at + 1:]
                what = f"byte {at} as {bytes([new])!r} in {data[max(0, at - 30):at + 30]!r}, seed {seed}"
                with self.subTest(name):
                    step = self.both_say(changed, what)
                    steps[step] = steps.get(step, 0) + 1
                    if step is None:
                        # Text for people, or the name of a member that may be left out.
                        self.assertTrue(what_is_read(json.loads(changed)) == what_is_read(good), what)
        print("refused at", ", ".join(f"{step} {count}" for step, count in sorted(
            (step, count) for step, count in steps.items() if step)), "and accepted", steps.get(None, 0),
            flush=True)
        self.assertGreaterEqual(len(steps), 5, steps)


if __name__ == "__main__":
    unittest.main()
