// The overview as the API returns it.
import { type Static, Type } from '@sinclair/typebox';
import type { Size as CountedSize } from '#overview/repository.js';
import type { Overview as FoundOverview } from '#overview/service.js';
import { Timestamp } from '../fields.js';

const Count = (description?: string) => Type.Integer(description === undefined ? {} : { description });

const Size = Type.Object(
  { count: Count(), estimated: Type.Boolean({ description: 'Above 10,000.' }) },
  { additionalProperties: false },
);

const Hour = Type.Object(
  {
    hour: Timestamp(),
    logins: Count(),
    failed_logins: Count(),
    delayed_logins: Count('Refused with `too_many_attempts`.'),
    refreshes: Count(),
    registrations: Count(),
    reused_tokens: Count(),
  },
  { additionalProperties: false },
);

export const Overview = Type.Object(
  {
    at: Timestamp(),
    hours: Type.Array(Hour, { description: 'Oldest first.' }),
    accounts: Size,
    sessions: Size,
    mails: Type.Object({ waiting: Count(), overdue: Count(), dead: Count() }, { additionalProperties: false }),
    findings: Type.Array(
      Type.Object(
        {
          check: Type.String(),
          status: Type.String({ enum: ['ok', 'warn', 'fail'] }),
          message: Type.String(),
        },
        { additionalProperties: false },
      ),
      { description: 'As from `latchkey doctor`.' },
    ),
  },
  { title: 'Overview', additionalProperties: false },
);
export type Overview = Static<typeof Overview>;

/** One hour of a new service. */
export const exampleOverview: Overview = {
  at: '2026-11-24T02:34:50.123Z',
  hours: [
    {
      hour: '2026-11-24T02:00:00.000Z',
      logins: 1,
      failed_logins: 0,
      delayed_logins: 0,
      refreshes: 0,
      registrations: 1,
      reused_tokens: 0,
    },
  ],
  accounts: { count: 1, estimated: false },
  sessions: { count: 1, estimated: false },
  mails: { waiting: 0, overdue: 0, dead: 0 },
  findings: [{ check: 'settings', status: 'ok', message: 'every value is valid' }],
};

const size = ({ count, isEstimate }: CountedSize) => ({ count, estimated: isEstimate });

/** Maps the overview to its API representation. */
export function overview({ at, hours, accounts, sessions, mails, findings }: FoundOverview): Overview {
  return {
    at: at.toISOString(),
    hours: hours.map(({ hour, ...counts }) => ({ hour: hour.toISOString(), ...counts })),
    accounts: size(accounts),
    sessions: size(sessions),
    mails,
    findings: [...findings],
  };
}
