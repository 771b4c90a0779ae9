import t from 'tap';
import { compileLazily } from '#platform/http/lazy-serializers.js';

t.test('a serializer is compiled once, for its first answer', async (t) => {
  const compiled: string[] = [];
  const build = compileLazily((prefix: string) => (route: string) => {
    compiled.push(`${prefix}${route}`);
    return (answer) => `${route}: ${answer}`;
  });
  const compile = build('GET ');
  const [me, verify] = [compile('me'), compile('verify')];
  t.strictSame(compiled, []);
  t.equal(me('first'), 'me: first');
  t.equal(me('second'), 'me: second');
  t.strictSame(compiled, ['GET me']);
  t.equal(verify('first'), 'verify: first');
  t.strictSame(compiled, ['GET me', 'GET verify']);
});
