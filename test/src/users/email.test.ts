// The canonical form of e-mail addresses.
import fc from 'fast-check';
import t from 'tap';
import { canonicalEmail } from '#users/email.js';

const LABEL = 'x'.repeat(63);

const CANONICAL: Readonly<Record<string, readonly string[]>> = {
  'user@example.com': [
    'user@example.com',
    'USER@EXAMPLE.COM',
    ' user@example.com ',
    '\t\r\nuser@example.com\u00a0\ufeff',
  ],
  'first.last+tag@sub.example.co.uk': ['First.Last+Tag@Sub.Example.co.UK'],
  "!#$%&'*+/=?^_`{|}~-@example.com": ["!#$%&'*+/=?^_`{|}~-@example.com"],
  'a@b.c': ['a@b.c', 'A@B.C'],
  'x@xn--bcher-kva.example': [
    'x@bücher.example',
    'x@BÜCHER.example',
    'x@bu\u0308cher.example',
    'x@xn--bcher-kva.example',
  ],
  'x@xn--fsqu00a.xn--0zwm56d': ['x@例子.测试'],
  'x@xn--strae-oqa.example': ['x@straße.example'],
  'x@example.com': ['x@ｅxample.com', 'x@example\u3002com', 'x@example\uff0ecom', 'x@exa\u00admple.com'],
  'x@1.example': ['x@1.example'],
  'x@example.1a': ['x@example.1a'],
  [`${'x'.repeat(64)}@example.com`]: [`${'X'.repeat(64)}@example.com`],
  [`x@${LABEL}.example`]: [`x@${LABEL}.example`],
  [`${'x'.repeat(60)}@${LABEL}.${LABEL}.${'x'.repeat(61)}.ab`]: [
    `${'x'.repeat(60)}@${LABEL}.${LABEL}.${'x'.repeat(61)}.AB`,
  ],
};

const REFUSED = [
  '',
  ' ',
  '@',
  'user',
  'user@',
  '@example.com',
  'user@localhost',
  'user@.com',
  'user@example.',
  'user@example.com.',
  'user@example..com',
  'user@-example.com',
  'user@example-.com',
  'user@exa_mple.com',
  'user@example.123',
  'user@127.0.0.1',
  'user@[127.0.0.1]',
  'user@[::1]',
  'user@0x7f.1',
  'a@b@example.com',
  '"quoted"@example.com',
  'user(comment)@example.com',
  'User Name <user@example.com>',
  'us er@example.com',
  'user@exam ple.com',
  'user@example.com\0',
  'us\0er@example.com',
  'us\ner@example.com',
  'user@exa\nmple.com',
  '.user@example.com',
  'user.@example.com',
  'us..er@example.com',
  'üser@example.com',
  'user\u0430@example.com',
  'user@example.com/path',
  'user@example.com?x',
  'user@example.com#x',
  'user@example.com:25',
  'user@%65xample.com',
  'user@xn--.example',
  'user@xn--a.example',
  'user@\ud800.example',
  '\ud800@example.com',
  'user@😀\u200d.example\u0000',
  `${'x'.repeat(65)}@example.com`,
  `user@${'x'.repeat(64)}.com`,
  `x@${`${LABEL}.`.repeat(4)}com`,
  `${'x'.repeat(100_000)}@example.com`,
  `user@${'a.'.repeat(100_000)}com`,
  ' '.repeat(100_000),
  '@'.repeat(100_000),
];

for (const [canonical, spellings] of Object.entries(CANONICAL)) {
  t.test(`${canonical.slice(0, 40)} is one mailbox in all its spellings`, async (t) => {
    for (const spelling of spellings) t.equal(canonicalEmail(spelling), canonical, JSON.stringify(spelling));
  });
}

t.test('what is no address, or one that providers refuse, is refused', async (t) => {
  for (const input of REFUSED) t.equal(canonicalEmail(input), undefined, JSON.stringify(input.slice(0, 60)));
});

t.test('the canonical form of a canonical form is itself, and it is short, lower-case ASCII', async () => {
  const local = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
  const domain = fc.oneof(fc.domain(), fc.webAuthority(), fc.string({ unit: 'grapheme', maxLength: 40 }));
  const inputs = fc.oneof(
    fc.emailAddress(),
    fc.emailAddress().map((email) => ` ${email.toUpperCase()}\n`),
    fc.tuple(local, domain).map(([user, host]) => `${user}@${host}`),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'binary', maxLength: 30 }).map((text) => `user@${text}.example.com`),
  );
  fc.assert(
    fc.property(inputs, (input) => {
      const email = canonicalEmail(input);
      if (email === undefined) return true;
      return (
        canonicalEmail(email) === email &&
        email.length <= 254 &&
        /^[!-~]+@[a-z0-9.-]+$/.test(email) &&
        !/[A-Z]/.test(email)
      );
    }),
    { numRuns: 20_000 },
  );
});

t.test('letter case and white space around never make another account', async () => {
  fc.assert(
    fc.property(fc.emailAddress(), fc.infiniteStream(fc.boolean()), (email, upper) => {
      const mixed = [...email].map((letter) => (upper.next().value ? letter.toUpperCase() : letter)).join('');
      return canonicalEmail(` ${mixed}\t`) === canonicalEmail(email);
    }),
    { numRuns: 2000 },
  );
});
