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
export const exampleKeySet: KeySet = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'PnGN_Pzn32WpjM1CixcSeZkYvgOlINV-IRGx3XyzxWw',
      y: 'XuNY5ab6ikVKxnRdWLg-araeKh0JNYx_UDBh9GFLqrg',
      use: 'sig',
      alg: 'ES256',
      kid: 'b8vDaVSMOsYVVyLBc98FwVP2FhB6iIPVqHmPAvMT0yA',
    },
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'AJwnq0KbIMsaKyrDP5r5gFyMCnga3MbIzsJi0aC-YYk',
      y: '6mIQ1fexXpLRRf1AJuVg98xacF8EAdOvVPInTNK0On0',
      use: 'sig',
      alg: 'ES256',
      kid: '7BWfyqmzdOub5F7aSCqnF9MIF81Kxu2bqPKOVmlNQU0',
    },
  ],
};
