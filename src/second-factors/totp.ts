// Time-based one-time passwords (RFC 6238), as authenticator apps make them: SHA-1, six digits, 30 seconds.
import { timingSafeEqual } from 'node:crypto';
import { HOTP, Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';

/** Many apps ignore other values in the URI, and then show wrong codes. */
const SHAPE = { algorithm: 'SHA1', digits: 6 } as const;
const STEP_SECONDS = 30;
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;
/** One step of drift: the code of the step before and after (RFC 6238 section 5.2). */
const ACCEPTED_DRIFT = 1;
/** Ten minutes: how far a clock may be off for the owner to get a hint about it. */
const EXPLAINED_DRIFT = 20;

/** What an authenticator app needs, in three forms. */
export interface Enrolment {
  /** Base32 (RFC 4648), to type in. */
  readonly secret: string;
  /** An `otpauth:` URI. */
  readonly uri: string;
  /** The URI as a QR code. */
  readonly qrSvg: string;
}

/** What a code is: the right one for a step, the right one for a time when it is not accepted, or wrong. */
export type Verdict =
  | { readonly type: 'accepted'; readonly step: number }
  /** Negative: the clock of the app is behind. */
  | { readonly type: 'clock_is_off'; readonly steps: number }
  | { readonly type: 'wrong' };

/** A new random secret. */
export function newSecret(): Buffer {
  return Buffer.from(new Secret({ size: SECRET_BYTES }).bytes);
}

/** The secret as the app of its owner takes it. `issuer` and `account` are what the app shows. */
export function enrolment(secret: Buffer, issuer: string, account: string): Enrolment {
  const totp = new TOTP({ ...SHAPE, period: STEP_SECONDS, issuer, label: account, secret: secretOf(secret) });
  const uri = totp.toString();
  return { secret: totp.secret.base32, uri, qrSvg: renderSVG(uri, { border: 2 }) };
}

/** Checks a code of six digits at a time in milliseconds. The step of an accepted code is later than `lastUsedStep`. */
export function checkCode(secret: Buffer, code: string, now: number, lastUsedStep: number | null): Verdict {
  const current = stepAt(now);
  const matches = (step: number) => step >= 0 && timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(code));
  const drifts = driftsUpTo(EXPLAINED_DRIFT).filter((drift) => matches(current + drift));
  const accepted = drifts.find(
    (drift) => Math.abs(drift) <= ACCEPTED_DRIFT && (lastUsedStep === null || current + drift > lastUsedStep),
  );
  if (accepted !== undefined) return { type: 'accepted', step: current + accepted };
  const [nearest] = drifts;
  return nearest === undefined || Math.abs(nearest) <= ACCEPTED_DRIFT
    ? { type: 'wrong' }
    : { type: 'clock_is_off', steps: nearest };
}

/** The code of a step. */
export function codeAt(secret: Buffer, step: number): string {
  return HOTP.generate({ ...SHAPE, secret: secretOf(secret), counter: step });
}

/** The step at a time in milliseconds. */
export function stepAt(now: number): number {
  return Math.floor(now / 1000 / STEP_SECONDS);
}

/** 0, -1, 1, -2, 2, …: nearest first. */
function driftsUpTo(steps: number): number[] {
  return [0, ...Array.from({ length: steps }, (_, i) => [-(i + 1), i + 1]).flat()];
}

function secretOf(bytes: Buffer): Secret {
  return new Secret({ buffer: new Uint8Array(bytes).buffer });
}
