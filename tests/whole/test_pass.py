"""Joining with a pass: one place a person, tiers, forgeries, keys that change while running."""

import json
import os
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

from client import Fan
from passes import AUDIENCE, ISSUER, Issuer, hmac_signer, replace, sealed, write_keys
from server import Server, wait_until

LOBBY_SECONDS = 6


class Passes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keys = tempfile.TemporaryDirectory()
        cls.issuers = [Issuer(cls.keys.name, alg, f"{alg.lower()}-1") for alg in ("EdDSA", "ES256", "RS256")]
        cls.edwards, cls.curve, cls.rsa = cls.issuers
        cls.stranger = Issuer(cls.keys.name, "EdDSA", "stranger")

    @classmethod
    def tearDownClass(cls):
        cls.keys.cleanup()

    def setUp(self):
        self.jwks = os.path.join(self.keys.name, f"{uuid.uuid4()}.json")
        write_keys(self.jwks, *self.issuers)

    def server(self, **sets):
        return Server(sets={
            "identity": {"mode": "pass", "issuer": ISSUER, "audience": AUDIENCE, "jwks": self.jwks},
            "sale.draw_at": "+1h",
            "http.threads": 2,
            **sets,
        })

    def join(self, server, token, key=None):
        fan = Fan(server.port)
        return fan, fan.join({"pass": token} if token is not None else {}, key=key)

    def assert_refused(self, answer):
        self.assertEqual((answer.status, answer.code), (403, "pass-refused"), answer)

    def test_one_person_has_one_place_on_every_device(self):
        with self.server() as server:
            places = set()
            for n, issuer in enumerate(self.issuers * 2):
                # Each time another pass, another connection, another kind of signature.
                fan, answer = self.join(server, issuer.sign("member-1", jti=str(n)))
                self.assertEqual(answer.status, 201 if n == 0 else 200, answer)
                places.add(answer.json["entry"])
                self.assertEqual(fan.queue()["entry"], answer.json["entry"])
            self.assertEqual(len(places), 1)
            pass_again = self.edwards.sign("member-1")
            for _ in range(2):
                self.assertEqual(self.join(server, pass_again)[1].json["entry"], min(places))
            _, other = self.join(server, self.edwards.sign("member-2"))
            self.assertEqual(other.status, 201)
            self.assertNotIn(other.json["entry"], places)
            self.assertEqual(other.json["waiting"], 2)

            # Still one place after a crash: the key of the hash is kept, and the journal has it.
            server.kill()
            server.start()
            _, answer = self.join(server, self.rsa.sign("member-1"))
            self.assertEqual((answer.status, answer.json["entry"]), (200, min(places)))

            # Who the account belongs to is in no file.
            for folder, _, names in os.walk(server.directory):
                for name in names:
                    with open(os.path.join(folder, name), "rb") as file:
                        self.assertNotIn(b"member-1", file.read(), name)
            self.assertNotIn("member-1", server.drain_log())

    def test_joins_of_one_person_at_the_same_instant_get_one_place(self):
        devices = 16
        with self.server() as server:
            for turn in range(5):
                tokens = [self.edwards.sign(f"twin-{turn}", jti=str(n)) for n in range(devices)]
                fans = [Fan(server.port) for _ in range(devices)]
                for fan in fans:
                    fan.call("GET", "/round")  # connected, so that nothing but the join remains
                answers = [None] * devices
                gate = threading.Barrier(devices)

                def run(n):
                    gate.wait()
                    answers[n] = fans[n].join({"pass": tokens[n]})

                threads = [threading.Thread(target=run, args=(n,)) for n in range(devices)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                self.assertEqual(sorted(answer.status for answer in answers), [200] * (devices - 1) + [201])
                self.assertEqual(len({answer.json["entry"] for answer in answers}), 1)
                self.assertEqual(len({answer.json["fan"] for answer in answers}), 1)
                for fan in fans:
                    fan.http.close()

    def test_lower_tiers_are_drawn_first(self):
        tiers = [254, 1, 0, None, 0, 2, 1, 0]
        passes = [self.edwards.sign(f"member-{n}", tier=tier) for n, tier in enumerate(tiers)]
        with self.server(**{"sale.draw_at": f"+{LOBBY_SECONDS}s", "admission.max_shoppers": 1}) as server:
            fans = []
            for token in passes:
                fan, answer = self.join(server, token)
                self.assertEqual((answer.status, answer.json["state"]), (201, "lobby"), answer)
                fans.append(fan)
            wait_until(lambda: all(fan.queue()["rank"] for fan in fans), what="the draw")
            drawn = sorted(zip((fan.queue()["rank"] for fan in fans), tiers))
            self.assertEqual([rank for rank, _ in drawn], list(range(1, len(tiers) + 1)))
            self.assertEqual([1 if tier is None else tier for _, tier in drawn], [0, 0, 0, 1, 1, 1, 2, 254])

    def test_seats_elsewhere_count_against_the_limit(self):
        with self.server(**{"sale.draw_at": "+2s", "sale.max_seats_per_fan": 4}) as server:
            fan, answer = self.join(server, self.edwards.sign("member-1", seats_elsewhere=3))
            self.assertEqual(answer.status, 201, answer)
            wait_until(lambda: fan.queue()["state"] == "called", what="the call")
            fan.call("POST", "/queue/enter")
            answer = fan.order({"zone": "S1", "quantity": 2})
            self.assertEqual((answer.status, answer.code), (409, "limit-reached"), answer)
            self.assertEqual(fan.order({"zone": "S1", "quantity": 1}).status, 201)
            # An older pass takes nothing back.
            again, answer = self.join(server, self.edwards.sign("member-1", seats_elsewhere=1))
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(again.order({"zone": "S1", "quantity": 1}).code, "limit-reached")

    def test_what_is_no_good_pass_is_refused(self):
        now = int(time.time())
        good = self.edwards.sign("victim")
        head, claims, signature = good.split(".")
        body = {"iss": ISSUER, "aud": AUDIENCE, "sub": "victim", "exp": now + 600}
        bad = {
            "none at all": None,
            "empty": "",
            "no token": "not-a-pass",
            "of another's signature": ".".join([head, claims, self.edwards.sign("other").split(".")[2]]),
            "of another's claims": ".".join([head, self.edwards.sign("other").split(".")[1], signature]),
            "without a signature": ".".join([head, claims, ""]),
            "forged": self.stranger.sign("victim", header={"kid": self.edwards.kid}),
            "of an unknown key": self.stranger.sign("victim"),
            "of a key that it brings along": self.stranger.sign("victim", header={"jwk": self.stranger.jwk()}),
            "of no key by name": self.stranger.sign("victim", header={"kid": None}),
            "expired": self.edwards.sign("victim", exp=now - 1),
            "without an expiry": self.edwards.sign("victim", exp=None),
            "of tomorrow": self.edwards.sign("victim", nbf=now + 3_600),
            "issued in the future": self.edwards.sign("victim", iat=now + 3_600),
            "of another issuer": self.edwards.sign("victim", iss="https://accounts.example.evil"),
            "without an issuer": self.edwards.sign("victim", iss=None),
            "for another audience": self.edwards.sign("victim", aud="frontrow-huge"),
            "for other audiences": self.edwards.sign("victim", aud=["shop", "frontrow-huge"]),
            "without an audience": self.edwards.sign("victim", aud=None),
            "of nobody": self.edwards.sign(None),
            "of an empty name": self.edwards.sign(""),
            "of a tier too high": self.edwards.sign("victim", tier=255),
            "of a tier too low": self.edwards.sign("victim", tier=-1),
            "of a tier in words": self.edwards.sign("victim", tier="0"),
            "with demands": self.edwards.sign("victim", header={"crit": ["exp"]}),
        }
        for alg in ("none", "None", "nOnE"):
            for kid in (None, self.edwards.kid):
                bad[f"alg {alg}, kid {kid}"] = sealed({"alg": alg, "kid": kid}, body, lambda _: b"")
        # Key confusion: the public key, as anyone can spell it, taken for an HMAC secret.
        for issuer in self.issuers:
            for name, secret in (("PEM", issuer.public_pem), ("DER", issuer.public_der),
                                 ("PEM without its last newline", issuer.public_pem.rstrip())):
                for alg in ("HS256", issuer.alg):
                    bad[f"{alg} with the {issuer.alg} key's {name}"] = sealed(
                        {"alg": alg, "kid": issuer.kid}, body, hmac_signer(secret))
        # One key's name with another's algorithm.
        bad["a curve's key named for RSA"] = self.curve.sign("victim", header={"alg": "RS256", "kid": self.rsa.kid})
        bad["RSA named for a curve's key"] = self.rsa.sign("victim", header={"alg": "ES256", "kid": self.curve.kid})
        with self.server() as server:
            for what, token in bad.items():
                with self.subTest(what):
                    self.assert_refused(self.join(server, token)[1])
            with self.subTest("too long"):
                answer = self.join(server, self.edwards.sign("victim", padding="x" * 9_000))[1]
                self.assertEqual((answer.status, answer.code), (400, "invalid-request"))
            # The round is unharmed, and none of them made a place.
            _, answer = self.join(server, good)
            self.assertEqual((answer.status, answer.json["waiting"]), (201, 1), answer)
            for kind in ({"aud": ["shop", AUDIENCE]}, {"nbf": now}, {"iat": now}):
                with self.subTest(kind=kind):
                    self.assertEqual(self.join(server, self.curve.sign("victim", **kind))[1].status, 200)
            self.assertIn("a pass was refused reason=", server.drain_log())

    def test_keys_change_while_the_round_runs(self):
        with self.server() as server:
            successor = Issuer(self.keys.name, "EdDSA", "eddsa-2")
            before, after = self.edwards.sign("member-1"), successor.sign("member-1")
            _, first = self.join(server, before)
            self.assertEqual(first.status, 201)
            self.assert_refused(self.join(server, after)[1])

            # Both for a while, then the new one alone.
            write_keys(self.jwks, self.edwards, successor)
            wait_until(lambda: self.join(server, after)[1].status == 200, what="the new key")
            self.assertEqual(self.join(server, before)[1].status, 200)
            write_keys(self.jwks, successor)
            wait_until(lambda: self.join(server, before)[1].status == 403, what="the old key's end")
            _, answer = self.join(server, after)
            self.assertEqual((answer.status, answer.json["entry"]), (200, first.json["entry"]))

    def test_a_bad_key_set_leaves_the_old_keys_in_force(self):
        private = {**self.edwards.jwk(), "d": "AAAA"}
        cases = ["", "{", '{"keys": 7}', '{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}',
                 '{"keys": [' + "[" * 10_000, " " * 300_000, json.dumps({"keys": [private]})]
        with self.server() as server:
            token = self.edwards.sign("member-1")
            self.assertEqual(self.join(server, token)[1].status, 201)
            for n, text in enumerate(cases, start=1):
                with self.subTest(text=text[:40]):
                    replace(self.jwks, text)
                    # Passes are checked all the while: none may be refused.
                    def told():
                        self.assertEqual(self.join(server, token)[1].status, 200)
                        return server.drain_log().count("the keys for passes stay as they were") == n
                    wait_until(told, what="the log's line")
            os.remove(self.jwks)
            wait_until(lambda: self.join(server, token)[1].status == 200 and "No such file" in server.drain_log())
            write_keys(self.jwks, self.curve)
            wait_until(lambda: self.join(server, token)[1].status == 403, what="the good file")
            self.assertEqual(self.join(server, self.curve.sign("member-1"))[1].status, 200)
            self.assertEqual(server.stop(), 0)

    def test_without_usable_keys_the_round_does_not_start(self):
        for text in (None, "", "{", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "AAAA"}]}'):
            with self.subTest(text=text):
                if text is None:
                    os.remove(self.jwks)
                else:
                    replace(self.jwks, text)
                server = self.server()
                done = subprocess.run(server.command(), capture_output=True, text=True, timeout=60)
                server.__exit__()
                self.assertEqual(done.returncode, 1, done)
                lines = [line for line in done.stderr.splitlines() if self.jwks in line]
                self.assertEqual(len(lines), 1, done.stderr)
                self.assertIn("identity.jwks", lines[0])


if __name__ == "__main__":
    unittest.main()
