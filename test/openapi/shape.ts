// Makes answers and examples comparable by replacing the values that differ each time.

/** An answer whose variable values (tokens, ids, times, addresses) are replaced by their form; undefined for an empty body. */
export function shape(body: string): unknown {
  if (body === '') return undefined;
  return JSON.parse(body, (key, value) => {
    if (key === 'access_token') return jwtShape(value);
    if (key === 'sign_in_token') return /^[\w-]{43}$/.test(value) ? '43 letters' : value;
    if (key === 'temporary_password') return /^[\w-]{24}$/.test(value) ? '24 letters' : value;
    if (key === 'session_id' && value !== null) return /^\d+$/.test(value) ? 'digits' : value;
    if (key === 'at' || key === 'hour') return INSTANT.test(value) ? 'a time' : value;
    if (key === 'refresh_token') return UUID.test(value) ? 'a UUID' : value;
    if (['challenge', 'secret', 'uri', 'qr_svg'].includes(key)) return typeof value;
    // The user handle of a passkey.
    if (key === 'id' && typeof value === 'string' && /^[\w-]{43}$/.test(value)) return '43 letters';
    if (typeof value === 'string' && RECOVERY_CODE.test(value)) return 'a recovery code';
    // Members of a public key.
    if (['kid', 'x', 'y'].includes(key)) return /^[\w-]{43}$/.test(value) ? '43 letters' : value;
    if (key === 'id' && typeof value === 'string') {
      if (UUID.test(value)) return 'a UUID';
      return /^\d+$/.test(value) ? 'digits' : value;
    }
    if (/_at$/.test(key)) return INSTANT.test(value) ? 'a time' : value;
    if (['ip', 'user_agent', 'host'].includes(key)) return typeof value;
    if (key === 'request_id') return /^[0-9a-z]+-[0-9a-z]+$/.test(value) ? 'a request id' : value;
    return value;
  });
}

const RECOVERY_CODE = /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Header and claims, with only the values that are the same each time. */
function jwtShape(token: string): unknown {
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
  const { iat, exp } = claims as { iat: number; exp: number };
  const { email_verified: verified, auth_time: authTime, amr } = claims as Record<string, unknown>;
  // The example of every login is the one of a login with a password, and a sign-in by mail verifies the address.
  const fresh = {
    kid: typeof header?.kid,
    sid: typeof claims?.sid,
    jti: typeof claims?.jti,
    email_verified: typeof verified,
    auth_time: typeof authTime,
    amr: Array.isArray(amr),
    acr: /^urn:latchkey:acr:[12]$/.test(String(claims?.acr)),
  };
  return { header: { ...header, kid: fresh.kid }, claims: { ...claims, ...fresh, iat: 0, exp: exp - iat } };
}
