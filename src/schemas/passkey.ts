// Passkeys (WebAuthn), as the API shows them. Browsers make and read these objects: only the members that a client needs are described.
import { type Static, Type } from '@sinclair/typebox';

/** Bytes in base64url, as browsers write them: without padding. */
const Base64Url = Type.String({ pattern: '^[\\w-]+$' });

export const PasskeyRegistration = Type.Object(
  {
    id: Base64Url,
    response: Type.Object({
      clientDataJSON: Base64Url,
      attestationObject: Base64Url,
      transports: Type.Optional(Type.Array(Type.String())),
    }),
  },
  { title: 'PasskeyRegistration', description: 'What `navigator.credentials.create()` returns, by its `toJSON()`.' },
);

export const PasskeyAssertion = Type.Object(
  {
    id: Base64Url,
    response: Type.Object({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
      userHandle: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  },
  { title: 'PasskeyAssertion', description: 'What `navigator.credentials.get()` returns, by its `toJSON()`.' },
);

const AnyObject = Type.Unsafe<object>({ type: 'object', additionalProperties: true });

export const PasskeyCreationOptions = Type.Object(
  {
    rp: AnyObject,
    user: AnyObject,
    challenge: Type.String(),
    pubKeyCredParams: Type.Array(AnyObject),
    timeout: Type.Integer(),
    excludeCredentials: Type.Array(AnyObject),
    authenticatorSelection: AnyObject,
    attestation: Type.String(),
  },
  {
    title: 'PasskeyCreationOptions',
    description: 'For `PublicKeyCredential.parseCreationOptionsFromJSON()`.',
    additionalProperties: false,
  },
);

export const PasskeyRequestOptions = Type.Object(
  {
    challenge: Type.String(),
    rpId: Type.String(),
    timeout: Type.Integer(),
    userVerification: Type.String(),
  },
  {
    title: 'PasskeyRequestOptions',
    description: 'For `PublicKeyCredential.parseRequestOptionsFromJSON()`.',
    additionalProperties: false,
  },
);

const EXAMPLE_ID = 'sGkLmX0dTq2vRzB8yN4c1w';

export const examplePasskeyCreationOptions: Static<typeof PasskeyCreationOptions> = {
  rp: { id: 'localhost', name: 'localhost' },
  user: {
    id: 'hq4Zp0VbWc1yTn7uKd3xRgM8sJf2eLq6aYtXo5iBvN0',
    name: 'user@example.com',
    displayName: 'user@example.com',
  },
  challenge: 'Zt1n6Qw9Rb0',
  pubKeyCredParams: [
    { type: 'public-key', alg: -7 },
    { type: 'public-key', alg: -8 },
    { type: 'public-key', alg: -257 },
  ],
  timeout: 300_000,
  excludeCredentials: [],
  authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
  attestation: 'none',
};

export const examplePasskeyRequestOptions: Static<typeof PasskeyRequestOptions> = {
  challenge: 'Zt1n6Qw9Rb0',
  rpId: 'localhost',
  timeout: 300_000,
  userVerification: 'required',
};

export const examplePasskeyRegistration: Static<typeof PasskeyRegistration> = {
  id: EXAMPLE_ID,
  response: { clientDataJSON: 'eyJ0eXBl', attestationObject: 'o2NmbXRk' },
};

export const examplePasskeyAssertion: Static<typeof PasskeyAssertion> = {
  id: EXAMPLE_ID,
  response: {
    clientDataJSON: 'eyJ0eXBl',
    authenticatorData: 'SZYN5Ygo',
    signature: 'MEUCIQDr',
    userHandle: 'hq4Zp0Vb',
  },
};
