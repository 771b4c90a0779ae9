// Seals private keys, so that a copy of the database signs nothing.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from '#platform/config/secrets.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a seal held, and whether the current secret opened it. */
export interface Opened {
  readonly content: Buffer;
  /** False: an older secret did; it is time to seal anew. */
  readonly current: boolean;
}

/**
 * AES-256-GCM under a key derived from AUTH_SECRET; nonce, ciphertext and tag in a row. The first secret seals, all open.
 * `label` is authenticated with the content: a sealed key that is moved to another row does not open there.
 */
export function createSeal(secrets: readonly string[]) {
  const [current, ...previous] = secrets.map((secret) => deriveKey(secret, 'signing-key/v1'));
  if (current === undefined) throw new Error('a seal needs a secret');

  return {
    close(content: Buffer, label: string): Buffer {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(label));
      return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    },

    /** Undefined when no secret opens it. */
    open(sealed: Buffer, label: string): Opened | undefined {
      const content = openWith(current, sealed, label);
      if (content !== undefined) return { content, current: true };
      for (const key of previous) {
        const older = openWith(key, sealed, label);
        if (older !== undefined) return { content: older, current: false };
      }
      return undefined;
    },
  };
}

export type Seal = ReturnType<typeof createSeal>;

function openWith(key: Buffer, sealed: Buffer, label: string): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(label))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}
