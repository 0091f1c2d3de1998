// A second double of Stripe that others wrote (charges, no payment intents): where both can be asked
// the same, the sandbox answers alike.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import Stripe from "stripe";
import mock from "stripe-stateful-mock";
import { Gateway, secret } from "./gateway.mjs";

const timeout = 60_000;
let gateway, other, sandbox, opinion;

before(async () => {
  gateway = await Gateway.start();
  other = http.createServer(mock.createExpressApp());
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const client = (key, port) =>
    new Stripe(key, { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
  sandbox = client(secret, gateway.url.port);
  opinion = client("sk_test_opinion", other.address().port);
});
after(async () => {
  other?.closeAllConnections();
  other?.close();
  assert.equal(await gateway?.stop(), 0);
});

/// The same payment by a card token at either: an intent here, a charge there.
const payHere = (token, more = {}, options = {}) =>
  sandbox.paymentIntents.create({
    amount: 5000, currency: "usd", confirm: true,
    payment_method_data: { type: "card", card: { token } }, ...more,
  }, options);
const payThere = (token, more = {}, options = {}) =>
  opinion.charges.create({ amount: 5000, currency: "usd", source: token, ...more }, options);

async function failure(promise, fields) {
  const error = await promise.then(() => assert.fail("it succeeded"), (reason) => reason);
  return Object.fromEntries(fields.map((field) => [field, error[field]]));
}
/// Both are under way already: both are listened to at once.
async function alike(here, there, fields) {
  const [ours, theirs] = await Promise.all([failure(here, fields), failure(there, fields)]);
  assert.deepEqual(ours, theirs);
}

test("declines have the same status, type and codes", { timeout }, async () => {
  for (const token of ["tok_chargeDeclined", "tok_chargeDeclinedInsufficientFunds", "tok_chargeDeclinedFraudulent"])
    await alike(payHere(token), payThere(token), ["statusCode", "type", "code", "decline_code"]);
  // The other knows no decline_code of an expired card.
  await alike(payHere("tok_chargeDeclinedExpiredCard"), payThere("tok_chargeDeclinedExpiredCard"),
    ["statusCode", "type", "code"]);
});

test("a repeat under a key is replayed alike, successes and declines", { timeout }, async () => {
  for (const pay of [payHere, payThere]) {
    const first = await pay("tok_visa", {}, { idempotencyKey: "repeat" });
    const again = await pay("tok_visa", {}, { idempotencyKey: "repeat" });
    assert.equal(again.id, first.id);
    assert.equal(again.lastResponse.headers["idempotent-replayed"], "true");
    for (let n = 0; n < 2; ++n)
      assert.equal((await failure(pay("tok_chargeDeclined", {}, { idempotencyKey: "declined" }), ["statusCode"])).statusCode, 402);
  }
  await alike(payHere("tok_visa", { amount: 6000 }, { idempotencyKey: "repeat" }),
    payThere("tok_visa", { amount: 6000 }, { idempotencyKey: "repeat" }), ["statusCode", "type"]);
});

test("what is not there, and what is missing, is refused alike", { timeout }, async () => {
  await alike(sandbox.charges.retrieve("ch_of_nobody"), opinion.charges.retrieve("ch_of_nobody"),
    ["statusCode", "type", "code"]);
  await alike(sandbox.refunds.retrieve("re_of_nobody"), opinion.refunds.retrieve("re_of_nobody"),
    ["statusCode", "type", "code"]);
  await alike(payHere("tok_visa", { amount: undefined }), payThere("tok_visa", { amount: undefined }),
    ["statusCode", "type", "code", "param"]);
});

test("refunds in part, then the rest, then no more, alike", { timeout }, async () => {
  const intent = await payHere("tok_visa");
  const charge = await payThere("tok_visa");
  const outcomes = [];
  for (const [stripe, id] of [[sandbox, intent.latest_charge], [opinion, charge.id]]) {
    const part = await stripe.refunds.create({ charge: id, amount: 2000 });
    const tooMuch = await failure(stripe.refunds.create({ charge: id, amount: 3001 }), ["statusCode", "type", "param"]);
    const rest = await stripe.refunds.create({ charge: id });
    const again = await failure(stripe.refunds.create({ charge: id }), ["statusCode", "type", "code"]);
    const after = await stripe.charges.retrieve(id);
    outcomes.push({
      part: [part.amount, part.status, part.charge === id], tooMuch, rest: rest.amount, again,
      refunded: [after.refunded, after.amount_refunded, after.paid, after.status],
    });
  }
  assert.deepEqual(outcomes[0], outcomes[1]);
});

test("captured later in part: the charge says the same", { timeout }, async () => {
  const intent = await payHere("tok_visa", { capture_method: "manual", payment_method_types: ["card"] });
  const charge = await payThere("tok_visa", { capture: false });
  const before = [await sandbox.charges.retrieve(intent.latest_charge), charge];
  assert.deepEqual([before[0].captured, before[0].paid, before[0].status], [before[1].captured, before[1].paid, before[1].status]);
  await sandbox.paymentIntents.capture(intent.id, { amount_to_capture: 3000 });
  await opinion.charges.capture(charge.id, { amount: 3000 });
  const captured = [await sandbox.charges.retrieve(intent.latest_charge), await opinion.charges.retrieve(charge.id)];
  assert.deepEqual([captured[0].captured, captured[0].paid, captured[0].status],
    [captured[1].captured, captured[1].paid, captured[1].status]);
});
