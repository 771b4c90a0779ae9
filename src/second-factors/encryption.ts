// Encrypts the secrets of authenticator apps, so that a copy of the database is not enough to make their codes.
import { createEncryption, type Encryption } from '#platform/config/encryption.js';

/** The associated data is the account, so that a secret that is copied to another account does not decrypt there. */
export function createFactorEncryption(secrets: readonly string[]): Encryption {
  return createEncryption(secrets, 'second-factor/v1');
}

/** The associated data (RFC 5116) that an encrypted secret is bound to. */
export function associatedData(userId: number): string {
  return `totp/${userId}`;
}
