"""A fan keeps a receipt and checks it offline, with nothing but the log's key, after a crash too."""

import base64
import json
import os
import shutil
import tempfile
import unittest
import uuid

from client import Fan
from server import Server, run, wait_until
from steps import QUICK_SALE, enter, order_in

UNKNOWN_ENTRY = "0" * 32


class Audit(unittest.TestCase):
    def setUp(self):
        self.files = tempfile.mkdtemp(prefix="frontrow-audit-")
        self.addCleanup(lambda: shutil.rmtree(self.files, ignore_errors=True))

    def serve(self, **sets):
        server = Server(sets={**QUICK_SALE, "http.public_host": "tickets.example", **sets})
        self.addCleanup(lambda: shutil.rmtree(server.directory, ignore_errors=True))
        self.addCleanup(server.kill)
        return self.start(server)

    def start(self, server):
        """Until the first checkpoint, which covers what was recovered, the log's calls are 503."""
        server.start()
        fan = Fan(server.port)
        wait_until(lambda: fan.call("GET", "/audit/checkpoint").status == 200, what="a checkpoint")
        return server

    def keep(self, name, content):
        path = os.path.join(self.files, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    def text(self, fan, path):
        answer = fan.call("GET", path)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(answer.headers["Cache-Control"], "no-cache")
        return answer.body

    def size_of(self, checkpoint):
        return int(checkpoint.decode().split("\n")[1])

    def proof(self, fan, entry, wanted):
        """The answer of /audit/proof once it has the facts called `wanted`."""

        def proven():
            answer = fan.call("GET", f"/audit/proof?entry={entry}")
            if answer.status != 200:
                self.assertEqual((answer.status, answer.code), (404, "not-found"), answer)
                return None
            names = [fact["name"] for fact in answer.json["facts"]]
            return answer if names == wanted else None

        return wait_until(proven, what=f"{wanted} of {entry} under a checkpoint")

    def verify(self, *options):
        return run("audit", "verify", *options)

    def accepted(self, *options):
        code, out, error = self.verify(*options)
        self.assertEqual(code, 0, out + error)
        self.assertEqual(error, "")
        return out

    def refused(self, step, *options):
        code, out, error = self.verify(*options)
        self.assertEqual(code, 1, out + error)
        self.assertIn(f"frontrow audit verify: {step}: ", error)
        self.assertEqual(len(error.strip().splitlines()), 1, error)
        self.assertNotIn("verified", out)

    def test_a_receipt_outlives_a_crash_and_nothing_forged_is_accepted(self):
        server = self.serve()
        fan = Fan(server.port)
        key = self.keep("key", self.text(fan, "/audit/key"))
        answer = fan.join()
        self.assertEqual(answer.status, 201)
        joined = answer.json
        answer_file = self.keep("joined", answer.body)
        receipt = self.keep("receipt", joined["receipt"])
        self.assertEqual(joined["receipt"]["entry"], joined["entry"])
        again = fan.call("GET", "/queue/receipt")
        self.assertEqual((again.status, again.json), (200, joined["receipt"]))

        first = self.proof(fan, joined["entry"], ["joined", "drawn", "called"])
        proof = self.keep("proof", first.body)
        self.assertEqual(first.json["facts"][0]["leaf"], joined["receipt"]["leaf"])
        older = self.keep("older", first.json["checkpoint"].encode())
        for given in (receipt, answer_file):
            out = self.accepted("--key", key, "--receipt", given, "--proof", proof)
            self.assertIn("receipt-in-log", out)
        with open(key) as file:
            self.accepted("--key", file.read().strip(), "--checkpoint", older)

        server.kill()
        self.start(server)
        fan.http.close()
        self.assertEqual(self.text(fan, "/audit/key"), open(key, "rb").read())
        for _ in range(3):
            Fan(server.port).join()
        size = self.size_of(open(older, "rb").read())
        checkpoint = wait_until(lambda: (lambda note: note if self.size_of(note) >= size + 3 else None)(
            self.text(fan, "/audit/checkpoint")), what="a larger checkpoint")
        later = fan.call("GET", f"/audit/proof?entry={joined['entry']}").json
        newer_size = self.size_of(later["checkpoint"].encode())
        self.assertGreaterEqual(newer_size, self.size_of(checkpoint))
        answer = fan.call("GET", f"/audit/consistency?from={size}&to={newer_size}")
        self.assertEqual(answer.status, 200, answer)
        consistency = self.keep("consistency", answer.body)
        later_proof = self.keep("later", later)
        whole = ["--key", key, "--receipt", receipt, "--proof", later_proof,
                 "--older-checkpoint", older, "--consistency", consistency]
        out = self.accepted(*whole)
        for step in ("receipt-signature", "receipt-matches-leaf", "checkpoint-signature", "receipt-round",
                     "inclusion", "receipt-in-log", "older-checkpoint-signature", "consistency"):
            self.assertRegex(out, rf"(?m)^{step} +ok ")

        self.forge(joined["receipt"], later, whole)

    def forge(self, receipt, proof, whole):
        """Each forgery is refused at the step that finds it."""

        def replaced(option, content):
            options = list(whole)
            options[options.index(option) + 1] = self.keep("forged", content)
            return options

        def fact_changed(change):
            forged = json.loads(json.dumps(proof))
            change(forged["facts"][1])
            return forged

        self.refused("receipt-signature", *replaced("--receipt", {**receipt, "tier": 0}))
        self.refused("receipt-signature", *replaced("--receipt", {**receipt, "sequence": receipt["sequence"] + 1}))
        self.refused("receipt", *replaced("--receipt", {**receipt, "entry": receipt["entry"].upper() + "Z"}))
        self.refused("receipt", *replaced("--receipt", b"{"))

        def another_rank(fact):
            leaf = bytearray(base64.b64decode(fact["leaf"]))
            leaf[-1] ^= 1
            leaf[-2] ^= 1
            fact["leaf"] = base64.b64encode(leaf).decode()

        def another_index(fact):
            fact["proof"]["index"] += 1

        def another_node(fact):
            fact["proof"]["nodes"][0] = base64.b64encode(bytes(32)).decode()

        for change in (another_rank, another_index, another_node):
            self.refused("inclusion", *replaced("--proof", fact_changed(change)))
        self.refused("receipt-in-log", *replaced("--proof", {**proof, "facts": proof["facts"][1:]}))
        lines = proof["checkpoint"].split("\n")
        lines[1] = str(int(lines[1]) + 1)
        self.refused("checkpoint-signature", *replaced("--proof", {**proof, "checkpoint": "\n".join(lines)}))
        consistency = json.load(open(whole[whole.index("--consistency") + 1]))
        consistency["nodes"] = consistency["nodes"][::-1] + consistency["nodes"][:1]
        self.refused("consistency", *replaced("--consistency", consistency))
        other = open(os.path.join(self.files, "key")).read().replace("tickets.example", "elsewhere.example")
        self.refused("key", "--key", self.keep("other", other.encode()), *whole[2:])
        self.refused("receipt", *whole[:3], os.path.join(self.files, "nothing"), *whole[4:])

    def test_wrong_usage_is_one_line_and_exit_2(self):
        for options in ([], ["--key", "k"], ["--key", "k", "--receipt", "r"],
                        ["--key", "k", "--proof", "p", "--older-checkpoint", "o"],
                        ["--key", "k", "--proof", "p", "--consistency", "c"], ["--key", "k", "--nonsense"]):
            code, out, error = self.verify(*options)
            self.assertEqual((code, out), (2, ""), options)
            self.assertEqual(len(error.strip().splitlines()), 1, error)
        code, out, _ = run("audit", "verify", "--help")
        self.assertEqual(code, 0)
        self.assertIn("--older-checkpoint", out)

    def test_questions_that_cannot_be_answered(self):
        server = self.serve()
        fan = Fan(server.port)
        for entry in ("", "xyz", "0" * 31, "0" * 33, "A" * 32):
            answer = fan.call("GET", f"/audit/proof?entry={entry}")
            self.assertEqual((answer.status, answer.code, answer.json["path"]), (400, "invalid-request", "entry"))
        self.assertEqual(fan.call("GET", "/audit/proof").code, "invalid-request")
        unknown = fan.call("GET", f"/audit/proof?entry={UNKNOWN_ENTRY}")
        self.assertEqual((unknown.status, unknown.code), (404, "not-found"))
        fan.join()
        entry = fan.queue()["entry"]
        pending = fan.call("GET", f"/audit/proof?entry={entry}")
        if pending.status == 404:  # unless a checkpoint was quick
            self.assertNotEqual(pending.json["detail"], unknown.json["detail"])
            self.assertIn("Retry-After", pending.headers)
        for query, path in (("", "from"), ("?from=0", "to"), ("?from=-1&to=0", "from"), ("?from=0&to=00", "to"),
                            ("?from=1&to=0", "from"), ("?from=0&to=99999999", "to"), ("?from=a&to=0", "from"),
                            ("?from=0&to=99999999999999999999999", "to")):
            answer = fan.call("GET", f"/audit/consistency{query}")
            self.assertEqual((answer.status, answer.code, answer.json["path"]),
                             (400, "invalid-request", path), query)
        answer = fan.call("GET", "/audit/consistency?from=0&to=0")
        self.assertEqual((answer.status, answer.json), (200, {"from": 0, "to": 0, "nodes": []}))
        self.assertEqual(Fan(server.port).call("GET", "/queue/receipt").code, "unauthenticated")
        self.assertEqual(fan.call("POST", "/audit/checkpoint", {}).status, 405)

    def test_a_place_found_again_has_the_same_receipt(self):
        server = self.serve()
        fan = Fan(server.port)
        key = str(uuid.uuid4())
        first = fan.join(key=key)
        self.assertEqual(first.status, 201)
        self.assertEqual(Fan(server.port).join(key=key).json["receipt"], first.json["receipt"])
        code = fan.call("POST", "/queue/recovery").json["code"]
        found = Fan(server.port).join({"recovery": code})
        self.assertEqual((found.status, found.json["receipt"]), (200, first.json["receipt"]))

    def test_the_log_keeps_its_name_and_its_sales_name_nobody(self):
        server = self.serve()
        fan = Fan(server.port)
        fan.join()
        enter(fan)
        order = fan.order({"zone": fan.call("GET", "/round").json["zones"][0]["id"], "quantity": 2}).json
        fan.pay(order["id"])
        order_in(fan, order["id"], "paid")
        # Joined, drawn, called, and two seats sold.
        checkpoint = wait_until(lambda: (lambda note: note if self.size_of(note) == 5 else None)(
            self.text(fan, "/audit/checkpoint")), what="the sale under a checkpoint")
        self.assertTrue(checkpoint.startswith(b"tickets.example/rounds/tiny\n5\n"), checkpoint)
        metrics = fan.http.call("GET", "/metrics").body.decode()
        self.assertIn("\nfrontrow_log_leaves 5", metrics)
        self.assertIn("\nfrontrow_log_checkpoint_leaves 5", metrics)
        self.assertIn("\nfrontrow_log_backlog 0", metrics)
        self.assertRegex(metrics, r"\nfrontrow_log_checkpoint_age_seconds \d")
        server.stop()
        server.sets["http.public_host"] = "elsewhere.example"
        self.start(server)
        fan.http.close()
        # The same facts give the same leaves, and Ed25519 the same signature.
        self.assertEqual(self.text(fan, "/audit/checkpoint"), checkpoint)
        self.assertIn("the log stays tickets.example/rounds/tiny", server.drain_log())


if __name__ == "__main__":
    unittest.main()
