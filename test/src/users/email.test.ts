// The canonical form of e-mail addresses.
import { domainToUnicode } from 'node:url';
import fc from 'fast-check';
import t from 'tap';
import type { Problem } from '#platform/errors/problem.js';
import { canonicalEmail, canonicalEmailPrefix, requireEmail } from '#users/email.js';

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
  'x@xn--0xahb7a.gr': ['x@όσοσ.gr', 'x@ΌΣΟΣ.gr'],
  'x@xn--bcher-kva.xn--fsqu00a': ['x@bücher.xn--fsqu00a', 'x@XN--bcher-kva.例子', 'x@BÜCHER.例子'],
  'x@xn--ngstrm-hua5l.example': ['x@ångström.example', 'x@\u212bngström.example'],
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
  // Case folding or normalisation would turn these into ASCII, the address of another user.
  'user\u212a@example.com',
  'u\u017fer@example.com',
  '\uff55ser@example.com',
  'user\u00ad@example.com',
  'user\u200b@example.com',
  'u\u0307ser@example.com',
  '\u0130user@example.com',
  'us\u00e9r@example.com',
  'user\uff0b@example.com',
  'user\uff20example.com',
  'user@\uff45xample.com',
  'user@example\u3002com',
  'user@example\uff0ecom',
  'user@example\uff61com',
  'user@exa\u00admple.com',
  'user@exa\u200bmple.com',
  'user@exa\u2060mple.com',
  'user@\ufb01sh.example',
  'user@\u212aelvin.example',
  'user@\u017fs.example',
  'user@\u0130.example',
  'user@STRA\u1e9eE.example',
  'user@\u2460.example',
  'user@\u{1d41a}.example',
  'user@example.\u2105',
  'user@xn--bcher-kva.ex\uff41mple',
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
  t.test(`${canonical.slice(0, 40)} has the same canonical form in all its spellings`, async (t) => {
    for (const spelling of spellings) t.equal(canonicalEmail(spelling), canonical, JSON.stringify(spelling));
  });
}

t.test('invalid addresses, and those that mail providers refuse, are refused', async (t) => {
  for (const input of REFUSED) t.equal(canonicalEmail(input), undefined, JSON.stringify(input.slice(0, 60)));
});

t.test('a canonical form is its own canonical form, at most 254 characters of lower-case ASCII', async () => {
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

t.test('letter case and surrounding white space never make another account', async () => {
  fc.assert(
    fc.property(fc.emailAddress(), fc.infiniteStream(fc.boolean()), (email, upper) => {
      const mixed = [...email].map((letter) => (upper.next().value ? letter.toUpperCase() : letter)).join('');
      return canonicalEmail(` ${mixed}\t`) === canonicalEmail(email);
    }),
    { numRuns: 2000 },
  );
});

/** Removes the permitted differences between spellings: surrounding white space, letter case, Unicode form and xn-- encoding. */
function spelling(input: string): string {
  const trimmed = input.trim();
  const at = trimmed.lastIndexOf('@');
  const asciiLower = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const labels = asciiLower(trimmed.slice(at + 1))
    .split('.')
    .map((label) => (/^xn--[\0-\x7f]*$/.test(label) ? domainToUnicode(label) : label))
    .map((label) => [...label].map((letter) => letter.toLowerCase()).join(''));
  return `${asciiLower(trimmed.slice(0, at))}@${labels.join('.').normalize('NFC')}`;
}

t.test('two accepted inputs are the same account only if they are spellings of the same address', async () => {
  // Each letter with the characters that some kind of folding maps to it.
  const alike: Readonly<Record<string, string>> = {
    k: 'kK\u212a\uff4b\u{1d424}',
    s: 'sS\u017f\uff53\u00df',
    i: 'iI\u0130\u0131\u2170\uff49',
    a: 'aA\u00e5\u00c5\u212b\u00aa\uff41\u0430',
    '.': '.\u3002\uff0e\uff61',
    '@': '@\uff20\ufe6b',
    '-': '-\u00ad\u200d\u200c\u2010',
  };
  const letters = [...'kkssiiaaae..--', 'ü', 'Ü', 'u\u0308', 'σ', 'ς', 'Σ', 'ß', 'ẞ', '\ufb01', '\u200b'];
  const word = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 }).map((found) => found.join(''));
  const address = fc.tuple(word, word, fc.constantFrom('.example', '.kais', '.xn--bcher-kva', '.bücher'));
  const variants = fc.tuple(address, fc.infiniteStream(fc.nat({ max: 20 }))).map(([[local, domain, top], choice]) => {
    const vary = (text: string) =>
      [...text]
        .map((letter) => {
          const others = [...(alike[letter] ?? letter)];
          const nth = choice.next().value ?? 0;
          return nth < 12 ? letter : (others[nth % others.length] ?? letter);
        })
        .join('');
    const whole = `${local}@${domain}${top}`;
    return [vary(whole), vary(whole), whole] as const;
  });
  let same = 0;
  fc.assert(
    fc.property(variants, (inputs) => {
      const made = inputs.map((input) => ({ email: canonicalEmail(input), spelling: spelling(input) }));
      return made.every((one) =>
        made.every((other) => {
          if (one.email === undefined || one.email !== other.email) return true;
          if (one !== other) same += 1;
          return one.spelling === other.spelling;
        }),
      );
    }),
    { numRuns: 16_000 },
  );
  if (same < 300) throw new Error(`only ${same} pairs were one account: the property has hardly been tried`);
});

t.test('no input outside ASCII has the canonical form of an ASCII address, except by IDNA', async () => {
  const points = Array.from({ length: 0x1_f200 }, (_, code) => code).filter(
    (code) => code > 0x7f && !(code >= 0xd800 && code <= 0xdfff),
  );
  for (const code of points) {
    const letter = String.fromCodePoint(code);
    for (const input of [`us${letter}er@example.com`, `user@ex${letter}ample.com`, `user@example${letter}com`]) {
      const email = canonicalEmail(input);
      if (email !== undefined && !email.includes('xn--')) throw new Error(`${code.toString(16)}: ${email}`);
    }
  }
});

t.test('the error message says what to do', async (t) => {
  const message = (input: string) => {
    try {
      return requireEmail(input);
    } catch (error) {
      return (error as Problem).errors?.[0]?.message;
    }
  };
  t.match(message('jörg@example.com'), /only ASCII characters before the @/);
  t.match(message('user@example\u3002com'), /IDNA converts to others/);
  t.equal(message('user@localhost'), 'must be an e-mail address');
});

t.test('a search prefix folds ASCII letters only', async (t) => {
  t.equal(canonicalEmailPrefix(' USER@Exam'), 'user@exam');
  t.equal(canonicalEmailPrefix('user\u212a'), 'user\u212a');
  t.equal(canonicalEmailPrefix('x@Bücher.example'), 'x@xn--bcher-kva.example');
});
