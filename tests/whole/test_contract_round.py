"""The outside contract, sections 3, 4 and 6, as a stranger reads it: the round's life, its
operators, its deadlines and its draw."""

import hashlib
import unittest

from client import Fan, Http, Operator
from contract import SALE, consistent, mac, order_of, problem, root_of, sha256, shape, solve
from server import Server, wait_until
from steps import enter, joined, order_in, shopping

ROLES = ("viewer", "operator", "admin")
OPERATORS = [{"name": role, "role": role, "token_sha256": hashlib.sha256(role.encode()).hexdigest()} for role in ROLES]


def phase_of(server):
    return Http(server.port).call("GET", "/api/v1/round").json["phase"]


class Operators(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(sets={**SALE, "operators": OPERATORS, "admission.max_shoppers": 100})
        cls.server.start()
        cls.fans = shopping(cls.server, 4)

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def setUp(self):
        self.viewer, self.operator, self.admin = (Operator(self.server.port, role) for role in ROLES)

    def test_each_role_may_do_its_part(self):
        order = self.fans[0].order({"zone": "S1", "quantity": 1}).json["id"]
        fan = self.fans[3].fan
        # Bodies that are refused: who may not is told so first, who may is told what is wrong.
        table = [("GET", "/status", 0), ("GET", "/orders", 0), ("POST", "/phase", 1), ("PUT", "/schedule", 1),
                 ("POST", "/beacon", 1), ("PUT", "/admission", 1), ("POST", "/seats/block", 1),
                 ("POST", "/seats/unblock", 1), ("POST", "/notice", 1), ("POST", f"/fans/{fan}/ban", 2),
                 ("POST", f"/fans/{fan}/unban", 2), ("DELETE", f"/fans/{fan}/personal-data", 2),
                 ("POST", f"/orders/{order}/refund", 2)]
        for method, path, least in table:
            for n, operator in enumerate((self.viewer, self.operator, self.admin)):
                with self.subTest(path=path, role=ROLES[n]):
                    answer = operator.call(method, path, None if method == "GET" else {"nonsense": 1})
                    if n < least:
                        problem(self, answer, 403, "forbidden")
                    elif method == "GET":
                        self.assertEqual(answer.status, 200)
                    else:
                        problem(self, answer, 400, "invalid-request")
            http = Http(self.server.port)
            for token in (None, "nobody", self.fans[0].token):
                problem(self, http.call(method, "/admin/v1" + path, token=token), 401, "unauthenticated")
            http.close()
        problem(self, Http(self.server.port).call("GET", "/api/v1/queue", token="admin"), 401, "unauthenticated")
        self.assertEqual(self.fans[0].call("DELETE", f"/orders/{order}").status, 204)

    def test_blocks_are_whole_or_not_at_all(self):
        fan = self.fans[1]
        order = fan.order({"seats": ["A1-1-1", "A1-1-2"]}).json["id"]
        before = consistent(self, self.server.port)["totals"]
        found = problem(self, self.operator.call("POST", "/seats/block", {"seats": ["A1-2-1", "A1-1-2", "A1-2-2"]}),
                        409, "seats-unavailable")
        self.assertEqual(found["seats"], ["A1-1-2"])
        self.assertEqual(consistent(self, self.server.port)["totals"], before)
        problem(self, self.operator.call("POST", "/seats/block", {"seats": ["Z9-1-1"]}), 404, "unknown-seat")
        for body in ({"seats": []}, {"seats": ["A1-2-1", "A1-2-1"]}, {}):
            problem(self, self.operator.call("POST", "/seats/block", body), 400, "invalid-request")
        self.assertEqual(self.operator.call("POST", "/seats/block", {"seats": ["A1-2-1", "A1-2-2"]}).status, 200)
        wait_until(lambda: consistent(self, self.server.port)["totals"]["blocked"] == 2)
        problem(self, fan.order({"seats": ["A1-2-2"]}), 409, "seats-unavailable", seats=["A1-2-2"])
        self.assertEqual(self.operator.call("POST", "/seats/unblock", {"seats": ["A1-2-1", "A1-2-2"]}).status, 200)
        wait_until(lambda: consistent(self, self.server.port)["totals"] == before)
        fan.call("DELETE", f"/orders/{order}")

    def test_operators_find_orders_and_give_the_money_back(self):
        fan = self.fans[2]
        order = fan.order({"seats": ["S1-1-1"]}).json["id"]
        problem(self, self.admin.call("POST", f"/orders/{order}/refund", {"reason": "x"}), 409, "order-not-paid")
        problem(self, self.admin.call("POST", "/orders/o999/refund", {"reason": "x"}), 404, "not-found")
        fan.pay(order)
        order_in(fan, order, "paid")
        for query in (f"seat=S1-1-1&fan={fan.fan}&state=paid", "seat=S1-1-1", f"fan={fan.fan}"):
            found = self.viewer.call("GET", f"/orders?{query}").json["orders"]
            self.assertIn(order, [one["id"] for one in found], query)
        self.assertEqual(self.viewer.call("GET", "/orders?state=refunded&seat=S1-1-1").json["orders"], [])
        problem(self, self.viewer.call("GET", "/orders?state=lost"), 400, "invalid-request")
        problem(self, self.viewer.call("GET", "/orders?seat=Z9"), 404, "unknown-seat")
        self.assertLess(self.admin.call("POST", f"/orders/{order}/refund", {"reason": "asked"}).status, 300)
        order_in(fan, order, "refunded")

    def test_a_ban_releases_and_forbids_and_an_unban_lets_read_and_change_again(self):
        (fan,) = joined(self.server, 1)
        enter(fan)
        held = fan.order({"zone": "S1", "quantity": 1}, key="h").json["id"]
        paid = fan.order({"zone": "S1", "quantity": 1}).json["id"]
        fan.pay(paid)
        order_in(fan, paid, "paid")
        problem(self, self.admin.call("POST", "/fans/f9999/ban", {"reason": "x"}), 404, "not-found")
        self.assertEqual(self.admin.call("POST", f"/fans/{fan.fan}/ban", {"reason": "bot"}).status, 200)
        self.assertEqual(fan.get_order(held).json["state"], "released")
        self.assertEqual(len(fan.get_order(held).json["seats"]), 1)
        self.assertEqual(fan.get_order(paid).json["state"], "paid")
        self.assertEqual(fan.queue()["state"], "banned")
        for path in ("/orders", f"/orders/{paid}", f"/orders/{paid}/tickets"):
            self.assertEqual(fan.call("GET", path).status, 200, path)
        for method, path in (("POST", "/orders"), ("DELETE", "/queue"), ("POST", "/queue/enter"),
                             ("POST", "/waitlist"), ("DELETE", "/waitlist"), ("POST", "/queue/recovery"),
                             ("DELETE", f"/orders/{paid}"), ("POST", f"/orders/{paid}/return"),
                             ("POST", f"/orders/{paid}/payment")):
            problem(self, fan.call(method, path, {"nonsense": 1}), 403, "banned")
        self.assertEqual(self.admin.call("POST", f"/fans/{fan.fan}/unban", {"reason": "sorry"}).status, 200)
        self.assertEqual(fan.queue()["state"], "ended")
        problem(self, fan.order({"zone": "S1", "quantity": 1}), 403, "not-shopping")

    def test_admission_can_be_narrowed_and_a_full_shop_keeps_the_call(self):
        (fan,) = joined(self.server, 1)
        view = wait_until(lambda: (lambda v: v if v["state"] == "called" else None)(fan.queue()))
        inside = Http(self.server.port).call("GET", "/api/v1/round").json["totals"]["shopping"]
        for body in ({"max_shoppers": -1}, {"max_shoppers": "1"}, {"per_second": 1.5}, {"other": 1}):
            problem(self, self.operator.call("PUT", "/admission", body), 400, "invalid-request")
        self.assertEqual(self.operator.call("PUT", "/admission", {"max_shoppers": inside, "per_second": None}).status,
                         200)
        try:
            problem(self, fan.call("POST", "/queue/enter"), 409, "shop-full")
            after = fan.queue()
            self.assertEqual(after["state"], "called")
            self.assertGreater(after["enter_until"], view["enter_until"])
        finally:
            self.operator.call("PUT", "/admission", {"max_shoppers": 100})
        self.assertEqual(fan.call("POST", "/queue/enter").status, 200)
        problem(self, fan.call("POST", "/queue/enter"), 409, "not-called")
        self.assertEqual(fan.call("DELETE", "/queue").status, 204)
        self.assertEqual(fan.queue()["state"], "ended")

    def test_what_comes_too_late_is_refused(self):
        later = "2027-01-01T00:00:00Z"
        for body in ({"draw_at": later}, {"lobby_opens_at": later}):
            self.assertEqual(self.operator.call("PUT", "/schedule", body).status, 409)
        problem(self, self.operator.call("PUT", "/schedule", {"draw_at": "soon"}), 400, "invalid-request",
                path="draw_at")
        for body in ({"phase": "soldout"}, {"phase": None}, {"phase": "paused", "more": 1}):
            problem(self, self.operator.call("POST", "/phase", body), 400, "invalid-request")
        for body in ({"text": "x"}, {"text": {}}, {"text": {"en": ""}}):
            problem(self, self.operator.call("POST", "/notice", body), 400, "invalid-request")


class Life(unittest.TestCase):
    def test_scheduled_then_lobby_and_a_schedule_that_only_moves_later(self):
        with Server(sets={**SALE, "sale.lobby_opens_at": "+1h", "sale.draw_at": "+2h", "sale.closes_at": "+3h"}) as s:
            operator = Operator(s.port, s.operator_token)
            self.assertEqual(phase_of(s), "scheduled")
            problem(self, Fan(s.port).join(), 409, "lobby-not-open")
            before = Http(s.port).call("GET", "/api/v1/round").json
            for body in ({"draw_at": before["lobby_opens_at"]}, {"closes_at": before["draw_at"]},
                         {"lobby_opens_at": before["now"]}, {"draw_at": "2099-01-01T00:00:00Z"}):
                self.assertEqual(operator.call("PUT", "/schedule", body).status, 409, body)
            self.assertEqual(operator.call("PUT", "/schedule", {"closes_at": "2027-02-13T10:00:00+07:00"}).status, 200)
            wait_until(lambda: Http(s.port).call("GET", "/api/v1/round").json["closes_at"][:19] ==
                       "2027-02-13T03:00:00")
            operator.call("POST", "/phase", {"phase": "closed"})
            problem(self, Fan(s.port).join(), 409, "round-closed")

    def test_paused_stops_orders_and_calls_and_every_deadline_but_nothing_else(self):
        with Server(sets={**SALE, "sale.hold_seconds": 2, "admission.enter_seconds": 2, "sale.returns_until": "+1h",
                          "admission.per_second": 1000}) as server:
            operator = Operator(server.port, server.operator_token)
            fan, payer, called = joined(server, 3)
            wait_until(lambda: all(one.queue()["state"] == "called" for one in (fan, payer, called)))
            enter(fan)
            enter(payer)
            order = fan.order({"zone": "S1", "quantity": 1}).json
            mine = payer.order({"zone": "S1", "quantity": 1}).json
            self.assertEqual(operator.call("POST", "/phase", {"phase": "paused"}).status, 200)
            wait_until(lambda: phase_of(server) == "paused")
            (late,) = joined(server, 1)
            problem(self, fan.order({"zone": "S1", "quantity": 1}), 409, "round-paused")
            self.assertEqual(payer.pay(mine["id"]).status, 202)
            order_in(payer, mine["id"], "paid")
            self.assertEqual(called.call("POST", "/queue/enter").status, 200)
            wait_until(lambda: late.queue()["rank"] == 4)  # the late window closes by the clock
            wait_until(lambda: Http(server.port).call("GET", "/api/v1/round").json["now"] > order["held_until"])
            self.assertEqual(fan.get_order(order["id"]).json["state"], "held")
            self.assertEqual(late.queue()["state"], "waiting")
            self.assertEqual(called.call("DELETE", "/queue").status, 204)
            self.assertEqual(operator.call("POST", "/phase", {"phase": "onsale"}).status, 200)
            wait_until(lambda: late.queue()["state"] == "called")
            order_in(fan, order["id"], "expired")

    def test_soldout_and_back_and_closed(self):
        with Server(sets={**SALE, "sale.max_seats_per_fan": 60, "sale.returns_until": "+1h",
                          "sale.waitlist_offer_seconds": 1}) as server:
            operator = Operator(server.port, server.operator_token)
            buyer, *waiting = shopping(server, 5)
            problem(self, waiting[0].call("GET", "/waitlist"), 404, waiting[0].call("GET", "/waitlist").code)
            orders = [buyer.order({"zone": zone, "quantity": n}).json["id"] for zone, n in (("A1", 40), ("S1", 19))]
            last = buyer.order({"zone": "S1", "quantity": 1}).json["id"]
            self.assertEqual(phase_of(server), "onsale")
            for order in orders:
                buyer.pay(order)
            for order in orders:
                order_in(buyer, order, "paid")
            self.assertEqual(phase_of(server), "onsale")  # one is held
            for n, fan in enumerate(waiting[:3]):
                answer = fan.call("POST", "/waitlist", {"zones": ["S1"] if n else [], "quantity": 1 if n else 2,
                                                        "together": False}, key="w")
                self.assertEqual((answer.status, answer.json["place"], answer.json["ahead"]), (201, n + 1, n))
                self.assertEqual(fan.call("GET", "/waitlist").json["place"], n + 1)
                self.assertEqual(fan.call("POST", "/waitlist", {"zones": ["S1"] if n else [], "quantity":
                                 1 if n else 2, "together": False}, key="w").status, 201)
            # One seat: the first wants two and keeps the place; the second gets it, and passes it on.
            self.assertEqual(buyer.call("DELETE", f"/orders/{last}").status, 204)
            offer = wait_until(lambda: waiting[1].call("GET", "/orders").json["orders"])[0]
            self.assertEqual((offer["origin"], offer["state"]), ("waitlist", "held"))
            self.assertEqual(waiting[0].call("GET", "/waitlist").json["ahead"], 0)
            self.assertEqual(waiting[1].call("DELETE", f"/orders/{offer['id']}").status, 204)
            passed_on = waiting[2].call("GET", "/orders").json["orders"][0]
            self.assertEqual(passed_on["seats"], offer["seats"])
            order_in(waiting[2], passed_on["id"], "expired")
            wait_until(lambda: phase_of(server) == "onsale")
            self.assertEqual(waiting[0].call("DELETE", "/waitlist").status, 204)
            self.assertEqual(waiting[0].call("GET", "/waitlist").status, 404)
            final = waiting[3].order({"zone": "S1", "quantity": 1}).json["id"]
            waiting[3].pay(final)
            order_in(waiting[3], final, "paid")
            wait_until(lambda: phase_of(server) == "soldout")
            waiting[3].call("POST", f"/orders/{final}/return")
            wait_until(lambda: phase_of(server) == "onsale")
            self.assertEqual(consistent(self, server.port)["totals"]["free"], 1)
            keep = waiting[3].order({"zone": "S1", "quantity": 1}).json["id"]
            self.assertEqual(operator.call("POST", "/phase", {"phase": "closed"}).status, 200)
            wait_until(lambda: phase_of(server) == "closed")
            problem(self, Fan(server.port).join(), 409, "round-closed")
            problem(self, waiting[3].order({"zone": "S1", "quantity": 1}), 409, "round-closed")
            self.assertEqual(waiting[3].pay(keep).status, 202)
            order_in(waiting[3], keep, "paid")
            late = Http(server.port).call("GET", "/api/v1/audit/late").json
            draw = Http(server.port).call("GET", "/api/v1/audit/draw").json
            self.assertEqual(sha256(bytes.fromhex(late["late_secret"])).hex(), draw["late_commitment"])

    def test_holds_payments_and_turns_run_out(self):
        with Server(sets={**SALE, "sale.hold_seconds": 1, "sale.payment_seconds": 2, "sale.returns_until": "+0s",
                          "admission.shopping_seconds": 3, "admission.enter_seconds": 1,
                          "admission.missed_turn_places": 1}) as server:
            fan, absent = joined(server, 2)
            enter(fan)
            self.assertTrue(fan.queue()["shop_until"])
            order = fan.order({"zone": "S1", "quantity": 2}).json["id"]
            slow = fan.order({"zone": "S1", "quantity": 1}).json["id"]
            paying = fan.pay(slow, "tok_never")
            self.assertEqual(paying.json["payment"]["state"], "pending")
            expired = order_in(fan, order, "expired")
            self.assertEqual((len(expired["seats"]), expired["held_until"]), (2, None))
            problem(self, fan.pay(order), 409, "order-not-payable")
            problem(self, fan.call("DELETE", f"/orders/{order}"), 409, "order-not-held")
            bought = fan.order({"zone": "S1", "quantity": 1}).json["id"]
            declined = fan.order({"zone": "S1", "quantity": 1}).json["id"]
            fan.pay(bought)
            fan.pay(declined, "tok_declined")
            order_in(fan, bought, "paid")
            left = order_in(fan, declined, "held")
            self.assertGreater(left["held_until"], paying.json["held_until"])  # at least a minute
            problem(self, fan.call("POST", f"/orders/{bought}/return"), 409, "return-closed")
            cancelled = order_in(fan, slow, "expired")
            self.assertEqual(cancelled["payment"]["state"], "failed")
            fan.call("DELETE", f"/orders/{declined}")
            wait_until(lambda: consistent(self, server.port)["totals"]["free"] == 59)
            wait_until(lambda: absent.queue()["state"] == "missed")
            wait_until(lambda: fan.queue()["state"] == "ended")
            self.assertIsNone(fan.queue()["ahead"])
            problem(self, fan.order({"zone": "S1", "quantity": 1}), 403, "not-shopping")

    def test_operators_apart_and_plain_http(self):
        apart = Server()
        port = apart.port
        with Server(sets={**SALE, "http.operator_listen": f"127.0.0.1:{port}", "http.tls": None}) as server:
            fans, operators = Http(server.port, tls=False), Http(port, tls=False)
            token = server.operator_token
            for path, here, there in (("/admin/v1/status", 404, 200), ("/metrics", 404, 200),
                                      ("/api/v1/round", 200, 404), ("/readyz", 200, 200)):
                self.assertEqual(fans.call("GET", path, token=token).status, here, path)
                self.assertEqual(operators.call("GET", path, token=token).status, there, path)


class Joining(unittest.TestCase):
    def test_a_proof_makes_one_place_and_its_key_finds_it_again(self):
        with Server(sets={**SALE, "guard.proof_of_work.enabled": True, "guard.proof_of_work.cost": 2}) as server:
            fan = Fan(server.port)

            def proof():
                return solve(fan.call("GET", "/challenge").json)
            refused = [{}, {"altcha": "nonsense"}, {"altcha": None}]
            for body in refused:
                problem(self, fan.join(body), 403, "proof-of-work-failed")
            body = {"altcha": proof()}
            first = Fan(server.port)
            answer = first.join(body, key="mine")
            self.assertEqual(answer.status, 201, answer)
            shape(self, answer.json, {"token": str, "fan": str, "state": str, "entry": str, "waiting": int,
                                      "rank": None, "ahead": None, "eta_seconds": None, "enter_until": None,
                                      "shop_until": None})
            keyless = {"altcha": proof()}
            self.assertEqual(Fan(server.port).call("POST", "/queue", keyless).status, 201)

            def repeats():
                for key in ("mine", '"mine"'):
                    again = Fan(server.port).join(body, key=key)
                    self.assertEqual((again.status, again.json["fan"]), (201, first.fan), again)
                for key in ("other", None):
                    problem(self, Fan(server.port).call("POST", "/queue", body, key=key), 403, "proof-of-work-failed")
                problem(self, Fan(server.port).call("POST", "/queue", keyless), 403, "proof-of-work-failed")
            repeats()
            mine_too = Fan(server.port)  # the key belongs to the proof: another proof, another place
            self.assertEqual(mine_too.join({"altcha": proof()}, key="mine").status, 201)
            self.assertNotEqual(mine_too.fan, first.fan)
            server.kill()
            server.start()
            fan.http.close()
            first.http.close()
            repeats()
            self.assertEqual(first.queue()["entry"], answer.json["entry"])

    def test_without_proofs_the_key_alone_finds_the_place(self):
        with Server(sets=SALE) as server:
            one, two, other = Fan(server.port), Fan(server.port), Fan(server.port)
            self.assertEqual([fan.join({}, key=key).status for fan, key in
                              ((one, "a"), (two, '"a"'), (other, "b"))], [201, 201, 201])
            self.assertEqual(one.fan, two.fan)
            self.assertNotEqual(one.fan, other.fan)
            keyless = [Fan(server.port).call("POST", "/queue", {}).json["fan"] for _ in range(2)]
            self.assertNotEqual(*keyless)


class Draw(unittest.TestCase):
    BEACON = {"chain": "ab" * 32, "round": 123, "url": "", "wait_seconds": 3600}

    def test_the_draw_and_the_late_windows_by_hand(self):
        with Server(sets={**SALE, "admission.max_shoppers": 1}) as server:
            http = Http(server.port)
            before = http.call("GET", "/api/v1/audit/draw")
            shape(self, before.json, {"algorithm": str, "commitment": str, "late_commitment": str, "beacon_round": None})
            self.assertFalse({"lobby_root", "count", "secret", "seed", "entries", "beacon"} & set(before.json))
            fans = joined(server, 5)
            self.assertEqual(fans[4].call("DELETE", "/queue").status, 204)
            wait_until(lambda: all(fan.queue()["rank"] for fan in fans))
            answer = http.call("GET", "/api/v1/audit/draw", headers={"If-None-Match": before.headers["ETag"]})
            self.assertEqual(answer.status, 200)
            self.assertEqual(http.call("GET", "/api/v1/audit/draw",
                                       headers={"If-None-Match": answer.headers["ETag"]}).status, 304)
            self.assertIn("max-age", answer.headers["Cache-Control"])
            draw = answer.json
            secret = bytes.fromhex(draw["secret"])
            self.assertEqual(draw["commitment"], before.json["commitment"])
            self.assertEqual(sha256(secret).hex(), draw["commitment"])
            root = root_of(draw["entries"])
            self.assertEqual((root.hex(), 5), (draw["lobby_root"], draw["count"]))
            seed = sha256(b"frontrow/draw/v1\0", secret, root, bytes.fromhex(draw["beacon"]))
            self.assertEqual((seed.hex(), draw["beacon"]), (draw["seed"], ""))
            self.assertEqual(order_of(draw["entries"], seed), [one["entry"] for one in draw["entries"]])
            self.assertEqual([one["rank"] for one in draw["entries"]], [1, 2, 3, 4, 5])
            ranks = {one["entry"]: one["rank"] for one in draw["entries"]}
            for fan in fans:
                self.assertEqual(ranks[fan.queue()["entry"]], fan.queue()["rank"])
            late = joined(server, 4)
            wait_until(lambda: all(fan.queue()["rank"] for fan in late))
            answer = http.call("GET", "/api/v1/audit/late")
            self.assertNotIn("late_secret", answer.json)
            rank = 5
            for window in answer.json["windows"]:
                n = window["n"].to_bytes(8, "big")
                root = root_of(window["entries"])
                self.assertEqual(root.hex(), window["window_root"])
                seed = sha256(b"frontrow/late/v1\0", n, bytes.fromhex(window["window_secret"]), root,
                              bytes.fromhex(window["beacon"]))
                self.assertEqual(seed.hex(), window["seed"])
                self.assertEqual(order_of(window["entries"], seed), [one["entry"] for one in window["entries"]])
                for one in window["entries"]:
                    rank += 1
                    self.assertEqual(one["rank"], rank)
            self.assertEqual(rank, 9)
            views = sorted((fan.queue() for fan in fans[:4] + late), key=lambda view: view["rank"])
            self.assertEqual([view["state"] for view in views], ["called"] + ["waiting"] * 7)
            self.assertEqual([view["ahead"] for view in views], [0] + list(range(0, 7)))
            Operator(server.port, server.operator_token).call("POST", "/phase", {"phase": "closed"})
            wait_until(lambda: "late_secret" in http.call("GET", "/api/v1/audit/late").json)
            closed = http.call("GET", "/api/v1/audit/late").json
            for window in closed["windows"]:
                self.assertEqual(mac(bytes.fromhex(closed["late_secret"]), window["n"].to_bytes(8, "big")).hex(),
                                 window["window_secret"])

    def test_a_beacon_is_taken_between_the_root_and_the_draw_and_only_the_right_one(self):
        with Server(sets={**SALE, "sale.draw_at": "+2s", "draw.beacon": self.BEACON}) as server:
            http, operator = Http(server.port), Operator(server.port, server.operator_token)
            joined(server, 3)
            signature = b"s" * 48
            good = {"round": 123, "randomness": sha256(signature).hex(), "signature": signature.hex()}
            self.assertEqual(http.call("GET", "/api/v1/audit/draw").json["beacon_round"], 123)
            problem(self, operator.call("POST", "/beacon", good), 409, "beacon-too-early")
            wait_until(lambda: "lobby_root" in http.call("GET", "/api/v1/audit/draw").json)
            rooted = http.call("GET", "/api/v1/audit/draw").json
            self.assertEqual(rooted["count"], 3)
            self.assertFalse({"secret", "seed", "entries"} & set(rooted))
            for wrong, status in (({"round": 124}, 409), ({"randomness": "00" * 32}, 409), ({"signature": "00"}, 409),
                                  ({"randomness": "zz"}, 400), ({"signature": None}, 400), ({"round": "123"}, 400)):
                self.assertEqual(operator.call("POST", "/beacon", {**good, **wrong}).status, status, wrong)
            self.assertEqual(phase_of(server), "lobby")
            self.assertEqual(operator.call("POST", "/beacon", good).status, 200)
            wait_until(lambda: "seed" in http.call("GET", "/api/v1/audit/draw").json)
            draw = http.call("GET", "/api/v1/audit/draw").json
            self.assertEqual((draw["beacon"], draw["beacon_signature"]), (good["randomness"], good["signature"]))
            self.assertEqual(draw["lobby_root"], rooted["lobby_root"])
            seed = sha256(b"frontrow/draw/v1\0", bytes.fromhex(draw["secret"]), root_of(draw["entries"]),
                          bytes.fromhex(draw["beacon"]))
            self.assertEqual(seed.hex(), draw["seed"])
            self.assertEqual(order_of(draw["entries"], seed), [one["entry"] for one in draw["entries"]])
            wait_until(lambda: phase_of(server) == "onsale")


if __name__ == "__main__":
    unittest.main()
