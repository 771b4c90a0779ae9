// Client addresses are converted to a canonical form, and invalid ones to undefined.
import fc from 'fast-check';
import t from 'tap';
import { canonicalAddress, canonicalForwardedFor } from '#platform/http/client-address.js';

t.test('the canonical form has no port, brackets or zone', async (t) => {
  for (const [text, address] of [
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:52110', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['::FFFF:CB00:7107', '203.0.113.7'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:80', 'fe80::1'],
    ['::1', '::1'],
    ['::', '::'],
    // Without brackets the last group is not a port.
    ['2001:db8::1:443', '2001:db8::1:443'],
    ...[
      'unknown',
      '_hidden',
      '',
      '-',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '1.2.3.4:',
      '1.2.3.4:x',
      '1.2.3.4:123456',
      '1.2.3.4:1:2',
      '1.2.3.4/8',
      '01.2.3.4',
      '0x7f.1',
      '[1.2.3.4]',
      '[::1',
      '::1]',
      '[]',
      '[]:80',
      'example.com',
      '<script>',
      'x'.repeat(6000),
      `1.2.3.4${' '.repeat(6000)}`,
    ].map((bad) => [bad, undefined] as const),
  ] as const) {
    t.equal(canonicalAddress(text), address, text.slice(0, 40));
  }
  for (const nothing of [undefined, null]) t.equal(canonicalAddress(nothing), undefined);
});

t.test('a canonical address is its own canonical form', async () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const once = canonicalAddress(text);
      return once === undefined || canonicalAddress(once) === once;
    }),
  );
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 65535 }), (ip, port) => canonicalAddress(`${ip}:${port}`) === ip),
  );
  fc.assert(fc.property(fc.ipV6(), (ip) => canonicalAddress(`[${ip}]:1`) === canonicalAddress(ip)));
});

t.test('in a list, invalid addresses become `unknown` and the order is kept', async (t) => {
  t.equal(
    canonicalForwardedFor('203.0.113.7:1, nonsense,[2001:DB8::1]:443 ,, ::ffff:10.0.0.1'),
    '203.0.113.7, unknown, 2001:db8::1, 10.0.0.1',
  );
});

t.test(
  'only the last 32 entries of X-Forwarded-For are read: a client can send thousands, and parsing takes time',
  async (t) => {
    const proxies = Array.from({ length: 31 }, (_, i) => `10.0.0.${i}`).join(', ');
    t.equal(canonicalForwardedFor(`${'::1,'.repeat(4000)}203.0.113.7, ${proxies}`), `203.0.113.7, ${proxies}`);
    t.equal(canonicalForwardedFor(','.repeat(16_000)), '');
  },
);
