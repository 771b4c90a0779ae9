// The public keys as other services read them (RFC 7517).
import { type Static, Type } from '@sinclair/typebox';

export const PublicKey = Type.Object(
  {
    kty: Type.String({ description: 'Kind of key: `EC`, `OKP` or `RSA`.' }),
    crv: Type.Optional(Type.String({ description: 'Curve of an `EC` or `OKP` key.' })),
    x: Type.Optional(Type.String()),
    y: Type.Optional(Type.String()),
    n: Type.Optional(Type.String({ description: 'Modulus of an `RSA` key.' })),
    e: Type.Optional(Type.String({ description: 'Exponent of an `RSA` key.' })),
    use: Type.Literal('sig'),
    alg: Type.String({ description: 'The one algorithm that the key is used with.' }),
    kid: Type.String({ description: 'RFC 7638 thumbprint; `kid` in the header of the tokens that the key signs.' }),
  },
  { title: 'PublicKey', description: 'A public key.', additionalProperties: false },
);

export const KeySet = Type.Object(
  { keys: Type.Array(PublicKey) },
  { title: 'KeySet', description: 'The public keys of access tokens: JSON Web Key Set.', additionalProperties: false },
);
export type KeySet = Static<typeof KeySet>;

export const KEY_SET_MEDIA_TYPE = 'application/jwk-set+json';

/** The key that the example tokens are signed with, and the next one. */
export const exampleKeySet: KeySet = { keys: [] };
