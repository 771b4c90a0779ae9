// The language for mails, from Accept-Language.
import t from 'tap';
import { canonicalLanguage, preferredLanguage } from '#mail/locale.js';

const CASES: readonly (readonly [header: string | undefined, language: string | null])[] = [
  [undefined, null],
  ['', null],
  ['de', 'de'],
  ['de-at', 'de-AT'],
  ['en-US,en;q=0.9,de;q=0.8', 'en-US'],
  ['en;q=0.2, de;q=0.9, fr', 'fr'],
  ['en;q=0.5,de;q=0.5', 'en'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['de-DE-u-co-phonebk', 'de-DE'],
  ['*', null],
  ['*;q=1, nl;q=0.1', 'nl'],
  ['de;q=0', null],
  ['de;q=2, fr;q=0.1', 'fr'],
  ['de;q=abc', null],
  ['../../etc/passwd, sv', 'sv'],
  ['de\r\nBcc: x@example.com', null],
  ['x'.repeat(10_000), null],
  [`${'a,'.repeat(100_000)}de`, null],
  ['i', null],
  ['toolonglanguage', null],
];

t.test('the preferred language is a canonical tag', async (t) => {
  for (const [header, language] of CASES) t.equal(preferredLanguage(header), language, String(header).slice(0, 40));
});

t.test('a tag is canonical or refused', async (t) => {
  t.equal(canonicalLanguage('PT-br'), 'pt-BR');
  t.equal(canonicalLanguage('de_AT'), undefined);
  t.equal(canonicalLanguage(''), undefined);
  t.equal(canonicalLanguage('en-'.repeat(20)), undefined);
});
