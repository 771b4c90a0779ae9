// Static documents: content coding and revalidation.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import t from 'tap';
import { answerWith, chooseEncoding, createDocument, isCurrent } from '#platform/http/documents.js';

t.test('the coding with the highest weight is chosen, and the smallest of equal ones', async (t) => {
  for (const [header, expected] of [
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['identity, br;q=0.5', 'identity'],
    ['BR', 'br'],
    ['x-gzip', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['br;q=0', 'identity'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['identity;q=0, *', 'br'],
    ['identity;q=0, gzip', 'gzip'],
    ['identity;q=0', undefined],
    ['*;q=0', undefined],
    ['*;q=0, gzip', 'gzip'],
    ['gzip;q=0.001', 'gzip'],
    ['gzip; q=nonsense', 'identity'],
    ['deflate', 'identity'],
  ] as const) {
    t.equal(chooseEncoding(header), expected, String(header));
  }
});

t.test('a long Accept-Encoding is read up to 1,000 characters', async (t) => {
  t.equal(chooseEncoding(`gzip,${'x,'.repeat(7000)}br`), 'gzip');
  t.equal(chooseEncoding(`${'x,'.repeat(7000)}br`), 'identity');
});

t.test('If-None-Match is a list or *, compared weakly', async (t) => {
  for (const value of ['"a"', 'W/"a"', '*', ' * ', '"b", "a"', '"b",W/"a" ,"c"', '"x,y", "a"']) {
    t.ok(isCurrent('"a"', value), value);
  }
  for (const value of [undefined, '', 'a', '"A"', '"a', '"*"', 'w/"a"', '"a"x', '"b"'])
    t.notOk(isCurrent('"a"', value), String(value));
});

t.test('each coding has its own bytes and entity tag, created once from content that is read once', async (t) => {
  let asked = 0;
  const text = 'words '.repeat(1000);
  const document = createDocument('text/plain', () => {
    asked += 1;
    return text;
  });
  const tags = new Set<string | undefined>();
  for (const [encoding, decode] of [
    ['identity', String],
    ['gzip', (bytes: Buffer) => String(gunzipSync(bytes))],
    ['br', (bytes: Buffer) => String(brotliDecompressSync(bytes))],
  ] as const) {
    const request = { 'accept-encoding': encoding };
    const [one, two] = await Promise.all([answerWith(document, request), answerWith(document, request)]);
    t.equal(one.body, two.body, 'one buffer');
    t.equal(one.body && decode(one.body), text);
    t.equal(one.headers.vary, 'accept-encoding');
    t.equal(one.headers['content-encoding'], encoding === 'identity' ? undefined : encoding);
    t.match(one.headers.etag, /^"[\w-]+"$/);
    tags.add(one.headers.etag);
    const again = await answerWith(document, { ...request, 'if-none-match': `W/${one.headers.etag}` });
    t.match(again, { status: 304, headers: { etag: one.headers.etag, vary: 'accept-encoding' }, body: undefined });
  }
  t.equal(tags.size, 3);
  t.equal(asked, 1);
  t.equal((await answerWith(document, { 'accept-encoding': '*;q=0' })).status, 406);
});

t.test('content that could not be read is read again', async (t) => {
  let asked = 0;
  const document = createDocument('text/plain', async () => {
    asked += 1;
    if (asked === 1) throw new Error('not yet');
    return 'text';
  });
  await t.rejects(answerWith(document, {}), { message: 'not yet' });
  t.equal(String((await answerWith(document, {})).body), 'text');
});
