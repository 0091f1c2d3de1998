// Checks our proof of work against altcha-lib, in both directions: its solver solves our
// challenges and our checker accepts them; our solver solves its challenges and its checker
// accepts them; and on every kind of forgery both say the same.
//
//   npm ci --prefix tests/guard
//   FRONTROW_TEST_GUARD=build/tests/test_guard node tests/guard/altcha_peer.mjs [--record FILE]
//
// --record writes the vectors that the C++ tests read without any of this.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChallenge, solveChallenge, verifySolution } from 'altcha-lib';
import * as pbkdf2 from 'altcha-lib/algorithms/pbkdf2';
import * as sha from 'altcha-lib/algorithms/sha';

const binary = process.env.FRONTROW_TEST_GUARD ?? 'build/tests/test_guard';
const rounds = Number(process.env.FRONTROW_ALTCHA_ROUNDS ?? 20);
const recordFile = process.argv[2] === '--record' ? process.argv[3] : undefined;

const algorithms = ['SHA-256', 'SHA-384', 'SHA-512'].flatMap((name) => [name, `PBKDF2/${name}`]);
const deriverOf = (algorithm) =>
  (algorithm.startsWith('PBKDF2/') ? pbkdf2 : sha).deriveKey;

const directory = mkdtempSync(join(tmpdir(), 'frontrow-altcha-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

/** Has the C++ side issue, solve and check. */
function ask(request) {
  writeFileSync(join(directory, 'request.json'), JSON.stringify(request));
  execFileSync(binary, ['[.altcha-peer]'], {
    env: { ...process.env, FRONTROW_ALTCHA_DIRECTORY: directory },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return JSON.parse(readFileSync(join(directory, 'answer.json'), 'utf8'));
}

const encode = (payload) => Buffer.from(JSON.stringify(payload)).toString('base64');
const decode = (text) => JSON.parse(Buffer.from(text, 'base64').toString());
const flip = (hex) => (hex[0] === '0' ? '1' : '0') + hex.slice(1);

const key = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const now = Date.now();
const nowMicroseconds = now * 1000;
const theirs = { hmacSignatureSecret: 'signature', hmacKeySignatureSecret: 'key signature' };

async function accepts(payload, secrets) {
  try {
    const { challenge, solution } = payload;
    const deriveKey = deriverOf(String(challenge.parameters.algorithm));
    return (await verifySolution({ challenge, solution, deriveKey, ...secrets })).verified;
  } catch {
    return false;
  }
}

// Their challenges, of both modes, for our solver.
const theirChallenges = [];
for (let round = 0; round < rounds; ++round) {
  for (const algorithm of algorithms) {
    const common = {
      algorithm,
      cost: algorithm.startsWith('PBKDF2/') ? 20 : 50,
      deriveKey: deriverOf(algorithm),
      expiresAt: new Date(now + 600_000),
      ...theirs,
    };
    theirChallenges.push(await createChallenge({ ...common, counter: 20 + round }));
    theirChallenges.push(await createChallenge({ ...common, keyPrefix: ['00', '0', 'a1'][round % 3] }));
  }
}
// Another length of key, data to be carried along, and no expiry at all.
theirChallenges.push(
  await createChallenge({
    algorithm: 'PBKDF2/SHA-512', cost: 10, counter: 33, keyLength: 48,
    data: { note: 'öffentlich', more: 7, none: null }, deriveKey: pbkdf2.deriveKey, ...theirs,
  }),
  await createChallenge({
    algorithm: 'SHA-512', cost: 10, keyLength: 16, keyPrefix: '0', deriveKey: sha.deriveKey, ...theirs,
  }),
);

const issue = [];
for (let round = 0; round < rounds; ++round)
  for (const algorithm of algorithms)
    issue.push({ algorithm, cost: algorithm.startsWith('PBKDF2/') ? 20 : 50, now_us: nowMicroseconds });
issue.push({ algorithm: 'SHA-256', cost: 1000, now_us: nowMicroseconds }); // As rounds have it.
const expiredAt = issue.length;
issue.push({ algorithm: 'SHA-256', cost: 50, now_us: nowMicroseconds - 660_000_000 });

const first = ask({ key, now_us: nowMicroseconds, issue, solve: theirChallenges, check: [] });
const ours = {
  hmacSignatureSecret: first.signature_secret,
  hmacKeySignatureSecret: first.key_signature_secret,
};
const foreign = ask({
  key: key.replaceAll('0', '1'), now_us: nowMicroseconds, issue: issue.slice(0, 1), solve: [], check: [],
}).issued[0];

const solvedByUs = [];
for (const [n, payload] of first.solved.entries()) {
  assert.ok(payload, `our solver gives up on their challenge ${n}`);
  assert.ok(await accepts(decode(payload), theirs), `they refuse our solution ${n}`);
  solvedByUs.push({ challenge: theirChallenges[n], solution: decode(payload).solution });
}

async function solveTheirWay(challenge) {
  const deriveKey = deriverOf(challenge.parameters.algorithm);
  const solution = await solveChallenge({ challenge, deriveKey });
  assert.ok(solution, 'their solver gives up on our challenge');
  return { challenge, solution };
}

const cases = [];
const add = async (kind, payload) =>
  cases.push({ kind, payload: encode(payload), good: await accepts(payload, ours) });

const honest = [];
for (const challenge of first.issued) honest.push(await solveTheirWay(challenge));
for (const [n, payload] of honest.entries())
  await add(n === expiredAt ? 'expired' : 'honest', payload);
await add('signed with another key', await solveTheirWay(foreign));

const inParameters = {
  'altered salt': (p) => (p.salt = flip(p.salt)),
  'altered nonce': (p) => (p.nonce = flip(p.nonce)),
  'lowered cost': (p) => (p.cost = 1),
  'cost as text': (p) => (p.cost = String(p.cost)),
  'negative cost': (p) => (p.cost = -1),
  'other algorithm': (p) => (p.algorithm = 'SHA-512'),
  'unknown algorithm': (p) => (p.algorithm = 'MD5'),
  'shortened prefix': (p) => (p.keyPrefix = p.keyPrefix.slice(0, 2)),
  'empty prefix': (p) => (p.keyPrefix = ''),
  'altered prefix': (p) => (p.keyPrefix = flip(p.keyPrefix)),
  'altered key signature': (p) => (p.keySignature = flip(p.keySignature)),
  'no key signature': (p) => delete p.keySignature,
  'later expiry': (p) => (p.expiresAt += 3600),
  'no expiry': (p) => delete p.expiresAt,
  'other key length': (p) => (p.keyLength = 16),
  'added data': (p) => (p.data = { challengeId: 'x' }),
  'added memory cost': (p) => (p.memoryCost = 1),
};
const inChallenge = {
  'altered signature': (c) => (c.signature = flip(c.signature)),
  'no signature': (c) => delete c.signature,
  'empty signature': (c) => (c.signature = ''),
  'signature in capitals': (c) => (c.signature = c.signature.toUpperCase()),
  'cut signature': (c) => (c.signature = c.signature.slice(0, 62)),
  'no parameters': (c) => delete c.parameters,
  'parameters as list': (c) => (c.parameters = [c.parameters]),
};
const inSolution = {
  'altered key': (s) => (s.derivedKey = flip(s.derivedKey)),
  'altered second half of the key': (s) =>
    (s.derivedKey = s.derivedKey.slice(0, 32) + flip(s.derivedKey.slice(32))),
  'key in capitals': (s) => (s.derivedKey = s.derivedKey.toUpperCase()),
  'half a key': (s) => (s.derivedKey = s.derivedKey.slice(0, 32)),
  'empty key': (s) => (s.derivedKey = ''),
  'key as number': (s) => (s.derivedKey = 0),
  'no key': (s) => delete s.derivedKey,
  'negative counter': (s) => (s.counter = -1),
  'counter past 32 bits': (s) => (s.counter = 2 ** 32),
  'huge counter': (s) => (s.counter = 1e300),
  'counter as text': (s) => (s.counter = String(s.counter)),
  'fractional counter': (s) => (s.counter += 0.5),
  'no counter': (s) => delete s.counter,
  'no time': (s) => delete s.time, // Honest: nobody needs it.
};
const base = honest[0];
for (const [kind, change] of Object.entries(inParameters)) {
  const payload = structuredClone(base);
  change(payload.challenge.parameters);
  await add(kind, payload);
}
for (const [kind, change] of Object.entries(inChallenge)) {
  const payload = structuredClone(base);
  change(payload.challenge);
  await add(kind, payload);
}
for (const [kind, change] of Object.entries(inSolution)) {
  const payload = structuredClone(base);
  change(payload.solution);
  await add(kind, payload);
}
await add("another challenge's solution", { challenge: base.challenge, solution: honest[1].solution });
await add('no solution', { challenge: base.challenge });
await add('no challenge', { solution: base.solution });

const second = ask({
  key, now_us: nowMicroseconds, issue: [], solve: [], check: cases.map((one) => one.payload),
});
for (const [n, one] of cases.entries())
  assert.equal(second.checked[n], one.good, `"${one.kind}": they say ${one.good}, we do not`);
assert.ok(cases.filter((one) => one.kind === 'honest').every((one) => one.good));

const forgeries = cases.filter((one) => !one.good);
assert.ok(forgeries.length >= 35, 'the forgeries are no forgeries');

if (recordFile) {
  // One of each kind is enough for a record.
  const seen = new Set();
  const sample = cases.filter((one) => {
    const algorithm = one.kind === 'honest' ? decode(one.payload).challenge.parameters.algorithm : '';
    const cost = one.kind === 'honest' ? decode(one.payload).challenge.parameters.cost : '';
    const name = `${one.kind} ${algorithm} ${cost}`;
    return !seen.has(name) && seen.add(name);
  });
  const few = [...solvedByUs.slice(0, 36), ...solvedByUs.slice(-2)];
  writeFileSync(
    recordFile,
    JSON.stringify(
      { key, now_us: nowMicroseconds, signature_secret: first.signature_secret,
        key_signature_secret: first.key_signature_secret, solved: few, checked: sample },
      null, 1) + '\n');
}

console.log(
  `agreed with altcha-lib on ${first.solved.length} of its challenges, ` +
    `${honest.length} of ours and ${forgeries.length} refusals`);
