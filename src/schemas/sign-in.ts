// The sign-in by mail, as the API shows it.
import { type Static, Type } from '@sinclair/typebox';

/** Any text: src/sign-in decides whether it is a token of this service. */
const Token = (description: string) => Type.String({ maxLength: 256, description });

export const SignInToken = Token('The `sign_in_token` that this device got from `POST /api/login/email/`.');
export const LinkToken = Token('The token in the link of the e-mail: its query parameter `token`.');

export const SignInCode = Type.String({
  pattern: '^[0-9]{3}[ -]?[0-9]{3}$',
  description: 'Six digits. A space or hyphen in the middle is ignored.',
});

export const SignInRequest = Type.Object(
  {
    sign_in_token: Type.String({
      pattern: '^[A-Za-z0-9_-]{43}$',
      description: 'Keep it on this device, and send it with the code that the user types in.',
    }),
    expires_in: Type.Integer({ description: 'Seconds for which the code and the link are valid.' }),
  },
  { title: 'SignInRequest', description: 'A sign-in that waits for its code.', additionalProperties: false },
);

/** A token, as the service makes them. */
export const EXAMPLE_SIGN_IN_TOKEN = 'mB2ZcYvT0r8uQ4kXhJd6sLgWnPa1eRf7iO9xKtUyH3E';

export const exampleSignInRequest: Static<typeof SignInRequest> = {
  sign_in_token: EXAMPLE_SIGN_IN_TOKEN,
  expires_in: 600,
};
