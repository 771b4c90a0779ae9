import t from 'tap';
import { serializersOnDemand, validatorsOnDemand } from '#platform/http/lazy-compilers.js';

t.test('a serializer is compiled once, for its first answer', async (t) => {
  const compiled: string[] = [];
  const build = serializersOnDemand((prefix: string) => (route: string) => {
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

t.test('a validator is compiled once, at its first call, and has the errors of the last call', async (t) => {
  const compiled: string[] = [];
  const build = validatorsOnDemand((prefix: string) => (route: string) => {
    compiled.push(`${prefix}${route}`);
    const validate = Object.assign(
      (data: unknown) => {
        validate.errors = data === 'good' ? null : [`${data} is not good`];
        return validate.errors === null;
      },
      { errors: null as string[] | null },
    );
    return validate;
  });
  const validate = build('POST ')('login');
  build('POST ')('register');
  t.strictSame(compiled, []);
  t.equal(validate('bad'), false);
  t.strictSame(validate.errors, ['bad is not good']);
  t.equal(validate('good'), true);
  t.equal(validate.errors, null);
  t.strictSame(compiled, ['POST login']);
});
