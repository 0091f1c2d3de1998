"""Venues: a pretix plan is imported, checked, drawn and sold out; bad ones are refused by name;
another plan for a round that has begun is refused, naming the seats that it would drop."""

import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import pretix_plans
from server import BINARY, SOURCE, Server, run, wait_until
from steps import QUICK_SALE, order_in, shopping

SVG = "{http://www.w3.org/2000/svg}"
PRICES = {"main-stand": 100000, "side": 50000, "box-vip": 300000}
# What a refusal may take: far less than the file that is refused would as values.
REFUSAL_BYTES_MAX = 1_500 * 1024 * 1024


def round_file(venue, prices):
    return {"round": {"id": "stadium", "title": {"en": "A match"}, "starts_at": "2099-02-13T19:00:00+07:00",
                      "time_zone": "Asia/Bangkok", "currency": "THB"},
            "venue": venue, "prices": prices, "payment": {"gateway": "sandbox"}}


class InDirectory(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="frontrow-venue-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, value):
        with open(self.path(name), "w", encoding="utf-8") as file:
            json.dump(value, file)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return json.load(file)

    def imported(self, plan, *more):
        self.write("plan.json", plan)
        return run("venue", "import", "--from", "pretix", "--in", self.path("plan.json"),
                   "--out", self.path("venue.json"), *more)


class Import(InDirectory):
    def test_a_plan_with_repeated_guids_is_refused_and_every_one_of_them_is_listed(self):
        plan = pretix_plans.with_repeated_guids()
        code, out, err = self.imported(plan)
        self.assertEqual((code, out), (1, ""))
        named = re.findall(r'^plan\.json: zones\[\d+\]\.rows\[\d+\]\.seats\[\d+\]: the seat_guid "(.+?)" is given',
                           err, re.MULTILINE)
        guids = [seat["seat_guid"] for seat in pretix_plans.seats_of(plan)]
        self.assertEqual(len(set(guids)), pretix_plans.DISTINCT_GUIDS)
        self.assertEqual(sorted(named), sorted({guid for guid in guids if guids.count(guid) > 1}))
        self.assertFalse(os.path.exists(self.path("venue.json")))

    def test_a_clean_plan_is_imported_checked_drawn_and_sold_out_by_a_crowd(self):
        code, out, err = self.imported(pretix_plans.clean(), "--stage", ",".join(map(str, pretix_plans.STAGE)))
        self.assertEqual(code, 0, err)
        self.assertEqual(len(out.splitlines()), 1)
        self.assertIn("738 places in 5 zones, 3 categories", out)
        for key in PRICES:
            self.assertIn(f'"{key}"', out)

        config = self.write("round.json", round_file("venue.json", PRICES))
        code, out, err = run("check", "--config", config)
        self.assertEqual(code, 0, err)
        self.assertIn("738 places in 5 zones", out)

        code, out, err = run("venue", "render", "--in", self.path("venue.json"), "--out", self.path("plan.svg"))
        self.assertEqual(code, 0, err)
        picture = ElementTree.parse(self.path("plan.svg")).getroot()
        self.assertEqual(len(picture.findall(f".//{SVG}g[@class='zone']")), 5)
        self.assertEqual(len(picture.findall(f".//{SVG}g[@class='zone']//{SVG}circle")), pretix_plans.SEATS)
        words = ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
        for word in ("STAGE", "north-stand", "west-stand", "Main Stand: 510", "Box / VIP: 8"):
            self.assertIn(word, words)

        sets = {**QUICK_SALE, "sale.draw_at": "+5s", "sale.hold_seconds": 5, "sale.payment_seconds": 5,
                "guard.proof_of_work.enabled": True, "guard.proof_of_work.cost": 1}
        with Server(config=config, sets=sets) as server:
            crowd = subprocess.run(
                [BINARY, "crowd", "--url", f"https://127.0.0.1:{server.port}", "--fans", "400",
                 "--arrive-over", "2", "--patience", "0", "--deadline", "120", "--leave", "0",
                 "--seats-per-order", "30,30,10,30", "--payment-mix", "ok=92,declined=8"],
                capture_output=True, text=True, timeout=150)
            self.assertEqual(crowd.returncode, 0, crowd.stderr[-2000:])
            report = json.loads(crowd.stdout)
            self.assertTrue(report["passed"], report["failures"])
            self.assertEqual((report["seats_bought"], report["oversold_seats"]), (pretix_plans.SEATS, 0))
            self.assertEqual(server.stop(), 0)
            code, out, err = run("replay", "--data", server.directory, "--json")
            self.assertEqual(code, 0, err)

    def test_keys_from_elsewhere_are_told_of_once_and_change_nothing(self):
        self.assertEqual(self.imported({**pretix_plans.clean(), "size": None})[0], 0)
        clean = self.read("venue.json")
        code, out, err = self.imported(pretix_plans.as_found())
        self.assertEqual((code, len(out.splitlines())), (0, 1))
        self.assertEqual(self.read("venue.json"), clean)
        for note in ("note: zones[].displayed: skipped, 6 times",
                     "note: zones[].rows[].seats[].status: skipped, 738 times",
                     "note: zones[].rows[].seats_spacing: skipped, 40 times",
                     'note: the text "STAGE" at 900,80 is skipped'):
            self.assertEqual(err.splitlines().count(note), 1, err)

    def test_other_mistakes_are_told_together_and_what_was_there_stays(self):
        plan = pretix_plans.clean()
        seats = pretix_plans.seats_of(plan)
        seats[0]["category"] = "Gallery"
        del seats[1]["position"]
        seats[2]["seat_guid"] = seats[3]["seat_guid"]
        self.write("venue.json", "as it was")
        code, out, err = self.imported(plan)
        self.assertEqual((code, out), (1, ""))
        for words in ('"Gallery" is no category', "seats[1].position: is missing", "is given 2 times"):
            self.assertIn(words, err)
        self.assertEqual(self.read("venue.json"), "as it was")

    def test_wrong_usage_is_exit_2_and_missing_files_exit_1(self):
        self.write("plan.json", pretix_plans.clean())
        good = ["--from", "pretix", "--in", self.path("plan.json"), "--out", self.path("venue.json")]
        for wrong in (["--from", "elsewhere", *good[2:]], good[:4], [*good, "--stage", "7"],
                      [*good, "--stage", "a,b"], [*good, "--scale", "0"], [*good, "--scale", "nan"]):
            with self.subTest(arguments=wrong):
                code, out, err = run("venue", "import", *wrong)
                self.assertEqual((code, len(err.splitlines())), (2, 1), err)
        self.assertEqual(run("venue", "import", *good[:3], self.path("none.json"), *good[4:])[0], 1)
        self.assertEqual(run("venue", "import", *good[:5], self.path("none/venue.json"))[0], 1)
        self.assertEqual(run("venue", "import", *good[:5], self.path("plan.json"))[0], 1)
        self.assertEqual(self.read("plan.json")["name"], "A stadium")
        self.assertFalse(os.path.exists(self.path("venue.json")))


class Large(InDirectory):
    def limited(self, *arguments):
        """Runs with a bound on its memory: past it the process would die, not refuse."""
        done = subprocess.run(
            [BINARY, *arguments], capture_output=True, text=True, timeout=120,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (REFUSAL_BYTES_MAX, REFUSAL_BYTES_MAX)))
        return done.returncode, done.stderr

    def test_200000_seats_are_imported_checked_drawn_and_served(self):
        code, out, err = self.imported(pretix_plans.large(200_000))
        self.assertEqual(code, 0, err)
        config = self.write("round.json", round_file("venue.json", {"a": 1000}))
        self.assertEqual(run("check", "--config", config)[0], 0)
        self.assertEqual(run("venue", "render", "--in", self.path("venue.json"), "--out", self.path("plan.svg"))[0], 0)
        with Server(config=config, sets=QUICK_SALE) as server:
            (fan,) = shopping(server, 1)
            self.assertEqual(fan.call("GET", "/round").json["totals"]["free"], 200_000)
            order = fan.order({"category": "a", "quantity": 4, "together": True})
            self.assertEqual(order.status, 201, order)
            self.assertEqual(len(fan.call("GET", "/availability").json["zones"]), 40)

    def test_10_million_seats_are_refused_by_the_bound_within_a_bound_of_memory(self):
        row = ",".join(f"[{n},{n},1]" for n in range(100))
        with open(self.path("venue.json"), "w") as file:
            file.write('{"name":"x","size":{"width":200,"height":9},"categories":[{"id":"a","name":{"en":"A"}}],'
                       '"zones":[{"id":"Z","name":{"en":"Z"},"kind":"seated","category":"a","rows":[')
            for n in range(100_000):
                file.write(f'{"," if n else ""}{{"label":{n},"seats":[{row}]}}')
            file.write("]}]}")
        config = self.write("round.json", round_file("venue.json", {"a": 1000}))
        for arguments in (["check", "--config", config],
                          ["venue", "render", "--in", self.path("venue.json"), "--out", self.path("plan.svg")],
                          ["serve", "--config", config, "--data", self.path("data")]):
            with self.subTest(arguments=arguments):
                code, err = self.limited(*arguments)
                self.assertEqual(code, 1, err)
                self.assertIn("venue.json: holds more than 1000000 seats", err)
        self.assertFalse(os.path.exists(self.path("plan.svg")))

    def test_10_million_standing_places_are_refused_too(self):
        pen = {"name": {"en": "P"}, "kind": "standing", "category": "a", "capacity": 100_000,
               "outline": [[0, 0], [1500, 0], [1500, 1500], [0, 1500]]}
        self.write("venue.json", {"name": "x", "size": {"width": 1500, "height": 1500},
                                  "categories": [{"id": "a", "name": {"en": "A"}}],
                                  "zones": [{"id": f"P{n}", **pen} for n in range(100)]})
        code, err = self.limited("venue", "render", "--in", self.path("venue.json"), "--out", self.path("plan.svg"))
        self.assertEqual(code, 1)
        self.assertIn("hold more than 1000000 seats", err)

    def test_a_pretix_plan_of_10_million_seats_is_refused_by_its_length(self):
        with open(self.path("plan.json"), "wb") as file:
            file.truncate(10_000_000 * 76)
        code, err = self.limited("venue", "import", "--from", "pretix", "--in", self.path("plan.json"),
                                 "--out", self.path("venue.json"))
        self.assertEqual(code, 1)
        self.assertIn("is larger than 268435456 bytes", err)


class AnotherPlan(InDirectory):
    def start_refused(self, server):
        done = subprocess.run(server.command(), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1, done)
        return done.stderr

    def test_a_change_of_plan_names_the_held_and_sold_seats_that_it_would_drop(self):
        shutil.copy(os.path.join(SOURCE, "config/venues/tiny.json"), self.path("venue.json"))
        with open(os.path.join(SOURCE, "config/tiny.json")) as file:
            config = self.write("round.json", {**json.load(file), "venue": "venue.json"})
        venue = self.read("venue.json")
        rows = venue["zones"][0]["rows"]
        zone, first, last = venue["zones"][0]["id"], rows[0]["label"], rows[-1]["label"]
        seat = lambda label, n: f"{zone}-{label}-{n}"
        with Server(config=config, sets={**QUICK_SALE, "sale.hold_seconds": 3600}) as server:
            (fan,) = shopping(server, 1)
            sold = fan.order({"seats": [seat(first, 1), seat(first, 2)]})
            self.assertEqual(sold.status, 201, sold)
            fan.pay(sold.json["id"])
            order_in(fan, sold.json["id"], "paid")
            held = fan.order({"seats": [seat(last, 1), seat(last, 2)]})
            self.assertEqual(held.status, 201, held)
            self.assertEqual(server.stop(), 0)

            changed = json.loads(json.dumps(venue))
            del changed["zones"][0]["rows"][0]
            del changed["zones"][0]["rows"][-1]["seats"][0]
            self.write("venue.json", changed)
            err = self.start_refused(server)
            self.assertIn("venue: the new plan would drop or move 1 held and 2 sold seats", err)
            self.assertIn(f"venue: seat {seat(first, 1)}, sold, is not in the new plan", err)
            self.assertIn(f"venue: seat {seat(first, 2)}, sold, is not in the new plan", err)
            self.assertIn(f"venue: seat {seat(last, 1)}, held, is not in the new plan", err)
            self.assertNotIn(f"seat {seat(last, 2)},", err)

            changed = json.loads(json.dumps(venue))
            others = [one["id"] for one in venue["categories"] if one["id"] != changed["zones"][0]["category"]]
            was, changed["zones"][0]["category"] = changed["zones"][0]["category"], others[0]
            self.write("venue.json", changed)
            err = self.start_refused(server)
            self.assertIn(f"venue: seat {seat(first, 1)}, sold, moves from category {was} to {others[0]}", err)

            # A plan that touches nobody's seat is another plan all the same.
            changed = json.loads(json.dumps(venue))
            changed["name"] += " renamed"
            self.write("venue.json", changed)
            err = self.start_refused(server)
            self.assertIn("venue.name", err)
            self.assertNotIn("drop or move", err)

            self.write("venue.json", venue)
            server.start()
            wait_until(lambda: fan_order(fan, held) == "held", what="the held order")


def fan_order(fan, order):
    fan.http.close()
    return fan.get_order(order.json["id"]).json["state"]


if __name__ == "__main__":
    unittest.main()
