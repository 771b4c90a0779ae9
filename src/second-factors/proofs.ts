// Judges and uses up proofs of a second factor: codes of authenticator apps and recovery codes.
import { byUser, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import type { Encryption } from '#platform/config/encryption.js';
import type { Db } from '#platform/database/database.js';
import type { Log } from '#platform/log/log.js';
import type { AuthenticationMethod } from '#tokens/authentication.js';
import { associatedData } from './encryption.js';
import { hashRecoveryCode } from './recovery-codes.js';
import type { SecondFactorsRepository } from './repository.js';
import { judge } from './totp.js';

/** A code of an authenticator app, or a recovery code. */
export type SecondProof = { readonly code: string } | { readonly recoveryCode: string };

interface Dependencies {
  readonly repository: SecondFactorsRepository;
  readonly encryption: Pick<Encryption, 'decrypt'>;
  readonly notices: Pick<Notices, 'recoveryCodeUsed'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Proofs of accounts that the caller's transaction has locked. The caller limits how many can be tried. */
export function createSecondProofs({ repository, encryption, notices, audit, log, now }: Dependencies) {
  async function useCode(userId: number, code: string, on: Db): Promise<AuthenticationMethod | undefined> {
    for (const { id, secret, lastUsedStep } of await repository.listStored(userId, on)) {
      const decrypted = encryption.decrypt(secret, associatedData(userId));
      if (decrypted === undefined) {
        log.error({ userId, factorId: id }, 'AUTH_SECRET does not decrypt a second factor: its codes are refused');
        continue;
      }
      const verdict = judge(decrypted.plaintext, code, now(), lastUsedStep);
      if (verdict.type === 'accepted' && (await repository.useStep(id, verdict.step, on))) return 'otp';
      if (verdict.type === 'clock_is_off') {
        log.warn(
          { event: 'totp_clock_off', userId, factorId: id, steps: verdict.steps },
          'a code of another time was refused',
        );
      }
    }
    return undefined;
  }

  async function useRecoveryCode(
    userId: number,
    code: string,
    origin: Origin,
    on: Db,
  ): Promise<AuthenticationMethod | undefined> {
    if (!(await repository.useRecoveryCode(userId, hashRecoveryCode(code), on))) return undefined;
    const left = await repository.countRecoveryCodes(userId, on);
    const target = { type: 'user', id: userId } as const;
    await audit.record(
      { ...byUser({ userId }, origin), event: 'user.recovery_code_used', target, details: { left } },
      on,
    );
    await notices.recoveryCodeUsed(userId, origin, on);
    return 'recovery_code';
  }

  return {
    /** Uses the proof up, if it is right: the method that it stands for. Undefined if it is wrong. */
    use: (userId: number, proof: SecondProof, origin: Origin, on: Db): Promise<AuthenticationMethod | undefined> =>
      'code' in proof ? useCode(userId, proof.code, on) : useRecoveryCode(userId, proof.recoveryCode, origin, on),

    /** What an account with a second factor can give as a proof. */
    kindsOf: async (userId: number, on?: Db): Promise<string[]> => {
      const hasRecoveryCodes = (await repository.countRecoveryCodes(userId, on)) > 0;
      return hasRecoveryCodes ? ['totp', 'recovery_code'] : ['totp'];
    },
  };
}

export type SecondProofs = ReturnType<typeof createSecondProofs>;
