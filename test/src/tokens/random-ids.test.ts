import t from 'tap';
import { createRandomIds } from '#tokens/random-ids.js';

t.test('ids are 16 URL-safe characters and unique', async (t) => {
  const [one, another] = [createRandomIds(), createRandomIds()];
  const ids = Array.from({ length: 1000 }, () => [one(), another()]).flat();
  t.equal(new Set(ids).size, ids.length);
  t.strictSame(
    ids.filter((id) => !/^[A-Za-z0-9_-]{16}$/.test(id)),
    [],
  );
});
