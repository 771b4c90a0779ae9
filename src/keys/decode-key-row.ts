// Decodes the rows of the signing key table into keys, and builds the published key set from them.
import { createHash } from 'node:crypto';
import { isSigningAlgorithm, type SigningAlgorithm } from '#platform/config/signing-algorithms.js';
import type { KeyEncryption } from './key-encryption.js';
import type { SigningKeyRow } from './repository.js';
import { type PublicJwk, readPublicKey, readSigningKey, type SigningKey, type VerificationKey } from './signing-key.js';

/** A row and the key that was decoded from it. */
export interface DecodedKey {
  readonly row: SigningKeyRow;
  /** `fingerprintOf(row)`. The row is decoded again only when this changes. */
  readonly fingerprint: string;
  readonly key: VerificationKey & { readonly signingKey: string | undefined };
  /** The private key is encrypted with a previous secret. */
  readonly needsReencryption: boolean;
}

/** A row that could not be decoded. */
export interface UndecodableKey {
  readonly row: SigningKeyRow;
  readonly wrong: string;
  /** The public half, if that is valid: another instance that can decrypt the private half may sign with it. */
  readonly verifying: VerificationKey | undefined;
}

/** The JSON Web Key Set (RFC 7517) and its entity tag. */
export interface PublishedKeys {
  readonly body: string;
  readonly etag: string;
}

/** Decodes a row. For a retired key, only the public half is required. */
export async function decodeKeyRow(
  row: SigningKeyRow,
  encryption: Pick<KeyEncryption, 'decrypt'>,
): Promise<DecodedKey | UndecodableKey> {
  const { kid, alg, publicJwk, privateKey, state } = row;
  const undecodable = (wrong: string, verifying?: VerificationKey): UndecodableKey => ({ row, wrong, verifying });
  if (!isSigningAlgorithm(alg)) return undecodable('its algorithm is unknown');
  const decrypted = encryption.decrypt(privateKey, associatedData(kid, alg));
  const signing = decrypted && (await readSigningKey(alg, decrypted.plaintext));
  const published = alg === 'HS256' ? signing : await readPublicKey(alg, publicJwk);
  if (published === undefined && alg !== 'HS256') return undecodable('its public key cannot be read');
  if (published !== undefined && published.kid !== kid) return undecodable('its public key belongs to another key');
  const needsReencryption = decrypted?.isCurrent === false;
  const fingerprint = fingerprintOf(row);
  if (published !== undefined && state === 'retired') {
    return { row, fingerprint, key: { ...published, signingKey: undefined }, needsReencryption };
  }
  if (decrypted === undefined) return undecodable('AUTH_SECRET does not decrypt its private key', published);
  if (signing?.kid !== kid) return undecodable('its private key belongs to another key', published);
  return { row, fingerprint, key: signing, needsReencryption };
}

/** Whether one of the configured secrets decrypts at least one of the keys. */
export function canDecryptAny(keys: readonly DecodedKey[], encryption: Pick<KeyEncryption, 'decrypt'>): boolean {
  return keys.some(
    ({ row, key }) => encryption.decrypt(row.privateKey, associatedData(row.kid, key.alg)) !== undefined,
  );
}

/** The columns of a row that its key is decoded from. */
export function fingerprintOf({ alg, publicJwk, privateKey }: SigningKeyRow): string {
  return `${alg} ${JSON.stringify(publicJwk)} ${privateKey.toString('base64')}`;
}

/** The associated data (RFC 5116) that an encrypted private key is bound to. */
export function associatedData(kid: string, alg: SigningAlgorithm): string {
  return `${alg}/${kid}`;
}

/** Whether `key` has its private half. */
export function canSign(key: DecodedKey['key'] | undefined): key is SigningKey {
  return key?.signingKey !== undefined;
}

/** Builds the JSON Web Key Set. It contains no shared secrets. */
export function createKeySet(keys: Iterable<VerificationKey>): PublishedKeys {
  const jwks = [...keys].map(({ publicJwk }) => publicJwk).filter((jwk): jwk is PublicJwk => jwk !== undefined);
  const body = JSON.stringify({ keys: jwks });
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}
