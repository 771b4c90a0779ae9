// Second factors, as the API shows them.
import { type Static, Type } from '@sinclair/typebox';
import { invalidField } from '#platform/errors/problem.js';
import { CODES_IN_SET } from '#second-factors/recovery-codes.js';
import {
  type Factor as FoundFactor,
  type FactorList as FoundFactors,
  MAX_FACTORS,
  type PendingFactor,
} from '#second-factors/service.js';
import { NullableTimestamp, Password, Timestamp } from './fields.js';
import { PasskeyAssertion } from './passkey.js';
import { refusal } from './problem.js';
import { body } from './responses.js';

export { parseFactorId } from '#second-factors/id.js';

/** The id of a factor, in a path. */
export const FactorId = Type.String({ description: 'The id of a second factor.', examples: ['1'] });

/** What the owner calls a factor. */
export const FactorName = Type.String({
  title: 'FactorName',
  maxLength: 100,
  pattern: '^[^\\x00-\\x1F\\x7F\\uD800-\\uDFFF]*$',
  description: 'What you call the factor, such as its device; at most 100 characters.',
});

export const TotpCode = Type.String({
  title: 'TotpCode',
  pattern: '^[0-9]{3}[ -]?[0-9]{3}$',
  description: 'Six digits. A space or hyphen in the middle is ignored.',
});

/** Any text: a wrong recovery code gets the same answer, however it is wrong. */
export const RecoveryCode = Type.String({
  title: 'RecoveryCode',
  maxLength: 64,
  description: 'A recovery code. Letter case, hyphens and spaces are ignored.',
});

/** The members of a body that prove a second factor: one of them. */
export const SecondProofBody = Type.Object({
  code: Type.Optional(TotpCode),
  recovery_code: Type.Optional(RecoveryCode),
  passkey: Type.Optional(PasskeyAssertion),
});

export const Factor = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    type: Type.Union([Type.Literal('totp'), Type.Literal('passkey')], {
      description: '`totp`: an authenticator app.',
    }),
    name: Type.String({ description: 'May be empty.' }),
    created_at: Timestamp(),
    last_used_at: NullableTimestamp(),
    backed_up: Type.Optional(Type.Boolean({ description: 'For a passkey: whether it has a copy outside its device.' })),
  },
  { title: 'Factor', additionalProperties: false },
);
export type Factor = Static<typeof Factor>;

export const FactorList = Type.Object(
  {
    factors: Type.Array(Factor, { maxItems: MAX_FACTORS, description: 'Oldest first.' }),
    recovery_codes_left: Type.Integer({
      minimum: 0,
      maximum: CODES_IN_SET,
      description: 'Unused recovery codes.',
    }),
    required_from: NullableTimestamp('When your account must have a second factor; null if it has one or needs none.'),
  },
  { title: 'FactorList', additionalProperties: false },
);
export type FactorList = Static<typeof FactorList>;

export const TotpEnrolment = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    type: Type.Literal('totp'),
    name: Type.String(),
    secret: Type.String({ description: 'The secret in Base32, to be typed into the app.' }),
    uri: Type.String({ description: 'The secret as an `otpauth:` URI, which opens an app on the same device.' }),
    qr_svg: Type.String({ description: 'The URI as a QR code: an SVG document.' }),
  },
  {
    title: 'TotpEnrolment',
    description: 'An authenticator app that waits for its first code. Only this response contains the secret.',
    additionalProperties: false,
  },
);
export type TotpEnrolment = Static<typeof TotpEnrolment>;

export const RecoveryCodeSet = Type.Object(
  {
    recovery_codes: Type.Array(Type.String(), {
      minItems: CODES_IN_SET,
      maxItems: CODES_IN_SET,
      description: 'Each works once. Only this response contains them.',
    }),
  },
  { title: 'RecoveryCodeSet', additionalProperties: false },
);

/** The password, of which the service decides whether it is needed. */
export const OptionalPassword = Type.Optional({
  ...Password,
  description: 'Required if the account has one.',
});

/** A body that only contains the password. */
export const CurrentPasswordBody = Type.Object(
  { current_password: OptionalPassword },
  body('CurrentPasswordBody', { proof: { current_password: 'password' } }),
);

/** The errors of every operation that asks for the password. */
export const passwordProofErrors = [
  refusal('missing_current_password', '/current_password', 'is required'),
  'current_password_wrong',
  'too_many_attempts',
] as const;

export const exampleFactor: Factor = {
  id: 1,
  type: 'totp',
  name: 'Phone',
  created_at: '2026-11-24T02:34:50.123Z',
  last_used_at: '2026-11-24T02:34:50.123Z',
};

export const examplePasskey: Factor = {
  id: 1_000_000_000_001,
  type: 'passkey',
  name: 'Phone',
  created_at: '2026-11-24T02:34:50.123Z',
  last_used_at: null,
  backed_up: false,
};

export const exampleFactorList: FactorList = { factors: [exampleFactor], recovery_codes_left: 0, required_from: null };

export const exampleEnrolment: TotpEnrolment = {
  id: 1,
  type: 'totp',
  name: 'Phone',
  secret: 'K5QVY6BTGEZDGNBVGY3TQOJQGEZDGNBV',
  uri: 'otpauth://totp/Example:user%40example.com?issuer=Example&secret=K5QVY6BTGEZDGNBVGY3TQOJQGEZDGNBV&algorithm=SHA1&digits=6&period=30',
  qr_svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 49 49">…</svg>',
};

export const exampleRecoveryCodes: Static<typeof RecoveryCodeSet> = {
  recovery_codes: [
    '7Q2M-0XKD-9RTA-W3HF',
    'B4ZN-PE61-VJ8S-2GYC',
    'M5RX-8D3T-K0QW-HA7E',
    '1VCG-9NZ4-S6JP-YB2X',
    'T8KH-WF5M-03RD-QE9A',
    '6JYS-2XBV-N7CP-4GZT',
    'D0QE-M1AK-8WR5-HF3N',
    'X9TP-7VJC-B2GS-6YZD',
    '3HNW-KE4R-QA0M-8XFT',
    'P5GB-Z1SV-6CJD-9Y2K',
  ],
};

/** The API form of a factor. */
export function factor(found: FoundFactor): Factor {
  const { id, type, name, createdAt, lastUsedAt } = found;
  return {
    id,
    type,
    name,
    created_at: createdAt.toISOString(),
    last_used_at: lastUsedAt?.toISOString() ?? null,
    ...(found.type === 'passkey' && { backed_up: found.backedUp }),
  };
}

/** The API form of the factors of an account. */
export function factorList({ factors, recoveryCodesLeft, requiredFrom }: FoundFactors): FactorList {
  return {
    factors: factors.map(factor),
    recovery_codes_left: recoveryCodesLeft,
    required_from: requiredFrom === undefined ? null : new Date(requiredFrom * 1000).toISOString(),
  };
}

/** The API form of a factor that waits for its first code. */
export function totpEnrolment({ id, name, secret, uri, qrSvg }: PendingFactor): TotpEnrolment {
  return { id, type: 'totp', name, secret, uri, qr_svg: qrSvg };
}

/** The second proof of a body: one of its members. Undefined if it has none. Throws `validation_failed` if it has several. */
export function secondProofOf({ code, recovery_code: recoveryCode, passkey }: Static<typeof SecondProofBody>) {
  const given = Object.entries({ code, recovery_code: recoveryCode, passkey }).filter(([, each]) => each !== undefined);
  const [first, second] = given.map(([name]) => name);
  if (second !== undefined) throw invalidField(`/${first}`, `must not be sent together with ${second}`);
  if (code !== undefined) return { code: digitsOf(code) };
  if (passkey !== undefined) return { passkey };
  return recoveryCode === undefined ? undefined : { recoveryCode };
}

/** The six digits of a code as it was typed. */
export function digitsOf(code: string): string {
  return code.replace(/[ -]/, '');
}
