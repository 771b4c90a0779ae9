// Re-encrypts the secrets of authenticator apps after a change of AUTH_SECRET, so that the old secret can be forgotten.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Encryption } from '#platform/config/encryption.js';
import type { Log } from '#platform/log/log.js';
import { associatedData } from './encryption.js';
import type { SecondFactorsRepository } from './repository.js';

interface Dependencies {
  readonly repository: Pick<SecondFactorsRepository, 'findStoredAfter' | 'replaceSecret'>;
  readonly encryption: Encryption;
  readonly log: Log;
  /** The number of rows that are read at once. */
  readonly batchSize?: number;
  /** The pause between two batches, in milliseconds. */
  readonly pause?: number;
}

const BEFORE_ALL = -1;

/** A pass through the table; resolves to the number of secrets that were re-encrypted. `signal` stops it before the next batch. */
export function createReencryption({ repository, encryption, log, batchSize = 500, pause = 50 }: Dependencies) {
  return async (signal?: AbortSignal): Promise<number> => {
    let [done, unreadable] = [0, 0];
    for (let after: number | undefined = BEFORE_ALL; after !== undefined && !signal?.aborted; ) {
      if (after !== BEFORE_ALL) await sleep(pause, undefined, { ref: false });
      const batch = await repository.findStoredAfter(after, batchSize);
      for (const { id, userId, secret } of batch) {
        const decrypted = encryption.decrypt(secret, associatedData(userId));
        if (decrypted === undefined) unreadable += 1;
        else if (!decrypted.isCurrent) {
          const next = encryption.encrypt(decrypted.plaintext, associatedData(userId));
          // Not if it has changed meanwhile: another instance does the same.
          if (await repository.replaceSecret(id, secret, next)) done += 1;
        }
      }
      after = batch.length === batchSize ? batch.at(-1)?.id : undefined;
    }
    if (done > 0) log.info({ event: 'second_factors_reencrypted', count: done }, 'second factors re-encrypted');
    if (unreadable > 0)
      log.error(
        { event: 'second_factors_unreadable', count: unreadable },
        'AUTH_SECRET does not decrypt second factors',
      );
    return done;
  };
}

export type Reencryption = ReturnType<typeof createReencryption>;
