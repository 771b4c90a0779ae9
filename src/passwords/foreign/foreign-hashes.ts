// Password hashes that other systems have computed: what an import accepts, how it is stored, and how a login verifies it.
import type { Log } from '#platform/log/log.js';
import { parseArgon2 } from './argon2.js';
import { parseBcrypt } from './bcrypt.js';
import { parseFirebase } from './firebase.js';
import type { ForeignHash, ForeignHashParser } from './foreign-hash.js';
import { parsePbkdf2 } from './pbkdf2.js';
import { parseBetterAuth, parseDjangoScrypt } from './scrypt.js';

interface Dependencies {
  /** The signer key of the Firebase project that hashes come from. */
  readonly firebaseSignerKey: Buffer | undefined;
  readonly log: Pick<Log, 'warn'>;
}

/** Why a hash cannot be imported. */
export type HashRefusal = 'hash_unknown' | 'hash_too_costly' | 'signer_key_missing' | 'signer_key_differs';

/**
 * Precedes a foreign hash in the database. It keeps foreign argon2id hashes apart from our own, which are of the password in NFC; a
 * foreign hash is of the password as it was typed.
 */
const TAG = '$foreign$';
/** Longer than any hash of the supported families. */
const MAX_LENGTH = 2048;

const PARSERS: readonly ForeignHashParser[] = [
  parsePbkdf2,
  parseArgon2,
  parseBcrypt,
  parseDjangoScrypt,
  parseBetterAuth,
];

/** Reads foreign hashes, as they come in an import and as they are stored. */
export function createForeignHashes({ firebaseSignerKey, log }: Dependencies) {
  /** The form to store a foreign hash in, or why it cannot be imported. */
  function accept(text: string): { readonly stored: string } | { readonly refusal: HashRefusal } {
    const firebase = parse(text, (each) => parseFirebase(each, firebaseSignerKey));
    const found = firebase ?? parseAny(text);
    if (found === undefined) return { refusal: 'hash_unknown' };
    if (!found.isAffordable) return { refusal: 'hash_too_costly' };
    if (firebase?.keyProblem !== undefined) {
      return { refusal: firebase.keyProblem === 'missing' ? 'signer_key_missing' : 'signer_key_differs' };
    }
    return { stored: `${TAG}${firebase?.withoutKey ?? text}` };
  }

  /** The verifier of a stored hash. Undefined if it is not a foreign hash, or one that cannot be verified. */
  function find(stored: string): ForeignHash | undefined {
    const text = originalText(stored);
    if (text === undefined) return undefined;
    const firebase = parse(text, (each) => parseFirebase(each, firebaseSignerKey));
    if (firebase?.keyProblem !== undefined) {
      log.warn({ key: firebase.keyProblem }, 'a Firebase password hash cannot be verified: check FIREBASE_SIGNER_KEY');
      return undefined;
    }
    const found = firebase ?? parseAny(text);
    return found?.isAffordable ? found : undefined;
  }

  return { accept, find };
}

export type ForeignHashes = ReturnType<typeof createForeignHashes>;

/** A foreign hash as the other system wrote it; undefined if the stored hash is our own. */
export function originalText(stored: string): string | undefined {
  return stored.startsWith(TAG) ? stored.slice(TAG.length) : undefined;
}

function parseAny(text: string): ForeignHash | undefined {
  for (const parser of PARSERS) {
    const found = parse(text, parser);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parse<T>(text: string, parser: (text: string) => T | undefined): T | undefined {
  return text.length > MAX_LENGTH ? undefined : parser(text);
}
