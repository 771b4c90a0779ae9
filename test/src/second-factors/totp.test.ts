// Authenticator apps: codes by the vectors of RFC 6238, and which codes are accepted.
import t from 'tap';
import { checkCode, codeAt, enrolment, newSecret, stepAt } from '#second-factors/totp.js';

const SECRET = Buffer.from('12345678901234567890');

t.test('codes are those of RFC 6238, appendix B, of which they are the last six digits', async (t) => {
  const vectors: readonly (readonly [seconds: number, code: string])[] = [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ];
  for (const [seconds, code] of vectors)
    t.equal(codeAt(SECRET, stepAt(seconds * 1000)), code.slice(2), String(seconds));
});

t.test(
  'a code of one step before or after is accepted once; for one of another time the result has the distance',
  async (t) => {
    const now = 1_111_111_111_000;
    const step = stepAt(now);
    const verdictOf = (drift: number, lastUsedStep: number | null = null) =>
      checkCode(SECRET, codeAt(SECRET, step + drift), now, lastUsedStep);
    for (const drift of [-1, 0, 1]) t.strictSame(verdictOf(drift), { type: 'accepted', step: step + drift });
    for (const steps of [-20, -2, 2, 20]) t.strictSame(verdictOf(steps), { type: 'clock_is_off', steps });
    for (const drift of [-21, 21, 1000]) t.strictSame(verdictOf(drift), { type: 'wrong' });
    t.strictSame(verdictOf(0, step), { type: 'wrong' }, 'used');
    t.strictSame(verdictOf(-1, step), { type: 'wrong' }, 'older than a used one');
    t.strictSame(verdictOf(1, step), { type: 'accepted', step: step + 1 });
    t.strictSame(checkCode(SECRET, '000000', 0, null), { type: 'wrong' }, 'there is no step before the first');
  },
);

t.test('an enrolment has the secret as text, as an otpauth: URI, and as a QR code', async (t) => {
  const { secret, uri, qrSvg } = enrolment(SECRET, 'Acme: Co', 'user+1@example.com');
  t.equal(secret, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const parsed = new URL(uri);
  t.equal(parsed.protocol, 'otpauth:');
  t.strictSame(Object.fromEntries(parsed.searchParams), {
    issuer: 'Acme: Co',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
  t.match(decodeURIComponent(parsed.pathname), /Acme: Co:user\+1@example\.com$/);
  t.match(qrSvg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>.+<\/svg>$/s);
  t.equal(newSecret().length, 20);
  t.notSame(newSecret(), newSecret());
});
