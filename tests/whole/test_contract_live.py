"""The outside contract, section 5, as a stranger reads it: what a live socket is told, and when."""

import base64
import itertools
import json
import select
import time
import unittest

from client import Http, Live, Operator
from contract import SALE, problem, seats_of_zone, shape
from server import Server, wait_until
from steps import enter, joined, order_in, shopping

TOTALS = {name: int for name in ("capacity", "free", "held", "sold", "blocked", "waiting", "shopping")}
RATE_SLACK_SECONDS = 0.15  # a message may come a little late, and the next one not


class Tape:
    """A socket, and what it was told at which moment."""

    def __init__(self, test, server, token=None, hello=True):
        self.live = Live(server.port)
        test.addCleanup(self.live.close)
        test.assertEqual(self.live.status, 101)
        self.told = []
        if hello:
            self.live.send({"type": "hello", "token": token} if token else {"type": "hello"})

    def listen(self):
        message = self.live.receive()
        self.told.append((time.monotonic(), message))
        return message

    def drain(self):
        """What has come by now, so that it is not told as having come later."""
        while self.live.buffer or self.live.socket.pending() or select.select([self.live.socket], [], [], 0)[0]:
            self.listen()

    def until(self, wanted):
        while True:
            message = self.listen()
            if wanted(message):
                return message
            assert not isinstance(message, tuple), message

    def first(self, kind):
        return self.until(lambda message: message["type"] == kind)

    def times(self, kind):
        return [at for at, message in self.told if message["type"] == kind]


class LiveContract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(sets={**SALE, "sale.max_seats_per_fan": 60, "sale.max_open_orders_per_fan": 60})
        cls.server.start()
        cls.fan, cls.other = shopping(cls.server, 2)
        cls.venue = cls.fan.call("GET", "/venue").json
        cls.seats = {zone["id"]: seats_of_zone(zone) for zone in cls.venue["zones"]}

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def tape(self, token=None, hello=True):
        return Tape(self, self.server, token, hello)

    def bits(self, zone, bitmap):
        data = base64.b64decode(bitmap, validate=True)
        return {seat for n, seat in enumerate(self.seats[zone]) if data[n // 8] >> (n % 8) & 1}

    def available(self, zone):
        return next(one for one in self.fan.call("GET", "/availability").json["zones"] if one["id"] == zone)

    def available_seats(self, zone):
        free = self.bits(zone, self.available(zone)["bitmap"])
        return [seat for seat in self.seats[zone] if seat in free]

    def tearDown(self):
        for fan in (self.fan, self.other):
            for order in fan.call("GET", "/orders").json["orders"]:
                if order["state"] == "held":
                    fan.call("DELETE", f"/orders/{order['id']}")

    def test_hello_is_answered_at_once_and_a_spectator_is_told_of_the_round_alone(self):
        tape = self.tape(self.fan.token)
        place = tape.first("queue")
        shape(self, place["queue"], {"state": str, "entry": str, "waiting": int, "shop_until": str,
                                     "enter_until": None})
        self.assertEqual(place["queue"]["entry"], self.fan.queue()["entry"])
        round_ = tape.first("round")
        shape(self, round_["round"], {"phase": str, "totals": TOTALS, "now": str})
        self.assertEqual([set(message) for message in (place, round_)], [{"type", "queue"}, {"type", "round"}])
        spectator = self.tape()
        spectator.first("round")
        order = self.fan.order({"zone": "S1", "quantity": 1}).json["id"]
        spectator.until(lambda m: m["type"] == "round" and m["round"]["totals"]["held"] > 0)
        self.fan.call("DELETE", f"/orders/{order}")
        self.assertEqual({message["type"] for _, message in spectator.told}, {"round"})
        again = self.tape(self.fan.token)  # another hello is another beginning
        again.first("queue")
        again.live.send({"type": "hello", "token": self.other.token})
        self.assertEqual(again.first("queue")["queue"]["entry"], self.other.queue()["entry"])

    def test_place_and_round_are_told_when_they_change_and_once_a_second_at_most(self):
        (fan,) = joined(self.server, 1)
        tape = self.tape(fan.token)
        states = [tape.first("queue")["queue"]["state"]]
        shopper = self.other
        while states[-1] != "called":
            states.append(tape.first("queue")["queue"]["state"])
        enter(fan)
        began = time.monotonic()
        while time.monotonic() - began < 2.5:
            order = shopper.order({"zone": "S1", "quantity": 1}).json["id"]
            self.assertEqual(shopper.call("DELETE", f"/orders/{order}").status, 204)
            tape.drain()
        self.assertIn("shopping", [m["queue"]["state"] for _, m in tape.told if m["type"] == "queue"])
        operator = Operator(self.server.port, self.server.operator_token)
        operator.call("POST", f"/fans/{fan.fan}/ban", {"reason": "x"})
        tape.until(lambda m: m["type"] == "queue" and m["queue"]["state"] == "banned")
        operator.call("POST", "/phase", {"phase": "paused"})
        tape.until(lambda m: m["type"] == "round" and m["round"]["phase"] == "paused")
        operator.call("POST", "/phase", {"phase": "onsale"})
        tape.until(lambda m: m["type"] == "round" and m["round"]["phase"] == "onsale")
        for kind in ("queue", "round"):
            times = tape.times(kind)
            gaps = [later - earlier for earlier, later in zip(times, times[1:])]
            self.assertTrue(gaps, kind)
            self.assertGreaterEqual(min(gaps), 1 - RATE_SLACK_SECONDS, (kind, gaps))

    def test_changes_build_on_each_other_and_on_what_http_says(self):
        tape = self.tape()
        tape.live.send({"type": "watch", "zones": ["A1", "S1"]})
        snapshots = {}
        while len(snapshots) < 2:
            message = tape.first("snapshot")
            self.assertEqual(set(message), {"type", "zone", "version", "free", "bitmap"})
            snapshots[message["zone"]] = message
        free = {zone: self.bits(zone, one["bitmap"]) for zone, one in snapshots.items()}
        version = {zone: one["version"] for zone, one in snapshots.items()}
        for zone, one in snapshots.items():
            self.assertEqual(one["free"], len(free[zone]))
        orders = []
        for n in range(6):
            orders.append(self.fan.order({"zone": "A1" if n % 2 else "S1", "quantity": 2}).json["id"])
        self.fan.call("DELETE", f"/orders/{orders[0]}")
        wait_until(lambda: self.available("S1")["free"] == len(free["S1"]) - 4)
        final = {zone: self.available(zone) for zone in free}
        while any(version[zone] != final[zone]["version"] for zone in free):
            message = tape.first("availability")
            self.assertEqual(set(message), {"type", "zone", "version", "previous", "changes"})
            zone = message["zone"]
            self.assertEqual(message["previous"], version[zone])
            self.assertGreater(message["version"], version[zone])
            for change in message["changes"]:
                self.assertEqual(set(change), {"seat", "free"})
                self.assertIs(change["free"], change["seat"] not in free[zone])
                (free[zone].add if change["free"] else free[zone].remove)(change["seat"])
            version[zone] = message["version"]
        for zone in free:
            self.assertEqual(free[zone], self.bits(zone, final[zone]["bitmap"]))
        for order in orders[1:]:
            self.fan.call("DELETE", f"/orders/{order}")

    def test_a_zone_is_told_ten_times_a_second_at_most(self):
        tape = self.tape()
        tape.live.send({"type": "watch", "zones": ["S1"]})
        tape.first("snapshot")
        seats = itertools.cycle(self.available_seats("S1"))
        orders = []
        began = time.monotonic()
        while time.monotonic() - began < 1.5:
            tape.drain()
            if len(orders) < 10:
                orders.append(self.fan.order({"seats": [next(seats)]}).json["id"])
            else:
                self.fan.call("DELETE", f"/orders/{orders.pop(0)}")
        version = self.available("S1")["version"]
        tape.until(lambda m: m["type"] in ("availability", "snapshot") and m["version"] == version)
        times = tape.times("availability")
        for at in times:
            self.assertLessEqual(sum(at <= other < at + 1 for other in times), 10)
        for order in orders:
            self.fan.call("DELETE", f"/orders/{order}")

    def test_watch_replaces_what_was_watched(self):
        tape = self.tape()
        tape.live.send({"type": "watch", "zones": ["A1"]})
        self.assertEqual(tape.first("snapshot")["zone"], "A1")
        tape.live.send({"type": "watch", "zones": ["S1"]})
        snapshot = tape.first("snapshot")
        self.assertEqual((snapshot["zone"], snapshot["version"]), ("S1", self.available("S1")["version"]))
        tape.told.clear()
        made = [self.fan.order({"zone": zone, "quantity": 2}).json["id"] for zone in ("A1", "S1")]
        tape.first("availability")
        tape.live.send({"type": "watch", "zones": []})
        tape.live.send({"type": "watch", "zones": ["A1"]})
        self.assertEqual(tape.first("snapshot")["bitmap"], self.available("A1")["bitmap"])
        self.assertEqual({m["zone"] for _, m in tape.told if m["type"] == "availability"}, {"S1"})
        for order in made:
            self.fan.call("DELETE", f"/orders/{order}")

    def test_who_begins_to_watch_is_told_what_is_so_now(self):
        first = self.tape()
        first.live.send({"type": "watch", "zones": ["S1"]})
        first.first("snapshot")
        for released in (False, True):
            order = self.fan.order({"zone": "S1", "quantity": 1}).json["id"]
            if released:
                self.assertEqual(self.fan.call("DELETE", f"/orders/{order}").status, 204)
            found = self.available("S1")
            tape = self.tape()
            tape.live.send({"type": "watch", "zones": ["S1"]})
            snapshot = tape.first("snapshot")
            self.assertEqual((snapshot["version"], snapshot["bitmap"]), (found["version"], found["bitmap"]))
            # And what follows builds on it.
            second = self.fan.order({"zone": "S1", "quantity": 1}).json["seats"][0]["id"]
            message = tape.until(lambda m: m["type"] in ("availability", "snapshot"))
            if message["type"] == "availability":
                self.assertEqual(message["previous"], snapshot["version"])
            else:
                self.assertNotIn(second, self.bits("S1", message["bitmap"]))

    def test_orders_are_told_to_all_sockets_of_their_fan_and_to_nobody_else(self):
        mine = [self.tape(self.fan.token), self.tape(self.fan.token)]
        stranger = self.tape(self.other.token)
        for tape in (*mine, stranger):
            tape.first("queue")
        order = self.fan.order({"seats": ["S1-1-1"]}).json
        for tape in mine:
            told = tape.until(lambda m: m["type"] == "order")
            self.assertEqual((set(told), told["order"]), ({"type", "order"}, order))
        self.fan.pay(order["id"])
        paid = order_in(self.fan, order["id"], "paid")
        for tape in mine:
            told = tape.until(lambda m: m["type"] == "order" and m["order"]["state"] == "paid")
            self.assertEqual(told["order"], paid)
        theirs = self.other.order({"seats": ["S1-1-2"]}).json["id"]
        stranger.first("order")
        self.other.call("DELETE", f"/orders/{theirs}")
        stranger.until(lambda m: m["type"] == "order" and m["order"]["state"] == "released")
        self.assertEqual({m["order"]["id"] for _, m in stranger.told if m["type"] == "order"}, {theirs})
        qr = self.other.order({"seats": ["S1-1-3"]}).json["id"]
        self.other.call("POST", f"/orders/{qr}/payment", {"method": "promptpay"})
        action = stranger.until(lambda m: m["type"] == "order" and (m["order"]["payment"] or {}).get("state") == "action")
        self.assertEqual(action["order"]["payment"]["next_action"]["type"], "qr")

    def test_errors_have_the_form_of_a_problem_and_the_socket_stays(self):
        tape = self.tape(hello=False)
        table = [('{"type": "watch", "zones": ["A1"]}', "invalid-request"), ("nonsense", "invalid-request"),
                 ("[]", "invalid-request"), ("{}", "invalid-request"), ('{"type": "sing"}', "invalid-request"),
                 ('{"type": "hello", "token": 5}', "invalid-request"),
                 ('{"type": "hello", "more": 1}', "invalid-request"),
                 ('{"type": "hello", "token": "nobody"}', "unauthenticated"),
                 ('{"type": "watch"}', "invalid-request"), ('{"type": "watch", "zones": "A1"}', "invalid-request"),
                 ('{"type": "watch", "zones": ["A1", "A1"]}', "invalid-request"),
                 ('{"type": "watch", "zones": ["A1", "Z9"]}', "unknown-zone")]
        for text, code in table:
            with self.subTest(text=text):
                tape.live.send_frame(1, text.encode())
                message = tape.first("error")
                self.assertEqual(set(message), {"type", "problem"})
                found = message["problem"]
                self.assertEqual((found["code"], found["type"]), (code, f"/problems/{code}"))
                shape(self, found, {"title": str, "detail": str, "status": int})
        tape.live.send({"type": "hello", "token": None})
        tape.live.send({"type": "watch", "zones": ["A1"]})
        tape.first("snapshot")

    def test_what_the_protocol_forbids_is_closed_with_its_code(self):
        for frame, code in (((2, b"x", True), 1003), ((1, b"\xc3\x28", True), 1007), ((3, b"", True), 1002),
                            ((0, b"x", True), 1002), ((9, b"x" * 126, True), 1002), ((1, b"x" * 200_000, True), 1009)):
            with self.subTest(code=code, opcode=frame[0]):
                tape = self.tape()
                try:
                    tape.live.send_frame(*frame)
                except OSError:
                    pass  # closed before all of it was sent
                self.assertEqual(tape.until(lambda message: isinstance(message, tuple)), ("close", code))
        http = Http(self.server.port)
        self.assertEqual(http.call("GET", "/api/v1/live").status, 426)
        problem(self, Http(self.server.port).call("POST", "/api/v1/live", {}), 405, "method-not-allowed")

    def test_a_notice_is_told_in_its_languages(self):
        tapes = [self.tape(), self.tape(self.fan.token)]
        for tape in tapes:
            tape.first("round")
        text = {"en": "Doors at six", "th": "ประตูเปิดหกโมง"}
        operator = Operator(self.server.port, self.server.operator_token)
        self.assertEqual(operator.call("POST", "/notice", {"text": text}).status, 200)
        for tape in tapes:
            self.assertEqual(tape.first("notice"), {"type": "notice", "notice": {"text": text}})

    def test_a_broken_connection_costs_nothing_and_finds_the_state_as_it_is(self):
        with Server(sets={**SALE, "admission.max_shoppers": 1}) as server:
            first, second = joined(server, 2)
            tape = Tape(self, server, second.token)
            tape.first("queue")
            tape.live.close()
            wait_until(lambda: {one.queue()["state"] for one in (first, second)} == {"called", "waiting"})
            server.kill()
            server.start()
            for fan in (first, second):
                fan.http.close()
            back = Tape(self, server, second.token)
            self.assertEqual(json.dumps(back.first("queue")["queue"]["rank"]), json.dumps(second.queue()["rank"]))


if __name__ == "__main__":
    unittest.main()
