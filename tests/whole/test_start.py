"""Starting: bad files, bad directories, two processes; damage is found and nothing is written."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest

from client import Fan, Http, Operator
from server import BINARY, SOURCE, Server, run, wait_until
from steps import QUICK_SALE, joined, shopping


def fingerprint(directory):
    """Every file's content under a directory."""
    found = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, directory)] = hashlib.sha256(file.read()).hexdigest()
    return found


class Start(unittest.TestCase):
    def refused(self, *arguments, code=1):
        done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, code, done)
        self.assertTrue(done.stderr.strip())
        return done.stderr.strip()

    def test_wrong_usage_is_one_line_and_exit_2(self):
        for arguments in (["nonsense"], [], ["serve"], ["serve", "--nonsense"], ["replay"],
                          ["replay", "--data", "x", "--to", "y"]):
            with self.subTest(arguments=arguments):
                self.assertEqual(len(self.refused(*arguments, code=2).splitlines()), 1)
        for command in ("serve", "check", "replay", "log", "export", "draw", "crowd"):
            self.assertEqual(run(command, "--help")[0], 0)

    def test_missing_things_are_exit_1(self):
        nowhere = os.path.join(tempfile.gettempdir(), "frontrow-nowhere")
        for arguments in (["serve", "--config", nowhere], ["check", "--config", nowhere],
                          ["replay", "--data", nowhere], ["log", "--data", nowhere],
                          ["export", "--data", nowhere, "--to", nowhere + ".sqlite"],
                          ["draw", "verify", "--file", nowhere]):
            with self.subTest(arguments=arguments):
                self.refused(*arguments)
                self.assertFalse(os.path.exists(nowhere))

    def test_every_mistake_of_a_round_file_is_named_with_its_path(self):
        done = subprocess.run([BINARY, "check", "--config", os.path.join(SOURCE, "config/bangkok-1.json")],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "round.json")
            with open(path, "w") as file:
                file.write('{"round": {"id": "x", "colour": 1}, "venue": "nowhere.json", "prices": {"a": -1},'
                           '"sale": {"hold_seconds": "long", "max_seats_per_fan": 0}, "surprise": true}')
            text = self.refused("check", "--config", path)
            for wanted in ("round.colour", "venue", "prices.a", "sale.hold_seconds", "sale.max_seats_per_fan",
                           "surprise"):
                self.assertIn(wanted, text)
            self.refused("serve", "--config", path, "--data", os.path.join(directory, "data"))

    def test_a_directory_in_use_or_of_another_round_is_refused_in_one_line(self):
        with Server() as server:
            other = Server(directory=server.directory)
            text = self.refused(*other.command()[1:])
            self.assertEqual(len(text.splitlines()), 1, text)
            self.assertIn("in use", text)
            joined(server, 1)
            self.assertEqual(server.stop(), 0)
            before = fingerprint(server.directory)
            different = Server(directory=server.directory, sets={"sale.max_seats_per_fan": 7})
            text = self.refused(*different.command()[1:])
            self.assertIn("sale.max_seats_per_fan", text)
            self.assertEqual(fingerprint(server.directory), before)

    def test_a_damaged_journal_is_refused_and_left_as_it_is(self):
        with Server(sets=QUICK_SALE) as server:
            fans = shopping(server, 3)
            zone = fans[0].call("GET", "/round").json["zones"][0]["id"]
            for fan in fans:
                self.assertEqual(fan.order({"zone": zone, "quantity": 2}).status, 201)
            server.kill()
            journal = os.path.join(server.directory, "journal")
            logs = [os.path.join(journal, name) for name in os.listdir(journal) if name.endswith(".log")]
            largest = max(logs, key=os.path.getsize)
            with open(largest, "r+b") as file:
                file.seek(os.path.getsize(largest) // 2)
                byte = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes([byte[0] ^ 1]))
            before = fingerprint(server.directory)
            text = self.refused(*server.command()[1:])
            self.assertEqual(len(text.splitlines()), 1, text)
            code, _, error = run("replay", "--data", server.directory)
            self.assertEqual(code, 1)
            self.assertTrue(error.strip())
            self.assertEqual(fingerprint(server.directory), before)

    def test_replay_and_log_and_export_work_beside_a_running_server(self):
        with Server(sets=QUICK_SALE) as server, tempfile.TemporaryDirectory() as directory:
            (fan,) = shopping(server, 1)
            zone = fan.call("GET", "/round").json["zones"][0]["id"]
            order = fan.order({"zone": zone, "quantity": 2}).json["id"]
            self.assertEqual(run("replay", "--data", server.directory)[0], 0)
            code, out, error = run("log", "--data", server.directory, "--order", order)
            self.assertEqual(code, 0, error)
            self.assertIn(order, out)
            file = os.path.join(directory, "round.sqlite")
            self.assertEqual(run("export", "--data", server.directory, "--to", file)[0], 0)
            self.assertTrue(os.path.getsize(file) > 0)
            self.assertEqual(run("export", "--data", server.directory, "--to", file)[0], 1)
            self.assertEqual(Http(server.port).call("GET", "/readyz").status, 200)

    def test_plain_http_and_health_and_metrics(self):
        with Server(sets={**QUICK_SALE, "http.tls": None}) as server:
            http = Http(server.port, tls=False)
            self.assertEqual(http.call("GET", "/livez").status, 200)
            self.assertEqual(http.call("GET", "/readyz").status, 200)
            fan = Fan(server.port, tls=False)
            self.assertEqual(fan.join().status, 201)
            text = http.call("GET", "/metrics").body.decode()
            for wanted in ("frontrow_commands_total", "frontrow_seats", "frontrow_fans", "frontrow_connections"):
                self.assertIn(wanted, text)

    def test_deadlines_stand_still_while_the_server_is_down(self):
        with Server(sets={**QUICK_SALE, "sale.hold_seconds": 5}) as server:
            (fan,) = shopping(server, 1)
            zone = fan.call("GET", "/round").json["zones"][0]["id"]
            order = fan.order({"zone": zone, "quantity": 1}).json
            server.kill()
            fan.http.close()
            server.start()
            self.assertEqual(fan.get_order(order["id"]).json["state"], "held")
            self.assertGreater(fan.get_order(order["id"]).json["held_until"], order["held_until"])
            wait_until(lambda: fan.get_order(order["id"]).json["state"] == "expired")
            operator = Operator(server.port, server.operator_token)
            self.assertEqual(operator.status()["totals"]["held"], 0)

    def test_a_directory_can_be_moved(self):
        with Server(sets=QUICK_SALE) as server, tempfile.TemporaryDirectory() as directory:
            (fan,) = joined(server, 1)
            self.assertEqual(server.stop(), 0)
            moved = os.path.join(directory, "moved")
            shutil.copytree(server.directory, moved)
            with Server(sets=QUICK_SALE, directory=moved) as again:
                fan.http.port = again.port
                fan.http.close()
                self.assertTrue(fan.queue()["entry"])


if __name__ == "__main__":
    unittest.main()
