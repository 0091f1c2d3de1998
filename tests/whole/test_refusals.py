"""Every call with input that is wrong: the right code, and a server that goes on as if nothing were."""

import json
import socket
import unittest

from client import _TLS, Fan, Http, Operator
from server import Server, wait_until
from steps import QUICK_SALE, joined, order_in, shopping


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(sets={**QUICK_SALE, "sale.max_seats_per_fan": 4, "sale.max_open_orders_per_fan": 2})
        cls.server.start()
        cls.fan, cls.other = shopping(cls.server, 2)
        cls.waiting = joined(cls.server, 1)[0]
        venue = cls.fan.call("GET", "/venue").json
        cls.zone = next(z for z in venue["zones"] if z["kind"] == "seated")
        cls.row = [seat["id"] for seat in cls.zone["rows"][0]["seats"]]

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        self.assertTrue(answer.headers["Content-Type"].startswith("application/problem+json"))
        problem = answer.json
        self.assertEqual(problem["type"], f"/problems/{code}")
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["title"] and problem["detail"])

    def tearDown(self):
        self.assertEqual(Http(self.server.port).call("GET", "/readyz").status, 200)

    def test_calls_without_or_with_a_wrong_token_are_unauthenticated(self):
        calls = [("GET", "/queue"), ("POST", "/queue/enter"), ("DELETE", "/queue"), ("POST", "/orders"),
                 ("GET", "/orders"), ("GET", "/orders/o1"), ("DELETE", "/orders/o1"),
                 ("POST", "/orders/o1/payment"), ("GET", "/orders/o1/tickets"),
                 ("POST", "/orders/o1/return"), ("POST", "/waitlist"), ("GET", "/waitlist"),
                 ("DELETE", "/waitlist"), ("POST", "/queue/recovery")]
        for method, path in calls:
            for token in (None, "x", self.fan.token[:-2] + "AA", "a" * 500):
                with self.subTest(method=method, path=path, token=token and token[:4]):
                    http = Http(self.server.port)
                    answer = http.call(method, "/api/v1" + path, {} if method == "POST" else None, token=token)
                    self.assert_problem(answer, 401, "unauthenticated")
                    http.close()

    def test_unknown_paths_and_methods(self):
        self.assert_problem(self.fan.call("GET", "/nothing"), 404, "not-found")
        answer = self.fan.call("PUT", "/orders", {})
        self.assertEqual(answer.status, 405)
        self.assertIn("POST", answer.headers["Allow"])
        self.assert_problem(Http(self.server.port).call("GET", "/admin/v1/status"), 401, "unauthenticated")
        self.assert_problem(Http(self.server.port).call("GET", "/admin/v1/status", token=self.fan.token),
                            401, "unauthenticated")

    def test_bodies_that_are_not_what_the_call_takes(self):
        deep = "[" * 5000 + "]" * 5000
        bodies = ["", "nonsense", "{", "[]", "1", "null", deep, '{"seats":' + deep + "}",
                  '{"seats": "A"}', '{"seats": [1]}', '{"seats": []}', '{"seats": {}}',
                  '{"seats": ["%s", "%s"]}' % (self.row[0], self.row[0]),
                  '{"seats": ["%s"], "colour": 1}' % self.row[0],
                  '{"seats": ["%s"], "zone": "A", "quantity": 1}' % self.row[0],
                  '{"zone": "%s"}' % self.zone["id"], '{"quantity": 2}',
                  '{"zone": "%s", "quantity": 0}' % self.zone["id"],
                  '{"zone": "%s", "quantity": -1}' % self.zone["id"],
                  '{"zone": "%s", "quantity": 1.5}' % self.zone["id"],
                  '{"zone": "%s", "quantity": "2"}' % self.zone["id"],
                  '{"zone": 7, "quantity": 1}', '{"zone": "%s", "quantity": 1, "together": "no"}' % self.zone["id"],
                  '{"seats": ["\xff"]}'.encode("latin-1"), b'\x00\x01\x02']
        for body in bodies:
            with self.subTest(body=body[:60]):
                answer = self.fan.call("POST", "/orders", raw=body)
                self.assert_problem(answer, 400, "invalid-request")
                self.assertIn("path", answer.json)

    def test_names_that_the_venue_does_not_have(self):
        answer = self.fan.order({"seats": [self.row[0], "Z99-1-1"]})
        self.assert_problem(answer, 404, "unknown-seat")
        self.assert_problem(self.fan.order({"zone": "Z99", "quantity": 1}), 404, "unknown-zone")
        self.assert_problem(self.fan.order({"category": "gold", "quantity": 1}), 404, "unknown-category")
        self.assert_problem(self.fan.order({"seats": ["x" * 4000]}), 404, "unknown-seat")

    def test_more_seats_than_allowed(self):
        self.assert_problem(self.fan.order({"zone": self.zone["id"], "quantity": 5}), 409, "limit-reached")
        self.assert_problem(self.fan.order({"zone": self.zone["id"], "quantity": 2_000_000_000}), 409, "limit-reached")
        self.assert_problem(self.fan.order({"seats": self.row[:5]}), 409, "limit-reached")

    def test_a_taken_seat_is_named_and_nothing_is_held(self):
        order = self.other.order({"seats": self.row[:2]})
        self.assertEqual(order.status, 201, order)
        answer = self.fan.order({"seats": self.row[1:3]})
        self.assert_problem(answer, 409, "seats-unavailable")
        self.assertEqual(answer.json["seats"], [self.row[1]])
        self.assertEqual(self.other.call("DELETE", f"/orders/{order.json['id']}").status, 204)
        again = self.other.call("DELETE", f"/orders/{order.json['id']}")
        self.assert_problem(again, 409, "order-not-held")

    def test_another_fans_order_is_not_found(self):
        order = self.other.order({"seats": self.row[:2]}).json["id"]
        for method, path in [("GET", ""), ("DELETE", ""), ("POST", "/payment"), ("GET", "/tickets"), ("POST", "/return")]:
            with self.subTest(method=method, path=path):
                body = {"method": "card", "token": "tok_ok"} if path == "/payment" else None
                self.assert_problem(self.fan.call(method, f"/orders/{order}{path}", body), 404, "not-found")
        self.other.call("DELETE", f"/orders/{order}")
        for wrong in ("o999999", "x", "o-1", "o01", "99999999999999999999"):
            self.assert_problem(self.fan.call("GET", f"/orders/{wrong}"), 404, "not-found")

    def test_who_is_not_shopping_cannot_order_whatever_they_name(self):
        for body in ({"seats": ["Z99-1-1"]}, {"zone": "Z99", "quantity": 1}, {"zone": self.zone["id"], "quantity": 9}):
            self.assert_problem(Fan.order(self.not_shopping(), body), 403, "not-shopping")

    def not_shopping(self):
        return self.waiting

    def test_keys_and_payments_that_cannot_be(self):
        long_key = self.fan.call("POST", "/orders", {"seats": [self.row[0]]}, key="k" * 256)
        self.assert_problem(long_key, 400, "invalid-request")
        order = self.fan.order({"zone": self.zone["id"], "quantity": 1}).json["id"]
        for body in ({}, {"method": "cash"}, {"method": "card"}, {"method": "card", "token": 5},
                     {"method": "card", "token": ""}, {"method": "card", "token": "4242424242424242"},
                     {"method": "card", "token": "tok_ok", "cvc": "123"}):
            answer = self.fan.call("POST", f"/orders/{order}/payment", body)
            self.assert_problem(answer, 400, "invalid-request")
        self.fan.pay(order)
        order_in(self.fan, order, "paid")
        self.assert_problem(self.fan.pay(order), 409, "order-not-payable")
        self.assert_problem(self.fan.call("DELETE", f"/orders/{order}"), 409, "order-not-held")

    def test_paused_and_banned_come_in_the_order_of_the_contract(self):
        operator = Operator(self.server.port, self.server.operator_token)
        self.assertIn(operator.call("POST", "/phase", {"phase": "paused"}).status, (200, 204))
        try:
            self.assert_problem(self.fan.order({"seats": ["Z99-1-1"]}), 409, "round-paused")
            self.assert_problem(self.waiting.order({"seats": [self.row[0]]}), 409, "round-paused")
            wait_until(lambda: self.fan.call("GET", "/round").json["phase"] == "paused")
        finally:
            self.assertIn(operator.call("POST", "/phase", {"phase": "onsale"}).status, (200, 204))
        (banned,) = joined(self.server, 1)
        answer = operator.call("POST", f"/fans/{banned.fan}/ban", {"reason": "test"})
        self.assertIn(answer.status, (200, 204), answer)
        self.assert_problem(banned.call("POST", "/orders", raw="not json"), 403, "banned")
        self.assertEqual(banned.queue()["state"], "banned")
        self.assert_problem(operator.call("POST", "/fans/f99999/ban", {"reason": "x"}), 404, "not-found")

    def test_what_is_over_long_or_cut_off_or_not_http(self):
        big = self.fan.call("POST", "/orders", raw=b'{"seats": ["' + b"x" * 3_000_000 + b'"]}')
        self.assertEqual(big.status, 413)
        self.fan.http.close()

        def raw(data):
            with _TLS.wrap_socket(socket.create_connection(("127.0.0.1", self.server.port), timeout=30)) as link:
                link.sendall(data)
                try:
                    return link.recv(65536)
                except OSError:
                    return b""

        self.assertIn(b" 4", raw(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100_000 + b"\r\n\r\n")[:16])
        self.assertIn(b" 400", raw(b"nonsense\r\n\r\n")[:16])
        with _TLS.wrap_socket(socket.create_connection(("127.0.0.1", self.server.port))) as link:
            link.sendall(b"POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        with socket.create_connection(("127.0.0.1", self.server.port)) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")

    def test_languages_of_problems(self):
        english = self.fan.call("GET", "/orders/o999999", headers={"Accept-Language": "en"}).json
        thai = self.fan.call("GET", "/orders/o999999", headers={"Accept-Language": "xx, th;q=0.9, en;q=0.1"}).json
        self.assertNotEqual(english["title"], thai["title"])
        self.assertRegex(thai["title"], "[ก-๛]")
        self.assertEqual(json.dumps(english["code"]), json.dumps(thai["code"]))


if __name__ == "__main__":
    unittest.main()
