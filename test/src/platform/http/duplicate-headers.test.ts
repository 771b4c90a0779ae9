import t from 'tap';
import { isRepeated } from '#platform/http/duplicate-headers.js';

t.test('a field that comes twice is found in any spelling, and no other is taken for it', async (t) => {
  const once = ['Host', 'a', 'X-Host', 'host', 'Authorization', 'host'];
  t.notOk(isRepeated([], 'host'));
  t.notOk(isRepeated(once, 'host'));
  t.notOk(isRepeated(once, 'authorization'));
  t.ok(isRepeated([...once, 'hOST', ''], 'host'));
  t.ok(isRepeated([...once, 'AUTHORIZATION', 'Bearer x'], 'authorization'));
  t.notOk(isRepeated([...once, 'AUTHORIZATION', 'Bearer x'], 'host'));
});
