// The refresh token codec: fixed vectors, since issued tokens must stay readable, and properties.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { deriveKey } from '#platform/config/secrets.js';
import { createRefreshTokenCodec, hashRefreshToken, MAX_GENERATION } from '#sessions/refresh-token.js';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MAX_ID = 2 ** 40 - 1;
const TWEAK_LIMIT = 4096;

/** The bytes 0 to 31. */
const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

type Vector = readonly [userId: number, sessionId: number, generation: number, token: string];

const VECTORS: readonly Vector[] = [
  [0, 0, 0, '3e5f6c0d-bb19-41b3-9f8d-83b0c51f3fa9'],
  [1, 1, 0, '90951fb7-3360-4ecd-bad2-6ee24e4679ed'],
  [1, 1, 1, '93637b59-1611-4ac9-ae6d-e10310717274'],
  [1, 2, 0, '4b307d46-6bb2-472b-9757-92b15e1c5c5b'],
  [2, 1, 0, 'b442892b-c0b6-4343-9565-feebe1798adb'],
  [42, 967_568_594_287, 65_536, '65c0e817-23c5-4b6c-862b-f8ea88dd600d'],
  [2 ** 31 - 1, MAX_ID, MAX_GENERATION, '0505445c-d887-4d83-9409-e0512e2a1d76'],
  [MAX_ID, 0, 255, '03e8d4f6-052a-4aa2-9c1f-a1535a8fa17f'],
  // The first fitting tweak is beyond the first batch.
  [7, 7, 8666, 'cb37e6fe-38cf-4a2a-86f4-b4a704595b5f'],
];

t.test('tokens match the fixed vectors', async (t) => {
  const codec = createRefreshTokenCodec(KEY);
  for (const [userId, sessionId, generation, token] of VECTORS) {
    const address = { userId, sessionId, generation };
    t.equal(codec.encode(address), token);
    t.strictSame(codec.decode(token), address);
  }
});

t.test('the key that is derived from a secret never changes', async (t) => {
  const key = deriveKey('test-Zq8yX2kFh4mV9cLr7TnWb3pJd6sGa1eU', 'refresh-token/v1');
  t.equal(key.toString('hex'), '72e7316ac9185db12a959216b719cee8f28ca6309c58c6f4a62f6d90c78a5b06');
  const token = createRefreshTokenCodec(key).encode({ userId: 1, sessionId: 1, generation: 0 });
  t.equal(token, 'afa6eef9-3f60-49eb-99f1-7ed327201988');
});

t.test('the stored hash is the SHA-256 of the lower-case token', async (t) => {
  const expected = 'cc47234de4268dd2de2b9af4126fc1d90b1ce4b5082022049ee1211695b924b4';
  t.equal(hashRefreshToken('90951fb7-3360-4ecd-bad2-6ee24e4679ed').toString('hex'), expected);
  t.equal(hashRefreshToken('90951FB7-3360-4ECD-BAD2-6EE24E4679ED').toString('hex'), expected);
});

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
/** Numbers of all sizes, with the bounds more often than by chance. */
const upTo = (max: number) =>
  fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(0, 1, max - 1, max), fc.nat({ max: 1000 }));
const addresses = fc.record({ userId: upTo(MAX_ID), sessionId: upTo(MAX_ID), generation: upTo(MAX_GENERATION) });

t.test('a token is a version 4 UUID that decodes to its address, in either letter case', async () => {
  fc.assert(
    fc.property(keys, addresses, (key, address) => {
      const codec = createRefreshTokenCodec(key);
      const token = codec.encode(address);
      return (
        UUID_V4.test(token) &&
        isSame(codec.decode(token), address) &&
        isSame(codec.decode(token.toUpperCase()), address) &&
        createRefreshTokenCodec(key).encode(address) === token
      );
    }),
    { numRuns: 2000 },
  );
});

t.test('two addresses never share a token', async () => {
  const codec = createRefreshTokenCodec(KEY);
  fc.assert(
    fc.property(addresses, addresses, (a, b) => isSame(a, b) || codec.encode(a) !== codec.encode(b)),
    { numRuns: 2000 },
  );
});

t.test('consecutive tokens of a session are not similar', async (t) => {
  const codec = createRefreshTokenCodec(KEY);
  const bits = (token: string) => BigInt(`0x${token.replaceAll('-', '')}`);
  const distances = Array.from({ length: 2000 }, (_, generation) => {
    const [a, b] = [generation, generation + 1].map((each) =>
      bits(codec.encode({ userId: 1, sessionId: 1, generation: each })),
    ) as [bigint, bigint];
    return [...(a ^ b).toString(2)].filter((bit) => bit === '1').length;
  });
  // Of 122 free bits half should differ on average. Deterministic, since key and addresses are fixed.
  const mean = distances.reduce((sum, each) => sum + each, 0) / distances.length;
  t.ok(Math.abs(mean - 61) < 1, `${mean} bits differ`);
  t.ok(Math.min(...distances) > 30);
});

t.test('a token of another key decodes to nothing or to an address within the bounds', async () => {
  fc.assert(
    fc.property(keys, keys, addresses, (key, otherKey, address) => {
      const found = createRefreshTokenCodec(otherKey).decode(createRefreshTokenCodec(key).encode(address));
      return key.equals(otherKey) || found === undefined || isWithinBounds(found);
    }),
    { numRuns: 5000 },
  );
});

t.test('about one in 4,096 tokens of another key passes the check', async (t) => {
  const [ours, theirs] = [createRefreshTokenCodec(KEY), createRefreshTokenCodec(Buffer.from(KEY).reverse())];
  let passed = 0;
  for (let generation = 0; generation < 20_000; generation += 1) {
    if (ours.decode(theirs.encode({ userId: 1, sessionId: 1, generation })) !== undefined) passed += 1;
  }
  // About five are expected. Deterministic, since both keys are fixed.
  t.ok(passed > 0 && passed < 15, `${passed} of 20,000`);
});

t.test('a tweak beyond the range of the encoder is refused', async (t) => {
  const codec = createRefreshTokenCodec(KEY);
  const address = { userId: 5, sessionId: 6, generation: 7 };
  const uuids = Array.from({ length: 2 * TWEAK_LIMIT }, (_, tweak) => ({
    tweak,
    token: uuidOf(encryptBlock(KEY, address, tweak)),
  })).filter(({ token }) => UUID_V4.test(token));
  t.ok(uuids.some(({ tweak }) => tweak < TWEAK_LIMIT) && uuids.some(({ tweak }) => tweak >= TWEAK_LIMIT));
  for (const { tweak, token } of uuids) {
    t.strictSame(codec.decode(token), tweak < TWEAK_LIMIT ? address : undefined, `tweak ${tweak}`);
  }
});

t.test('the tweak is the smallest one that gives a UUID', async (t) => {
  const codec = createRefreshTokenCodec(KEY);
  for (let generation = 0; generation < 200; generation += 1) {
    const address = { userId: 1, sessionId: 1, generation };
    const block = Buffer.from(codec.encode(address).replaceAll('-', ''), 'hex');
    const tweak = createDecipheriv('aes-256-ecb', KEY, null).setAutoPadding(false).update(block).readUIntBE(13, 3);
    const smaller = Array.from({ length: tweak }, (_, each) => uuidOf(encryptBlock(KEY, address, each)));
    if (smaller.some((token) => UUID_V4.test(token))) t.fail(`generation ${generation}: ${tweak} is not the smallest`);
  }
});

t.test('invalid tokens decode to undefined and never throw', async (t) => {
  const codec = createRefreshTokenCodec(KEY);
  const good = '90951fb7-3360-4ecd-bad2-6ee24e4679ed';
  const garbage = [
    '',
    '-',
    'not a token',
    good.slice(1),
    good.slice(0, -1),
    `${good}00`,
    `{${good}}`,
    `urn:uuid:${good}`,
    ` ${good}`,
    good.replace('9', 'g'),
    good.replace('-4', '-1'),
    good.replace('-b', '-c'),
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '٠'.repeat(32),
  ];
  for (const each of garbage) t.equal(codec.decode(each), undefined, JSON.stringify(each));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uuid(), fc.stringMatching(/^[0-9a-f-]{30,40}$/)), (text) => {
      const found = codec.decode(text);
      return found === undefined || isWithinBounds(found);
    }),
    { numRuns: 5000 },
  );
});

t.test('an address out of range is refused, never truncated', async (t) => {
  const codec = createRefreshTokenCodec(KEY);
  const outside = [
    { userId: MAX_ID + 1, sessionId: 0, generation: 0 },
    { userId: 0, sessionId: MAX_ID + 1, generation: 0 },
    { userId: 0, sessionId: 0, generation: MAX_GENERATION + 1 },
    { userId: -1, sessionId: 0, generation: 0 },
    { userId: 0, sessionId: -1, generation: 0 },
    { userId: 0, sessionId: 0, generation: -1 },
  ];
  for (const address of outside) t.throws(() => codec.encode(address), RangeError, JSON.stringify(address));
});

interface Address {
  readonly userId: number;
  readonly sessionId: number;
  readonly generation: number;
}

function isSame(a: Address | undefined, b: Address): boolean {
  return a?.userId === b.userId && a.sessionId === b.sessionId && a.generation === b.generation;
}

function isWithinBounds({ userId, sessionId, generation }: Address): boolean {
  const within = (value: number, max: number) => Number.isInteger(value) && value >= 0 && value <= max;
  return within(userId, MAX_ID) && within(sessionId, MAX_ID) && within(generation, MAX_GENERATION);
}

function encryptBlock(key: Buffer, { userId, sessionId, generation }: Address, tweak: number): Buffer {
  const plain = Buffer.alloc(16);
  plain.writeUIntBE(userId, 0, 5);
  plain.writeUIntBE(sessionId, 5, 5);
  plain.writeUIntBE(generation, 10, 3);
  plain.writeUIntBE(tweak, 13, 3);
  return createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(plain);
}

function uuidOf(block: Buffer): string {
  return block.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
