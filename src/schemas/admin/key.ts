// Signing keys, as operators see them.
import { type Static, Type } from '@sinclair/typebox';
import type { SigningKeyRow } from '#keys/repository.js';
import { body } from '../responses.js';

const Instant = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description: `${description} UTC.` });

/** The `kid` of a signing key, in a path. */
export const Kid = Type.String({
  description: 'The `kid` of a signing key.',
  examples: ['QyzLvAaJkjfHIvjBM1z0iW4ZsXwJPM5tQdGNdlOXkKc'],
});

export const SigningKey = Type.Object(
  {
    kid: Type.String({ description: 'In the header of the tokens that it signs.' }),
    alg: Type.String({ description: 'The only algorithm that it is used with.' }),
    state: Type.String({
      enum: ['next', 'active', 'retired'],
      description:
        '`active`: signs. `next`: is published, and will sign. `retired`: has signed, and stays until its last token is dead.',
    }),
    created_at: Type.String({ format: 'date-time', description: 'Since when it is published. UTC.' }),
    activated_at: Instant('Since when it signs, or signed.'),
    retired_at: Instant('Since when it signs no more.'),
    expires_at: Instant('Of a retired key: when its last token is dead, and it goes.'),
  },
  { title: 'SigningKey', description: 'A key of access tokens, without the key.', additionalProperties: false },
);
export type SigningKey = Static<typeof SigningKey>;

export const SigningKeyList = Type.Object(
  { keys: Type.Array(SigningKey) },
  { title: 'SigningKeyList', description: 'All signing keys, the oldest first.', additionalProperties: false },
);
export type SigningKeyList = Static<typeof SigningKeyList>;

export const RotateKeysBody = Type.Object(
  {
    now: Type.Optional(
      Type.Boolean({
        description:
          'Whether the next key may sign although it has not been published for `KEY_LEAD_TIME`: verifiers that keep the key set refuse its tokens until they ask again.',
      }),
    ),
  },
  body('RotateKeysBody', 'How to rotate.', { rotate: { now: false } }),
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

/** The keys of a fresh service. */
export const exampleKeyList: SigningKeyList = { keys: [active, next] };

/** The same after a rotation. */
export const exampleRotatedKeyList: SigningKeyList = {
  keys: [
    { ...active, state: 'retired', retired_at: created, expires_at: created },
    { ...next, state: 'active', activated_at: created },
    { ...next, kid: 'V0ya8qQ2oTQ0dF7VhJHbR3B2fY4Jm3cC6V2xgQp0l9E' },
  ],
};

type Shown = 'kid' | 'alg' | 'state' | 'createdAt' | 'activatedAt' | 'retiredAt' | 'expiresAt';

/** Puts keys into the words of the API. */
export function keyList(keys: readonly Pick<SigningKeyRow, Shown>[]): SigningKeyList {
  const text = (instant: Date | null) => instant?.toISOString() ?? null;
  return {
    keys: keys.map(({ kid, alg, state, createdAt, activatedAt, retiredAt, expiresAt }) => ({
      kid,
      alg,
      state,
      created_at: createdAt.toISOString(),
      activated_at: text(activatedAt),
      retired_at: text(retiredAt),
      expires_at: text(expiresAt),
    })),
  };
}
