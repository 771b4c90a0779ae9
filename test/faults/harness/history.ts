// The calls of the clients and their answers, for the checker.
import type { Answer } from '../../support/problem.js';

/** `unknown`: no answer or a 5xx; the call may have taken effect or not. */
export type Outcome = 'acknowledged' | 'refused' | 'unknown';

export type Operation = 'register' | 'login' | 'refresh' | 'logout' | 'password' | 'me';

/** One call. Times are of `performance.now()`. */
export interface Call {
  readonly operation: Operation;
  readonly begun: number;
  readonly ended: number;
  readonly outcome: Outcome;
  /** The status, with the code of an error; `none` when there was no answer. */
  readonly answer: string;
  /** For an acknowledged refresh: the token that was exchanged, and its successor. */
  readonly exchange?: { readonly token: string; readonly successor: string };
}

/** A broken invariant. */
export interface Violation {
  /** I1 to I10, as in docs/reliability.md. */
  readonly invariant: string;
  readonly what: string;
}

/** A session as its client knows it. */
export interface KnownSession {
  /** Its refresh tokens, the newest last. */
  readonly tokens: string[];
  /** The Idempotency-Key of the newest token, sent with each attempt to use it. */
  key: string;
  accessToken: string;
  /** `doubtful`: a call that ends it was not answered. */
  state: 'living' | 'doubtful' | 'ended';
}

/** An account as its client knows it. */
export interface KnownAccount {
  readonly email: string;
  id: number | undefined;
  registered: 'no' | 'doubtful' | 'yes';
  /** More than one when a change of the password was not answered. */
  passwords: string[];
  readonly sessions: KnownSession[];
}

/** All calls, the accounts as the clients know them, and the violations that the clients saw. */
export interface History {
  readonly calls: Call[];
  readonly accounts: KnownAccount[];
  readonly violations: Violation[];
}

export function newHistory(): History {
  return { calls: [], accounts: [], violations: [] };
}

/** The outcome of a call by its answer, or by its absence. */
export function outcomeOf(answer: Answer | undefined): Outcome {
  if (answer === undefined || answer.statusCode >= 500) return 'unknown';
  return answer.statusCode < 300 ? 'acknowledged' : 'refused';
}

/** The status of an answer, with its code if it is an error. */
export function describe(answer: Answer | undefined): string {
  if (answer === undefined) return 'none';
  if (answer.statusCode < 400) return String(answer.statusCode);
  try {
    return `${answer.statusCode} ${JSON.parse(answer.body).code}`;
  } catch {
    return `${answer.statusCode} (not a problem)`;
  }
}

/** The number of each answer. */
export function answersOf({ calls }: Pick<History, 'calls'>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { answer } of calls) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
