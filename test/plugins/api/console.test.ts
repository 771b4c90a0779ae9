// How the console's files are served: caching, compression, Content-Security-Policy, relative links, and their total size.
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { testApp } from '../../support/app.js';

t.test('the page is revalidated each time, and its files are immutable', async (t) => {
  const { app } = await testApp(t);
  for (const url of ['/admin/', '/admin', '/admin/?file=x-AAAAAAAA.js', '/admin?x-AAAAAAAA.js']) {
    const page = await app.inject({ url });
    t.equal(page.statusCode, 200, url);
    t.equal(page.headers['cache-control'], 'no-cache');
    t.match(page.headers['content-type'], /^text\/html/);
    t.match(page.headers['content-security-policy'], /^default-src 'none'; script-src 'self'; style-src 'self'; /);
    t.notMatch(page.body, /<style|style=|<script(?! type="module" src=)|\son\w+=/, 'no inline script or style');
  }
  const { body } = await app.inject({ url: '/admin/' });
  const linksOf = (html: string, base: string) =>
    [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => {
      t.match(link, /^\.\//, 'relative, so that it works under a path prefix');
      return new URL(link, `http://localhost${base}`).pathname;
    });
  const files = linksOf(body, '/admin/');
  for (const url of ['/admin', '/admin?x=/', '/admin/?x']) {
    t.strictSame(linksOf((await app.inject({ url })).body, url), files, url);
  }
  t.equal(files.length, 3);
  let bytes = 0;
  for (const url of files) {
    const file = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    t.equal(file.statusCode, 200, url);
    t.equal(file.headers['cache-control'], 'public, max-age=31536000, immutable');
    t.equal(file.headers['content-encoding'], 'gzip');
    const plain = await app.inject({ url });
    t.equal(gunzipSync(file.rawPayload).toString(), plain.body);
    bytes += file.rawPayload.length;
  }
  t.ok(bytes < 60_000, `${bytes} bytes`);
});

t.test('an unknown file answers 404 with a problem', async (t) => {
  const { inject } = await testApp(t);
  for (const url of ['/admin/nothing.js', '/admin/..%2fbuild.js', '/admin/%2e%2e/build.js']) {
    const response = await inject({ url });
    t.equal(response.statusCode, 404, url);
    t.equal(response.json().code, 'not_found');
    t.equal(response.headers['cache-control'], 'no-store');
  }
});

t.test('the console is not part of the OpenAPI document', async (t) => {
  const { app } = await testApp(t);
  const paths = Object.keys(app.swagger().paths ?? {});
  t.ok(paths.length > 0);
  t.notOk(paths.some((path) => path.startsWith('/admin')));
});
