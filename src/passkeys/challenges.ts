// Challenges for passkeys (WebAuthn). They contain all that is needed to recognise them, so that a stranger who requests many of them
// causes no write: only a challenge that is used is stored (see `used_passkey_challenges`).
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * What a challenge is for: a proof of identity of any account, or a new passkey in one session (`registration/<user id>/<session id>`).
 */
export type ChallengePurpose = 'assertion' | `registration/${number}/${number}`;

/** A challenge of this service that has not expired. */
export interface KnownChallenge {
  /** SHA-256. */
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

/** How long a challenge can be used. */
export const CHALLENGE_SECONDS = 300;
const RANDOM_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 32;

/** `keys`: one for each secret, the current one first. `now`: milliseconds since 1970. */
export function createPasskeyChallenges(keys: readonly [Buffer, ...Buffer[]], now: () => number) {
  const macOf = (key: Buffer, purpose: ChallengePurpose, content: Buffer) =>
    createHmac('sha256', key).update(`${purpose}\0`).update(content).digest();

  return {
    /** A new challenge: random bytes, the time when it expires, and a MAC of both and the purpose. */
    issue(purpose: ChallengePurpose): string {
      const expires = Buffer.alloc(TIME_BYTES);
      expires.writeUIntBE(Math.floor(now() / 1000) + CHALLENGE_SECONDS, 0, TIME_BYTES);
      const content = Buffer.concat([randomBytes(RANDOM_BYTES), expires]);
      return Buffer.concat([content, macOf(keys[0], purpose, content)]).toString('base64url');
    },

    /** Undefined for a challenge that has expired, is for another purpose, or is not of this service. */
    recognise(challenge: string, purpose: ChallengePurpose): KnownChallenge | undefined {
      const bytes = Buffer.from(challenge, 'base64url');
      if (bytes.length !== RANDOM_BYTES + TIME_BYTES + MAC_BYTES) return undefined;
      const content = bytes.subarray(0, -MAC_BYTES);
      const mac = bytes.subarray(-MAC_BYTES);
      if (!keys.some((key) => timingSafeEqual(macOf(key, purpose, content), mac))) return undefined;
      const expires = content.readUIntBE(RANDOM_BYTES, TIME_BYTES) * 1000;
      if (expires <= now()) return undefined;
      return { hash: createHash('sha256').update(bytes).digest(), expiresAt: new Date(expires) };
    },
  };
}

export type PasskeyChallenges = ReturnType<typeof createPasskeyChallenges>;
