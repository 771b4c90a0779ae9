// The cache of verified tokens: what it holds, and when an entry is no longer valid.
import fc from 'fast-check';
import t from 'tap';
import { createVerifiedTokens } from '#tokens/verified-tokens.js';

const NOW = 1_800_000_000;
const EXP = NOW + 30;

function fixture({ size = 100 } = {}) {
  const kids = new Set(['k1', 'k2']);
  const clock = { seconds: NOW };
  const tokens = createVerifiedTokens<string>({
    keys: { find: (kid) => (kids.has(kid) ? {} : undefined) },
    now: () => clock.seconds * 1000,
    size,
  });
  return { kids, clock, tokens };
}

t.test('a token is cached with its value until it expires', async (t) => {
  const { tokens, clock } = fixture();
  t.equal(tokens.find('a.b.c'), undefined);
  tokens.remember('a.b.c', { exp: EXP, kid: 'k1', value: 'whose' });
  t.equal(tokens.find('a.b.c'), 'whose');
  clock.seconds = EXP - 0.001;
  t.equal(tokens.find('a.b.c'), 'whose');
  clock.seconds = EXP;
  t.equal(tokens.find('a.b.c'), undefined);
  t.equal(tokens.count(), 0, 'the entry is removed');
  clock.seconds = NOW;
  t.equal(tokens.find('a.b.c'), undefined, 'also when the clock is set back');
});

t.test('a token whose key has been removed must be verified again', async (t) => {
  const { tokens, kids } = fixture();
  tokens.remember('of.k.1', { exp: EXP, kid: 'k1', value: 'one' });
  tokens.remember('of.k.2', { exp: EXP, kid: 'k2', value: 'two' });
  kids.delete('k1');
  t.equal(tokens.find('of.k.1'), undefined);
  t.equal(tokens.find('of.k.2'), 'two');
  kids.add('k1');
  t.equal(tokens.find('of.k.1'), undefined, 'also when the key is back');
});

t.test('another spelling is another token', async (t) => {
  const { tokens } = fixture();
  const good = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  tokens.remember(good, { exp: EXP, kid: 'k1', value: 'good' });
  for (const bad of [
    `${good}=`,
    `${good} `,
    good.slice(0, -1),
    good.toLowerCase(),
    `.${good}`,
    good.replace('.', '..'),
  ]) {
    t.equal(tokens.find(bad), undefined, bad);
  }
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
      const other = good.slice(0, at) + letter + good.slice(at + 1);
      return tokens.find(other) === (other === good ? 'good' : undefined);
    }),
  );
});

t.test('the cache is bounded, and tokens in use stay', async (t) => {
  const { tokens } = fixture({ size: 10 });
  tokens.remember('in use', { exp: EXP, kid: 'k1', value: 'in use' });
  for (let i = 0; i < 1000; i += 1) {
    tokens.remember(`token ${i}`, { exp: EXP, kid: 'k1', value: String(i) });
    if (tokens.count() > 10) t.fail(`${tokens.count()} entries`);
    t.equal(tokens.find('in use'), 'in use');
  }
  t.equal(tokens.find('token 999'), '999');
  t.equal(tokens.find('token 0'), undefined);
});
