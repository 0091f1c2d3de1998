"""A crowd buys a house out against a gateway that declines, drops answers, repeats its notices and
goes away twice, while the server is killed with SIGKILL at random moments. At the end the gateway's
book, the journal and what the fans were told agree: `frontrow settle` finds no difference.

The seed is printed; FRONTROW_SEED repeats a run's moments. FRONTROW_PAYMENT_SEATS (500),
FRONTROW_PAYMENT_KILLS (3) and FRONTROW_PAYMENT_OUTAGE_SECONDS (2, twice) make it larger.
"""

import http.client
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

from client import Fan, Operator
from server import BINARY, Server, free_port, run, wait_until
from steps import QUICK_SALE, enter, order_in

SEATS = int(os.environ.get("FRONTROW_PAYMENT_SEATS", "500"))
KILLS = int(os.environ.get("FRONTROW_PAYMENT_KILLS", "3"))
OUTAGE_SECONDS = float(os.environ.get("FRONTROW_PAYMENT_OUTAGE_SECONDS", "2"))
WORKERS = 12
SALE_SECONDS_MAX = 480
AGAIN_SECONDS = 0.05

os.environ["FRONTROW_TEST_GATEWAY_SECRET"] = uuid.uuid4().hex
os.environ["FRONTROW_TEST_NOTICE_SECRET"] = uuid.uuid4().hex
os.environ["FRONTROW_SANDBOX_SECRET"] = os.environ["FRONTROW_TEST_GATEWAY_SECRET"]


class Gateway:
    """`frontrow gateway`, a process of its own: it outlives the server's kills."""

    def __init__(self, directory, *arguments):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.book = os.path.join(directory, "gateway.book")
        self.command = [BINARY, "gateway", "--listen", f"127.0.0.1:{self.port}", "--book", self.book,
                        "--secret", "env:FRONTROW_TEST_GATEWAY_SECRET",
                        "--notice-secret", "env:FRONTROW_TEST_NOTICE_SECRET", *map(str, arguments)]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.answers, what="the gateway")
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError("the gateway did not start")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/nothing")
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


class Buyer(threading.Thread):
    """Buys and pays until the house is sold out, and writes down what it was told."""

    def __init__(self, fan, seed, over):
        super().__init__(daemon=True)
        self.fan = fan
        self.random = random.Random(seed)
        self.over = over
        self.paid = set()
        self.attempts = 0
        self.failures = {}  # code: how often
        self.failure = None

    def run(self):
        try:
            while not self.over.is_set() and self.buy():
                pass
        except BaseException as failure:  # noqa: B036 - told by the main thread
            self.failure = failure

    def repeat(self, call):
        """Again and again over kills, with the same Idempotency-Key, until there is an answer."""
        while True:
            try:
                answer = call()
                if answer.status not in (502, 503):
                    return answer
            except (OSError, http.client.HTTPException):
                pass
            if self.over.is_set():
                raise AssertionError("the sale ended without an answer")
            time.sleep(AGAIN_SECONDS)

    def buy(self):
        key = str(uuid.uuid4())
        body = {"zone": "S1", "quantity": self.random.randint(1, 2)}
        answer = self.repeat(lambda: self.fan.order(body, key=key))
        if answer.code == "not-enough-seats" and body["quantity"] == 2:
            body["quantity"] = 1
            answer = self.repeat(lambda: self.fan.order(body, key=key + "1"))
        if answer.code == "not-enough-seats":
            time.sleep(AGAIN_SECONDS * 4)
            return True
        assert answer.status == 201, answer
        order = answer.json["id"]
        while True:
            self.attempts += 1
            key = str(uuid.uuid4())
            answer = self.repeat(lambda: self.fan.pay(order, key=key))
            assert answer.status == 202, answer
            state = self.outcome(order)
            if state["state"] == "paid":
                self.paid.add(order)
                return True
            assert state["state"] == "held", state
            code = state["payment"]["failure_code"]
            self.failures[code] = self.failures.get(code, 0) + 1
            if code == "gateway-unavailable":
                time.sleep(AGAIN_SECONDS * 4)

    def outcome(self, order):
        while True:
            view = self.repeat(lambda: self.fan.get_order(order)).json
            if view["state"] != "paying":
                return view
            time.sleep(AGAIN_SECONDS)


def write_round(directory):
    """A standing house of SEATS places, and its round file."""
    venue = {"name": "House", "size": {"width": 40, "height": 40}, "stage": {"x": 20, "y": 2},
             "categories": [{"id": "floor", "name": {"en": "Floor"}}],
             "zones": [{"id": "S1", "name": {"en": "Floor"}, "kind": "standing", "category": "floor",
                        "focal": {"x": 20, "y": 2}, "capacity": SEATS,
                        "outline": [[5, 5], [35, 5], [35, 35], [5, 35]]}]}
    with open(os.path.join(directory, "venue.json"), "w") as file:
        json.dump(venue, file)
    config = {"round": {"id": "pay-1", "title": {"en": "Payments"}, "starts_at": "+8h",
                        "time_zone": "Asia/Bangkok", "currency": "THB"},
              "venue": "venue.json", "prices": {"floor": 120000}}
    path = os.path.join(directory, "round.json")
    with open(path, "w") as file:
        json.dump(config, file)
    return path


def settle(*arguments):
    code, out, error = run("settle", "--json", *arguments)
    return code, json.loads(out) if out else None, error


class Payments(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("FRONTROW_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {self.seed}", flush=True)
        self.directory = tempfile.mkdtemp(prefix="frontrow-test-")
        self.addCleanup(lambda: shutil.rmtree(self.directory, ignore_errors=True))
        data = os.path.join(self.directory, "data")
        self.gateway = Gateway(
            self.directory, "--decline", 0.1, "--drop-answer", 0.05, "--duplicate-notice", 0.05,
            "--reorder-notice", 0.05, "--capture-delay", 50, "--seed", self.seed % 2**31,
            "--outage", f"2s:{int(OUTAGE_SECONDS * 1000)}ms",
            "--outage", f"{5 + int(OUTAGE_SECONDS)}s:{int(OUTAGE_SECONDS * 1000)}ms",
            "--notify-authorities", os.path.join(data, "keys", "tls.crt"))
        sets = {**QUICK_SALE, "sale.max_seats_per_fan": 1000, "sale.max_open_orders_per_fan": 1000,
                "sale.hold_seconds": 3600, "sale.payment_seconds": 3600,
                "admission.shopping_seconds": 7200, "payment.gateway": "sandbox",
                "payment.sandbox.url": self.gateway.url,
                "payment.sandbox.secret": {"env": "FRONTROW_TEST_GATEWAY_SECRET"},
                "payment.sandbox.notice_secrets": [{"env": "FRONTROW_TEST_NOTICE_SECRET"}]}
        del sets["payment.sandbox.delay_milliseconds"]
        self.server = Server(write_round(self.directory), sets=sets, directory=data)
        self.gateway.command += ["--notify", f"https://127.0.0.1:{self.server.port}/api/v1/webhooks/sandbox"]

    def test_a_house_is_sold_out_through_faults_outages_and_kills_and_the_books_agree(self):
        moments = random.Random(self.seed)
        self.addCleanup(self.server.kill)
        self.server.start()
        self.addCleanup(self.gateway.stop)
        self.gateway.start()
        fans = [Fan(self.server.port) for _ in range(WORKERS)]
        for fan in fans:
            self.assertEqual(fan.join().status, 201)
        for fan in fans:
            enter(fan)
        over = threading.Event()
        buyers = [Buyer(fan, f"{self.seed}-{n}", over) for n, fan in enumerate(fans)]
        for buyer in buyers:
            buyer.start()
        self.addCleanup(over.set)
        for _ in range(KILLS):
            time.sleep(moments.uniform(0.5, 4))
            self.server.kill()
            self.server.start()
        wait_until(lambda: self.is_sold_out(buyers), seconds=SALE_SECONDS_MAX, what="the house sold out")
        over.set()
        for buyer in buyers:
            buyer.join(60)
        paid = set().union(*(buyer.paid for buyer in buyers))
        failures = {}
        for buyer in buyers:
            for code, times in buyer.failures.items():
                failures[code] = failures.get(code, 0) + times
        print(f"{KILLS} kills, {sum(buyer.attempts for buyer in buyers)} attempts, {len(paid)} orders "
              f"paid, failures {failures}", flush=True)
        self.assertGreater(failures.get("declined", 0), 0)

        # Beside the running server, and of the gateway itself.
        code, report, error = settle("--data", self.server.directory, "--gateway", self.gateway.url)
        self.assertEqual(code, 0, f"{report} {error}")
        self.assertEqual(self.server.stop(), 0)
        code, report, error = settle("--data", self.server.directory, "--book", self.gateway.book)
        self.assertEqual(code, 0, f"{report} {error}")
        self.assertEqual(report["under_way"], 0)
        self.assertEqual(report["payments"]["paid"]["sum"], SEATS * 120000)
        self.assertEqual(report["gateway"]["captured"]["sum"] - report["gateway"]["refunded"]["sum"],
                         SEATS * 120000)
        # What fans were told is what is in the journal.
        self.assertEqual(report["payments"]["paid"]["count"], len(paid))
        code, _, error = run("replay", "--data", self.server.directory)
        self.assertEqual(code, 0, error)
        self.check_that_settle_can_fail()

    def is_sold_out(self, buyers):
        for buyer in buyers:
            if buyer.failure:
                raise buyer.failure
        try:
            status = Operator(self.server.port, self.server.operator_token).status()
        except (OSError, http.client.HTTPException):
            return False
        orders = status["orders"]
        return (status["totals"]["sold"] == SEATS and orders["paying"] == 0 and orders["refunding"] == 0)

    def check_that_settle_can_fail(self):
        """A charge that the round has not, and one that is of another amount."""
        with open(self.gateway.book) as file:
            lines = file.read().splitlines()
        charges = [json.loads(line) for line in lines if json.loads(line)["fact"] == "charge"]
        captured = {json.loads(line)["reference"] for line in lines if json.loads(line)["fact"] == "captured"}
        wrong = next(charge["reference"] for charge in charges if charge["reference"] in captured)
        spoilt = os.path.join(self.directory, "spoilt.book")
        with open(spoilt, "w") as file:
            for line in lines:
                fact = json.loads(line)
                if fact["reference"] == wrong and fact["fact"] in ("charge", "captured") and "amount" in fact:
                    fact["amount"] += 1
                file.write(json.dumps(fact) + "\n")
                if fact["reference"] == wrong and fact["fact"] in ("charge", "captured"):
                    stray = {**fact, "reference": "pay-1-o999999-1"}
                    if "id" in stray:
                        stray["id"] += "_stray"
                    file.write(json.dumps(stray) + "\n")
        code, report, error = settle("--data", self.server.directory, "--book", spoilt)
        self.assertEqual(code, 1, error)
        found = {(difference["kind"], difference["reference"]) for difference in report["differences"]}
        self.assertEqual(found, {("amount", wrong), ("no-attempt", "pay-1-o999999-1")})


class Settle(unittest.TestCase):
    """`frontrow settle` of a round with the sandbox that `serve` starts inside."""

    def test_what_was_sold_and_given_back_agrees_with_the_book_in_the_directory(self):
        with Server(sets={**QUICK_SALE, "sale.returns_until": "+2h"}) as server:
            fan = Fan(server.port)
            self.assertEqual(fan.join().status, 201)
            enter(fan)
            orders = [fan.order({"zone": "S1", "quantity": 1}).json["id"] for _ in range(3)]
            self.assertEqual(fan.pay(orders[0]).status, 202)
            self.assertEqual(fan.pay(orders[1]).status, 202)
            self.assertEqual(fan.pay(orders[2], token="tok_declined").status, 202)
            for order, state in zip(orders, ("paid", "paid", "held")):
                order_in(fan, order, state)
            answer = fan.call("POST", f"/orders/{orders[1]}/return", key=str(uuid.uuid4()))
            self.assertEqual(answer.status, 202)
            order_in(fan, orders[1], "refunded")
            # Beside the running server, then after it.
            for _ in range(2):
                code, report, error = settle("--data", server.directory)
                self.assertEqual(code, 0, f"{report} {error}")
                self.assertEqual(report["payments"]["paid"], {"count": 1, "sum": 60000})
                self.assertEqual(report["payments"]["refunded"]["count"], 1)
                self.assertEqual(report["payments"]["failed"]["count"], 1)
                self.assertEqual(report["gateway"]["captured"]["count"], 2)
                if server.process:
                    self.assertEqual(server.stop(), 0)
            code, out, _ = run("settle", "--data", server.directory, "--config", server.config)
            self.assertEqual(code, 0)
            self.assertIn("no difference", out)

            # A book without the charge that pays.
            book = os.path.join(server.directory, "sandbox.book")
            with open(book) as file:
                lines = [line for line in file if f"-{orders[0]}-" not in line]
            spoilt = os.path.join(server.directory, "spoilt.book")
            with open(spoilt, "w") as file:
                file.writelines(lines)
            code, out, _ = run("settle", "--data", server.directory, "--book", spoilt)
            self.assertEqual(code, 1)
            self.assertIn(f"difference: tiny-{orders[0]}-1 is captured, the round says", out)

            code, _, error = run("settle", "--data", server.directory, "--gateway", "http://127.0.0.1:1")
            self.assertEqual((code, "there is no answer" in error), (1, True), error)
            for arguments in (("--data", server.directory + "/none"),
                              ("--data", server.directory, "--book", "none"),
                              ("--data", server.directory, "--gateway", "http://127.0.0.1:1"),
                              ("--data", server.directory, "--gateway", "stripe"),
                              ("--data", server.directory, "--config", "none")):
                code, out, error = run("settle", *arguments)
                self.assertEqual((code, out), (1, ""), arguments)
                self.assertEqual(error.count("\n"), 1, error)
            self.assertEqual(run("settle")[0], 2)


if __name__ == "__main__":
    unittest.main()
