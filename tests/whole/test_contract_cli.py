"""What the command line, the round file and the draw promise to those who know the contract alone."""

import copy
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from client import Fan, Http, Live, Operator
from server import BINARY, SOURCE, Server, run, wait_until
from steps import QUICK_SALE, enter, joined, order_in, shopping

TINY = os.path.join(SOURCE, "config/tiny.json")
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET_GENESIS, QUICKNET_PERIOD = 1_692_803_367, 3
LATER = {**QUICK_SALE, "sale.draw_at": "+10m"}


def set_options(sets):
    return [word for path, value in sets.items() for word in ("--set", f"{path}={json.dumps(value)}")]


def instant(unix):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(unix))


def changed(text):
    """The same hex with another first digit."""
    return ("1" if text[0] == "0" else "0") + text[1:]


def journaled(directory, *filters):
    code, out, error = run("log", "--data", directory, "--json", *filters)
    assert code == 0, error
    return [json.loads(line) for line in out.splitlines()]


class CommandLine(unittest.TestCase):
    def test_every_command_has_help(self):
        for words in ([], ["serve"], ["check"], ["replay"], ["log"], ["export"], ["draw"], ["draw", "verify"],
                      ["venue"], ["venue", "render"], ["challenge"], ["challenge", "solve"], ["crowd"]):
            with self.subTest(words=words):
                code, out, error = run(*words, "--help")
                self.assertEqual((code, error), (0, ""))
                self.assertIn("Usage: frontrow", out)

    def test_wrong_usage_names_what_is_wrong_in_one_line(self):
        for words, wanted in ((["nonsense"], "nonsense"), (["draw", "nonsense"], "nonsense"),
                              (["serve", "--nonsense"], "--nonsense"), (["serve"], "--config"),
                              (["replay", "--data", "x", "--to", "0"], "--to"),
                              (["replay", "--data", "x", "--to", "-1"], "--to"),
                              (["log", "--data", "x", "--from", "-5"], "--from"),
                              (["log", "--data", "x", "--to", "0x10"], "--to"),
                              (["draw", "verify"], "--file"), (["export", "--data", "x"], "--to")):
            with self.subTest(words=words):
                code, out, error = run(*words)
                self.assertEqual((code, out, len(error.splitlines())), (2, "", 1), error)
                self.assertIn(wanted, error)

    def test_a_start_that_is_refused_says_why_in_one_line(self):
        with socket.socket() as taken, tempfile.TemporaryDirectory() as directory:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            data = os.path.join(directory, "data")
            for words in (["--config", TINY + ".missing"],
                          ["--config", TINY, "--set", "sale.hold_seconds=long"],
                          ["--config", TINY, "--data", TINY],
                          ["--config", TINY, "--data", data, "--listen",
                           f"127.0.0.1:{taken.getsockname()[1]}"]):
                with self.subTest(words=words):
                    code, out, error = run("serve", *words)
                    self.assertEqual((code, out), (1, ""))
                    self.assertEqual(len(re.findall("^frontrow: ", error, re.M)), 1, error)
            # A start that found its port taken was none: the round begins with the one that listens.
            self.assertEqual(run("replay", "--data", data)[0], 1)

    def test_serve_prints_the_address_it_really_has_and_stops_with_0(self):
        with tempfile.TemporaryDirectory() as data:
            for listen, sets, wanted in (("127.0.0.1:0", [], "https://127.0.0.1:"),
                                         ("[::1]:0", [], "https://[::1]:"),
                                         ("127.0.0.1:0", ["--set", "http.tls=null"], "http://127.0.0.1:")):
                process = subprocess.Popen([BINARY, "serve", "--config", TINY, "--data", data, "--listen", listen,
                                            *sets], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                with self.subTest(listen=listen, sets=sets), process:
                    line = process.stdout.readline().strip()
                    self.assertRegex(line, "^listening " + re.escape(wanted) + "[1-9][0-9]*$")
                    process.terminate()
                    self.assertEqual(process.wait(timeout=30), 0)
            for name in ("operator.token", "keys/tls.key"):
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(data, name)).st_mode), 0o600)

    def test_sigterm_under_load_loses_nothing_that_was_acknowledged(self):
        with Server(sets=LATER) as server:
            acknowledged = []

            def keep_joining():
                fan = Fan(server.port)
                try:
                    while fan.join().status == 201:
                        acknowledged.append(fan.fan)
                        fan.token = None
                except (OSError, http.client.HTTPException):
                    pass  # closed between two calls, or before an answer

            socket_open = Live(server.port)
            socket_open.send({"type": "hello"})
            threads = [threading.Thread(target=keep_joining) for _ in range(4)]
            for thread in threads:
                thread.start()
            wait_until(lambda: len(acknowledged) > 100)
            self.assertEqual(server.stop(), 0)
            for thread in threads:
                thread.join()
            self.assertEqual(set(acknowledged) - {line.get("fan") for line in journaled(server.directory)}, set())


class RoundFile(unittest.TestCase):
    def check(self, *options, environment=None):
        done = subprocess.run([BINARY, "check", "--config", TINY, *options], capture_output=True, text=True,
                              timeout=60, env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout, done.stderr

    def test_set_takes_json_or_text_and_makes_what_is_missing(self):
        for option in ("sale.hold_seconds=7", "sale.draw_at=+5m", 'sale.draw_at="+5m"', "http.tls=null",
                       "draw.beacon=null", "round.title.de=Ein Abend", 'round.title={"en": "x"}',
                       "round.other_rounds=[]", "tickets.rotating=false", "guard.proof_of_work.enabled=false"):
            with self.subTest(option=option):
                self.assertEqual(self.check("--set", option)[0::2], (0, ""))
        # What is missing is named once, and nothing is said of what it might have been.
        code, _, error = self.check("--set", f"draw.beacon.chain={QUICKNET}")
        self.assertEqual((code, error), (1, "draw.beacon.round: is missing\n"))
        for option, wanted in (("sale.hold_seconds=soon", "sale.hold_seconds"), ("sale.nonsense=1", "sale.nonsense"),
                               ("nonsense.deep.down=1", "nonsense"), ("no-equals", "no-equals"), ("=1", "--set"),
                               ("sale..x=1", "sale..x"), ("sale.draw_at=+90", "sale.draw_at"),
                               ("round.title.en.x=1", "round.title.en"), ("prices.front=-1", "prices.front")):
            with self.subTest(option=option):
                code, _, error = self.check("--set", option)
                self.assertEqual(code, 1)
                self.assertIn(wanted, error)

    def test_secrets_come_from_the_environment_or_a_file_and_are_never_shown(self):
        secret = hashlib.sha256(b"a token").hexdigest()
        account = {"name": "ann", "role": "admin"}
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(secret + "\n")
            file.flush()
            for source, good in (({"env": "ANNS"}, True), ({"file": file.name}, True), ({"env": "NOBODYS"}, False),
                                 ({"file": file.name + "x"}, False), ({"both": 1}, False)):
                with self.subTest(source=source):
                    operators = json.dumps([{**account, "token_sha256": source}])
                    code, out, error = self.check("--set", f"operators={operators}", environment={"ANNS": secret})
                    self.assertEqual(code, 0 if good else 1, error)
                    self.assertNotIn(secret, out + error)
                    if not good:
                        self.assertIn("operators[0].token_sha256", error)

    def test_check_warns_of_the_unwise_and_refuses_a_beacon_that_could_be_known(self):
        code, out, _ = self.check()
        self.assertEqual(code, 0)
        self.assertIn("identity.mode", out)
        self.assertIn("draw.beacon", out)
        draw_at = (int(time.time()) // QUICKNET_PERIOD + 1000) * QUICKNET_PERIOD + QUICKNET_GENESIS % QUICKNET_PERIOD
        for after, good in ((0, False), (27, False), (30, True), (60, True)):
            with self.subTest(after=after):
                number = (draw_at + after - QUICKNET_GENESIS) // QUICKNET_PERIOD + 1
                beacon = {"chain": QUICKNET, "round": number}
                code, out, error = self.check(
                    *set_options({"sale.draw_at": instant(draw_at), "draw.beacon": beacon}))
                self.assertEqual(code, 0 if good else 1, out + error)
                self.assertEqual("draw.beacon.round" in error, not good)

    def test_relative_instants_are_those_of_the_first_start_also_beside_fixed_ones(self):
        with Server(sets={**QUICK_SALE, "sale.draw_at": "+1s", "sale.closes_at": instant(time.time() + 4)}) as server:
            fields = ("lobby_opens_at", "draw_at", "closes_at", "starts_at")
            first = Http(server.port).call("GET", "/api/v1/round").json
            self.assertEqual(server.stop(), 0)
            wait_until(lambda: instant(time.time() - 1) > first["closes_at"])
            server.start()
            again = Http(server.port).call("GET", "/api/v1/round").json
            self.assertEqual([again[name] for name in fields], [first[name] for name in fields])
            self.assertEqual(server.stop(), 0)

    def test_the_rest_may_change_and_admission_is_an_act_of_config(self):
        account = {"name": "ann", "role": "admin", "token_sha256": hashlib.sha256(b"token").hexdigest()}
        with Server(sets=LATER) as server:
            made = server.operator_token
            operator = Operator(server.port, made)
            self.assertEqual(operator.call("PUT", "/admission", {"per_second": 55, "max_shoppers": 66}).status, 200)
            self.assertEqual(server.stop(), 0)
            # What an operator did outlives a start with the same file …
            server.start()
            self.assertEqual(Operator(server.port, made).status()["admission"]["per_second"], 55)
            self.assertEqual(server.stop(), 0)
            # … and a changed file is an act of its own.
            server.sets.update({"admission.per_second": 77, "guard.requests_per_second": 50, "http.threads": 2,
                                "payment.sandbox.delay_milliseconds": 10, "tickets.rotating": False,
                                "journal.sync": False, "operators": [account]})
            server.start()
            self.assertEqual(Operator(server.port, "token").status()["admission"]["per_second"], 77)
            self.assertEqual(Operator(server.port, made).call("GET", "/status").status, 401)
            self.assertEqual(server.stop(), 0)
            acts = [(line["operator"], line["per_second"]) for line in journaled(server.directory)
                    if line["command"] == "SetAdmission"]
            self.assertEqual(acts, [("config", 1000), ("admin", 55), ("config", 77)])
            for path, value in (("round.id", "other"), ("prices.front", 5), ("sale.hold_seconds", 301),
                                ("draw.late_window_seconds", 44), ("round.time_zone", "UTC")):
                with self.subTest(path=path):
                    other = Server(directory=server.directory, sets={**server.sets, path: value})
                    code, _, error = run(*other.command()[1:])
                    self.assertEqual((code, len(error.splitlines())), (1, 1), error)
                    self.assertIn(path, error)


class Journal(unittest.TestCase):
    def crashed(self):
        server = Server(sets=QUICK_SALE)
        self.addCleanup(shutil.rmtree, server.directory, ignore_errors=True)
        server.start()
        try:
            fans = shopping(server, 4)
            zone = fans[0].call("GET", "/round").json["zones"][0]["id"]
            for fan in fans:
                self.assertEqual(fan.order({"zone": zone, "quantity": 1}).status, 201)
        finally:
            server.kill()
        return server

    def test_no_damage_is_taken_for_less_than_was_acknowledged(self):
        server = self.crashed()
        with tempfile.TemporaryDirectory() as scratch:
            copied = os.path.join(scratch, "data")

            def replay_after(change, *arguments):
                shutil.rmtree(copied, ignore_errors=True)
                shutil.copytree(server.directory, copied)
                change(os.path.join(copied, "journal"), *arguments)
                return run("replay", "--data", copied, "--json")

            def flip(journal, name, position):
                with open(os.path.join(journal, name), "r+b") as file:
                    file.seek(position)
                    byte = file.read(1)[0]
                    file.seek(position)
                    file.write(bytes([byte ^ 4]))

            def sweep():
                commands = len(journaled(server.directory))
                journal = os.path.join(server.directory, "journal")
                for name in sorted(os.listdir(journal)):
                    size = os.path.getsize(os.path.join(journal, name))
                    if size == 0 or not re.search(r"\.(log|sst)$|^(MANIFEST|CURRENT)", name):
                        continue
                    for position in {0, 6, 8, size // 4, size // 2, size - 9, size - 1}:
                        code, out, error = replay_after(flip, name, max(0, position))
                        with self.subTest(name=name, position=position, size=size):
                            self.assertEqual((code, len(error.splitlines())), (1, 1), (out, error))
                            self.assertRegex(error, r"sequence \d+|journal")
                    if name.endswith((".log", ".sst")):
                        with self.subTest(removed=name):
                            code, out, error = replay_after(lambda j, n: os.remove(os.path.join(j, n)), name)
                            self.assertEqual((code, len(error.splitlines())), (1, 1), (out, error))
                self.assertEqual(json.loads(run("replay", "--data", server.directory, "--json")[1])["commands"],
                                 commands)

            sweep()
            # A record torn by a power cut was acknowledged to nobody: told, dropped, and no damage.
            log = max((n for n in os.listdir(os.path.join(server.directory, "journal")) if n.endswith(".log")))
            size = os.path.getsize(os.path.join(server.directory, "journal", log))
            code, _, error = replay_after(lambda j: os.truncate(os.path.join(j, log), size - 3))
            self.assertEqual((code, len(error.splitlines())), (0, 1), error)
            self.assertIn("torn", error)
            # The next start moves what the log had into a table.
            server.start()
            self.assertEqual(server.stop(), 0)
            sweep()

    def test_a_write_that_fails_ends_the_process_and_what_was_acknowledged_is_there(self):
        with Server(sets=LATER) as server:
            server.stop()
            unlimited = server.command
            # 200 KB a file at most, and no signal of it.
            server.command = lambda: ["bash", "-c", "trap '' XFSZ; ulimit -f 200; exec \"$@\"", "x", *unlimited()]
            server.start()
            acknowledged = []
            fan = Fan(server.port)
            try:
                while True:
                    self.assertIn(fan.join().status, (201, 503))
                    acknowledged.append(fan.fan)
                    fan.token = None
            except (OSError, http.client.HTTPException):
                pass  # the process has ended
            self.assertEqual(server.process.wait(timeout=30), 1)
            self.assertIn("journal write failed", server.drain_log())
            server.kill()
            server.command = unlimited
            server.start()
            self.assertEqual(server.stop(), 0)
            self.assertGreater(len(acknowledged), 100)
            self.assertEqual(set(acknowledged) - {line.get("fan") for line in journaled(server.directory)}, set())
            self.assertEqual(run("replay", "--data", server.directory)[0], 0)

    def test_log_replay_and_export_tell_one_story(self):
        with Server(sets=QUICK_SALE) as server, tempfile.TemporaryDirectory() as scratch:
            fans = joined(server, 3)
            before_draw = "".join(run("log", "--data", server.directory, *more)[1] for more in ([], ["--json"]))
            for fan in fans:
                enter(fan)
            secret = fans[0].call("GET", "/audit/draw").json["secret"]
            self.assertNotIn(secret, before_draw)
            zone = fans[0].call("GET", "/round").json["zones"][0]["id"]
            orders = [fan.order({"zone": zone, "quantity": 2}).json for fan in fans]
            fans[0].pay(orders[0]["id"])
            order_in(fans[0], orders[0]["id"], "paid")
            self.assertEqual(fans[1].call("DELETE", f"/orders/{orders[1]['id']}").status, 204)

            lines = journaled(server.directory)
            self.assertEqual([line["sequence"] for line in lines], list(range(1, len(lines) + 1)))
            self.assertTrue(all(line["time"] and line["command"] for line in lines))
            self.assertEqual([line["sequence"] for line in journaled(server.directory, "--from", 3, "--to", 5)],
                             [3, 4, 5])
            seat = orders[0]["seats"][0]["id"]
            for filters, wanted in ((["--order", orders[1]["id"]], orders[1]["id"]), (["--seat", seat], seat),
                                    (["--fan", fans[2].fan], fans[2].fan)):
                found = journaled(server.directory, *filters)
                self.assertTrue(0 < len(found) < len(lines))
                self.assertIn(wanted, json.dumps(found))
            self.assertEqual(run("log", "--data", server.directory, "--seat", "nowhere")[0], 1)

            whole = json.loads(run("replay", "--data", server.directory, "--json")[1])
            self.assertEqual(whole["commands"], len(lines))
            self.assertEqual({key: whole["seats"][key] for key in ("free", "held", "sold", "blocked")},
                             {"free": 56, "held": 2, "sold": 2, "blocked": 0})
            self.assertEqual((whole["orders"]["paid"], whole["orders"]["released"]), (1, 1))
            self.assertEqual((whole["fans"]["shopping"], whole["revenue"]), (3, orders[0]["total"]))
            early = json.loads(run("replay", "--data", server.directory, "--to", 5, "--json")[1])
            self.assertEqual((early["commands"], early["seats"]["free"]), (5, 60))
            self.assertNotEqual(early["state_hash"], whole["state_hash"])

            file = os.path.join(scratch, "round.sqlite")
            self.assertEqual(run("export", "--data", server.directory, "--to", file)[0], 0)
            with open(file, "rb") as made:
                content = made.read()
            self.assertEqual(run("export", "--data", server.directory, "--to", file)[0], 1)
            with open(file, "rb") as made:
                self.assertEqual(made.read(), content)
            database = sqlite3.connect(file)
            count = lambda table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            self.assertEqual([count(table) for table in ("commands", "orders", "order_seats", "seats", "fans",
                                                         "payments")], [len(lines), 3, 6, 60, 3, 1])
            database.close()


class Draw(unittest.TestCase):
    def verify(self, draw):
        """What the command says and what the independent verifier says: they must agree."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(draw, file)
            file.flush()
            code, out, error = run("draw", "verify", "--file", file.name)
            script = os.path.join(SOURCE, "tests/audit/verify_draw.py")
            other = subprocess.run([sys.executable, "-B", script, file.name], capture_output=True, text=True,
                                   timeout=60)
        self.assertEqual(code, other.returncode, (out, error, other))
        return code, out, error

    def assert_every_change_is_found(self, draw):
        for name in ("secret", "commitment", "lobby_root", "seed", "beacon", "beacon_signature"):
            if draw.get(name):
                self.assert_step_fails({**draw, name: changed(draw[name])}, name.removesuffix("_signature"))
        self.assert_step_fails({**draw, "count": draw["count"] + 1}, "count")
        self.assert_step_fails({**draw, "entries": draw["entries"][1:]}, "count")
        for field, value in (("entry", changed(draw["entries"][1]["entry"])), ("tier", 7), ("rank", 9)):
            entries = copy.deepcopy(draw["entries"])
            entries[1][field] = value
            self.assert_step_fails({**draw, "entries": entries}, "ranks" if field == "rank" else "lobby_root")

    def assert_step_fails(self, draw, step):
        code, _, error = self.verify(draw)
        with self.subTest(step=step):
            self.assertEqual((code, len(error.splitlines())), (1, 1), error)
            # A changed secret is seen at the commitment that it no longer has.
            self.assertIn("commitment" if step == "secret" else step, error)

    def test_the_published_example_is_good_and_no_change_of_it_is(self):
        order = [("33", 0), ("11", 1), ("22", 1), ("44", 1), ("55", 1)]
        draw = {"algorithm": "frontrow/draw/v1", "secret": bytes(range(32)).hex(), "count": 5,
                "commitment": "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd",
                "lobby_root": "365365a0819b4084d959838509c13609fb540ba2c3c6727e1fa799d953001b5c",
                "seed": "c4615ce95799d440644b016673eae03c4c560f2591b4d244429842578be0811a",
                "beacon_round": None, "beacon": "", "beacon_signature": "",
                "entries": [{"entry": entry * 16, "tier": tier, "rank": n + 1}
                            for n, (entry, tier) in enumerate(order)]}
        code, out, _ = self.verify(draw)
        self.assertEqual(code, 0)
        self.assertIn("operator could have chosen", out)
        self.assert_every_change_is_found(draw)

    def test_a_beacon_that_does_not_come_is_not_waited_for_for_ever(self):
        beacon = {"chain": "ab" * 32, "round": 77, "wait_seconds": 2}
        with Server(sets={**QUICK_SALE, "sale.draw_at": "+1s", "draw.beacon": beacon}) as server:
            fan = joined(server, 2)[0]
            wait_until(lambda: fan.queue()["state"] == "called")
            draw = fan.call("GET", "/audit/draw").json
            self.assertEqual((draw["beacon_round"], draw["beacon"]), (77, ""))
            code, out, _ = self.verify(draw)
            self.assertEqual(code, 0)
            self.assertIn("operator could have chosen", out)

    def test_an_operator_hands_the_beacon_in_after_the_root_is_public(self):
        signature = os.urandom(48)
        good = {"round": 77, "randomness": hashlib.sha256(signature).hexdigest(), "signature": signature.hex()}
        beacon = {"chain": "ab" * 32, "round": 77, "wait_seconds": 600}
        with Server(sets={**QUICK_SALE, "draw.beacon": beacon}) as server:
            fan = joined(server, 3)[0]
            operator = Operator(server.port, server.operator_token)
            early = operator.call("POST", "/beacon", good)
            self.assertEqual((early.status, early.code), (409, "beacon-too-early"))
            wait_until(lambda: fan.call("GET", "/audit/draw").json.get("lobby_root"))
            self.assertEqual(fan.queue()["state"], "lobby")
            for field, value in (("round", 78), ("randomness", "00" * 32), ("signature", "00" * 48)):
                self.assertEqual(operator.call("POST", "/beacon", {**good, field: value}).status, 409)
            self.assertEqual(operator.call("POST", "/beacon", good).status, 200)
            wait_until(lambda: fan.queue()["state"] == "called")
            draw = fan.call("GET", "/audit/draw").json
            self.assertEqual((draw["beacon"], draw["beacon_signature"]), (good["randomness"], good["signature"]))
            code, out, _ = self.verify(draw)
            self.assertEqual(code, 0)
            self.assertNotIn("could have chosen", out)
            self.assert_every_change_is_found(draw)


if __name__ == "__main__":
    unittest.main()
