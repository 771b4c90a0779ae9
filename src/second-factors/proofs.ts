// Verifies and uses up proofs of a second factor: codes of authenticator apps, recovery codes and passkeys.
import { byUser, type LoginFailure, type Origin } from '#audit/events.js';
import type { AuditRepository } from '#audit/repository.js';
import type { Notices } from '#mail/notices.js';
import type { Assertion, PasskeyRefusal } from '#passkeys/responses.js';
import type { AssertionResult, Passkeys } from '#passkeys/service.js';
import type { Encryption } from '#platform/config/encryption.js';
import type { Db } from '#platform/database/database.js';
import type { Log } from '#platform/log/log.js';
import type { AuthenticationMethod } from '#tokens/authentication.js';
import { associatedData } from './encryption.js';
import { hashRecoveryCode } from './recovery-codes.js';
import type { SecondFactorsRepository } from './repository.js';
import { checkCode } from './totp.js';

/** A code of an authenticator app, a recovery code, or a passkey. */
export type SecondProof =
  | { readonly code: string }
  | { readonly recoveryCode: string }
  | { readonly passkey: Assertion };

/** A proof that is verified as far as that needs no lock. */
export type PreparedProof = Exclude<SecondProof, { passkey: Assertion }> | { readonly assertion: AssertionResult };

/** Why a proof is refused, as the audit log has it. */
export interface ProofRefusal {
  readonly reason: Extract<LoginFailure, 'second_factor_wrong' | 'passkey_refused'>;
  readonly cause?: PasskeyRefusal;
}

interface Dependencies {
  readonly repository: SecondFactorsRepository;
  readonly passkeys: Pick<Passkeys, 'find' | 'verify' | 'use'>;
  readonly encryption: Pick<Encryption, 'decrypt'>;
  readonly notices: Pick<Notices, 'recoveryCodeUsed'>;
  readonly audit: Pick<AuditRepository, 'record'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Proofs of accounts that the caller's transaction has locked. The caller limits how many can be tried. */
export function createSecondProofs({ repository, passkeys, encryption, notices, audit, log, now }: Dependencies) {
  async function useCode(userId: number, code: string, on: Db): Promise<AuthenticationMethod | undefined> {
    for (const { id, secret, lastUsedStep } of await repository.listStored(userId, on)) {
      const decrypted = encryption.decrypt(secret, associatedData(userId));
      if (decrypted === undefined) {
        log.error({ userId, factorId: id }, 'AUTH_SECRET does not decrypt a second factor: its codes are refused');
        continue;
      }
      const verdict = checkCode(decrypted.plaintext, code, now(), lastUsedStep);
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

  async function usePasskey(
    assertion: AssertionResult,
    on: Db,
  ): Promise<readonly AuthenticationMethod[] | ProofRefusal> {
    const used = await passkeys.use(assertion, on);
    return used.type === 'accepted' ? used.methods : { reason: 'passkey_refused', cause: used.cause };
  }

  return {
    /** Does what takes long, before the caller locks the account: verifies the signature of a passkey. */
    prepare: async (userId: number, proof: SecondProof): Promise<PreparedProof> => {
      if (!('passkey' in proof)) return proof;
      const { passkey } = proof;
      return { assertion: await passkeys.verify(passkey, await passkeys.find(passkey), userId) };
    },

    /** Uses the proof up, if it is right: the methods that it stands for. */
    use: async (
      userId: number,
      proof: PreparedProof,
      origin: Origin,
      on: Db,
    ): Promise<readonly AuthenticationMethod[] | ProofRefusal> => {
      if ('assertion' in proof) return usePasskey(proof.assertion, on);
      const method =
        'code' in proof
          ? await useCode(userId, proof.code, on)
          : await useRecoveryCode(userId, proof.recoveryCode, origin, on);
      return method === undefined ? { reason: 'second_factor_wrong' } : [method];
    },

    /** What an account with a second factor can give as a proof. */
    kindsOf: async (userId: number, on?: Db): Promise<string[]> => {
      const kinds = await repository.kindsOf(userId, on);
      return SECOND_FACTOR_KINDS.filter((kind) => kinds[kind]);
    },
  };
}

export type SecondProofs = ReturnType<typeof createSecondProofs>;

const SECOND_FACTOR_KINDS = ['passkey', 'totp', 'recovery_code'] as const;
