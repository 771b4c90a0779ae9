// Origin patterns: which are valid, and which origins they match.
import t from 'tap';
import { createOrigins, isOriginPattern } from '#platform/http/origins.js';

t.test(
  'a pattern is an origin as browsers send it, or a wildcard for one label of a domain with a single owner',
  async (t) => {
    for (const good of [
      'https://app.example.com',
      'http://localhost:5173',
      'capacitor://localhost',
      'ionic://localhost',
      'tauri://localhost',
      'app://.',
      'app://bundle',
      'com.example.app://host',
      'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
      'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc',
      'safari-web-extension://2C127FA4-62C7-7E4F-90E5-472B45EECFDC',
      'https://*.example.app',
      'https://*.preview.example.co.uk:8443',
      'https://*.my-team.vercel.app',
      'http://*.localhost:5173',
    ]) {
      t.ok(isOriginPattern(good), good);
    }
    for (const bad of [
      '*',
      'null',
      'https://*',
      'https://*.',
      'https://*.com',
      'https://*.app',
      'https://*.co.uk',
      'https://*.github.io',
      'https://*.vercel.app',
      'https://*.0.0.1',
      'https://*.127.0.0.1',
      'https://*.example.app:443',
      'https://*.*.example.app',
      'https://a*.example.app',
      'https://*example.app',
      'https://app.*.example.app',
      'https://*.Example.app',
      'https://*.example.app/',
      'https://*.example.app#',
      '*://app.example.com',
      'capacitor://*',
      'capacitor://localhost/',
      'capacitor:localhost',
      'Capacitor://localhost',
      'file://x',
      'data://x',
      'ws://app.example.com',
      'javascript://x',
      'about://blank',
    ]) {
      t.notOk(isOriginPattern(bad), bad);
    }
  },
);

t.test('a wildcard matches exactly one label', async (t) => {
  const origins = createOrigins([
    'https://*.example.app',
    'http://*.localhost:5173',
    'capacitor://localhost',
    'https://app.example.com',
  ]);
  for (const good of [
    'https://a.example.app',
    'https://pr-12.example.app',
    'https://xn--bcher-kva.example.app',
    'http://a.localhost:5173',
    'capacitor://localhost',
    'https://app.example.com',
  ]) {
    t.ok(origins.includes(good), good);
  }
  for (const bad of [
    undefined,
    '',
    'null',
    'https://example.app',
    'https://.example.app',
    'https://a.b.example.app',
    'http://a.example.app',
    'https://a.example.app:8443',
    'https://a.example.app.evil.com',
    'https://evil.com#.example.app',
    'https://evil.com/.example.app',
    'https://evil.com?.example.app',
    'https://evil.com:1.example.app',
    'https://evil@.example.app',
    'https://evil.com%23.example.app',
    'https://evil.com\\.example.app',
    'https://a.example.app ',
    'https://A.example.app',
    'https://-a.example.app',
    'https://a-.example.app',
    'https://*.example.app',
    `https://${'a'.repeat(64)}.example.app`,
    'http://a.localhost',
    'http://a.localhost:51733',
    'capacitor://localhost.evil',
  ]) {
    t.notOk(origins.includes(bad), String(bad));
  }
  t.notOk(origins.isListed('https://a.example.app'), 'it matches a wildcard only');
  t.ok(origins.isListed('https://app.example.com'));
});
