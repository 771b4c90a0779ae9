// Mails as operators see them: never what they contain.
import { type Static, Type } from '@sinclair/typebox';
import type { MailRow } from '#mail/repository.js';
import { mailKinds } from '#mail/templates/values.js';
import { NullableText, NullableTimestamp, Timestamp } from '../fields.js';
import { NextCursor } from './pagination.js';

/** The states of a mail. */
export const mailStates = ['waiting', 'sent', 'dead'] as const;

/** The id of a mail, in a path. */
export const MailId = Type.String({ description: 'The id of an e-mail.', examples: ['1'] });

/** Query parameters that select mails. */
export const mailFilters = {
  state: Type.Optional(
    Type.Unsafe<(typeof mailStates)[number]>({
      type: 'string',
      enum: [...mailStates],
      description: 'Only e-mails in this state.',
    }),
  ),
  kind: Type.Optional(
    Type.Unsafe<string>({ type: 'string', enum: [...mailKinds], description: 'Only e-mails of this kind.' }),
  ),
};

export const Mail = Type.Object(
  {
    id: Type.Integer({ description: 'Newer e-mails have greater ids.' }),
    kind: Type.String({ description: 'The name of its template.' }),
    state: Type.String({
      enum: [...mailStates],
      description:
        '`waiting`: will be sent at `next_attempt_at`. `sent`: was accepted by the mail server. `dead`: given up.',
    }),
    user_id: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The account that it is about, which may have been deleted since.',
    }),
    to: Type.String(),
    locale: NullableText('Null: the default language.'),
    attempts: Type.Integer({ description: 'How many attempts to send it have begun.' }),
    last_error: NullableText('Usually the answer of the mail server.'),
    created_at: Timestamp(),
    next_attempt_at: NullableTimestamp('The earliest time of the next attempt, if it waits.'),
    sent_at: NullableTimestamp(),
    expires_at: NullableTimestamp('The e-mail is not sent after this time.'),
  },
  { title: 'Mail', description: 'An e-mail to a user, without its content.', additionalProperties: false },
);
export type Mail = Static<typeof Mail>;

export const MailList = Type.Object(
  { mails: Type.Array(Mail, { maxItems: 100 }), next_cursor: NextCursor },
  { title: 'MailList', additionalProperties: false },
);
export type MailList = Static<typeof MailList>;

/** A mail that the mail server has refused for now. */
export const exampleMail: Mail = {
  id: 1,
  kind: 'verify_email',
  state: 'waiting',
  user_id: 1,
  to: 'jane.smith@example.com',
  locale: null,
  attempts: 1,
  last_error: '451 4.7.1 Greylisted, please try again later',
  created_at: '2026-11-24T02:34:50.123Z',
  next_attempt_at: '2026-11-24T02:35:21.482Z',
  sent_at: null,
  expires_at: '2026-11-25T02:34:50.123Z',
};

/** Maps a mail to its API representation. */
export function mail(row: MailRow): Mail {
  const format = (timestamp: Date | null) => timestamp?.toISOString() ?? null;
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    user_id: row.userId,
    to: row.recipient,
    locale: row.locale,
    attempts: row.attempts,
    last_error: row.lastError,
    created_at: row.createdAt.toISOString(),
    next_attempt_at: row.state === 'waiting' ? row.nextAttemptAt.toISOString() : null,
    sent_at: format(row.sentAt),
    expires_at: format(row.expiresAt),
  };
}
