// Signing keys as the API returns them.
import { type Static, Type } from '@sinclair/typebox';
import type { SigningKeyRow } from '#keys/repository.js';
import { NullableTimestamp, Timestamp } from '../fields.js';
import { body } from '../responses.js';

/** A path parameter. */
export const Kid = Type.String({
  description: 'The `kid` of a signing key.',
  examples: ['QyzLvAaJkjfHIvjBM1z0iW4ZsXwJPM5tQdGNdlOXkKc'],
});

export const SigningKey = Type.Object(
  {
    kid: Type.String({ description: 'In the header of the tokens that the key signs.' }),
    alg: Type.String({ description: 'The JWS algorithm.' }),
    state: Type.String({
      enum: ['next', 'active', 'retired'],
      description:
        '`active`: signs tokens. `next`: is published, and signs after the next rotation. `retired`: only verifies, until its last token has expired.',
    }),
    created_at: Timestamp('When the key was created and published.'),
    activated_at: NullableTimestamp(),
    retired_at: NullableTimestamp(),
    expires_at: NullableTimestamp('When the last token of a retired key expires, and the key is removed.'),
  },
  {
    title: 'SigningKey',
    description: 'A signing key of access tokens, without the key material.',
    additionalProperties: false,
  },
);
export type SigningKey = Static<typeof SigningKey>;

export const SigningKeyList = Type.Object(
  { keys: Type.Array(SigningKey) },
  { title: 'SigningKeyList', additionalProperties: false },
);
export type SigningKeyList = Static<typeof SigningKeyList>;

export const RotateKeysBody = Type.Object(
  {
    now: Type.Optional(
      Type.Boolean({
        description:
          'Rotate even if the next key has not been published for `KEY_LEAD_TIME`. Verifiers with a cached key set then reject its tokens until they fetch the set again.',
      }),
    ),
  },
  body('RotateKeysBody', { rotate: { now: false } }),
);

const created = '2026-11-24T02:34:50.123Z';
const active: SigningKey = {
  kid: 'QyzLvAaJkjfHIvjBM1z0iW4ZsXwJPM5tQdGNdlOXkKc',
  alg: 'ES256',
  state: 'active',
  created_at: created,
  activated_at: created,
  retired_at: null,
  expires_at: null,
};
const next: SigningKey = {
  ...active,
  kid: 'z9mCDmHnXl6gSXtGTrYHYpTgYkXyK9gxHLRG4pWSi1s',
  state: 'next',
  activated_at: null,
};

/** The keys of a new service. */
export const exampleKeyList: SigningKeyList = { keys: [active, next] };

/** The same after a rotation. */
export const exampleRotatedKeyList: SigningKeyList = {
  keys: [
    { ...active, state: 'retired', retired_at: created, expires_at: created },
    { ...next, state: 'active', activated_at: created },
    { ...next, kid: 'V0ya8qQ2oTQ0dF7VhJHbR3B2fY4Jm3cC6V2xgQp0l9E' },
  ],
};

type PublicColumn = 'kid' | 'alg' | 'state' | 'createdAt' | 'activatedAt' | 'retiredAt' | 'expiresAt';

/** Maps keys to their API representation. */
export function keyList(keys: readonly Pick<SigningKeyRow, PublicColumn>[]): SigningKeyList {
  const format = (timestamp: Date | null) => timestamp?.toISOString() ?? null;
  return {
    keys: keys.map(({ kid, alg, state, createdAt, activatedAt, retiredAt, expiresAt }) => ({
      kid,
      alg,
      state,
      created_at: createdAt.toISOString(),
      activated_at: format(activatedAt),
      retired_at: format(retiredAt),
      expires_at: format(expiresAt),
    })),
  };
}
