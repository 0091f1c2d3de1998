// The official SDK of Stripe against the sandbox's dialect of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Stripe from "stripe";
import { Gateway, Listener, secret } from "./gateway.mjs";

const webhookSecret = "whsec_of_this_test";
const olderSecret = "whsec_before_it";
const timeout = 60_000;
let gateway, listener, stripe;

function client(options = {}) {
  return new Stripe(options.key ?? secret, {
    host: gateway.url.hostname,
    port: gateway.url.port,
    protocol: "http",
    maxNetworkRetries: options.retries ?? 0,
    telemetry: false,
  });
}

before(async () => {
  listener = await Listener.start();
  gateway = await Gateway.start(
    ["--notify", listener.url, "--notify-dialect", "stripe", "--approve-by-hand",
      "--notice-secret", "env:WEBHOOK_SECRET", "--notice-secret", "env:OLDER_SECRET"],
    { WEBHOOK_SECRET: webhookSecret, OLDER_SECRET: olderSecret },
  );
  stripe = client();
});
after(async () => {
  listener?.stop();
  assert.equal(await gateway?.stop(), 0);
});

const paid = (more = {}) =>
  stripe.paymentIntents.create({
    amount: 450000, currency: "thb", confirm: true, payment_method: "pm_card_visa",
    payment_method_types: ["card"], ...more,
  });

test("a card is charged, and the intent says so when it is fetched", { timeout }, async () => {
  const intent = await paid({ metadata: { reference: "stripe-o1-1", seat: "A 1" } });
  assert.equal(intent.status, "succeeded");
  assert.equal(intent.amount_received, 450000);
  const fetched = await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
  assert.deepEqual(fetched.metadata, { reference: "stripe-o1-1", seat: "A 1" });
  assert.equal(fetched.latest_charge.object, "charge");
  assert.equal(fetched.latest_charge.payment_intent, intent.id);
  assert.equal(fetched.latest_charge.amount_captured, 450000);
});

test("a token pays by payment_method_data and by a payment method made of it", { timeout }, async () => {
  const direct = await paid({
    payment_method: undefined, payment_method_data: { type: "card", card: { token: "tok_visa" } },
  });
  assert.equal(direct.status, "succeeded");
  const method = await stripe.paymentMethods.create({ type: "card", card: { token: "tok_mastercard" } });
  assert.equal((await stripe.paymentMethods.retrieve(method.id)).type, "card");
  assert.equal((await paid({ payment_method: method.id })).payment_method, method.id);
});

test("declines are card errors with a code, and the intent can be paid afterwards", { timeout }, async () => {
  for (const [method, code, declineCode] of [
    ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"],
    ["pm_card_visa_chargeDeclinedFraudulent", "card_declined", "fraudulent"],
  ]) {
    await assert.rejects(paid({ payment_method: method }), (error) => {
      assert.ok(error instanceof Stripe.errors.StripeCardError, error);
      assert.equal(error.statusCode, 402);
      assert.equal(error.code, code);
      assert.equal(error.decline_code, declineCode);
      assert.equal(error.payment_intent.status, "requires_payment_method");
      return true;
    });
  }
  const intent = await stripe.paymentIntents.create({ amount: 100, currency: "thb" });
  assert.equal(intent.status, "requires_payment_method");
  await assert.rejects(stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_chargeDeclined" }),
    { code: "card_declined" });
  const after = await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
  assert.equal(after.status, "succeeded");
});

test("a card is authorized, captured in part, and cannot be captured twice", { timeout }, async () => {
  const intent = await paid({ capture_method: "manual" });
  assert.equal(intent.status, "requires_capture");
  assert.equal(intent.amount_capturable, 450000);
  const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 400000 });
  assert.equal(captured.status, "succeeded");
  assert.equal(captured.amount_received, 400000);
  await assert.rejects(stripe.paymentIntents.capture(intent.id), { code: "payment_intent_unexpected_state" });
});

test("what is not captured can be cancelled, what is cannot", { timeout }, async () => {
  const open = await stripe.paymentIntents.create({ amount: 100, currency: "thb" });
  assert.equal((await stripe.paymentIntents.cancel(open.id)).status, "canceled");
  const authorized = await paid({ capture_method: "manual" });
  assert.equal((await stripe.paymentIntents.cancel(authorized.id)).status, "canceled");
  await assert.rejects(stripe.paymentIntents.confirm(open.id, { payment_method: "pm_card_visa" }),
    { code: "payment_intent_unexpected_state" });
  const intent = await paid();
  await assert.rejects(stripe.paymentIntents.cancel(intent.id), (error) => {
    assert.equal(error.code, "payment_intent_unexpected_state");
    assert.equal(error.payment_intent.status, "succeeded");
    return true;
  });
});

test("refunds in part and in full, and no more than was captured", { timeout }, async () => {
  const intent = await paid();
  const part = await stripe.refunds.create({ payment_intent: intent.id, amount: 100000 });
  assert.equal(part.status, "succeeded");
  assert.equal(part.amount, 100000);
  assert.equal((await stripe.refunds.retrieve(part.id)).payment_intent, intent.id);
  await assert.rejects(stripe.refunds.create({ payment_intent: intent.id, amount: 350001 }), { param: "amount" });
  const rest = await stripe.refunds.create({ charge: intent.latest_charge });
  assert.equal(rest.amount, 350000);
  await assert.rejects(stripe.refunds.create({ payment_intent: intent.id }), { code: "charge_already_refunded" });
  const list = await stripe.refunds.list({ payment_intent: intent.id });
  assert.deepEqual(list.data.map((refund) => refund.id), [rest.id, part.id]);
  const charge = await stripe.charges.retrieve(intent.latest_charge);
  assert.equal(charge.refunded, true);
  assert.equal(charge.amount_refunded, 450000);
});

test("a repeat under the same key is answered as the first was, and another request is refused", { timeout }, async () => {
  const wanted = {
    amount: 5000, currency: "thb", confirm: true, payment_method: "pm_card_visa",
    metadata: { reference: "stripe-o2-1" },
  };
  const first = await stripe.paymentIntents.create(wanted, { idempotencyKey: "stripe-o2-1" });
  const again = await stripe.paymentIntents.create(wanted, { idempotencyKey: "stripe-o2-1" });
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers["idempotent-replayed"], "true");
  await assert.rejects(stripe.paymentIntents.create({ ...wanted, amount: 6000 }, { idempotencyKey: "stripe-o2-1" }),
    (error) => error instanceof Stripe.errors.StripeIdempotencyError && error.statusCode === 400);
  const book = await gateway.own("GET", "/charges?prefix=stripe-o2-");
  assert.equal(book.body.charges.length, 1);

  const declined = { ...wanted, payment_method: "pm_card_chargeDeclined", metadata: { reference: "stripe-o3-1" } };
  for (let n = 0; n < 2; ++n)
    await assert.rejects(stripe.paymentIntents.create(declined, { idempotencyKey: "stripe-o3-1" }), { statusCode: 402 });
  assert.equal((await gateway.own("GET", "/charges?prefix=stripe-o3-")).body.charges.length, 1);

  const refund = { payment_intent: first.id, amount: 1000 };
  const made = await stripe.refunds.create(refund, { idempotencyKey: "refund-1" });
  assert.equal((await stripe.refunds.create(refund, { idempotencyKey: "refund-1" })).id, made.id);
  assert.equal((await stripe.charges.retrieve(first.latest_charge)).amount_refunded, 1000);
});

test("lost answers are asked for again by the SDK itself, and nobody is charged twice", { timeout }, async () => {
  await gateway.setFaults({ dropped_answer_rate: 0.4, seed: 7 });
  let repeats = 0;
  try {
    const patient = client({ retries: 10 });
    for (let n = 0; n < 10; ++n) {
      const intent = await patient.paymentIntents.create({
        amount: 1000, currency: "thb", confirm: true, payment_method: "pm_card_visa",
        metadata: { reference: `stripe-lost-${n}` },
      });
      assert.equal(intent.status, "succeeded");
      if (intent.lastResponse.headers["idempotent-replayed"] === "true") ++repeats;
    }
  } finally {
    await gateway.setFaults({ dropped_answer_rate: 0 });
  }
  assert.ok(repeats > 0, "no answer was lost");
  const book = await gateway.own("GET", "/charges?prefix=stripe-lost-");
  assert.equal(book.body.charges.length, 10);
});

test("lists newest first, page by page, and finds a reference", { timeout }, async () => {
  const made = [];
  for (let n = 0; n < 5; ++n) made.push((await paid({ metadata: { reference: `stripe-list-${n}` } })).id);
  const page = await stripe.paymentIntents.list({ limit: 2 });
  assert.deepEqual(page.data.map((intent) => intent.id), [made[4], made[3]]);
  assert.equal(page.has_more, true);
  const all = [];
  for await (const intent of stripe.paymentIntents.list({ limit: 2 })) {
    all.push(intent.id);
    if (all.length === 5) break;
  }
  assert.deepEqual(all, made.reverse());
  const found = await stripe.paymentIntents.search({ query: "metadata['reference']:'stripe-list-3'" });
  assert.deepEqual(found.data.map((intent) => intent.metadata.reference), ["stripe-list-3"]);
});

const promptpay = (reference) =>
  stripe.paymentIntents.create({
    amount: 99900, currency: "thb", confirm: true, payment_method_types: ["promptpay"],
    payment_method_data: { type: "promptpay", billing_details: { email: "fan@example.com" } },
    metadata: { reference },
  });

test("a PromptPay code is approved on the page", { timeout }, async () => {
  const intent = await promptpay("stripe-qr-1");
  assert.equal(intent.status, "requires_action");
  assert.equal(intent.next_action.type, "promptpay_display_qr_code");
  const code = intent.next_action.promptpay_display_qr_code;
  const picture = await fetch(code.image_url_svg);
  assert.equal(picture.headers.get("content-type"), "image/svg+xml");
  await gateway.decide(code.hosted_instructions_url, "approve");
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, "succeeded");
});

test("a PromptPay code is declined on the page, another is cancelled", { timeout }, async () => {
  const declined = await promptpay("stripe-qr-2");
  await gateway.decide(declined.next_action.promptpay_display_qr_code.hosted_instructions_url, "decline");
  const after = await stripe.paymentIntents.retrieve(declined.id);
  assert.equal(after.status, "requires_payment_method");
  assert.equal(after.last_payment_error.code, "payment_intent_payment_attempt_failed");
  const cancelled = await promptpay("stripe-qr-3");
  assert.equal((await stripe.paymentIntents.cancel(cancelled.id)).status, "canceled");
});

test("a card whose holder must approve is sent to a page and back", { timeout }, async () => {
  const intent = await paid({ payment_method: "pm_card_authenticationRequired", return_url: "https://tickets.example/back" });
  assert.equal(intent.status, "requires_action");
  assert.equal(intent.next_action.type, "redirect_to_url");
  const back = await gateway.decide(intent.next_action.redirect_to_url.url, "approve");
  assert.equal(back, "https://tickets.example/back");
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, "succeeded");
});

test("PromptPay takes no other currency and cannot be captured later", { timeout }, async () => {
  await assert.rejects(stripe.paymentIntents.create({ amount: 100, currency: "usd", payment_method_types: ["promptpay"] }),
    { type: "StripeInvalidRequestError" });
  await assert.rejects(stripe.paymentIntents.create(
    { amount: 100, currency: "thb", payment_method_types: ["promptpay"], capture_method: "manual" }),
  { type: "StripeInvalidRequestError" });
});

test("what is wrong with a request is said with its parameter", { timeout }, async () => {
  await assert.rejects(stripe.paymentIntents.create({ currency: "thb" }), { code: "parameter_missing", param: "amount" });
  await assert.rejects(stripe.paymentIntents.create({ amount: "much", currency: "thb" }), { code: "parameter_invalid_integer" });
  await assert.rejects(stripe.paymentIntents.create({ amount: 100, currency: "thb", colour: "red" }), { code: "parameter_unknown", param: "colour" });
  await assert.rejects(stripe.paymentIntents.retrieve("pi_of_nobody"), { code: "resource_missing", statusCode: 404 });
  await assert.rejects(client({ key: "sk_test_wrong" }).paymentIntents.list(), (error) =>
    error instanceof Stripe.errors.StripeAuthenticationError);
});

test("webhooks verify with the SDK under each of two secrets, and under no other", { timeout }, async () => {
  const intent = await paid({ metadata: { reference: "stripe-hook-1" } });
  const notice = await listener.first(({ body }) => {
    const event = JSON.parse(body);
    return event.type === "payment_intent.succeeded" && event.data.object.id === intent.id;
  });
  const signature = notice.headers["stripe-signature"];
  for (const good of [webhookSecret, olderSecret]) {
    const event = stripe.webhooks.constructEvent(notice.body, signature, good);
    assert.equal(event.data.object.metadata.reference, "stripe-hook-1");
    assert.deepEqual(await stripe.events.retrieve(event.id).then(({ id, type }) => ({ id, type })),
      { id: event.id, type: "payment_intent.succeeded" });
  }
  assert.throws(() => stripe.webhooks.constructEvent(notice.body, signature, "whsec_other"),
    { type: "StripeSignatureVerificationError" });
  assert.throws(() => stripe.webhooks.constructEvent(`${notice.body} `, signature, webhookSecret),
    { type: "StripeSignatureVerificationError" });
  await stripe.refunds.create({ payment_intent: intent.id });
  const told = await listener.first(({ body }) => {
    const event = JSON.parse(body);
    return event.type === "charge.refunded" && event.data.object.payment_intent === intent.id;
  });
  stripe.webhooks.constructEvent(told.body, told.headers["stripe-signature"], webhookSecret);
});
