// Services that catch their mails, and the tokens in them.
import type { Test } from 'tap';
import { type TestApp, testApp } from './app.js';
import { mailsOf, tokenIn } from './mail.js';
import { rowsOf } from './rows.js';
import { until } from './until.js';

/** Long enough for a slow machine: the lifetime of access tokens is not tested here. */
const ENV = { SETTING_ACCESS_TOKEN_LIFETIME: '3600', SETTING_MAILS_PER_ACCOUNT_PER_HOUR: '1000' };

/** A kind of mail with a link. */
export type LinkMail = 'verify_email' | 'reset_password' | 'confirm_email_change' | 'undo_email_change';

/** A service that catches its mails, and requests that use the tokens in them. */
export async function mailingApp(t: Test, env: Readonly<Record<string, string>> = {}) {
  const service: TestApp = await testApp(t, { env: { ...ENV, ...env }, catchesMail: true });
  const rows = rowsOf(t, service.databaseUrl);
  const { post } = service;

  /** The tokens in the mails of a kind to an address, oldest first. */
  async function tokensOf(address: string, kind: LinkMail): Promise<string[]> {
    const found = await mailsOf(rows, address);
    return found.flatMap((mail) => (mail.kind === kind ? [tokenIn(mail.data as { url: string })] : []));
  }

  /** Waits until no request for a link is waiting. */
  const settled = () =>
    until('all links are sent', async () => (await rows`select from jobs where kind = 'send_link'`).length === 0);

  /** Runs `cause`, and returns the token in the new mail of a kind to an address. */
  async function tokenAfter(address: string, kind: LinkMail, cause: () => Promise<unknown>): Promise<string> {
    const before = (await tokensOf(address, kind)).length;
    await cause();
    return until(`a mail ${kind}`, async () => (await tokensOf(address, kind))[before]);
  }

  return {
    ...service,
    rows,
    tokensOf,
    tokenAfter,
    settled,
    /** A new account, and the token that verifies its address. */
    begin: async (password = 'password') => {
      const email = `user-${crypto.randomUUID()}@example.com`;
      const { id } = (await service.register(email, password)).json();
      const [verifyToken = ''] = await tokensOf(email, 'verify_email');
      return { id: id as number, email, verifyToken };
    },
    forgot: (email: string) => post('/api/password/forgot/', { email }),
    /** Requests a reset and returns the token of the mail. */
    resetTokenOf: (email: string) =>
      tokenAfter(email, 'reset_password', () => post('/api/password/forgot/', { email })),
    reset: (token: string, password = 'another password') => post('/api/password/reset/', { token, password }),
    verify: (token: string, currentPassword?: string) =>
      post('/api/email/verify/', {
        token,
        ...(currentPassword !== undefined && { current_password: currentPassword }),
      }),
    resend: (email: string) => post('/api/email/verify/resend/', { email }),
    disown: (token: string) => post('/api/email/verify/disown/', { token }),
    confirmChange: (token: string, currentPassword = 'password') =>
      post('/api/email/change/confirm/', { token, current_password: currentPassword }),
    cancelChange: (token: string) => post('/api/email/change/cancel/', { token }),
    undoChange: (token: string) => post('/api/email/change/undo/', { token }),
    loginStatus: async (email: string, password = 'password') =>
      (await post('/api/login/', { email, password })).statusCode,
    isVerified: async (id: number) =>
      (await rows`select email_verified_at from users where id = ${id}`)[0]?.email_verified_at !== null,
    eventsOn: async (id: number) =>
      (
        await rows`select event from audit_events where target_type = 'user' and target_id = ${String(id)} order by id`
      ).map(({ event }) => event as string),
  };
}

/** Changes one character of a token. */
export const altered = (token: string) => `${token.slice(0, 10)}${token[10] === 'A' ? 'B' : 'A'}${token.slice(11)}`;
