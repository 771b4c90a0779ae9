// What clients asked, and what they were told: the record that the checker judges.
import type { Answer } from '../../support/problem.js';

/** `unknown`: no answer, or a 5xx: it may have been done or not. */
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
  /** Of a refresh that was acknowledged: the token that was exchanged, and what it was exchanged for. */
  readonly exchange?: { readonly token: string; readonly successor: string };
}

/** Something that must never be. */
export interface Violation {
  /** I1 to I10, as in docs/reliability.md. */
  readonly invariant: string;
  readonly what: string;
}

/** A session as its client knows it. */
export interface KnownSession {
  /** The refresh tokens it was given, the newest last. */
  readonly tokens: string[];
  /** Of the newest token: made with it, sent with each attempt to use it. */
  key: string;
  accessToken: string;
  /** `doubtful`: what would end it was asked for and not answered. */
  state: 'living' | 'doubtful' | 'ended';
}

/** An account as its client knows it. */
export interface KnownAccount {
  readonly email: string;
  id: number | undefined;
  registered: 'no' | 'doubtful' | 'yes';
  /** More than one: a change of the password was not answered. */
  passwords: string[];
  readonly sessions: KnownSession[];
}

/** All that was asked and answered, and what it means. */
export interface History {
  readonly calls: Call[];
  readonly accounts: KnownAccount[];
  readonly violations: Violation[];
}

export function newHistory(): History {
  return { calls: [], accounts: [], violations: [] };
}

/** What an answer, or its absence, says of what was asked. */
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

/** How often each answer came. */
export function answersOf({ calls }: History): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { answer } of calls) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
