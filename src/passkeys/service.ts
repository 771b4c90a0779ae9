// Passkeys (WebAuthn): what browsers need to create and use them, and which of their answers are accepted.
import { createHash } from 'node:crypto';
import type { RelyingParty } from '#platform/config/passkeys.js';
import type { Db } from '#platform/database/database.js';
import { Problem } from '#platform/errors/problem.js';
import type { Log } from '#platform/log/log.js';
import type { SessionRef } from '#sessions/service.js';
import { type AuthenticationMethod, passkeyMethods } from '#tokens/authentication.js';
import { CHALLENGE_SECONDS, type PasskeyChallenges } from './challenges.js';
import type { Passkey, PasskeysRepository, StoredPasskey } from './repository.js';
import {
  type Accepted,
  type AcceptedRegistration,
  ALGORITHMS,
  type Assertion,
  createPasskeyResponses,
  type PasskeyRefusal,
  type Refused,
  type Registration,
} from './responses.js';

/** The owner of a new passkey. `address` and `name` are what browsers show. */
export interface PasskeyOwner extends SessionRef {
  readonly address: string;
  readonly name: string;
}

/** A proof, the passkey that it names, and whether it is right. */
export interface AssertionResult {
  readonly passkey: StoredPasskey | undefined;
  readonly result: Refused | Accepted;
}

/** A proof that was used up, with the methods that it stands for; or why it was refused. */
export type UsedAssertion = Refused | { readonly type: 'accepted'; readonly methods: readonly AuthenticationMethod[] };

interface Dependencies {
  readonly repository: PasskeysRepository;
  readonly challenges: PasskeyChallenges;
  /** Undefined: this service has no passkeys. */
  readonly relyingParty: RelyingParty | undefined;
  readonly log: Log;
}

/** Every method that makes a challenge or verifies an answer throws `passkeys_unavailable` where no relying party is configured. */
export function createPasskeys({ repository, challenges, relyingParty, log }: Dependencies) {
  const responses = relyingParty && createPasskeyResponses(relyingParty);

  function available() {
    if (relyingParty === undefined || responses === undefined) throw new Problem('passkeys_unavailable');
    return { relyingParty, responses };
  }

  const registrationOf = ({ userId, sessionId }: SessionRef) => `registration/${userId}/${sessionId}` as const;

  /** `PublicKeyCredentialCreationOptionsJSON`. Writes nothing. */
  async function creationOptions({ address, name, ...session }: PasskeyOwner) {
    const { id } = available().relyingParty;
    const known = await repository.listCredentials(session.userId);
    return {
      rp: { id, name: id },
      user: { id: userHandleOf(session.userId).toString('base64url'), name: address, displayName: name || address },
      challenge: challenges.issue(registrationOf(session)),
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
      timeout: CHALLENGE_SECONDS * 1000,
      excludeCredentials: known.map(({ credentialId, transports }) => ({
        type: 'public-key' as const,
        id: credentialId.toString('base64url'),
        transports,
      })),
      authenticatorSelection: {
        residentKey: 'required' as const,
        requireResidentKey: true,
        userVerification: 'required' as const,
      },
      attestation: 'none' as const,
    };
  }

  /** `PublicKeyCredentialRequestOptionsJSON`: for a login, a second factor, or a step-up. Reads and writes nothing. */
  function requestOptions() {
    const { id } = available().relyingParty;
    return {
      challenge: challenges.issue('assertion'),
      rpId: id,
      timeout: CHALLENGE_SECONDS * 1000,
      userVerification: 'required' as const,
    };
  }

  /** The passkey that a proof names. */
  async function find({ id }: Assertion): Promise<StoredPasskey | undefined> {
    available();
    return repository.findByCredential(Buffer.from(id, 'base64url'));
  }

  /** Verifies a proof with the passkey that it names. `userId`: the account that has to give it; undefined: that of the passkey. */
  async function verify(
    assertion: Assertion,
    passkey: StoredPasskey | undefined,
    userId = passkey?.userId,
  ): Promise<AssertionResult> {
    const recognise = (challenge: string) => challenges.recognise(challenge, 'assertion');
    const result = await available().responses.verifyAssertion(assertion, passkey, recognise);
    if (passkey === undefined || result.type === 'refused') return { passkey, result };
    const handle = Buffer.from(assertion.response.userHandle ?? '', 'base64url');
    const isOwn = passkey.userId === userId && handle.equals(userHandleOf(passkey.userId));
    return { passkey, result: isOwn ? result : { type: 'refused', cause: 'account_wrong' } };
  }

  /** Uses up a proof, if it is right, on an account that the transaction has locked. */
  async function use({ passkey, result }: AssertionResult, on: Db): Promise<UsedAssertion> {
    const refuse = (cause: PasskeyRefusal): UsedAssertion => {
      logRefusal(cause, { userId: passkey?.userId, factorId: passkey?.id });
      return { type: 'refused', cause };
    };
    if (result.type === 'refused') return refuse(result.cause);
    if (passkey === undefined) return refuse('passkey_unknown');
    if (!(await repository.useChallenge(result.challenge, on))) return refuse('challenge_used');
    if (!(await repository.recordUse(passkey.id, result, on))) return refuse('counter_went_back');
    return { type: 'accepted', methods: passkeyMethods(result) };
  }

  /** Verifies a new passkey for the account of a session. Throws `factor_passkey_refused`. */
  async function verifyRegistration(session: SessionRef, credential: Registration): Promise<AcceptedRegistration> {
    const result = await available().responses.verifyRegistration(credential, (challenge) =>
      challenges.recognise(challenge, registrationOf(session)),
    );
    if (result.type === 'refused') throw refusedRegistration(result.cause, session.userId);
    return result;
  }

  /** Adds a passkey to an account that the transaction has locked. Throws `factor_passkey_refused`. */
  async function add(
    { challenge, type: _, ...values }: AcceptedRegistration,
    owner: { readonly userId: number; readonly name: string },
    on: Db,
  ): Promise<Passkey> {
    if (!(await repository.useChallenge(challenge, on))) throw refusedRegistration('challenge_used', owner.userId);
    const added = await repository.insert({ ...values, ...owner }, on);
    if (added === undefined) throw refusedRegistration('already_registered', owner.userId);
    return added;
  }

  function refusedRegistration(cause: PasskeyRefusal, userId: number): Problem {
    logRefusal(cause, { userId });
    return new Problem('factor_passkey_refused');
  }

  function logRefusal(
    cause: PasskeyRefusal,
    about: { readonly userId: number | undefined; readonly factorId?: number | undefined },
  ): void {
    const level = cause === 'counter_went_back' ? 'warn' : 'info';
    log[level]({ event: 'passkey_refused', cause, ...about }, 'a passkey was refused');
  }

  return { creationOptions, requestOptions, find, verify, use, verifyRegistration, add };
}

export type Passkeys = ReturnType<typeof createPasskeys>;

/** What authenticators keep as the id of the account: the same for all its passkeys, so that a device has one of them at most. */
function userHandleOf(userId: number): Buffer {
  return createHash('sha256').update(`latchkey/passkey-user/v1/${userId}`).digest();
}
