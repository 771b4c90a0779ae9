// Recovery codes: their form, and how they may be typed.
import t from 'tap';
import { hashRecoveryCode, newRecoveryCodes } from '#second-factors/recovery-codes.js';

t.test('a set has ten different codes, without letters that look like digits', async (t) => {
  const codes = newRecoveryCodes();
  t.equal(new Set(codes).size, 10);
  for (const code of codes) t.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
});

t.test('case, hyphens, spaces, and letters that look like digits do not matter', async (t) => {
  const hash = hashRecoveryCode('01AB-0000-1111-WXYZ');
  for (const typed of ['01ab0000 1111wxyz', 'OIAB-OOOO-LLII-WXYZ', ' olab-0o0o-1111-wxyz\n']) {
    t.strictSame(hashRecoveryCode(typed), hash, typed);
  }
  t.notSame(hashRecoveryCode('01AB-0000-1111-WXY0'), hash);
});
