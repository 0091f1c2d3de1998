"""From joining to ticket, as a fan does it, and what the journal says of it afterwards."""

import json
import unittest

from client import Fan, Operator
from server import Server, run, wait_until
from steps import QUICK_SALE, enter, joined, order_in, shopping


class Walk(unittest.TestCase):
    def test_a_fan_joins_is_drawn_is_called_buys_and_gets_a_ticket(self):
        with Server(sets=QUICK_SALE) as server:
            fan = Fan(server.port)
            before = fan.call("GET", "/audit/draw").json
            view = fan.join().json
            self.assertEqual(view["state"], "lobby")
            self.assertIsNone(view["rank"])
            self.assertIsNone(view["ahead"])
            self.assertIsNone(view["eta_seconds"])
            called = wait_until(lambda: fan.queue() if fan.queue()["state"] == "called" else None)
            self.assertEqual(called["rank"], 1)
            self.assertTrue(called["enter_until"])
            entered = fan.call("POST", "/queue/enter")
            self.assertEqual(entered.status, 200, entered)
            self.assertEqual(fan.queue()["state"], "shopping")
            self.assertTrue(fan.queue()["shop_until"])

            venue = fan.call("GET", "/venue").json
            zone = next(z for z in venue["zones"] if z["kind"] == "seated")
            seats = [seat["id"] for seat in zone["rows"][0]["seats"][:2]]
            held = fan.order({"seats": seats})
            self.assertEqual(held.status, 201, held)
            order = held.json
            self.assertEqual(order["state"], "held")
            self.assertEqual([seat["id"] for seat in order["seats"]], seats)
            self.assertEqual(order["total"]["amount"], sum(s["price"]["amount"] for s in order["seats"]))
            early = fan.call("GET", f"/orders/{order['id']}/tickets")
            self.assertEqual((early.status, early.code), (409, "order-not-paid"))
            paying = fan.pay(order["id"])
            self.assertEqual(paying.status, 202, paying)
            self.assertEqual(paying.json["state"], "paying")
            paid = order_in(fan, order["id"], "paid")
            self.assertEqual(paid["payment"]["state"], "succeeded")
            tickets = fan.call("GET", f"/orders/{order['id']}/tickets").json["tickets"]
            self.assertEqual([ticket["seat"] for ticket in tickets], seats)
            self.assertEqual(len({ticket["code"] for ticket in tickets}), 2)
            self.assertEqual(tickets[0]["rotation"]["period_seconds"], 15)

            drawn = fan.call("GET", "/audit/draw").json
            self.assertEqual(drawn["commitment"], before["commitment"])
            self.assertNotIn("secret", {k for k, v in before.items() if v is not None})
            self.assertEqual(drawn["entries"][0]["entry"], view["entry"])

            status = Operator(server.port, server.operator_token).status()
            self.assertEqual(server.stop(), 0)
            code, out, error = run("replay", "--data", server.directory, "--json")
            self.assertEqual(code, 0, error)
            replayed = json.loads(out)
            self.assertEqual(replayed["seats"]["sold"], 2)
            self.assertEqual(replayed["orders"]["paid"], 1)
            self.assertEqual(len(status["state_hash"]), len(replayed["state_hash"]))

    def test_a_declined_payment_leaves_the_hold_and_another_card_pays_it(self):
        with Server(sets=QUICK_SALE) as server:
            (fan,) = shopping(server, 1)
            order = fan.order({"category": fan.call("GET", "/round").json["categories"][0]["id"],
                               "quantity": 1}).json
            fan.pay(order["id"], "tok_declined")
            held = order_in(fan, order["id"], "held")
            self.assertEqual(held["payment"]["state"], "failed")
            self.assertTrue(held["payment"]["failure_code"])
            fan.pay(order["id"], "tok_ok")
            order_in(fan, order["id"], "paid")

    def test_the_same_key_gives_the_same_order_also_after_a_restart(self):
        with Server(sets=QUICK_SALE) as server:
            (fan,) = shopping(server, 1)
            zone = fan.call("GET", "/round").json["zones"][0]["id"]
            body = {"zone": zone, "quantity": 1}
            first = fan.order(body, key="first-try")
            again = fan.order(body, key='"first-try"')
            self.assertEqual((first.status, again.status), (201, 201))
            self.assertEqual(first.json["id"], again.json["id"])
            other = fan.order({"zone": zone, "quantity": 2}, key="first-try")
            self.assertEqual((other.status, other.code), (422, "idempotency-key-reused"))
            server.kill()
            fan.http.close()
            server.start()
            after = fan.order(body, key="first-try")
            self.assertEqual((after.status, after.json["id"]), (201, first.json["id"]))
            self.assertEqual(len(fan.call("GET", "/orders").json["orders"]), 1)

    def test_a_return_gives_the_seats_to_the_waitlist_first(self):
        sets = {**QUICK_SALE, "sale.max_seats_per_fan": 60, "sale.returns_until": "+1h"}
        with Server(sets=sets) as server:
            buyer, waiting = shopping(server, 2)
            totals = buyer.call("GET", "/round").json
            orders = []
            for zone in totals["zones"]:
                answer = buyer.order({"zone": zone["id"], "quantity": zone["free"]})
                self.assertEqual(answer.status, 201, answer)
                orders.append(answer.json["id"])
            for order in orders:
                buyer.pay(order)
            for order in orders:
                order_in(buyer, order, "paid")
            wait_until(lambda: buyer.call("GET", "/round").json["phase"] == "soldout")
            entry = waiting.call("POST", "/waitlist", {"zones": [], "quantity": 1, "together": False}, key="w")
            self.assertEqual(entry.status, 201, entry)
            self.assertEqual((entry.json["place"], entry.json["ahead"]), (1, 0))
            back = buyer.call("POST", f"/orders/{orders[0]}/return", {}, key="r")
            self.assertEqual((back.status, back.json["state"]), (202, "refunding"))
            offer = wait_until(lambda: waiting.call("GET", "/orders").json["orders"])[0]
            self.assertEqual((offer["origin"], offer["state"]), ("waitlist", "held"))
            waiting.pay(offer["id"])
            order_in(waiting, offer["id"], "paid")
            order_in(buyer, orders[0], "refunded")

    def test_a_fan_who_leaves_or_comes_late_is_told_so(self):
        with Server(sets=QUICK_SALE) as server:
            first, second = joined(server, 2)
            self.assertEqual(first.call("DELETE", "/queue").status, 204)
            self.assertEqual(first.queue()["state"], "left")
            enter(second)
            late = Fan(server.port)
            view = late.join().json
            self.assertEqual((view["state"], view["rank"]), ("waiting", None))
            enter(late)
            self.assertEqual(late.queue()["rank"], 3)


if __name__ == "__main__":
    unittest.main()
