// Encrypts secrets before they are stored, so that a copy of the database is not enough to sign tokens or to take over accounts.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from './secrets.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A decrypted value. */
export interface Decrypted {
  readonly plaintext: Buffer;
  /** False if a previous secret decrypted it: it should be encrypted again with the current one. */
  readonly isCurrent: boolean;
}

/**
 * AES-256-GCM with keys derived from AUTH_SECRET for one `purpose`, such as `signing-key/v1`; the output is nonce, ciphertext and tag. The
 * first secret encrypts, every secret decrypts. The associated data is authenticated but not stored, so that a value moved to another row
 * does not decrypt there.
 */
export function createEncryption(secrets: readonly string[], purpose: string) {
  const [current, ...previous] = secrets.map((secret) => deriveKey(secret, purpose));
  if (current === undefined) throw new Error('at least one secret is required');

  return {
    encrypt(plaintext: Buffer, associatedData: string): Buffer {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(associatedData));
      return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },

    /** Undefined if no secret decrypts it. */
    decrypt(encrypted: Buffer, associatedData: string): Decrypted | undefined {
      const plaintext = decryptWith(current, encrypted, associatedData);
      if (plaintext !== undefined) return { plaintext, isCurrent: true };
      for (const key of previous) {
        const older = decryptWith(key, encrypted, associatedData);
        if (older !== undefined) return { plaintext: older, isCurrent: false };
      }
      return undefined;
    },
  };
}

export type Encryption = ReturnType<typeof createEncryption>;

function decryptWith(key: Buffer, encrypted: Buffer, associatedData: string): Buffer | undefined {
  if (encrypted.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = encrypted.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(associatedData))
    .setAuthTag(encrypted.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(encrypted.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}
