"""The process is killed with SIGKILL at random moments under load; nothing acknowledged is lost.

The seed is printed; FRONTROW_SEED repeats a run's moments (the load itself stays as it falls).
FRONTROW_KILLS changes how often (20).
"""

import http.client
import json
import os
import random
import shutil
import threading
import time
import unittest
import uuid

from client import Fan, Operator
from server import Server, run, wait_until
from steps import QUICK_SALE, enter

KILLS = int(os.environ.get("FRONTROW_KILLS", "20"))
WORKERS = 6
LOAD_SECONDS_MAX = 1.0
ORDERS_PER_FAN_MAX = 900


class Shopper(threading.Thread):
    """Buys and lets go, and writes down what it was told, until the connection breaks."""

    def __init__(self, fan, zones, seed, stopping):
        super().__init__(daemon=True)
        self.fan = fan
        self.zones = zones
        self.random = random.Random(seed)
        self.stopping = stopping
        self.orders = {}  # id: (key, body, seats)
        self.released = set()
        self.paying = set()
        self.joined = []  # fans with an acknowledged place
        self.unanswered = []  # (key, body): no answer came; repeating must not order twice
        self.failure = None

    def run(self):
        try:
            while not self.stopping.is_set():
                self.step()
        except (OSError, http.client.HTTPException):
            pass  # the kill
        except BaseException as failure:  # noqa: B036 - told by the main thread
            self.failure = failure

    def step(self):
        body = {"zone": self.random.choice(self.zones), "quantity": self.random.randint(1, 3)}
        key = str(uuid.uuid4())
        self.unanswered.append((key, body))
        answer = self.fan.order(body, key=key)
        self.unanswered.pop()
        if answer.status != 201:
            if answer.code in ("not-enough-seats", "limit-reached"):
                return
            raise AssertionError(answer)
        order = answer.json
        self.orders[order["id"]] = (key, body, [seat["id"] for seat in order["seats"]])
        choice = self.random.random()
        if choice < 0.5:
            paid = self.fan.pay(order["id"])
            assert paid.status == 202, paid
            self.paying.add(order["id"])
        elif choice < 0.8:
            gone = self.fan.call("DELETE", f"/orders/{order['id']}")
            assert gone.status == 204, gone
            self.released.add(order["id"])
        elif choice < 0.9:
            newcomer = Fan(self.fan.http.port)
            answer = newcomer.join()
            assert answer.status == 201, answer
            newcomer.entry = answer.json["entry"]
            self.joined.append(newcomer)
            newcomer.http.close()


class Kill(unittest.TestCase):
    def test_nothing_acknowledged_is_lost_over_twenty_kills(self):
        seed = int(os.environ.get("FRONTROW_SEED", random.SystemRandom().randrange(2**32)))
        print(f"seed {seed}", flush=True)
        moments = random.Random(seed)
        sets = {**QUICK_SALE, "sale.max_seats_per_fan": 1000, "sale.max_open_orders_per_fan": 1000,
                "sale.hold_seconds": 3600, "sale.payment_seconds": 3600,
                "admission.shopping_seconds": 7200, "payment.sandbox.delay_milliseconds": 30}
        server = Server("config/crowd-5000.json", sets=sets)
        self.addCleanup(lambda: shutil.rmtree(server.directory, ignore_errors=True))
        self.addCleanup(server.kill)
        server.start()
        fans = []
        for _ in range(WORKERS):
            fan = Fan(server.port)
            fan.entry = fan.join().json["entry"]
            fans.append(fan)
        for fan in fans:
            enter(fan)
        zones = [zone["id"] for zone in fans[0].call("GET", "/round").json["zones"]]
        known = [dict() for _ in fans]
        released = [set() for _ in fans]
        paying = [set() for _ in fans]
        newcomers = []
        for kill in range(KILLS):
            stopping = threading.Event()
            shoppers = [Shopper(fan, zones, f"{seed}-{kill}-{n}", stopping) for n, fan in enumerate(fans)]
            for shopper in shoppers:
                shopper.start()
            time.sleep(moments.uniform(0.05, LOAD_SECONDS_MAX))
            server.kill()
            stopping.set()
            for shopper in shoppers:
                shopper.join(30)
                self.assertFalse(shopper.is_alive())
                if shopper.failure:
                    raise shopper.failure
            for n, shopper in enumerate(shoppers):
                known[n].update(shopper.orders)
                released[n] |= shopper.released
                paying[n] |= shopper.paying
                newcomers += shopper.joined
            server.start()
            self.check(server, fans, shoppers, known, released, paying, newcomers)
            self.compare_with_replay(server)
        # Let the payments of the last run come to rest, then everything that was accepted is paid.
        for n, fan in enumerate(fans):
            for order in paying[n]:
                wait_until(lambda: fan.get_order(order).json["state"] in ("paid", "held"),
                           what=f"order {order} settled")
        total = sum(len(orders) for orders in known)
        print(f"{KILLS} kills, {total} orders, {sum(map(len, paying))} payments, "
              f"{len(newcomers)} newcomers checked", flush=True)
        self.assertGreater(total, KILLS)
        self.assertEqual(server.stop(), 0)
        code, _, error = run("replay", "--data", server.directory)
        self.assertEqual(code, 0, error)
        self.check_gateway_book(server)

    def check(self, server, fans, shoppers, known, released, paying, newcomers):
        taken = {}
        for n, fan in enumerate(fans):
            fan.http.close()
            self.assertEqual(fan.queue()["state"], "shopping")
            self.assertEqual(fan.queue()["entry"], fan.entry)
            for order, (_, _, seats) in known[n].items():
                found = fan.get_order(order)
                self.assertEqual(found.status, 200, f"{order} was acknowledged: {found}")
                view = found.json
                self.assertEqual([seat["id"] for seat in view["seats"]], seats)
                if order in released[n]:
                    self.assertEqual(view["state"], "released")
                elif order in paying[n]:
                    self.assertIn(view["state"], ("paying", "paid", "held"))
                else:
                    # Asked to pay or let go, perhaps, without an answer.
                    self.assertIn(view["state"], ("held", "paying", "paid", "released"))
                if view["state"] in ("held", "paying", "paid"):
                    for seat in seats:
                        self.assertNotIn(seat, taken, f"seat {seat} is in two orders")
                        taken[seat] = order
            for key, body in shoppers[n].unanswered:
                first = fan.order(body, key=key)
                second = fan.order(body, key=key)
                if first.status == 201:
                    self.assertEqual(first.json["id"], second.json["id"])
                    known[n][first.json["id"]] = (key, body, [s["id"] for s in first.json["seats"]])
                    for seat in first.json["seats"]:
                        if first.json["state"] in ("held", "paying", "paid"):
                            self.assertNotIn(seat["id"], taken)
                            taken[seat["id"]] = first.json["id"]
        for fan in newcomers:
            self.assertEqual(fan.queue()["entry"], fan.entry)
            fan.http.close()

    def compare_with_replay(self, server):
        """The hash that the running server reports is the one that the journal gives up to there."""
        status = Operator(server.port, server.operator_token).status()
        code, out, error = run("replay", "--data", server.directory, "--to", status["sequence"], "--json")
        self.assertEqual(code, 0, error)
        self.assertEqual(json.loads(out)["state_hash"], status["state_hash"])

    def check_gateway_book(self, server):
        """No order was charged twice: the sandbox's book has one capture for each reference."""
        captured = []
        path = os.path.join(server.directory, "sandbox.book")
        with open(path) as book:
            for line in book:
                if "captured" in line:
                    captured.append(line.split("captured")[0] if not line.startswith("{")
                                    else json.loads(line).get("reference", line))
        self.assertGreater(len(captured), 0)
        self.assertEqual(len(captured), len(set(captured)))


if __name__ == "__main__":
    unittest.main()
