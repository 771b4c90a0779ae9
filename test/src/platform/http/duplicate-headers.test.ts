import t from 'tap';
import { isRepeated } from '#platform/http/duplicate-headers.js';

t.test('a repeated header field is found in any letter case, and values are not mistaken for names', async (t) => {
  const once = ['Host', 'a', 'X-Host', 'host', 'Authorization', 'host'];
  t.notOk(isRepeated([], 'host'));
  t.notOk(isRepeated(once, 'host'));
  t.notOk(isRepeated(once, 'authorization'));
  t.ok(isRepeated([...once, 'hOST', ''], 'host'));
  t.ok(isRepeated([...once, 'AUTHORIZATION', 'Bearer x'], 'authorization'));
  t.notOk(isRepeated([...once, 'AUTHORIZATION', 'Bearer x'], 'host'));
});
