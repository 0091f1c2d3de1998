"""`frontrow gateway`: how it starts, what it refuses, how it ends, and that its book outlives it."""

import http.client
import json
import os
import select
import signal
import subprocess
import tempfile
import unittest

from server import BINARY, START_SECONDS_MAX, STOP_SECONDS_MAX, run


class Gateway:
    def __init__(self, *arguments, environment=None):
        self.process = subprocess.Popen(
            [BINARY, "gateway", "--listen", "127.0.0.1:0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, **(environment or {})})
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS_MAX)
        line = self.process.stdout.readline() if ready else ""
        if not line.startswith("listening http://127.0.0.1:"):
            self.kill()
            raise AssertionError(f"the gateway did not start: {line!r}")
        self.port = int(line.rsplit(":", 1)[1])

    def ask(self, method, path, body=None, secret="sandbox_secret"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, json.dumps(body) if body is not None else None,
                           {"Authorization": f"Bearer {secret}"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def end(self, number):
        self.process.send_signal(number)
        code = self.process.wait(timeout=STOP_SECONDS_MAX)
        self.process.stdout.close()
        return code

    def kill(self):
        return self.end(signal.SIGKILL)


CHARGE = {"reference": "r-1", "amount": 450000, "currency": "THB", "method": "card", "token": "tok_ok"}


class GatewayTest(unittest.TestCase):
    def test_it_says_where_it_listens_and_ends_with_0_on_sigterm(self):
        gateway = Gateway()
        self.assertEqual(gateway.ask("GET", "/sandbox/v1/charges")[0], 200)
        self.assertEqual(gateway.end(signal.SIGTERM), 0)

    def test_its_secret_comes_from_the_environment_or_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".secret") as file:
            file.write("from a file\n")
            file.flush()
            for argument, secret in (("env:THE_SECRET", "from the environment"), (f"file:{file.name}", "from a file")):
                gateway = Gateway("--secret", argument, environment={"THE_SECRET": "from the environment"})
                try:
                    self.assertEqual(gateway.ask("GET", "/sandbox/v1/charges", secret=secret)[0], 200)
                    self.assertEqual(gateway.ask("GET", "/sandbox/v1/charges")[0], 401)
                finally:
                    gateway.kill()

    def test_a_charge_outlives_a_kill(self):
        with tempfile.TemporaryDirectory() as directory:
            book = os.path.join(directory, "charges.book")
            gateway = Gateway("--book", book, "--capture-delay", "0", "--drop-answer", "1")
            try:
                with self.assertRaises(http.client.RemoteDisconnected):
                    gateway.ask("POST", "/sandbox/v1/charges", CHARGE)
            finally:
                gateway.kill()
            gateway = Gateway("--book", book)
            try:
                status, text = gateway.ask("GET", "/sandbox/v1/charges/r-1")
                self.assertEqual(status, 200)
                self.assertEqual(json.loads(text)["state"], "captured")
                self.assertEqual(gateway.ask("POST", "/sandbox/v1/charges", CHARGE)[0], 200)
            finally:
                gateway.kill()

    def test_the_faults_of_the_command_line_are_those_that_it_tells(self):
        gateway = Gateway("--latency-median", "8", "--latency-p99", "40", "--decline", "0.25",
                          "--duplicate-notice", "0.5", "--reorder-notice", "0.125", "--outage", "30s:10s",
                          "--outage", "1m:500ms", "--outage-drops", "--approve-by-hand", "--approval", "60000",
                          "--no-notices", "--seed", "9")
        try:
            told = json.loads(gateway.ask("GET", "/faults")[1])
        finally:
            gateway.kill()
        self.assertEqual(told, {
            "latency_median_milliseconds": 8, "latency_p99_milliseconds": 40, "decline_rate": 0.25,
            "dropped_answer_rate": 0.0, "duplicated_notice_rate": 0.5, "reordered_notice_rate": 0.125,
            "notices": False, "outage": False, "outage_drops": True, "approve_by_hand": True,
            "approval_milliseconds": 60000, "capture_delay_milliseconds": 300, "seed": 9,
            "outages": [{"begin_milliseconds": 30000, "length_milliseconds": 10000},
                        {"begin_milliseconds": 60000, "length_milliseconds": 500}]})

    def test_wrong_usage_is_one_line_and_2(self):
        for words in ((), ("--listen",), ("--listen", "127.0.0.1:0", "--decline", "2"),
                      ("--listen", "127.0.0.1:0", "--decline", "often"),
                      ("--listen", "127.0.0.1:0", "--outage", "soon"),
                      ("--listen", "127.0.0.1:0", "--outage", "10:"),
                      ("--listen", "127.0.0.1:0", "--secret", "plainly"),
                      ("--listen", "127.0.0.1:0", "--notify-dialect", "klingon"),
                      ("--listen", "127.0.0.1:0", "--tls-key", "x"),
                      ("--listen", "127.0.0.1:0", "--colour", "red")):
            with self.subTest(words):
                code, _, error = run("gateway", *words)
                self.assertEqual(code, 2, error)
                self.assertEqual(len(error.strip().splitlines()), 1, error)

    def test_what_it_cannot_do_is_one_line_and_1(self):
        gateway = Gateway()
        try:
            with tempfile.TemporaryDirectory() as directory:
                damaged = os.path.join(directory, "damaged.book")
                with open(damaged, "w") as file:
                    file.write("this is no book\n")
                free = ("--listen", "127.0.0.1:0")
                for words, named in ((("--listen", f"127.0.0.1:{gateway.port}"), "cannot listen"),
                                     (("--listen", "nowhere"), "nowhere"),
                                     ((*free, "--book", damaged), "line 1"),
                                     ((*free, "--book", os.path.join(directory, "no", "book")), "no/book"),
                                     ((*free, "--secret", "env:A_VARIABLE_THAT_NOBODY_SET"), "A_VARIABLE"),
                                     ((*free, "--secret", f"file:{directory}/none"), "none"),
                                     ((*free, "--tls-certificate", damaged, "--tls-key", damaged), "certificate")):
                    with self.subTest(words):
                        code, _, error = run("gateway", *words)
                        self.assertEqual(code, 1, error)
                        self.assertEqual(len(error.strip().splitlines()), 1, error)
                        self.assertIn(named, error)
        finally:
            gateway.kill()

    def test_help_names_its_options(self):
        code, out, _ = run("gateway", "--help")
        self.assertEqual(code, 0)
        for option in ("--listen", "--book", "--drop-answer", "--outage", "--approve-by-hand"):
            self.assertIn(option, out)


if __name__ == "__main__":
    unittest.main()
