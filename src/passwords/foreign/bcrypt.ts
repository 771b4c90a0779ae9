// Bcrypt hashes: bare (`$2b$…`, as Auth0, Supabase, Devise and Laravel store them), and with the prefixes of Django's two hashers.
import { createHash } from 'node:crypto';
import type { ForeignHash } from './foreign-hash.js';

/** About a second on one core; each step doubles it. Django, Devise and Laravel use 12, Auth0 and Supabase 10. */
const MAX_COST = 14;
const MIN_COST = 4;

// Not `$2x$`, which marks hashes of an implementation that mangled characters beyond ASCII.
const TEXT = /^(?:bcrypt(_sha256)?\$)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/;

/** Undefined if the text is not such a hash. */
export function parseBcrypt(text: string): ForeignHash | undefined {
  const [, sha256, hash, cost] = TEXT.exec(text) ?? [];
  if (hash === undefined || Number(cost) < MIN_COST) return undefined;
  return {
    isAffordable: Number(cost) <= MAX_COST,
    // Like its origins, bcrypt uses only the first 72 bytes of UTF-8. Django's bcrypt_sha256 avoids that by hashing first.
    verify: async (password) => {
      // Loaded with the first such hash, since most installations have none.
      const { verify } = await import('@node-rs/bcrypt');
      return verify(sha256 === undefined ? password : createHash('sha256').update(password).digest('hex'), hash);
    },
  };
}
