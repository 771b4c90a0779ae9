// Clients that follow the rules of the documentation and record every answer.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../support/problem.js';
import { claimsOf, type HttpClient } from '../../support/service.js';
import { describe, type History, type KnownAccount, type KnownSession, type Operation, outcomeOf } from './history.js';

/** The instance that a client currently uses; it may be replaced during the test. */
export type Target = () => HttpClient;

interface LoadOptions {
  readonly target: Target;
  readonly clients: number;
  /** The greatest rate of all clients together. */
  readonly perSecond: number;
  readonly random: () => number;
  readonly history: History;
}

/** A call that takes longer violates I10. */
const LONGEST_CALL_MILLISECONDS = 20_000;
/** Before the next call after one that did not succeed. */
const PAUSE_MILLISECONDS = 100;

/** Starts clients, each with its own accounts; they run until `stop`. */
export function startClients({ target, clients, perSecond, random, history }: LoadOptions) {
  let running = true;
  let acknowledged = 0;
  const pause = (1000 * clients) / perSecond;

  const done = Array.from({ length: clients }, async (_, index) => {
    const client = createClient(target, history, `client${index}-${randomUUID().slice(0, 8)}`, random);
    await sleep(pause * random());
    while (running) {
      const begun = performance.now();
      const good = await client.step();
      if (good) acknowledged++;
      const left = good ? pause - (performance.now() - begun) : PAUSE_MILLISECONDS;
      if (left > 0) await sleep(left);
    }
  });

  return {
    /** The number of successful calls. */
    acknowledged: () => acknowledged,
    stop: async (): Promise<void> => {
      running = false;
      await Promise.all(done);
    },
  };
}

export type Clients = ReturnType<typeof startClients>;

/** One client: `step` makes the next call and resolves to whether it succeeded. */
export function createClient(target: Target, history: History, name: string, random: () => number) {
  let account = newAccount(0);

  function newAccount(number: number): KnownAccount {
    const email = `${name}-${number}@example.com`;
    const made: KnownAccount = { email, id: undefined, registered: 'no', passwords: ['password'], sessions: [] };
    history.accounts.push(made);
    return made;
  }

  async function call(operation: Operation, ask: (client: HttpClient) => Promise<Answer>, token?: string) {
    const begun = performance.now();
    const answer = await ask(target()).catch(() => undefined);
    const ended = performance.now();
    const outcome = outcomeOf(answer);
    const successor = operation === 'refresh' && outcome === 'acknowledged' && answer ? tokensIn(answer) : undefined;
    history.calls.push({
      operation,
      begun,
      ended,
      outcome,
      answer: describe(answer),
      ...(token !== undefined && successor && { exchange: { token, successor: successor.refresh_token } }),
    });
    if (answer !== undefined) checkAnswer(history, answer);
    if (ended - begun > LONGEST_CALL_MILLISECONDS) violate('I10', `${operation} took ${Math.round(ended - begun)} ms`);
    return { answer, outcome };
  }

  function violate(invariant: string, what: string): void {
    history.violations.push({ invariant, what });
  }

  async function register(): Promise<boolean> {
    const { email } = account;
    const { answer, outcome } = await call('register', (client) => client.register(email));
    if (outcome === 'unknown') account.registered = 'doubtful';
    if (outcome === 'acknowledged' && answer) {
      account.registered = 'yes';
      account.id = JSON.parse(answer.body).id;
    }
    if (outcome === 'refused' && answer?.statusCode === 409) {
      // The earlier, unanswered call took effect.
      if (account.registered !== 'doubtful') violate('I8', `${email}: 409 before it was registered`);
      account.registered = 'yes';
    }
    return outcome !== 'unknown';
  }

  async function login(): Promise<boolean> {
    // The first one again at the end: an unanswered change may take effect between the attempts, when its commit has waited for a standby.
    const [current = '', ...others] = account.passwords;
    for (const password of [current, ...others, ...(others.length > 0 ? [current] : [])]) {
      const { answer, outcome } = await call('login', (client) => client.login(account.email, password));
      if (outcome === 'unknown' || answer === undefined) return false;
      if (outcome === 'acknowledged') {
        settlePassword(password);
        begin(answer);
        return true;
      }
      if (answer.statusCode !== 401) return false;
    }
    violate('I1', `${account.email}: no login with the password it has`);
    account = newAccount(history.accounts.length);
    return false;
  }

  function begin(answer: Answer): void {
    const { access_token: accessToken, refresh_token: token } = tokensIn(answer);
    const { user_id: id } = claimsOf({ access_token: accessToken, refresh_token: token });
    account.id ??= Number(id);
    if (id !== account.id) violate('I6', `${account.email}: tokens of user ${id} instead of ${account.id}`);
    account.sessions.push({ tokens: [token], key: randomUUID(), accessToken, state: 'living' });
  }

  /** After an unanswered change of the password: the password that works shows whether the change took effect. */
  function settlePassword(password: string): void {
    if (account.passwords.length < 2) return;
    const changed = password === account.passwords[0];
    account.passwords = [password];
    for (const session of account.sessions) {
      if (session.state === 'doubtful') session.state = changed ? 'ended' : 'living';
    }
  }

  async function refresh(session: KnownSession): Promise<boolean> {
    const token = newest(session);
    const { answer, outcome } = await call(
      'refresh',
      (client) => client.refresh(token, { 'idempotency-key': session.key }),
      token,
    );
    if (outcome === 'unknown' || answer === undefined) return false;
    if (outcome === 'acknowledged') {
      const { access_token: accessToken, refresh_token: successor } = tokensIn(answer);
      Object.assign(session, { accessToken, key: randomUUID() });
      session.tokens.push(successor);
      return true;
    }
    if (answer.statusCode === 429) return false;
    if (session.state === 'living')
      violate('I5', `${account.email}: the newest token of a living session: ${describe(answer)}`);
    session.state = 'ended';
    return false;
  }

  async function logout(session: KnownSession): Promise<boolean> {
    session.state = 'doubtful';
    const { outcome } = await call('logout', (client) => client.logout(newest(session)));
    if (outcome === 'acknowledged') session.state = 'ended';
    return outcome === 'acknowledged';
  }

  async function changePassword(session: KnownSession): Promise<boolean> {
    const password = `password-${randomUUID()}`;
    const others = account.sessions.filter((each) => each !== session && each.state !== 'ended');
    const { outcome, answer } = await call('password', (client) => client.updateMe(session.accessToken, { password }));
    if (outcome === 'acknowledged') {
      account.passwords = [password];
      for (const other of others) other.state = 'ended';
      return true;
    }
    if (outcome === 'unknown') {
      account.passwords = [password, ...account.passwords];
      for (const other of others) other.state = 'doubtful';
    } else if (answer?.statusCode === 401 && session.state === 'living') {
      violate('I5', `${account.email}: a living session may not change the password: ${describe(answer)}`);
    }
    return false;
  }

  async function me(session: KnownSession): Promise<boolean> {
    const { answer, outcome } = await call('me', (client) => client.me(session.accessToken));
    if (outcome === 'acknowledged' && answer && JSON.parse(answer.body).email !== account.email) {
      violate('I6', `${account.email} got ${answer.body}`);
    }
    if (outcome === 'refused' && answer?.statusCode === 401) violate('I5', `${account.email}: me: ${describe(answer)}`);
    return outcome === 'acknowledged';
  }

  async function step(): Promise<boolean> {
    if (account.registered !== 'yes') return register();
    // Nothing else can be checked until the password is known.
    if (account.passwords.length > 1) return login();
    const living = account.sessions.filter(({ state }) => state === 'living');
    const doubtful = account.sessions.find(({ state }) => state === 'doubtful');
    if (doubtful !== undefined) return logout(doubtful);
    const session = living[Math.floor(random() * living.length)];
    if (session === undefined) return login();
    const dice = random();
    if (dice < 0.62) return refresh(session);
    if (dice < 0.8) return me(session);
    if (dice < 0.87) return living.length < 3 ? login() : refresh(session);
    if (dice < 0.93) return logout(session);
    if (dice < 0.96) return changePassword(session);
    account = newAccount(history.accounts.length);
    return register();
  }

  /** Makes one call of the given kind, after preparing what it needs. */
  async function perform(operation: Operation): Promise<void> {
    if (operation === 'register') account = newAccount(history.accounts.length);
    else await prepare();
    const session = account.sessions.find(({ state }) => state === 'living');
    if (operation === 'register') await register();
    else if (operation === 'login') await login();
    else if (session !== undefined && operation === 'refresh') await refresh(session);
    else if (session !== undefined && operation === 'logout') await logout(session);
    else if (session !== undefined && operation === 'password') await changePassword(session);
    else if (session !== undefined) await me(session);
  }

  /** Makes calls until the account is known to exist, with one password and a live session. */
  async function prepare(): Promise<void> {
    const isReady = () =>
      account.registered === 'yes' &&
      account.passwords.length === 1 &&
      account.sessions.every(({ state }) => state !== 'doubtful') &&
      account.sessions.some(({ state }) => state === 'living');
    for (let attempt = 0; !isReady(); attempt++) {
      if (attempt === 100) throw new Error(`${account.email} does not reach a known state`);
      if (account.registered === 'yes' && account.sessions.every(({ state }) => state === 'ended')) await login();
      else await step();
    }
  }

  return { step, perform, prepare };
}

/** The newest refresh token of a session. */
export function newest({ tokens }: KnownSession): string {
  return tokens.at(-1) ?? '';
}

function tokensIn(answer: Answer): { access_token: string; refresh_token: string } {
  return JSON.parse(answer.body);
}

// Signs of a stack trace, of SQL, of the driver or of a file name.
const INTERNALS =
  /\bat .*:\d+:\d+|\b(select|insert|update) .*\b(from|into|set)\b|node_modules|ECONN|postgres|drizzle|\.[jt]s\b/i;

/** Checks I9 on an answer: no 5xx but 503 with Retry-After, and no internal details. */
export function checkAnswer({ violations }: Pick<History, 'violations'>, { statusCode, headers, body }: Answer): void {
  if (statusCode < 500) return;
  const what = `${statusCode}: ${body}`;
  if (statusCode !== 503) violations.push({ invariant: 'I9', what });
  else if (headers['retry-after'] === undefined) violations.push({ invariant: 'I9', what: `no Retry-After: ${what}` });
  if (INTERNALS.test(body)) violations.push({ invariant: 'I9', what: `internals: ${what}` });
}
