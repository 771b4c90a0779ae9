// The documentation pages: where they are, what a browser may do with them, and what lies around them.
import t from 'tap';
import { testApp } from '../../support/app.js';
import { isProblem } from '../../support/problem.js';

t.test('Swagger UI is at /docs/ and /docs, under a strict policy, and may be cached for a moment', async (t) => {
  const { inject } = await testApp(t);
  for (const url of ['/docs/', '/docs']) {
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
    t.notMatch(policy, /unsafe|https?:|\*/, 'nothing inline, nothing evaluated, nothing foreign');
    t.notMatch(page.body, /<script(?![^>]+src=)|<style| style=| on[a-z]+=|https?:/i, 'nor does the page ask for it');

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

t.test('a page that the browser has is not sent again', async (t) => {
  const { inject } = await testApp(t);
  const url = '/docs/static/swagger-ui.css';
  const { etag } = (await inject({ url })).headers;
  const again = await inject({ url, headers: { 'if-none-match': String(etag) } });
  t.equal(again.statusCode, 304);
  t.equal(again.body, '');
});

t.test('the front door leads a browser to the documentation, and tells a program where it is', async (t) => {
  const { inject } = await testApp(t);
  const browser = await inject({ url: '/', headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  t.equal(browser.statusCode, 302);
  t.equal(browser.headers.location, 'docs/', 'relative: a proxy may serve us under a prefix');
  t.equal(browser.headers.vary, 'accept');
  const program = await inject({ url: '/', headers: { accept: '*/*' } });
  t.equal(program.statusCode, 200);
  t.strictSame(program.json(), { service: 'latchkey', docs: 'docs/', openapi: 'openapi.json' });
});

t.test('what is not there is a problem, not a page', async (t) => {
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

t.test('answers of the API are never stored, framed, or run', async (t) => {
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
