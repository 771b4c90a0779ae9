// Tokens from mails, and the requests and responses of operations that send or use them.
import { type Static, Type } from '@sinclair/typebox';
import { Email } from './fields.js';
import { refusal } from './problem.js';
import { body } from './responses.js';

/** A token from a mail. Any text: what is not a token gets the same answer as a token that cannot be used. */
export const EmailToken = Type.String({
  title: 'EmailToken',
  maxLength: 256,
  description: 'The token from the e-mail: the part of the link after `token=`.',
});

/** A token in examples. */
export const EXAMPLE_EMAIL_TOKEN = 'u6bq0Yt3sKxJ9d2ZrUeLh5oWcNgPa8iRf1TyXuE4vA0';

/** The response to a request for a mail, the same for every address. */
export const Accepted = Type.Object(
  { message: Type.String({ description: 'A sentence that you can show to the user.' }) },
  { title: 'Accepted', additionalProperties: false },
);
export type Accepted = Static<typeof Accepted>;

/** The response to `POST /api/password/forgot/` and `POST /api/email/verify/resend/`. */
export const accepted: Accepted = {
  message: 'If the address belongs to an account that needs this e-mail, it will arrive within a few minutes.',
};

/** The body of a request for a mail. `title` is its name in the OpenAPI document. */
export const addressBody = (title: string) =>
  Type.Object({ email: Email }, body(title, { ask: { email: 'user@example.com' } }));

/** The errors of every operation that sends a mail to an address. */
export const addressErrors = [
  refusal('missing_email', '/email', 'is required'),
  refusal('not_an_address', '/email', 'must be an e-mail address'),
  'mail_unavailable',
] as const;

/** The errors of every operation that uses a token from a mail. */
export const tokenErrors = [refusal('missing_email_token', '/token', 'is required'), 'invalid_email_token'] as const;

/** The body of a request that only uses a token. */
export const tokenBody = (title: string, example: string) =>
  Type.Object({ token: EmailToken }, body(title, { [example]: { token: EXAMPLE_EMAIL_TOKEN } }));
