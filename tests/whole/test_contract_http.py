"""The outside contract, sections 3 and 4, as a stranger reads it: reading, buying, refusing."""

import base64
import hashlib
import hmac
import re
import time
import unittest

from client import Fan, Http, Operator
from contract import CARD, SALE, consistent, free_seats, problem, seats_of_zone, shape
from server import Server, wait_until
from steps import joined, order_in, shopping

MONEY = {"amount": int, "currency": str}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
QUEUE = {"state": str, "entry": str, "waiting": int}
ORDER = {"id": str, "state": str, "origin": str, "total": MONEY, "held_until": str, "payment": None,
         "seats": [{"id": str, "zone": str, "row": str, "number": str, "price": MONEY}]}
CALLS = [("GET", "/api/v1/round"), ("GET", "/api/v1/venue"), ("GET", "/api/v1/availability"),
         ("GET", "/api/v1/challenge"), ("GET POST DELETE", "/api/v1/queue"), ("POST", "/api/v1/queue/enter"),
         ("POST", "/api/v1/queue/recovery"), ("GET POST", "/api/v1/orders"), ("GET DELETE", "/api/v1/orders/o0"),
         ("POST", "/api/v1/orders/o0/payment"), ("GET", "/api/v1/orders/o0/tickets"),
         ("POST", "/api/v1/orders/o0/return"), ("GET POST DELETE", "/api/v1/waitlist"),
         ("POST", "/api/v1/webhooks/sandbox"), ("GET", "/api/v1/audit/draw"), ("GET", "/api/v1/audit/late"),
         ("GET", "/api/v1/live"), ("GET", "/livez"), ("GET", "/readyz"), ("GET", "/metrics"),
         ("GET", "/admin/v1/status"), ("POST", "/admin/v1/phase"), ("PUT", "/admin/v1/schedule"),
         ("POST", "/admin/v1/beacon"), ("PUT", "/admin/v1/admission"), ("POST", "/admin/v1/seats/block"),
         ("POST", "/admin/v1/seats/unblock"), ("POST", "/admin/v1/fans/f0/ban"), ("POST", "/admin/v1/fans/f0/unban"),
         ("DELETE", "/admin/v1/fans/f0/personal-data"), ("POST", "/admin/v1/orders/o0/refund"),
         ("GET", "/admin/v1/orders"), ("POST", "/admin/v1/notice")]


class Shop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(sets={**SALE, "sale.max_seats_per_fan": 6, "sale.max_open_orders_per_fan": 3,
                                  "sale.returns_until": "+1h", "round.other_rounds":
                                  [{"title": {"en": "Sunday"}, "url": "https://sunday.example"}]})
        cls.server.start()
        cls.spare = shopping(cls.server, 6)  # a test that leaves something behind takes one for itself
        cls.fans = [cls.spare.pop(), cls.spare.pop()]
        cls.venue = cls.fans[0].call("GET", "/venue").json

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def setUp(self):
        self.http = Http(self.server.port)
        self.addCleanup(self.http.close)
        self.operator = Operator(self.server.port, self.server.operator_token)

    def tearDown(self):
        for fan in self.fans:
            for order in fan.call("GET", "/orders").json["orders"]:
                if order["state"] == "held":
                    self.assertEqual(fan.call("DELETE", f"/orders/{order['id']}").status, 204)
        consistent(self, self.server.port)

    def test_the_round_has_every_field_in_its_type(self):
        answer = self.http.call("GET", "/api/v1/round")
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "application/json")
        found = answer.json
        shape(self, found, {
            "id": str, "title": dict, "phase": str, "time_zone": str, "currency": str, "max_seats_per_fan": int,
            "hold_seconds": int, "zones": [{"id": str, "name": dict, "kind": str, "category": str, "price": MONEY,
                                            "capacity": int, "free": int}],
            "categories": [{"id": str, "name": dict, "price": MONEY, "free": int}],
            "totals": {name: int for name in ("capacity", "free", "held", "sold", "blocked", "waiting", "shopping")},
            "payment": {"gateway": str, "methods": [str], "public_key": None},
            "other_rounds": [{"title": dict, "url": str}]})
        for name in ("now", "lobby_opens_at", "draw_at", "closes_at", "starts_at"):
            self.assertRegex(found[name], INSTANT)
        self.assertEqual(found["starts_at"][:19], "2027-02-13T12:00:00")
        self.assertEqual(set(found["payment"]["methods"]), {"card", "promptpay"})
        self.assertEqual({zone["kind"] for zone in found["zones"]}, {"seated", "standing"})

    def test_the_venue_is_cacheable_by_a_strong_tag(self):
        answer = self.http.call("GET", "/api/v1/venue")
        tag = answer.headers["ETag"]
        self.assertRegex(tag, r'^"[^"]+"$')
        self.assertIn("max-age", answer.headers["Cache-Control"])
        for given, status in ((tag, 304), (f'"other", {tag}', 304), ("*", 304), (f"W/{tag}", 304), ('"other"', 200)):
            again = self.http.call("GET", "/api/v1/venue", headers={"If-None-Match": given})
            self.assertEqual((again.status, again.headers["ETag"]), (status, tag), given)
            self.assertEqual(bool(again.body), status == 200)
        shape(self, answer.json, {
            "name": str, "capacity": int, "size": {"width": (int, float), "height": (int, float)},
            "zones": [{"id": str, "name": dict, "kind": str, "category": str, "price": MONEY, "rows": [
                {"id": str, "label": str, "seats": [
                    {"id": str, "number": str, "x": (int, float), "y": (int, float)}]}]}]})
        standing = next(zone for zone in self.venue["zones"] if zone["kind"] == "standing")
        self.assertEqual(len(standing["rows"]), 1)
        flags = {name for zone in self.venue["zones"] for row in zone["rows"] for seat in row["seats"] for name in seat}
        self.assertTrue({"category", "price", "accessible", "companion", "restricted_view"} <= flags)

    def test_availability_follows_the_venues_order(self):
        fan, wanted = self.fans[0], ["A1-2-1", "A1-2-2", "S1-1-20"]
        self.assertEqual(fan.order({"seats": wanted}).status, 201)
        everything = {seat for zone in self.venue["zones"] for seat in seats_of_zone(zone)}
        missing = everything - free_seats(fan.call("GET", "/availability").json, self.venue)
        self.assertEqual(missing & set(wanted), set(wanted))
        self.assertEqual(len(everything), self.venue["capacity"])

    def test_every_path_says_which_methods_it_has(self):
        for methods, path in CALLS:
            for method in ("PUT", "DELETE", "PATCH", "POST"):
                if method in methods.split():
                    continue
                with self.subTest(path=path, method=method):
                    answer = self.http.call(method, path, raw=b"{}")
                    problem(self, answer, 405, "method-not-allowed")
                    allowed = {word.strip() for word in answer.headers["Allow"].split(",")}
                    self.assertEqual(allowed - {"HEAD", "OPTIONS"}, set(methods.split()))
        for path in ("/api/v1/nothing", "/api/v1", "/api/v2/round", "/admin/v1/nothing", "/nothing"):
            problem(self, self.http.call("POST", path, raw=b"{}"), 404, "not-found")

    def test_head_is_get_without_a_body(self):
        for path in ("/api/v1/round", "/api/v1/venue", "/livez", "/readyz", "/api/v1/nothing"):
            get, head = self.http.call("GET", path), self.http.call("HEAD", path)
            self.assertEqual((head.status, head.body), (get.status, b""), path)
            self.assertEqual(head.headers["Content-Type"], get.headers["Content-Type"], path)

    def test_an_order_from_hold_to_tickets_and_back(self):
        fan = self.spare.pop()
        before = consistent(self, self.server.port)["totals"]
        answer = fan.order({"seats": ["A1-1-1", "A1-1-2"], "zone": None, "quantity": None})
        self.assertEqual(answer.status, 201, answer)
        order = answer.json
        shape(self, order, ORDER)
        self.assertEqual((order["state"], order["origin"]), ("held", "sale"))
        self.assertEqual(order["total"], {"amount": 240000, "currency": "THB"})
        self.assertEqual(fan.get_order(order["id"]).json, order)
        self.assertIn(order, fan.call("GET", "/orders").json["orders"])
        url = f"/orders/{order['id']}"
        problem(self, fan.call("GET", url + "/tickets"), 409, "order-not-paid")
        fan.pay(order["id"], "tok_declined")
        held = order_in(fan, order["id"], "held")
        shape(self, held["payment"], {"method": str, "state": str, "failure_code": str, "next_action": None})
        self.assertEqual((held["payment"]["method"], held["payment"]["state"]), ("card", "failed"))
        paying = fan.call("POST", url + "/payment", {"method": "promptpay", "token": None}, key="qr")
        self.assertEqual((paying.status, paying.json["state"]), (202, "paying"), paying)
        self.assertIn(paying.json["payment"]["state"], ("pending", "action"))
        problem(self, fan.call("DELETE", url), 409, "order-not-held")
        problem(self, fan.pay(order["id"]), 409, "order-not-payable")

        def asked_to_act():
            payment = fan.get_order(order["id"]).json["payment"]
            return payment if payment["state"] == "action" else None
        action = wait_until(asked_to_act)["next_action"]
        shape(self, action, {"type": str, "data": str, "image": str, "expires_at": str})
        self.assertEqual(action["type"], "qr")

        second = fan.order({"zone": "S1", "quantity": 1}).json["id"]
        paid = fan.pay(second)
        self.assertEqual((paid.status, paid.json["payment"]["state"]), (202, "pending"))
        done = order_in(fan, second, "paid")
        self.assertEqual(done["payment"], {"method": "card", "state": "succeeded", "failure_code": None,
                                           "next_action": None})
        self.assertIsNone(done["held_until"])
        now = wait_until(lambda: (lambda t: t if t["sold"] > before["sold"] else None)(
            consistent(self, self.server.port)["totals"]))
        self.assertEqual(now["sold"], before["sold"] + 1)
        tickets = fan.call("GET", f"/orders/{second}/tickets").json["tickets"]
        shape(self, tickets[0], {"id": str, "seat": str, "code": str, "counter": int,
                                 "rotation": {"secret": str, "period_seconds": int}})
        self.assertEqual((len(tickets), tickets[0]["counter"]), (1, 0))
        self.assertEqual(tickets, fan.call("GET", f"/orders/{second}/tickets").json["tickets"])
        step = int(time.time()) // 15
        secret = tickets[0]["rotation"]["secret"]
        raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
        self.assertGreaterEqual(len(raw), 16)
        tag = hmac.new(raw, step.to_bytes(8, "big"), hashlib.sha256).digest()[:8]
        self.assertEqual(len(base64.b32encode(tag).decode().rstrip("=")), 13)
        self.assertNotIn(".", tickets[0]["code"].replace("..", ""))

        back = fan.call("POST", f"/orders/{second}/return", key="back")
        self.assertEqual((back.status, back.json["state"]), (202, "refunding"))
        problem(self, fan.call("GET", f"/orders/{second}/tickets"), 409, "order-not-paid")
        self.assertEqual(order_in(fan, second, "refunded")["seats"], done["seats"])
        self.assertEqual(fan.call("POST", f"/orders/{second}/return", key="back").status, 202)
        problem(self, fan.call("POST", f"/orders/{second}/return", key="again"), 409, "order-not-paid")

    def test_keys_are_quoted_or_not_and_only_successes_are_remembered(self):
        fan, other = self.fans
        body = {"seats": ["A1-3-1", "A1-3-2"]}
        taken = other.order({"seats": ["A1-3-1"]}).json["id"]
        problem(self, fan.order(body, key="k1"), 409, "seats-unavailable", seats=["A1-3-1"])
        other.call("DELETE", f"/orders/{taken}")
        first = fan.order(body, key="k1")
        self.assertEqual(first.status, 201, first)
        for key in ("k1", '"k1"'):
            again = fan.order({**body, "together": None}, key=key)
            self.assertEqual((again.status, again.json["id"]), (201, first.json["id"]))
        problem(self, fan.order({"seats": ["A1-3-2", "A1-3-1"]}, key="k1"), 422, "idempotency-key-reused")
        self.assertNotEqual(other.order({"zone": "S1", "quantity": 1}, key="k1").json["id"], first.json["id"])
        url = f"/orders/{first.json['id']}/payment"
        self.assertEqual(fan.call("POST", url, CARD, key="p1").status, 202)
        order_in(fan, first.json["id"], "paid")
        again = fan.call("POST", url, CARD, key="p1")
        self.assertEqual((again.status, again.json["state"]), (202, "paid"))
        problem(self, fan.call("POST", url, {"method": "promptpay"}, key="p1"), 422, "idempotency-key-reused")
        self.assertEqual(fan.order(body, key="k1").json["state"], "paid")
        for key in ("", "x" * 256, '"'):
            problem(self, self.http.call("POST", "/api/v1/orders", body, token=fan.token,
                                         headers={"Idempotency-Key": key}), 400, "invalid-request")
        self.assertEqual(fan.order({"zone": "S1", "quantity": 1}, key="x" * 255).status, 201)
        fan.call("POST", f"/orders/{first.json['id']}/return", key="r")
        order_in(fan, first.json["id"], "refunded")

    def test_sixty_four_keys_are_remembered_and_without_a_key_nothing_is(self):
        fan = self.fans[1]
        made = []
        for n in range(64):
            made.append(fan.order({"zone": "S1", "quantity": 1}, key=f"n{n}").json["id"])
            self.assertEqual(fan.call("DELETE", f"/orders/{made[-1]}").status, 204)
        for n in (0, 31, 63):
            again = fan.order({"zone": "S1", "quantity": 1}, key=f"n{n}")
            self.assertEqual((again.status, again.json["id"], again.json["state"]), (201, made[n], "released"))
        both = [self.http.call("POST", "/api/v1/orders", {"zone": "S1", "quantity": 1}, token=fan.token).json["id"]
                for _ in range(2)]
        self.assertNotEqual(*both)

    def test_what_is_wrong_is_reported_in_the_order_of_the_contract(self):
        fan = self.fans[0]
        (waiting,) = joined(self.server, 1)
        self.assertEqual(waiting.call("DELETE", "/queue").status, 204)
        made = fan.order({"zone": "S1", "quantity": 1}, key="used").json["id"]
        unknown, many = ["Z9-1-1"], {"zone": "S1", "quantity": 7}
        table = [
            (None, "/nothing", {"bad": 1}, None, 404, "not-found"),
            (None, "/orders", {"bad": 1}, None, 401, "unauthenticated"),
            (waiting, "/orders", {"bad": 1}, None, 400, "invalid-request"),
            (waiting, "/orders/o999/payment", {"bad": 1}, None, 400, "invalid-request"),
            (waiting, f"/orders/{made}/payment", CARD, "used", 404, "not-found"),
            (fan, "/orders", {"seats": unknown}, "used", 422, "idempotency-key-reused"),
            (waiting, "/orders", {"seats": unknown}, "w", 403, "not-shopping"),
            (waiting, "/orders", many, "w", 403, "not-shopping"),
            (fan, "/orders", {"seats": unknown + [f"A1-1-{n}" for n in range(1, 8)]}, "w", 404, "unknown-seat"),
            (fan, "/orders", {"zone": "Z9", "quantity": 7}, "w", 404, "unknown-zone"),
            (fan, "/orders", {"category": "Z9", "quantity": 7}, "w", 404, "unknown-category"),
            (fan, "/orders", many, "w", 409, "limit-reached")]
        for who, path, body, key, status, code in table:
            with self.subTest(path=path, body=body, code=code):
                answer = (who.call("POST", path, body, key=key) if who else
                          self.http.call("POST", "/api/v1" + path, body))
                problem(self, answer, status, code)
        big = b'{"seats": ["' + b"x" * 100_000 + b'"]}'
        problem(self, Http(self.server.port).call("POST", "/api/v1/orders", raw=big), 401, "unauthenticated")
        problem(self, Http(self.server.port).call("POST", "/api/v1/orders", raw=big, token=fan.token), 413,
                "body-too-large")
        self.operator.call("POST", "/phase", {"phase": "paused"})
        try:
            problem(self, fan.order({"zone": "S1", "quantity": 1, "bad": 1}), 400, "invalid-request", path="bad")
            problem(self, fan.order({"seats": unknown}, key="used"), 422, "idempotency-key-reused")
            self.assertEqual(fan.order({"zone": "S1", "quantity": 1}, key="used").status, 201)
            problem(self, waiting.order({"seats": unknown}), 409, "round-paused")
            problem(self, fan.call("GET", "/orders/o999999"), 404, "not-found")
        finally:
            self.assertEqual(self.operator.call("POST", "/phase", {"phase": "onsale"}).status, 200)
        self.assertEqual(self.operator.call("POST", f"/fans/{waiting.fan}/ban", {"reason": "x"}).status, 200)
        problem(self, waiting.order({"bad": 1}), 403, "banned")
        problem(self, waiting.call("POST", "/orders/o999999/payment", {"bad": 1}), 403, "banned")

    def test_bodies_that_no_call_takes(self):
        fan = self.fans[0]
        order = fan.order({"zone": "S1", "quantity": 1}).json["id"]
        table = [
            ("/orders", {"seats": ["S1-1-1", "S1-1-1"]}, "seats[1]"), ("/orders", {"seats": []}, "seats"),
            ("/orders", {"zone": "S1", "category": "back", "quantity": 1}, "category"),
            ("/orders", {"zone": "S1", "quantity": 1, "extra": None}, "extra"),
            ("/orders", {"zone": "S1", "quantity": True}, "quantity"),
            ("/orders", {"zone": "S1", "quantity": None}, "quantity"),
            ("/orders", {"zone": "S1", "quantity": 1, "together": "yes"}, "together"),
            (f"/orders/{order}/payment", {"method": "cash"}, "method"),
            (f"/orders/{order}/payment", {"method": "card"}, "token"),
            (f"/orders/{order}/payment", {"method": "card", "token": "tok_ok", "more": 1}, "more"),
            (f"/orders/{order}/return", {"more": 1}, "more"), ("/queue/enter", {"more": 1}, "more"),
            ("/queue/recovery", {"more": 1}, "more"), ("/queue", {"more": 1}, "more"),
            ("/queue", {"altcha": 5}, "altcha"), ("/waitlist", {"zones": ["S1", "S1"], "quantity": 1}, "zones[1]"),
            ("/waitlist", {"zones": [], "quantity": 0}, "quantity"), ("/waitlist", {"zones": []}, "quantity"),
            ("/waitlist", {"zones": "S1", "quantity": 1}, "zones"),
            ("/waitlist", {"quantity": 1, "together": "prefer"}, "together")]
        for path, body, wrong in table:
            with self.subTest(path=path, body=body):
                problem(self, fan.call("POST", path, body), 400, "invalid-request", path=wrong)
        problem(self, fan.call("POST", "/waitlist", {"zones": ["Z9"], "quantity": 1}), 404, "unknown-zone")

    def test_all_the_seats_or_none_and_the_taken_ones_named(self):
        fan, other = self.fans
        self.assertEqual(other.order({"seats": ["S1-1-3", "S1-1-5"]}).status, 201)
        self.operator.call("POST", "/seats/block", {"seats": ["S1-1-7"]})
        found = problem(self, fan.order({"seats": [f"S1-1-{n}" for n in (3, 4, 5, 6, 7)]}), 409, "seats-unavailable")
        self.assertEqual(sorted(found["seats"]), ["S1-1-3", "S1-1-5", "S1-1-7"])
        self.assertEqual(fan.order({"seats": ["S1-1-4", "S1-1-6"]}).status, 201)
        self.assertEqual(self.operator.call("POST", "/seats/unblock", {"seats": ["S1-1-7"]}).status, 200)

    def test_a_seat_left_alone_is_refused_with_ways_out(self):
        fan = self.fans[0]
        for seats, orphans in ((["A1-1-2"], ["A1-1-1"]), (["A1-1-4"], ["A1-1-5"]), (["A1-1-7"], ["A1-1-6"]),
                               (["A1-1-1", "A1-1-3"], ["A1-1-2"])):
            found = problem(self, fan.order({"seats": seats}), 409, "leaves-orphan", orphans=orphans)
            self.assertEqual(len(found["suggestions"]), len(seats))
            retry = fan.order({"seats": found["suggestions"]})
            self.assertEqual(retry.status, 201, retry)
            fan.call("DELETE", f"/orders/{retry.json['id']}")
        self.assertEqual(fan.order({"seats": ["S1-1-2"]}).status, 201)  # standing: no row to spoil

    def test_together_is_side_by_side_or_as_near_as_can_be(self):
        fan = self.fans[0]
        table = [({"zone": "A1", "quantity": 5, "together": True}, 201), ({"zone": "A1", "quantity": 6}, 201),
                 ({"zone": "A1", "quantity": 6, "together": True}, 409),
                 ({"zone": "A1", "quantity": 6, "together": "prefer"}, 201),
                 ({"category": "back", "quantity": 3, "together": True}, 201),
                 ({"category": "front", "quantity": 2, "together": False}, 201)]
        for body, status in table:
            with self.subTest(body=body):
                answer = fan.order(body)
                if status == 409:
                    problem(self, answer, 409, "not-enough-seats")
                    continue
                self.assertEqual(answer.status, status, answer)
                seats = answer.json["seats"]
                self.assertEqual(len({seat["id"] for seat in seats}), body["quantity"])
                if body.get("together") is True:
                    numbers = sorted(int(seat["number"]) for seat in seats)
                    self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
                    self.assertEqual(len({seat["row"] for seat in seats}), 1)
                if body.get("together") == "prefer":
                    self.assertIsInstance(answer.json["arrangement"], str)
                if "category" in body:
                    self.assertEqual({seat["price"]["amount"] for seat in seats},
                                     {80000 if body["category"] == "back" else 120000})
                fan.call("DELETE", f"/orders/{answer.json['id']}")

    def test_limits_count_over_all_orders_of_a_fan(self):
        fan = self.fans[0]
        ids = [fan.order({"zone": "S1", "quantity": n}).json["id"] for n in (3, 2)]
        problem(self, fan.order({"zone": "S1", "quantity": 2}), 409, "limit-reached")
        ids.append(fan.order({"zone": "S1", "quantity": 1}).json["id"])
        fan.call("DELETE", f"/orders/{ids[0]}")
        ids.append(fan.order({"zone": "S1", "quantity": 1}).json["id"])
        problem(self, fan.order({"zone": "S1", "quantity": 1}), 409, "limit-reached")  # three are open

    def test_a_recovery_code_brings_the_place_to_another_device(self):
        fan = self.fans[0]
        answer = fan.call("POST", "/queue/recovery")
        self.assertIn(answer.status, (200, 201))
        code = answer.json["code"]
        self.assertLessEqual(len(code), 24)
        other = Fan(self.server.port)
        for written in (code, code.lower(), code.replace("-", " ")):
            found = other.join({"recovery": written, "altcha": None})
            self.assertEqual((found.status, found.json["fan"]), (200, fan.fan), written)
            shape(self, found.json, {"token": str, **QUEUE})
        self.assertEqual(other.queue()["entry"], fan.queue()["entry"])
        self.assertEqual(Fan(self.server.port).join({"recovery": "AAAAA-AAAAA-AAAAA"}).status, 403)
        self.assertEqual(self.operator.call("DELETE", f"/fans/{fan.fan}/personal-data").status, 204)

    def test_a_webhook_without_a_good_signature_is_refused(self):
        problem(self, self.http.call("POST", "/api/v1/webhooks/sandbox", {"x": 1}), 400, "invalid-request")
        problem(self, self.http.call("POST", "/api/v1/webhooks/nobody", {"x": 1}), 404, "not-found")

    def test_metrics_are_in_the_text_format_of_prometheus(self):
        answer = self.http.call("GET", "/metrics")
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "text/plain")
        series, kinds, helps = {}, {}, set()
        line_form = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)')
        for line in answer.body.decode().splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, kinds)
                self.assertIn(kind, ("counter", "gauge", "histogram", "summary"))
                kinds[name] = kind
            elif line.startswith("# HELP "):
                name = line.split(" ")[2]
                self.assertNotIn(name, helps)
                helps.add(name)
            elif line:
                found = line_form.fullmatch(line)
                self.assertTrue(found, line)
                name, labels, value = found.groups()
                base = name if name in kinds else re.sub("_(bucket|sum|count)$", "", name)
                self.assertIn(base, kinds, line)
                self.assertNotIn((name, labels), series, line)
                series[name, labels] = float(value)
                self.assertTrue(kinds[base] != "counter" or name.endswith("_total"), line)
        self.assertTrue(all(name.startswith(("frontrow_", "process_")) for name in kinds), sorted(kinds))
        self.assertGreater(len(kinds), 10)
        self.assertFalse(any(self.fans[0].fan in (labels or "") for _, labels in series))


class Rates(unittest.TestCase):
    def refused(self, answers):
        limited = [answer for answer in answers if answer.status == 429]
        for answer in limited:
            problem(self, answer, 429, "rate-limited")
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
            self.assertEqual(answer.json["retry_after"], int(answer.headers["Retry-After"]))
        return len(limited)

    def test_requests_are_counted_by_token_or_address_over_all_threads(self):
        with Server(sets={**SALE, "guard.requests_per_second": 5, "http.threads": 4}) as server:
            fan = Fan(server.port)
            self.assertEqual(fan.join().status, 201)

            def calls(method, path, token=None, count=30):
                answers = []
                for _ in range(count):
                    http = Http(server.port)
                    answers.append(http.call(method, path, {} if method == "POST" else None, token=token))
                    http.close()
                return answers
            for path, token in (("/api/v1/round", None), ("/api/v1/nothing", None), ("/api/v1/queue", fan.token)):
                began = time.monotonic()
                answers = calls("GET", path, token)
                allowed = 5 + 5 * (time.monotonic() - began) + 1
                self.assertLessEqual(len(answers) - self.refused(answers), allowed, path)
            operator = Operator(server.port, server.operator_token)
            for method, path, token in (("GET", "/livez", None), ("GET", "/metrics", None),
                                        ("GET", "/admin/v1/status", operator.token),
                                        ("POST", "/api/v1/webhooks/sandbox", None)):
                self.assertEqual(self.refused(calls(method, path, token)), 0, path)

    def test_joins_are_counted_by_address_over_all_threads(self):
        with Server(sets={**SALE, "guard.joins_per_address_per_minute": 3, "http.threads": 4}) as server:
            answers = [Fan(server.port).join() for _ in range(12)]
            self.assertEqual([answer.status for answer in answers].count(201), 3)
            self.assertEqual(self.refused(answers), 9)
            self.assertEqual(Http(server.port).call("GET", "/api/v1/round").status, 200)


if __name__ == "__main__":
    unittest.main()
