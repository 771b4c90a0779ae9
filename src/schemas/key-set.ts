// The public keys as a JSON Web Key Set (RFC 7517).
import { type Static, Type } from '@sinclair/typebox';

export const PublicKey = Type.Object(
  {
    kty: Type.String({ description: 'The key type: `EC`, `OKP` or `RSA`.' }),
    crv: Type.Optional(Type.String({ description: 'The curve of an `EC` or `OKP` key.' })),
    x: Type.Optional(
      Type.String({ description: 'The x coordinate of an `EC` key, or the public key of an `OKP` key.' }),
    ),
    y: Type.Optional(Type.String({ description: 'The y coordinate of an `EC` key.' })),
    n: Type.Optional(Type.String({ description: 'The modulus of an `RSA` key.' })),
    e: Type.Optional(Type.String({ description: 'The exponent of an `RSA` key.' })),
    use: Type.Literal('sig'),
    alg: Type.String({ description: 'The JWS algorithm of the key.' }),
    kid: Type.String({
      description: 'The id in the header of the tokens that the key signs: its RFC 7638 thumbprint.',
    }),
  },
  { title: 'PublicKey', additionalProperties: false },
);

export const KeySet = Type.Object(
  { keys: Type.Array(PublicKey) },
  {
    title: 'KeySet',
    additionalProperties: false,
  },
);
export type KeySet = Static<typeof KeySet>;

export const KEY_SET_MEDIA_TYPE = 'application/jwk-set+json';

/** The key that signed the example tokens, and the next key. */
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
