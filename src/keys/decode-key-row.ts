// The signing keys that are in force, made from the rows of their table.
import { createHash } from 'node:crypto';
import { isSigningAlgorithm, type SigningAlgorithm } from '#platform/config/signing-algorithms.js';
import type { Seal } from './key-encryption.js';
import type { SigningKeyRow } from './repository.js';
import { type PublicJwk, readPublicKey, readSigningKey, type SigningKey, type VerificationKey } from './signing-key.js';

/** A row, and the key that was read from it. */
export interface ReadKey {
  readonly row: SigningKeyRow;
  /** What the key was read from: as long as the row has the same, it is not read again. */
  readonly source: string;
  readonly key: VerificationKey & { readonly signingKey: string | undefined };
  /** Its private key lies under an older secret. */
  readonly outdatedSeal: boolean;
}

/** A row that no key could be read from. */
export interface BrokenKey {
  readonly row: SigningKeyRow;
  readonly wrong: string;
  /** Its public half, when that is good: whoever can open the rest signs with it. */
  readonly verifying: VerificationKey | undefined;
}

/** What is published of the keys: the document of RFC 7517, and its entity tag. */
export interface PublishedKeys {
  readonly body: string;
  readonly etag: string;
}

/** Reads a row. Of a retired key only the public half is needed. */
export function readRow(row: SigningKeyRow, seal: Pick<Seal, 'open'>): ReadKey | BrokenKey {
  const { kid, alg, publicJwk, privateKey, state } = row;
  const broken = (wrong: string, verifying?: VerificationKey): BrokenKey => ({ row, wrong, verifying });
  if (!isSigningAlgorithm(alg)) return broken('its algorithm is unknown');
  const opened = seal.open(privateKey, sealLabel(kid, alg));
  const signing = opened && readSigningKey(alg, opened.content);
  const published = alg === 'HS256' ? signing : readPublicKey(alg, publicJwk);
  if (published === undefined && alg !== 'HS256') return broken('its public key cannot be read');
  if (published !== undefined && published.kid !== kid) return broken('its public key is another one');
  const outdatedSeal = opened?.current === false;
  const source = sourceOf(row);
  if (published !== undefined && state === 'retired') {
    return { row, source, key: { ...published, signingKey: undefined }, outdatedSeal };
  }
  if (opened === undefined) return broken('AUTH_SECRET does not open its private key', published);
  if (signing?.kid !== kid) return broken('its private key is another one', published);
  return { row, source, key: signing, outdatedSeal };
}

/** Whether a secret that is configured has sealed one of the keys. */
export function provesSecret(good: readonly ReadKey[], seal: Pick<Seal, 'open'>): boolean {
  return good.some(({ row, key }) => seal.open(row.privateKey, sealLabel(row.kid, key.alg)) !== undefined);
}

/** What of a row its key is read from. */
export function sourceOf({ alg, publicJwk, privateKey }: SigningKeyRow): string {
  return `${alg} ${JSON.stringify(publicJwk)} ${privateKey.toString('base64')}`;
}

/** What a sealed private key is bound to. */
export function sealLabel(kid: string, alg: SigningAlgorithm): string {
  return `${alg}/${kid}`;
}

/** Whether `key` can sign. */
export function signs(key: ReadKey['key'] | undefined): key is SigningKey {
  return key?.signingKey !== undefined;
}

/** The JSON Web Key Set; shared secrets are not in it. */
export function publish(keys: Iterable<VerificationKey>): PublishedKeys {
  const jwks = [...keys].map(({ publicJwk }) => publicJwk).filter((jwk): jwk is PublicJwk => jwk !== undefined);
  const body = JSON.stringify({ keys: jwks });
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}
