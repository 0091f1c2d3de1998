"""The live socket, by hand-made frames."""

import base64
import unittest

from client import Live, Operator
from server import Server, wait_until
from steps import QUICK_SALE, joined, order_in, shopping


def bits(text, count):
    data = base64.b64decode(text, validate=True)
    return [data[n // 8] >> (n % 8) & 1 for n in range(count)]


class LiveSocket(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(sets={**QUICK_SALE, "sale.max_seats_per_fan": 60})
        cls.server.start()
        (cls.fan,) = shopping(cls.server, 1)
        cls.venue = cls.fan.call("GET", "/venue").json
        cls.zone = next(z for z in cls.venue["zones"] if z["kind"] == "seated")
        cls.seats = [seat["id"] for row in cls.zone["rows"] for seat in row["seats"]]

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def live(self, token=None):
        live = Live(self.server.port)
        self.addCleanup(live.close)
        self.assertEqual(live.status, 101)
        hello = {"type": "hello"}
        if token:
            hello["token"] = token
        live.send(hello)
        return live

    def test_hello_is_answered_with_the_place_and_the_round(self):
        live = self.live(self.fan.token)
        queue = live.receive_until(lambda m: m["type"] == "queue")
        self.assertEqual(queue["queue"]["state"], "shopping")
        round_ = self.live(self.fan.token).receive_until(lambda m: m["type"] == "round")["round"]
        self.assertEqual(round_["totals"]["capacity"], self.venue["capacity"])

    def test_changes_build_on_the_snapshot_without_a_gap(self):
        live = self.live()
        live.send({"type": "watch", "zones": [self.zone["id"]]})
        snapshot = live.receive_until(lambda m: m["type"] == "snapshot")
        state = bits(snapshot["bitmap"], len(self.seats))
        version = snapshot["version"]
        orders = []
        for n in range(3):
            answer = self.fan.order({"zone": self.zone["id"], "quantity": 2})
            self.assertEqual(answer.status, 201, answer)
            orders.append(answer.json["id"])
        self.assertEqual(self.fan.call("DELETE", f"/orders/{orders[0]}").status, 204)
        wanted = None
        while wanted != state:
            message = live.receive_until(lambda m: m["type"] in ("availability", "snapshot"))
            if message["type"] == "snapshot":
                state = bits(message["bitmap"], len(self.seats))
            else:
                self.assertEqual(message["previous"], version)
                for change in message["changes"]:
                    index = self.seats.index(change["seat"])
                    self.assertNotEqual(state[index], int(change["free"]))
                    state[index] = int(change["free"])
            version = message["version"]
            zones = self.fan.call("GET", "/availability").json["zones"]
            found = next(z for z in zones if z["id"] == self.zone["id"])
            self.assertEqual(sum(bits(found["bitmap"], len(self.seats))), found["free"])
            wanted = bits(found["bitmap"], len(self.seats))
        for order in orders[1:]:
            self.fan.call("DELETE", f"/orders/{order}")

    def test_a_fans_orders_are_told(self):
        live = self.live(self.fan.token)
        live.receive_until(lambda m: m["type"] == "queue")
        order = self.fan.order({"zone": self.zone["id"], "quantity": 1}).json["id"]
        self.fan.pay(order)
        states = []
        while "paid" not in states:
            message = live.receive_until(lambda m: m["type"] == "order" and m["order"]["id"] == order)
            states.append(message["order"]["state"])
        self.assertEqual(states[-1], "paid")
        order_in(self.fan, order, "paid")

    def test_a_notice_reaches_everybody(self):
        live = self.live()
        live.receive_until(lambda m: m["type"] == "round")
        operator = Operator(self.server.port, self.server.operator_token)
        answer = operator.call("POST", "/notice", {"text": {"en": "Doors open at six."}})
        self.assertIn(answer.status, (200, 201, 202, 204), answer)
        notice = live.receive_until(lambda m: m["type"] == "notice")
        self.assertEqual(notice["notice"]["text"]["en"], "Doors open at six.")

    def test_wrong_messages_get_an_error_and_the_socket_stays(self):
        live = Live(self.server.port)
        self.addCleanup(live.close)
        live.send({"type": "watch", "zones": [self.zone["id"]]})
        self.assertEqual(live.receive()["type"], "error")
        for wrong in ("not json", "[]", '{"type": "dance"}', '{"type": 5}', "{" * 3000,
                      '{"type": "hello", "token": "nonsense"}', '{"type": "hello", "token": 5}'):
            live.send_frame(1, wrong.encode())
            message = live.receive_until(lambda m: m["type"] == "error")
            self.assertTrue(message["error"]["code"] if "error" in message else message["problem"]["code"])
        live.send({"type": "hello"})
        live.receive_until(lambda m: m["type"] == "round")
        live.send({"type": "watch", "zones": ["Z99"]})
        live.receive_until(lambda m: m["type"] == "error")

    def test_a_broken_protocol_is_closed_with_the_code_of_the_rfc(self):
        for opcode, payload, code in ((2, b"binary", 1003), (1, b"\xff\xfe", 1007), (1, b"x" * 2_000_000, 1009)):
            with self.subTest(code=code):
                live = self.live()
                try:
                    live.send_frame(opcode, payload)
                except OSError:
                    pass
                message = None
                while not isinstance(message, tuple):
                    message = live.receive()
                self.assertEqual(message, ("close", code))

    def test_the_same_fan_on_two_devices_sees_one_place(self):
        first, second = self.live(self.fan.token), self.live(self.fan.token)
        views = [live.receive_until(lambda m: m["type"] == "queue")["queue"]["entry"] for live in (first, second)]
        self.assertEqual(views[0], views[1])
        (newcomer,) = joined(self.server, 1)
        live = self.live(newcomer.token)
        called = live.receive_until(lambda m: m["type"] == "queue" and m["queue"]["state"] == "called")
        self.assertEqual(called["queue"]["ahead"], 0)
        wait_until(lambda: newcomer.queue()["state"] == "called")


if __name__ == "__main__":
    unittest.main()
