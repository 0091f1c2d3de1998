// The official SDK of Omise against the sandbox's dialect of it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import http from "node:http";
import { after, before, test } from "node:test";
import omiseSdk from "omise";
import { Gateway, Listener, secret } from "./gateway.mjs";

const webhookSecret = Buffer.from("a webhook secret of this test").toString("base64");
const timeout = 60_000;
let gateway, listener, omise;

before(async () => {
  listener = await Listener.start();
  gateway = await Gateway.start(
    ["--notify", listener.url, "--notify-dialect", "omise", "--approve-by-hand",
      "--notice-secret", "env:WEBHOOK_SECRET"],
    { WEBHOOK_SECRET: webhookSecret },
  );
  // The SDK takes a host without a port: the port is told to the agent that it uses.
  http.globalAgent.defaultPort = Number(gateway.url.port);
  const host = gateway.url.hostname;
  omise = omiseSdk({ publicKey: "pkey_test_sandbox", secretKey: secret, host, vaultHost: host, scheme: "http" });
});
after(async () => {
  listener?.stop();
  assert.equal(await gateway?.stop(), 0);
});

const token = async (number = "4242424242424242") =>
  (await omise.tokens.create({
    card: { name: "Somchai", number, expiration_month: 2, expiration_year: 2032, security_code: "123" },
  })).id;
const paid = async (more = {}) =>
  omise.charges.create({ amount: 450000, currency: "thb", card: await token(), ...more });
const refused = (promise, code) => assert.rejects(promise, (error) => {
  assert.equal(error.object, "error");
  assert.equal(error.code, code);
  return true;
});

test("a card is charged by a token, and the charge says so when it is fetched", { timeout }, async () => {
  const charge = await paid({ metadata: { reference: "omise-o1-1" } });
  assert.equal(charge.object, "charge");
  assert.equal(charge.status, "successful");
  assert.equal(charge.paid, true);
  assert.equal(charge.card.last_digits, "4242");
  const fetched = await omise.charges.retrieve(charge.id);
  assert.deepEqual(fetched.metadata, { reference: "omise-o1-1" });
  assert.equal(fetched.captured_amount, 450000);
  assert.equal((await gateway.own("GET", "/charges/omise-o1-1")).body.state, "captured");
});

test("declines are charges that failed, with their code", { timeout }, async () => {
  for (const [number, code] of [
    ["4111111111140011", "insufficient_fund"],
    ["4111111111110014", "payment_rejected"],
    ["4111111111190016", "failed_fraud_check"],
  ]) {
    const charge = await paid({ card: await token(number) });
    assert.equal(charge.status, "failed");
    assert.equal(charge.failure_code, code);
    assert.equal(charge.paid, false);
  }
});

test("a token pays once", { timeout }, async () => {
  const card = await token();
  assert.equal((await omise.tokens.retrieve(card)).used, false);
  await paid({ card });
  await refused(paid({ card }), "used_token");
  assert.equal((await omise.tokens.retrieve(card)).used, true);
});

test("without an idempotency key a repeat is a second charge, and both can be found", { timeout }, async () => {
  const first = await paid({ metadata: { reference: "omise-twice-1" } });
  const second = await paid({ metadata: { reference: "omise-twice-1" } });
  assert.notEqual(first.id, second.id);
  const book = await gateway.own("GET", "/charges?prefix=omise-twice-");
  assert.deepEqual(book.body.charges.map((charge) => charge.id), [first.id, second.id]);
});

test("a card is authorized, then captured in part or reversed", { timeout }, async () => {
  const charge = await paid({ capture: false });
  assert.equal(charge.status, "pending");
  assert.equal(charge.authorized, true);
  assert.equal(charge.capturable, true);
  const captured = await omise.charges.capture(charge.id, { capture_amount: 400000 });
  assert.equal(captured.status, "successful");
  assert.equal(captured.captured_amount, 400000);
  await refused(omise.charges.capture(charge.id), "failed_capture");
  const other = await paid({ capture: false });
  const reversed = await omise.charges.reverse(other.id);
  assert.equal(reversed.status, "reversed");
  assert.equal(reversed.reversed, true);
  await refused(omise.charges.capture(other.id), "failed_capture");
});

test("refunds in part and in full, and no more than was captured", { timeout }, async () => {
  const charge = await paid();
  const part = await omise.charges.createRefund(charge.id, { amount: 100000 });
  assert.equal(part.object, "refund");
  assert.equal(part.charge, charge.id);
  await refused(omise.charges.createRefund(charge.id, { amount: 350001 }), "failed_refund");
  const rest = await omise.charges.createRefund(charge.id, { amount: 350000 });
  assert.equal((await omise.charges.retrieveRefund(charge.id, rest.id)).amount, 350000);
  assert.equal((await omise.charges.listRefunds(charge.id)).total, 2);
  const after = await omise.charges.retrieve(charge.id);
  assert.equal(after.refunded_amount, 450000);
  assert.equal(after.refundable, false);
});

test("lists in both orders, page by page", { timeout }, async () => {
  const made = [];
  for (let n = 0; n < 4; ++n) made.push((await paid({ metadata: { reference: `omise-list-${n}` } })).id);
  const newest = await omise.charges.list({ limit: 2, order: "reverse_chronological" });
  assert.deepEqual(newest.data.map((charge) => charge.id), [made[3], made[2]]);
  const oldest = await omise.charges.list({ limit: 2, offset: newest.total - 4 });
  assert.deepEqual(oldest.data.map((charge) => charge.id), [made[0], made[1]]);
  assert.equal(oldest.order, "chronological");
  const found = await omise.search.list({ scope: "charge", query: "omise-list-2" });
  assert.deepEqual(found.data.map((charge) => charge.id), [made[2]]);
});

const promptpay = async (reference) => {
  const source = await omise.sources.create({ type: "promptpay", amount: 99900, currency: "thb" });
  assert.equal(source.flow, "offline");
  return omise.charges.create({
    amount: 99900, currency: "thb", source: source.id, metadata: { reference },
  });
};

test("a PromptPay code is shown, and approved on the page", { timeout }, async () => {
  const charge = await promptpay("omise-qr-1");
  assert.equal(charge.status, "pending");
  assert.equal(charge.authorize_uri, null);
  const image = charge.source.scannable_code.image.download_uri;
  assert.equal((await fetch(image)).headers.get("content-type"), "image/svg+xml");
  await gateway.decide(image.replace("/picture.svg", ""), "approve");
  assert.equal((await omise.charges.retrieve(charge.id)).status, "successful");
});

test("a PromptPay code can be made to expire, once", { timeout }, async () => {
  const charge = await promptpay("omise-qr-2");
  const expired = await omise.charges.expire(charge.id);
  assert.equal(expired.status, "expired");
  assert.equal(expired.expired, true);
  await refused(omise.charges.expire(charge.id), "failed_expire");
});

test("a bank's or a wallet's page is left by approving or declining, back to the return address", { timeout }, async () => {
  for (const [type, act, status] of [
    ["mobile_banking_scb", "approve", "successful"],
    ["truemoney", "decline", "failed"],
  ]) {
    const wanted = { amount: 99900, currency: "thb", source: { type } };
    await refused(omise.charges.create(wanted), "invalid_charge");
    const charge = await omise.charges.create({ ...wanted, return_uri: "https://tickets.example/back" });
    assert.equal(charge.status, "pending");
    assert.equal(await gateway.decide(charge.authorize_uri, act), "https://tickets.example/back");
    assert.equal((await omise.charges.retrieve(charge.id)).status, status);
  }
});

test("what is wrong with a request is said by its code", { timeout }, async () => {
  await refused(paid({ amount: 0 }), "invalid_amount");
  await refused(paid({ card: "tokn_test_of_nobody" }), "not_found");
  await refused(omise.charges.retrieve("chrg_test_of_nobody"), "not_found");
  const other = omiseSdk({ publicKey: "pkey_x", secretKey: "skey_x", host: gateway.url.hostname, scheme: "http" });
  await refused(other.charges.list(), "authentication_failure");
  await refused(omiseSdk({ secretKey: "pkey_test_sandbox", host: gateway.url.hostname, scheme: "http" }).charges.list(),
    "authentication_failure");
});

test("webhooks are signed over time and body, and can be fetched back", { timeout }, async () => {
  const charge = await paid({ metadata: { reference: "omise-hook-1" } });
  const notice = await listener.first(({ body }) => {
    const event = JSON.parse(body);
    return event.key === "charge.complete" && event.data.id === charge.id;
  });
  const time = notice.headers["omise-signature-timestamp"];
  const expected = createHmac("sha256", Buffer.from(webhookSecret, "base64"))
    .update(`${time}.${notice.body}`).digest("hex");
  assert.equal(notice.headers["omise-signature"], expected);
  const event = await omise.events.retrieve(JSON.parse(notice.body).id);
  assert.equal(event.key, "charge.complete");
  assert.equal(event.data.id, charge.id);
  await omise.charges.createRefund(charge.id, { amount: 450000 });
  await listener.first(({ body }) => {
    const told = JSON.parse(body);
    return told.key === "refund.create" && told.data.charge === charge.id;
  });
});
