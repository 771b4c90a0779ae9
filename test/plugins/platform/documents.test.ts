// Documents over HTTP: content codings, entity tags, HEAD and errors, wherever they are served.
import { syncBuiltinESMExports } from 'node:module';
import zlib, { brotliDecompressSync, gunzipSync } from 'node:zlib';
import t from 'tap';
import { testApp } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';
import { converse } from '../../support/wire.js';

const { app } = await testApp(t);
// Not the `inject` of the test app, which reads every answer as text.
const inject = app.inject.bind(app);
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
const script = /src="\.\/([^"]+\.js)"/.exec((await inject({ url: '/admin/' })).body)?.[1];

const DOCUMENTS = [
  '/openapi.json',
  '/openapi.yaml',
  '/docs/',
  '/docs',
  '/docs/json',
  '/docs/yaml',
  '/docs/static/swagger-ui.css',
  '/docs/static/swagger-ui-bundle.js',
  '/docs/static/swagger-initializer.js',
  '/admin/',
  '/admin',
  `/admin/${script}`,
];

for (const url of DOCUMENTS) {
  t.test(`GET and HEAD ${url}`, async (t) => {
    const plain = await inject({ url });
    t.equal(plain.statusCode, 200);
    const tags = new Set<unknown>();
    for (const [accept = '', encoding, decode] of [
      [undefined, undefined, (bytes: Buffer) => bytes],
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['br;q=0.5, gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip;q=0', undefined, (bytes: Buffer) => bytes],
      ['identity;q=0, *', 'br', brotliDecompressSync],
    ] as const) {
      const headers = accept === '' ? {} : { 'accept-encoding': accept };
      const get = await inject({ url, headers });
      t.equal(get.statusCode, 200, accept);
      t.equal(get.headers['content-encoding'], encoding, accept);
      t.equal(get.headers['content-length'], String(get.rawPayload.length), accept);
      t.match(get.headers.vary, /accept-encoding/i);
      t.strictSame(decode(get.rawPayload), plain.rawPayload, accept);
      tags.add(get.headers.etag);

      const head = await inject({ method: 'HEAD', url, headers });
      t.equal(head.statusCode, 200);
      t.equal(head.body, '');
      const kept = ['content-encoding', 'content-type', 'content-length', 'etag', 'vary', 'cache-control'];
      for (const name of kept) t.equal(head.headers[name], get.headers[name], `HEAD, ${accept}: ${name}`);

      for (const method of ['GET', 'HEAD'] as const) {
        const condition = { ...headers, 'if-none-match': `"other", W/${get.headers.etag}` };
        const answer = await inject({ method, url, headers: condition });
        t.equal(answer.statusCode, 304, `${method}, ${accept}`);
        t.equal(answer.body, '');
        for (const name of ['etag', 'vary', 'cache-control']) t.equal(answer.headers[name], get.headers[name], name);
        for (const name of ['content-length', 'content-encoding', 'content-type']) {
          t.equal(answer.headers[name], undefined, `${method}, 304: ${name}`);
        }
        t.equal((await inject({ method, url, headers: { ...headers, 'if-none-match': '"other"' } })).statusCode, 200);
      }
    }
    t.equal(tags.size, 3, 'each coding has an entity tag of its own');

    const refused = await inject({ url, headers: { 'accept-encoding': '*;q=0' } });
    isProblem(t, refused, 'not_acceptable', 'no coding is acceptable');
    t.match(refused.headers.vary, /accept-encoding/i);
    t.equal(refused.headers.etag, undefined);
    t.equal((await inject({ method: 'HEAD', url, headers: { 'accept-encoding': '*;q=0' } })).statusCode, 406);
  });

  t.test(`${url} by the byte: no body after HEAD and 304`, async (t) => {
    const { etag } = (await inject({ url })).headers;
    const head = (line: string, headers = '') => `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
    const condition = `If-None-Match: ${etag}\r\n`;
    const { answers } = await converse(
      port,
      head(`HEAD ${url}`) + head(`HEAD ${url}`, condition) + head(`GET ${url}`, condition) + head('HEAD /livez'),
      { answers: 4, head: true },
    );
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      [200, 304, 304, 200],
    );
    t.strictSame(
      answers.slice(1, 3).map(({ headers }) => headers['content-length']),
      [undefined, undefined],
    );
  });
}

t.test('a page is made and compressed once, in however many ways its path is spelled', async (t) => {
  const fresh = await testApp(t);
  const compress = zlib.brotliCompress;
  let compressions = 0;
  const counting = (...parameters: Parameters<typeof compress>) => {
    compressions += 1;
    compress(...parameters);
  };
  Object.assign(zlib, { brotliCompress: Object.assign(counting, compress) });
  syncBuiltinESMExports();
  t.teardown(() => {
    Object.assign(zlib, { brotliCompress: compress });
    syncBuiltinESMExports();
  });
  const bodyOf = async (url: string) => {
    const answer = await fresh.app.inject({ url, headers: { 'accept-encoding': 'br' } });
    t.equal(answer.statusCode, 200, url);
    return String(brotliDecompressSync(answer.rawPayload));
  };
  const letters = [...'docs'].map((letter) => [letter, `%${letter.charCodeAt(0).toString(16)}`]);
  const spellings = letters.reduce<string[]>(
    (words, each) => words.flatMap((word) => each.map((letter) => word + letter)),
    [''],
  );
  for (const page of ['', '/', '/json', '/%6Ason', '/js%6Fn']) {
    const bodies = new Set<string>();
    for (const word of spellings.reverse()) bodies.add(await bodyOf(`/${word}${page}?${word}`));
    t.strictSame([...bodies], [await bodyOf(`/docs${page.replace('%6A', 'j').replace('%6F', 'o')}`)], page);
  }
  t.equal(compressions, 3);
});
