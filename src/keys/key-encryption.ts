// Encrypts private keys, so that a copy of the database is not enough to sign tokens.
import { createEncryption, type Encryption } from '#platform/config/encryption.js';

/** The encryption of private keys. The associated data is the key's `kid`. */
export function createKeyEncryption(secrets: readonly string[]): Encryption {
  return createEncryption(secrets, 'signing-key/v1');
}

export type KeyEncryption = Encryption;
