// Checks our reading of Stripe's notices against Stripe's own library: on a thousand notices, good
// and forged in every way that the seed thinks of, both must say the same. What the library takes
// and we do not (a time of sending that lies more than five minutes ahead) is not among them.
//
//   npm ci --prefix tests/sandbox/sdk
//   FRONTROW_TEST_PAYMENT=build/tests/test_payment node tests/payment/stripe_peer.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(new URL('../sandbox/sdk/package.json', import.meta.url));
const loaded = require('stripe');
const Stripe = loaded.default ?? loaded;
const { webhooks } = new Stripe('sk_test_unused');

const binary = process.env.FRONTROW_TEST_PAYMENT ?? 'build/tests/test_payment';
const seed = Number(process.env.FRONTROW_STRIPE_SEED ?? Date.now() % 1_000_000);
const count = 1_000;
console.log(`seed ${seed}`);

let state = seed;
function random(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}

const secrets = ['whsec_the_new_one', 'whsec_the_old_one'];
const now = 1_800_000_000;

const sign = (payload, secret, timestamp) =>
  webhooks.generateTestHeaderString({ payload, secret, timestamp });
const signatureOf = (header) => header.slice(header.indexOf('v1=') + 3);
function flip(hex) {
  const at = random(hex.length);
  return hex.slice(0, at) + (hex[at] === '0' ? '1' : '0') + hex.slice(at + 1);
}

// Each takes a signed notice and makes something of it.
const ways = {
  good: (n) => n,
  old_secret: (n) => ({ ...n, header: sign(n.body, secrets[1], n.time) }),
  both_secrets: (n) => ({
    ...n,
    header: `${sign(n.body, secrets[0], n.time)},v1=${signatureOf(sign(n.body, secrets[1], n.time))}`,
  }),
  good_among_forged: (n) => ({
    ...n,
    header: `t=${n.time},v1=${flip(signatureOf(n.header))},v1=${signatureOf(n.header)}`,
  }),
  with_old_scheme: (n) => ({ ...n, header: `${n.header},v0=${'0'.repeat(64)}` }),
  foreign_secret: (n) => ({ ...n, header: sign(n.body, `whsec_${random(1e9)}`, n.time) }),
  body_changed: (n) => ({ ...n, body: n.body.replace('"amount":', '"amount":1') }),
  body_with_space: (n) => ({ ...n, body: `${n.body} ` }),
  time_changed: (n) => ({ ...n, header: n.header.replace(`t=${n.time}`, `t=${n.time - 1 - random(200)}`) }),
  signature_flipped: (n) => ({ ...n, header: `t=${n.time},v1=${flip(signatureOf(n.header))}` }),
  signature_cut: (n) => ({ ...n, header: n.header.slice(0, -2) }),
  signature_longer: (n) => ({ ...n, header: `${n.header}ab` }),
  only_old_scheme: (n) => ({ ...n, header: n.header.replace('v1=', 'v0=') }),
  no_signature: (n) => ({ ...n, header: `t=${n.time}` }),
  no_time: (n) => ({ ...n, header: `v1=${signatureOf(n.header)}` }),
  no_header: (n) => ({ ...n, header: '' }),
  nonsense: (n) => ({ ...n, header: 'Bearer letmein' }),
  too_old: (n) => {
    const time = now - 301 - random(100_000);
    return { ...n, time, header: sign(n.body, secrets[0], time) };
  },
  just_in_time: (n) => {
    const time = now - 300 + random(2);
    return { ...n, time, header: sign(n.body, secrets[0], time) };
  },
  a_little_ahead: (n) => {
    const time = now + 1 + random(250);
    return { ...n, time, header: sign(n.body, secrets[0], time) };
  },
};

const names = Object.keys(ways);
const notices = [];
for (let n = 0; n < count; ++n) {
  const kind = names[n % names.length];
  const time = now - random(250);
  const body = JSON.stringify({
    id: `evt_${random(1e9)}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    data: {
      object: {
        id: `pi_${random(1e9)}`,
        amount: random(1e7),
        description: ['ราชมังคลา', 'コンサート', 'plain', '"quoted" \\ \n'][random(4)],
        metadata: { reference: `bkk-1-o${random(1e5)}-1` },
      },
    },
  });
  const made = ways[kind]({ body, time, header: sign(body, secrets[0], time) });
  notices.push({ kind, ...made, now });
}

const theirs = notices.map(({ body, header }) =>
  secrets.some((secret) => {
    try {
      webhooks.constructEvent(body, header, secret, 300, undefined, now * 1000);
      return true;
    } catch {
      return false;
    }
  }),
);

const directory = mkdtempSync(join(tmpdir(), 'frontrow-stripe-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
writeFileSync(join(directory, 'request.json'), JSON.stringify({ secrets, notices }));
execFileSync(binary, ['[.stripe-peer]'], {
  env: { ...process.env, FRONTROW_STRIPE_DIRECTORY: directory },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const ours = JSON.parse(readFileSync(join(directory, 'answer.json'), 'utf8'));

assert.equal(ours.length, count);
const good = new Set(['good', 'old_secret', 'both_secrets', 'good_among_forged', 'with_old_scheme',
  'just_in_time', 'a_little_ahead']);
for (let n = 0; n < count; ++n) {
  assert.equal(ours[n], theirs[n], `${notices[n].kind}: ours ${ours[n]}, theirs ${theirs[n]}`);
  assert.equal(ours[n], good.has(notices[n].kind), notices[n].kind);
}
console.log(`${count} notices, ${ours.filter(Boolean).length} of them good: both say the same`);
