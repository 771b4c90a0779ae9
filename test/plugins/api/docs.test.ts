// The documentation pages: their addresses, their security and cache headers, and the answers for missing files.
import t from 'tap';
import { testApp } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';

t.test('Swagger UI is served at /docs/ and /docs under a strict policy, and may be cached for a minute', async (t) => {
  const { inject } = await testApp(t);
  for (const url of ['/docs/', '/docs', '/docs/?/static/']) {
    const page = await inject({ url });
    t.equal(page.statusCode, 200);
    t.match(page.headers, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=60',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const policy = String(page.headers['content-security-policy']);
    t.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';.* frame-ancestors 'none'$/);
    t.notMatch(policy, /unsafe|https?:|\*/, 'no inline code, no eval, no other hosts');
    t.match(
      page.body,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      'phones do not shrink it',
    );
    t.notMatch(page.body, /<script(?![^>]+src=)|<style| style=| on[a-z]+=|https?:/i, 'the page needs none of these');

    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    t.ok(links.length >= 6);
    for (const link of links) {
      const path = new URL(link, `http://localhost${url}`).pathname;
      const asset = await inject({ url: path });
      t.equal(asset.statusCode, 200, path);
      t.equal(asset.headers['cache-control'], 'public, max-age=3600');
    }
  }
});

t.test('a file that the browser has cached is answered 304', async (t) => {
  const { inject } = await testApp(t);
  const url = '/docs/static/swagger-ui.css';
  const { etag } = (await inject({ url })).headers;
  const again = await inject({ url, headers: { 'if-none-match': String(etag) } });
  t.equal(again.statusCode, 304);
  t.equal(again.body, '');
});

t.test('the root redirects a browser to the documentation and returns its address to a program', async (t) => {
  const { inject } = await testApp(t);
  const browser = await inject({ url: '/', headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  t.equal(browser.statusCode, 302);
  t.equal(browser.headers.location, 'docs/', 'relative, because a proxy may serve the service under a prefix');
  t.equal(browser.headers.vary, 'accept');
  const program = await inject({ url: '/', headers: { accept: '*/*' } });
  t.equal(program.statusCode, 200);
  t.strictSame(program.json(), { service: 'latchkey', docs: 'docs/', openapi: 'openapi.json' });
});

t.test('a missing page or a wrong method is answered with a problem document', async (t) => {
  const { inject } = await testApp(t);
  for (const url of ['/docs/nothing', '/docs/static/nothing.js', '/docs/static/', '/documentation/', '/openapi']) {
    isProblem(t, await inject({ url }), 'not_found', url);
  }
  for (const url of [
    '/docs/static/..%2f..%2fpackage.json',
    '/docs/static/%2e%2e/index.js',
    '/docs/static//etc/passwd',
  ]) {
    const answer = await inject({ url });
    t.ok([400, 404].includes(answer.statusCode), `${url}: ${answer.statusCode}`);
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
  }
  for (const url of ['/', '/docs/', '/docs', '/openapi.json', '/openapi.yaml', '/docs/static/swagger-ui.css']) {
    const answer = await inject({ method: 'POST', url });
    isProblem(t, answer, 'method_not_allowed', `POST ${url}`);
    t.equal(answer.headers.allow, 'GET, HEAD');
  }
});

t.test('answers of the API may not be stored, framed or executed', async (t) => {
  const { inject, register } = await testApp(t);
  for (const answer of [await register(), await register(), await inject({ url: '/livez' })]) {
    t.match(answer.headers, {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  }
});
