// Clients are identified by their IPv4 address or the /64 of their IPv6 address.
import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import t from 'tap';
import { createClientNetworks, networkOf } from '#platform/http/client-network.js';

t.test('an IPv6 address maps to its /64 and an IPv4 address to itself, in every spelling', async (t) => {
  for (const [ip, network] of [
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:CB00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
    ['no address', 'no address'],
    ['not:one', 'not:one'],
    ['', ''],
  ] as const) {
    t.equal(networkOf(ip), network, ip);
  }
});

t.test('only the upper half of an IPv6 address matters', async () => {
  const mappedPrefix = '0:0:0:0';
  const half = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 })
    .map((groups) => groups.map((group) => group.toString(16)).join(':'));
  fc.assert(
    fc.property(half, half, half, half, (upper, other, lower, another) => {
      fc.pre(upper !== mappedPrefix && other !== mappedPrefix);
      const same = networkOf(`${upper}:${lower}`) === networkOf(`${upper}:${another}`);
      return same && (networkOf(`${upper}:${lower}`) === networkOf(`${other}:${lower}`)) === (upper === other);
    }),
  );
  fc.assert(fc.property(fc.ipV4(), (ip) => isIPv4(ip) && networkOf(`::ffff:${ip}`) === ip));
  fc.assert(fc.property(fc.ipV6(), (ip) => isIPv6(ip) && networkOf(ip) !== ip));
});

t.test('a trusted proxy does not count as a client', async (t) => {
  const networks = createClientNetworks(['10.0.0.0/8', '192.0.2.1', 'fdaa::/16', '2001:db8::1']);
  for (const proxy of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', 'fdaa:1::2', '2001:db8::1']) {
    t.equal(networks(proxy), undefined, proxy);
  }
  t.equal(networks('192.0.2.2'), '192.0.2.2');
  t.equal(networks('2001:db8::2'), '2001:db8:0:0::/64');
  t.equal(createClientNetworks([])('10.1.2.3'), '10.1.2.3', 'without trusted proxies');
  t.equal(networks('203.0.113.7:50123'), '203.0.113.7', 'a port is removed');
  t.equal(networks('[2001:db8:1:2::9]:443'), '2001:db8:1:2::/64');
  t.equal(networks('10.1.2.3:50123'), undefined, 'also from a proxy');
  for (const ip of ['unknown', '_hidden', '', '1.2.3', '203.0.113.7:50123:1']) t.equal(networks(ip), undefined, ip);
});
