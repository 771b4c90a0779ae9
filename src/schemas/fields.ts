// Pieces that several bodies are made of.
import { Type } from '@sinclair/typebox';
import { PASSWORD_MAX_BYTES, PASSWORD_MAX_LENGTH } from '#passwords/limits.js';

// No NUL, which Postgres cannot store, and no lone surrogate, which is no character. (Ajv compiles patterns as Unicode.)
const WELL_FORMED = '^[^\\u0000\\uD800-\\uDFFF]*$';
const PRINTABLE = '^[^\\u0000-\\u001F\\u007F\\uD800-\\uDFFF]*$';

/** An e-mail address as users type it; src/users/email.ts has the last word. */
export const Email = Type.String({
  minLength: 3,
  maxLength: 1000,
  pattern: '^[^\\u0000@\\uD800-\\uDFFF]+@[^\\u0000@\\uD800-\\uDFFF]+$',
  description:
    'E-mail address, at most 254 characters. White space around it is dropped and letter case does not matter. The part before the @ is ASCII; an international domain is converted to its IDNA (`xn--`) form.',
});

/** A password that is compared with a stored one. */
export const Password = Type.String({
  minLength: 1,
  maxLength: PASSWORD_MAX_BYTES,
  pattern: WELL_FORMED,
  description: 'The password, exactly as it was set.',
});

/** A password that is to be set. */
export const NewPassword = Type.String({
  minLength: 1,
  maxLength: PASSWORD_MAX_BYTES,
  pattern: WELL_FORMED,
  description: `From 8 (the live setting \`PASSWORD_MIN_LENGTH\`) to ${PASSWORD_MAX_LENGTH} characters, at most ${PASSWORD_MAX_BYTES} bytes; any characters but NUL, never trimmed or cut, taken in Unicode NFC.`,
});

/** A name to show; not unique. */
export const Username = Type.String({
  maxLength: 150,
  pattern: PRINTABLE,
  description: 'A name to show, at most 150 characters; need not be unique. It is in access tokens.',
});

/** Any UUID; whether it is a refresh token of ours is for src/sessions to say. */
export const RefreshToken = Type.String({
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
  description: 'A refresh token: a UUID, opaque.',
});
