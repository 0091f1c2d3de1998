"""A sold-out house, a waitlist of many kinds of wishes, and orders that are given back: every freed
seat goes to the first whom it suits, and nobody else ever sees it free.

Who should have got what is worked out here anew, from the journal (`frontrow log`, `frontrow
export`) and the rules of docs/seating.md, not from what the server says of the waitlist.

By hand, with three thousand on the waitlist and five hundred returns:

    FRONTROW_HOUSE=2000 FRONTROW_WAITERS=3000 FRONTROW_RETURNS=500 \
    FRONTROW_BINARY=build/frontrow FRONTROW_SOURCE_DIR=. PYTHONPATH=tests/whole \
    python3 -m unittest -v tests/whole/test_waitlist.py
"""

import base64
import bisect
import json
import os
import random
import shutil
import sqlite3
import tempfile
import threading
import unittest

from client import Http, Operator
from many_fans import ask_all, join_many, places_of, request
from server import Server, run, wait_until

HOUSE = int(os.environ.get("FRONTROW_HOUSE", "200"))
WAITERS = int(os.environ.get("FRONTROW_WAITERS", "120"))
RETURNS = int(os.environ.get("FRONTROW_RETURNS", "40"))
SEED = int(os.environ.get("FRONTROW_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)

ROW = 10
AISLE = 5  # seats before it
LIMIT = 4
OPEN_ORDERS = 4
BLOCKED = 5
LONG = 36_000  # Nothing runs out while the test lasts.


def venue_of(capacity):
    """Two seated zones, the second with a cheaper end of each row, and a standing one."""
    rows = capacity * 4 // 10 // ROW

    def row(label, y, end=None):
        seats = [[n + 1, 2 + n * 0.5 + (1 if n >= AISLE else 0), y] + (["", end] if end and n >= 7 else [])
                 for n in range(ROW)]
        return {"label": str(label), "breaks": [AISLE], "seats": seats}

    def seated(zone, category, top, end=None):
        return {"id": zone, "name": {"en": zone}, "kind": "seated", "category": category,
                "rows": [row(n + 1, top + n * 0.8, end) for n in range(rows)]}

    depth = rows * 0.8
    standing = capacity - 2 * rows * ROW
    return {
        "name": "A hall", "size": {"width": 12, "height": 8 + 2 * depth + standing * 0.06},
        "categories": [{"id": name, "name": {"en": name}} for name in ("front", "back", "end", "floor")],
        "zones": [
            seated("A", "front", 3), seated("B", "back", 4 + depth, "end"),
            {"id": "S", "name": {"en": "S"}, "kind": "standing", "category": "floor",
             "capacity": standing,
             "outline": [[1 + x, 6 + 2 * depth + y] for x, y in
                         ((0, 0), (10, 0), (10, standing * 0.06), (0, standing * 0.06))]},
        ],
    }


def round_of():
    return {
        "round": {"id": "waitlist", "title": {"en": "A round"}, "starts_at": "2099-02-13T19:00:00+07:00",
                  "time_zone": "Asia/Bangkok", "currency": "THB"},
        "venue": "venue.json",
        "prices": {"front": 120000, "back": 80000, "end": 60000, "floor": 50000},
        "sale": {"lobby_opens_at": "+0s", "draw_at": "+4s" if WAITERS < 1000 else "+12s",
                 "closes_at": "+20h", "max_seats_per_fan": LIMIT, "max_open_orders_per_fan": OPEN_ORDERS,
                 "hold_seconds": LONG, "payment_seconds": LONG, "waitlist_offer_seconds": LONG,
                 "returns_until": "2099-02-06T00:00:00+07:00"},
        "payment": {"gateway": "sandbox", "sandbox": {"delay_milliseconds": 5}},
        "http": {"tls": None},
    }


def wish_of(chance):
    """What one entry asks for: broad ones and narrow ones."""
    body = {"quantity": chance.choice([1, 1, 1, 2, 2, 3, 4]), "together": chance.random() < 0.5}
    kind = chance.random()
    if kind < 0.3:
        body["zones"] = chance.sample(["A", "B", "S"], chance.choice([1, 2]))
    elif kind < 0.6:
        body["categories"] = chance.sample(["front", "back", "end", "floor"], chance.choice([1, 2]))
    return body


class Watcher:
    """Looks at the availability as often as it can, as anybody may, and remembers what was free."""

    def __init__(self, port, venue):
        self.seats = {zone["id"]: [seat["id"] for row in zone["rows"] for seat in row["seats"]]
                      for zone in venue["zones"]}
        self.seen = set()
        self.looks = 0
        self.failure = None
        self.stopped = threading.Event()
        self.http = Http(port, tls=False)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        try:
            while not self.stopped.is_set():
                for zone in self.http.call("GET", "/api/v1/availability").json["zones"]:
                    bits = base64.b64decode(zone["bitmap"])
                    self.seen.update(seat for n, seat in enumerate(self.seats[zone["id"]])
                                     if bits[n // 8] >> n % 8 & 1)
                self.looks += 1
        except BaseException as failure:  # noqa: B036 - raised by `end`
            self.failure = failure

    def end(self):
        self.stopped.set()
        self.thread.join(30)
        if self.failure:
            raise self.failure
        return self.seen


class Rules:
    """The rules of docs/seating.md on freed seats, read anew: plain lists, every entry in its order."""

    def __init__(self, venue, ranks):
        self.ranks = ranks
        self.rows = []  # (standing, seats, how many of them come before each aisle)
        self.zone_of, self.category_of = {}, {}
        for zone in venue["zones"]:
            for row in zone["rows"]:
                names = [seat["id"] for seat in row["seats"]]
                self.rows.append((zone["kind"] == "standing", names, row.get("breaks", [])))
                for seat in row["seats"]:
                    self.zone_of[seat["id"]] = zone["id"]
                    self.category_of[seat["id"]] = seat.get("category", zone["category"])
        self.free = set(self.zone_of)
        self.entries = []  # ((group, order), fan, wish): in their order
        self.orders = {}  # id -> [fan, seats, open]
        self.had_turn = set()
        self.left_free = set()  # Seats that anybody could see free after the house was sold out.
        self.passed_over = {"unsuited": 0, "limit": 0}

    def counts(self, wish, seat):
        if wish["zones"]:
            return self.zone_of[seat] in wish["zones"]
        return not wish["categories"] or self.category_of[seat] in wish["categories"]

    def suits(self, wish, free):
        good = {seat for seat in free if self.counts(wish, seat)}
        if len(good) < wish["quantity"]:
            return False
        return not wish["together"] or self.side_by_side(wish, good)

    def side_by_side(self, wish, good):
        for standing, names, breaks in self.rows:
            length, last = 0, None
            for n, seat in enumerate(names):
                if seat not in good:
                    if not standing:
                        length = 0
                    continue
                if not standing:
                    other_price = wish["categories"] and self.category_of[seat] != last
                    if n in breaks or other_price:
                        length = 0
                    last = self.category_of[seat]
                length += 1
                if length == wish["quantity"]:
                    return True
        return False

    def within_limit(self, fan, quantity):
        mine = [order for order in self.orders.values() if order[0] == fan]
        return (sum(len(seats) for _, seats, _ in mine) + quantity <= LIMIT
                and sum(is_open for _, _, is_open in mine) < OPEN_ORDERS)

    def first_suited(self):
        for n, (_, fan, wish) in enumerate(self.entries):
            if not self.suits(wish, self.free):
                self.passed_over["unsuited"] += 1
            elif not self.within_limit(fan, wish["quantity"]):
                self.passed_over["limit"] += 1
            else:
                return n
        return None

    def join(self, sequence, fan, wish):
        assert not self.suits(wish, self.free), (fan, wish)
        place = (1, sequence) if fan in self.had_turn else (0, self.ranks[fan])
        bisect.insort(self.entries, (place, fan, wish), key=lambda entry: entry[0])


@unittest.skipUnless(HOUSE >= 100, "the house is too small")
class Waitlist(unittest.TestCase):
    def setUp(self):
        print(f"FRONTROW_SEED={SEED}", flush=True)
        self.chance = random.Random(SEED)
        self.files = tempfile.mkdtemp(prefix="frontrow-test-")
        self.addCleanup(shutil.rmtree, self.files, ignore_errors=True)
        for name, content in (("venue.json", venue_of(HOUSE)), ("round.json", round_of())):
            with open(os.path.join(self.files, name), "w") as file:
                json.dump(content, file)

    def ask(self, what, expected):
        """`what`: (method, path, fan, body) each."""
        return ask_all(self.server.port, [request(method, path, fan["token"], body)
                                          for method, path, fan, body in what], expected)

    def sell_out(self, blocked):
        """Every seat that is not blocked is sold: [(fan, order)]."""
        free = {}
        for zone in Http(self.server.port, tls=False).call("GET", "/api/v1/round").json["zones"]:
            free[zone["id"]] = zone["free"]
        self.assertEqual(sum(free.values()), HOUSE - len(blocked))
        parts = []
        for zone, count in free.items():
            while count > 0:
                part = min(self.chance.choice([1, 2, 2, 3, 4]), count)
                parts.append((zone, part))
                count -= part
        self.fans = join_many(self.server.port, len(parts) + WAITERS)
        self.operator.call("PUT", "/admission", {"max_shoppers": len(parts), "per_second": 100000,
                                                 "pinned": True})
        called = wait_until(lambda: self.called(len(parts)), seconds=60, what="the calls")
        self.ask([("POST", "/queue/enter", fan, None) for fan in called], 200)
        self.chance.shuffle(parts)
        orders = self.ask([("POST", "/orders", fan, {"zone": zone, "quantity": count, "together": "prefer"})
                           for fan, (zone, count) in zip(called, parts)], 201)
        self.ask([("POST", f"/orders/{order['id']}/payment", fan, {"method": "card", "token": "tok_ok"})
                  for fan, order in zip(called, orders)], 202)
        look = [("GET", f"/orders/{order['id']}", fan, None) for fan, order in zip(called, orders)]
        wait_until(lambda: all(order["state"] == "paid" for order in self.ask(look, 200)), what="payment")
        return list(zip(called, orders))

    def called(self, count):
        states = [place["state"] for place in places_of(self.server.port, self.fans)]
        called = [fan for fan, state in zip(self.fans, states) if state == "called"]
        return called if len(called) == count else None

    def wait_for_seats(self, sold):
        """Those in the line and some of those who have bought join the waitlist."""
        buyers = {id(fan) for fan, _ in sold}
        again = self.chance.sample([fan for fan, _ in sold], len(sold) // 4)
        self.ask([("DELETE", "/queue", fan, None) for fan in again[::2]], 204)
        waiting = [fan for fan in self.fans if id(fan) not in buyers] + again
        self.chance.shuffle(waiting)
        self.ask([("POST", "/waitlist", fan, wish_of(self.chance)) for fan in waiting], 201)
        # Some think better of it, and some of them of that.
        gone = self.chance.sample(waiting, len(waiting) // 10)
        self.ask([("DELETE", "/waitlist", fan, None) for fan in gone], 204)
        self.ask([("POST", "/waitlist", fan, wish_of(self.chance)) for fan in gone[::2]], 201)
        return waiting

    def test_freed_seats_go_to_the_first_whom_they_suit_and_are_never_seen_free(self):
        self.server = Server(config=os.path.join(self.files, "round.json"))
        with self.server:
            self.operator = Operator(self.server.port, self.server.operator_token, tls=False)
            venue = Http(self.server.port, tls=False).call("GET", "/api/v1/venue").json
            blocked = [seat["id"] for seat in venue["zones"][0]["rows"][0]["seats"][:BLOCKED]]
            self.assertEqual(self.operator.call("POST", "/seats/block", {
                "seats": blocked, "why": "production", "reason": "a camera"}).status, 200)
            sold = self.sell_out(blocked)
            waiting = self.wait_for_seats(sold)
            watcher = Watcher(self.server.port, venue)
            given_back = self.chance.sample(sold, min(RETURNS, len(sold)))
            by_operator = given_back[::10]
            half = len(given_back) // 2
            returns = [("POST", f"/orders/{order['id']}/return", fan, None)
                       for fan, order in given_back if (fan, order) not in by_operator]
            self.ask(returns[:half], 202)
            self.assertEqual(self.operator.call("POST", "/seats/unblock", {"seats": blocked}).status, 200)
            self.want_more(self.decline_some(waiting))
            self.ask(returns[half:], 202)
            for fan, order in by_operator:
                answer = self.operator.call("POST", f"/orders/{order['id']}/refund", {"reason": "ill"})
                self.assertEqual(answer.status, 202, answer)
            self.decline_some(waiting)
            seen = watcher.end()
            self.assertGreater(watcher.looks, 20)
            log, tables = self.journal()
            rules = self.read_anew(venue, log, tables)
            # A few seats may suit nobody; no others were seen.
            self.assertLessEqual(seen, rules.left_free)
            self.assertGreater(rules.passed_over["unsuited"], 0)
            self.assertGreater(rules.passed_over["limit"], 0)
            print(f"{len(returns)} returned, {len(by_operator)} refunded, {len(waiting)} on the waitlist, "
                  f"{rules.offers} offers, passed over {rules.passed_over}, {len(rules.left_free)} seats that "
                  f"suited nobody, {watcher.looks} looks at the availability", flush=True)
            self.assertGreater(rules.offers, len(given_back) // 3)
            code, out, err = run("replay", "--data", self.server.directory, "--json", timeout=120)
            self.assertEqual(code, 0, out + err)

    def decline_some(self, waiting):
        """Every third offer is declined, every other third is paid: by the fans that are returned."""
        lists = self.ask([("GET", "/orders", fan, None) for fan in waiting], 200)
        offers = [(fan, order["id"]) for fan, orders in zip(waiting, lists) for order in orders["orders"]
                  if order["origin"] == "waitlist" and order["state"] == "held"]
        self.ask([("DELETE", f"/orders/{order}", fan, None) for fan, order in offers[::3]], 204)
        paying = offers[1::3]
        self.ask([("POST", f"/orders/{order}/payment", fan, {"method": "card", "token": "tok_ok"})
                  for fan, order in paying], 202)
        look = [("GET", f"/orders/{order}", fan, None) for fan, order in paying]
        wait_until(lambda: all(order["state"] == "paid" for order in self.ask(look, 200)), what="payment")
        return [(fan, len(order["seats"])) for (fan, _), order in zip(paying, self.ask(look, 200))]

    def want_more(self, fans):
        """They join again where they stood, for one seat more than their limit leaves them."""
        http = Http(self.server.port, tls=False)
        for fan, seats in fans:
            answer = http.call("POST", "/api/v1/waitlist", {"quantity": LIMIT + 1 - seats}, token=fan["token"])
            self.assertIn(answer.status, (201, 409), answer)
            if answer.status == 409:
                self.assertEqual(answer.code, "waitlist-not-needed")

    def journal(self):
        code, out, err = run("log", "--data", self.server.directory, "--json", timeout=300)
        self.assertEqual(code, 0, err)
        path = os.path.join(self.files, "round.sqlite")
        code, _, err = run("export", "--data", self.server.directory, "--to", path, timeout=300)
        self.assertEqual(code, 0, err)
        with sqlite3.connect(path) as tables:
            ranks = dict(tables.execute("SELECT id, rank FROM fans"))
            orders = {}
            for order, fan, origin, created in tables.execute(
                    "SELECT id, fan, origin, created_at FROM orders"):
                orders[order] = {"fan": fan, "origin": origin, "created_at": created, "seats": []}
            for order, seat in tables.execute("SELECT order_id, seat FROM order_seats"):
                orders[order]["seats"].append(seat)
        return [json.loads(line) for line in out.splitlines()], (ranks, orders)

    def read_anew(self, venue, log, tables):
        ranks, orders = tables
        rules = Rules(venue, ranks)
        offers = sorted((order for order, its in orders.items() if its["origin"] == "waitlist"),
                        key=lambda order: int(order[1:]))
        rules.offers = len(offers)
        upcoming = iter(offers)
        sold_out = False
        for line in log:
            if line["outcome"] != "accepted":
                continue
            command, fan, order = line["command"], line.get("fan"), line.get("order")
            if command == "EnterShop":
                rules.had_turn.add(fan)
            elif command in ("PlaceHold", "PlaceBestHold"):
                rules.free -= set(orders[order]["seats"])
                rules.orders[order] = [fan, orders[order]["seats"], True]
                sold_out = sold_out or not rules.free
            elif command == "RecordPaymentSuccess":
                rules.orders[order][2] = False
            elif command == "BlockSeats":
                rules.free -= set(line["seats"])
            elif command == "JoinWaitlist":
                rules.join(line["sequence"], fan, {"zones": line["zones"], "categories": line.get("categories", []),
                                                   "quantity": line["quantity"], "together": line["together"]})
            elif command == "LeaveWaitlist":
                rules.entries = [entry for entry in rules.entries if entry[1] != fan]
            elif command in ("ReleaseOrder", "ReturnOrder", "RefundOrder"):
                rules.free |= set(rules.orders.pop(order)[1])
            elif command == "UnblockSeats":
                rules.free |= set(line["seats"])
            self.serve(rules, line, upcoming, orders)
            if sold_out:
                rules.left_free |= rules.free
        self.assertEqual(list(upcoming), [], "offers that nobody should have got")
        self.assertTrue(sold_out)
        return rules

    def serve(self, rules, line, upcoming, orders):
        """After each command: as long as seats are free that suit somebody, the first gets them."""
        if not rules.free:
            return
        while (n := rules.first_suited()) is not None:
            _, fan, wish = rules.entries.pop(n)
            order = next(upcoming, None)
            self.assertIsNotNone(order, (line, fan, wish))
            offer = orders[order]
            self.assertEqual(offer["fan"], fan, (line, wish, order, offer))
            self.assertEqual(offer["created_at"], line["time"])
            self.assertEqual(len(offer["seats"]), wish["quantity"])
            self.assertLessEqual(set(offer["seats"]), rules.free)
            self.assertTrue(rules.suits(wish, set(offer["seats"])), (wish, offer))
            rules.free -= set(offer["seats"])
            rules.orders[order] = [fan, offer["seats"], True]


if __name__ == "__main__":
    unittest.main()
