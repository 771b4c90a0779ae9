// Fields that several schemas share.
import { Type } from '@sinclair/typebox';
import { PASSWORD_MAX_BYTES, PASSWORD_MAX_LENGTH } from '#passwords/limits.js';

// Excludes NUL, which Postgres cannot store, and lone surrogates, which are not characters. (Ajv compiles patterns as Unicode.)
const WELL_FORMED = '^[^\\x00\\uD800-\\uDFFF]*$';
const PRINTABLE = '^[^\\x00-\\x1F\\x7F\\uD800-\\uDFFF]*$';

/** An e-mail address as users type it. src/users/email.ts does the complete check. */
export const Email = Type.String({
  title: 'Email',
  minLength: 3,
  maxLength: 1000,
  pattern: '^[^\\x00@\\uD800-\\uDFFF]+@[^\\x00@\\uD800-\\uDFFF]+$',
  description:
    'At most 254 characters, ASCII before the @. Surrounding white space is removed, letter case is ignored, and an international domain is converted to IDNA (`xn--`).',
});

/** A password to verify. */
export const Password = Type.String({
  title: 'Password',
  minLength: 1,
  maxLength: PASSWORD_MAX_BYTES,
  pattern: WELL_FORMED,
  description: 'The password, exactly as it was set.',
});

/** A password to set. */
export const NewPassword = Type.String({
  title: 'NewPassword',
  minLength: 1,
  maxLength: PASSWORD_MAX_BYTES,
  pattern: WELL_FORMED,
  description: `A new password of 8 (the live setting \`PASSWORD_MIN_LENGTH\`) to ${PASSWORD_MAX_LENGTH} characters and at most ${PASSWORD_MAX_BYTES} bytes. All characters except NUL are allowed. It is normalized to Unicode NFC, never trimmed or truncated.`,
});

/** A display name; not unique. */
export const Username = Type.String({
  title: 'Username',
  maxLength: 150,
  pattern: PRINTABLE,
  description: 'A display name of at most 150 characters, not unique. Access tokens contain it.',
});

/** Any UUID. src/sessions decides whether it is a refresh token of this service. */
export const RefreshToken = Type.String({
  title: 'RefreshToken',
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
  description: 'A refresh token: an opaque UUID.',
});

/** A point in time, in UTC. `description` is a sentence, for what the name of the field does not say. */
export const Timestamp = (description?: string) =>
  Type.String({ format: 'date-time', ...(description !== undefined && { description }) });

/** The same, or null. */
export const NullableTimestamp = (description?: string) => Type.Union([Timestamp(description), Type.Null()]);

/** A text or null. `description` is a sentence, for what the name of the field does not say. */
export const NullableText = (description?: string) =>
  Type.Union([Type.String(), Type.Null()], description === undefined ? {} : { description });
