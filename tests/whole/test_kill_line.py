"""The server is killed with SIGKILL while ten thousand fans wait, once in the lobby and once in the
line; after the restart every one of them has the same place."""

import shutil
import unittest

from client import Operator
from many_fans import Joining, join_many, places_of
from server import Server, run, wait_until

FANS = 10_000
LATE_FANS = 1_500
CALLS_A_SECOND = 20

ROUND = {
    "http.tls": None,
    "sale.lobby_opens_at": "+0s",
    "sale.closes_at": "+2h",
    "draw.late_window_seconds": 1,
    # Slow, so that the line is long; and nobody misses a turn while the test looks around.
    "admission.max_shoppers": 5_000,
    "admission.per_second": CALLS_A_SECOND,
    "admission.enter_seconds": 3_600,
}


class KilledWithALine(unittest.TestCase):
    def served(self, draw_at):
        server = Server(sets={**ROUND, "sale.draw_at": draw_at})
        self.addCleanup(lambda: shutil.rmtree(server.directory, ignore_errors=True))
        self.addCleanup(server.kill)
        return server.start()

    def operator(self, server):
        return Operator(server.port, server.operator_token, tls=False)

    def check_journal(self, server):
        """What is on disk is whole: hash chain, state hashes, invariants."""
        self.assertEqual(server.stop(), 0)
        code, _, error = run("replay", "--data", server.directory)
        self.assertEqual(code, 0, error)

    def test_in_the_lobby_everyone_who_was_told_of_a_place_has_it(self):
        server = self.served("+1h")
        joining = Joining(server.port)
        wait_until(lambda: len(joining.joined) >= FANS or joining.failures, what="the crowd")
        server.kill()  # in the midst of joining
        fans = joining.end()
        self.assertGreaterEqual(len(fans), FANS)
        server.start()
        views = places_of(server.port, fans)
        for fan, view in zip(fans, views):
            self.assertEqual(view["entry"], fan["entry"])
            self.assertEqual((view["state"], view["rank"], view["ahead"]), ("lobby", None, None))
        self.assertEqual(len({view["entry"] for view in views}), len(fans))
        # At most those whose answer was lost are there beside them.
        waiting = views[0]["waiting"]
        self.assertGreaterEqual(waiting, len(fans))
        self.assertEqual({view["waiting"] for view in views}, {waiting})
        print(f"{len(fans)} places told and {waiting} there after the kill in the lobby", flush=True)
        self.check_journal(server)

    def test_in_the_line_everyone_has_the_same_rank_and_place(self):
        server = self.served("+6s")
        fans = join_many(server.port, FANS - LATE_FANS)
        drawn_in_the_lobby = sum(fan["state"] == "lobby" for fan in fans)
        self.assertGreater(drawn_in_the_lobby, 0, "nobody was in time for the draw")
        wait_until(lambda: places_of(server.port, fans[:1])[0]["state"] != "lobby", what="the draw")
        fans += join_many(server.port, LATE_FANS)
        wait_until(lambda: all(view["rank"] for view in places_of(server.port, fans[-400:])),
                   what="the end of the late windows")
        before = places_of(server.port, fans)
        server.kill()
        server.start()
        after = places_of(server.port, fans)
        self.compare(fans, before, after)
        # Calling goes on where it stood, and when it is stopped every place is exact.
        wait_until(lambda: places_of(server.port, fans[:1])[0]["waiting"] < after[-1]["waiting"],
                   what="the next calls")
        answer = self.operator(server).call("POST", "/phase", {"phase": "paused"})
        self.assertEqual(answer.status, 200, answer)
        wait_until(lambda: places_of(server.port, fans[:1]) == places_of(server.port, fans[:1]))
        still = places_of(server.port, fans)
        self.compare(fans, before, still)
        self.check_exact(still)
        print(f"{drawn_in_the_lobby} fans of the lobby and {len(fans) - drawn_in_the_lobby} late "
              f"ones: {self.called(before)} called before the kill, {self.called(still)} at the end",
              flush=True)
        # Standing still, it is killed once more: now nothing at all may differ.
        server.kill()
        server.start()
        again = places_of(server.port, fans)
        for one, other in zip(still, again):
            for name in ("state", "entry", "rank", "ahead", "waiting"):
                self.assertEqual(one[name], other[name])
        self.check_journal(server)

    def called(self, views):
        return sum(view["state"] == "called" for view in views)

    def compare(self, fans, before, after):
        """Entry and rank never change; nobody moves back; who moves up does so by those called."""
        for fan, one, other in zip(fans, before, after):
            self.assertEqual(one["entry"], fan["entry"])
            self.assertEqual(other["entry"], fan["entry"])
            self.assertIsNotNone(one["rank"])
            self.assertEqual(other["rank"], one["rank"])
            if other["state"] == "called":
                self.assertIn(one["state"], ("waiting", "called"))
                continue
            self.assertEqual((one["state"], other["state"]), ("waiting", "waiting"))
            called_meanwhile = one["waiting"] - other["waiting"]
            self.assertGreaterEqual(one["ahead"], other["ahead"])
            # A view's two numbers may be a few calls apart while calls are made.
            self.assertLessEqual(one["ahead"] - other["ahead"], called_meanwhile + CALLS_A_SECOND)

    def check_exact(self, views):
        """Ranks are 1 to the last without a gap, and `ahead` counts who waits with a lower one."""
        ordered = sorted(views, key=lambda view: view["rank"])
        self.assertEqual([view["rank"] for view in ordered], list(range(1, len(views) + 1)))
        waiting = 0
        for view in ordered:
            if view["state"] != "waiting":
                self.assertEqual(waiting, 0, "somebody was called before one who stands ahead")
                continue
            self.assertEqual(view["ahead"], waiting)
            waiting += 1
        self.assertEqual({view["waiting"] for view in views}, {waiting})


if __name__ == "__main__":
    unittest.main()
