// Asks a service that knows passwords from data breaches, in the range protocol of Have I Been Pwned: only the first five hexadecimal
// digits of the SHA-1 of a password leave this process (k-anonymity). It fails open: a service that does not answer keeps nobody out.
import { createHash } from 'node:crypto';
import type { Log } from '#platform/log/log.js';

/** From the request to the whole answer. */
const TIMEOUT_MILLISECONDS = 1000;
/** A padded answer of Have I Been Pwned has about 40 KB. */
const MAX_BYTES = 256 * 1024;
const MAX_REQUESTS = 16;
/** After so many failures in a row no request is sent for a while: a registration must not wait for a service that is down. */
const FAILURES_BEFORE_PAUSE = 3;
const PAUSE_MILLISECONDS = 10_000;

const PREFIX_LENGTH = 5;
const LINE = /^([0-9A-F]{35}):(\d{1,15})$/i;

interface Dependencies {
  /** The prefix is appended to it, for example `https://api.pwnedpasswords.com/range/`. */
  readonly url: string;
  readonly log: Log;
  /** Milliseconds of any clock that only goes forward. */
  readonly now?: () => number;
}

/** Why no answer was had; the closed set that is logged. */
type Failure = 'timeout' | 'unreachable' | 'status' | 'too large' | 'not a range';

class RangeFailed extends Error {
  override readonly name = 'RangeFailed';
  readonly reason: Failure;
  readonly status: number | undefined;

  constructor(reason: Failure, status?: number) {
    super(reason);
    this.reason = reason;
    this.status = status;
  }
}

/** Never rejects. Neither a password nor any part of its hash is logged. */
export function createBreaches({ url, log, now = () => performance.now() }: Dependencies) {
  let requests = 0;
  let failures = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  /** Whether the password is known from a breach; false when that cannot be found out within a second. */
  async function isBreached(password: string, requestId?: string): Promise<boolean> {
    const ofRequest = requestId === undefined ? {} : { request_id: requestId };
    const skipped = now() < pausedUntil ? 'paused' : requests >= MAX_REQUESTS ? 'too many at once' : undefined;
    if (skipped !== undefined) {
      log.warn({ reason: skipped, ...ofRequest }, 'breach check skipped');
      return false;
    }
    const digest = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
    const begun = now();
    requests += 1;
    try {
      const suffixes = await fetchRange(url, digest.slice(0, PREFIX_LENGTH));
      failures = 0;
      const breached = suffixes.has(digest.slice(PREFIX_LENGTH));
      log.debug({ breached, milliseconds: Math.round(now() - begun), ...ofRequest }, 'breach check done');
      return breached;
    } catch (error) {
      failures += 1;
      if (failures >= FAILURES_BEFORE_PAUSE) pausedUntil = now() + PAUSE_MILLISECONDS;
      const { reason, status } = failureOf(error);
      log.warn(
        { reason, status, milliseconds: Math.round(now() - begun), ...ofRequest },
        'breach check failed: password accepted',
      );
      return false;
    } finally {
      requests -= 1;
    }
  }

  return { isBreached };
}

export type Breaches = ReturnType<typeof createBreaches>;

/** The suffixes that occur. Lines whose count is 0 are padding. */
async function fetchRange(url: string, prefix: string): Promise<Set<string>> {
  const answer = await fetch(url + prefix, {
    // Padding hides from somebody who sees the size of an answer which range was asked for.
    headers: { 'add-padding': 'true', accept: 'text/plain', 'user-agent': 'latchkey' },
    // A redirect could lead anywhere, also into the network of this service.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new RangeFailed('status', answer.status);
  }
  const lines = (await readText(answer)).split('\n').map((line) => LINE.exec(line.trim()));
  const entries = lines.filter((entry) => entry !== null);
  // Every range has hundreds of entries: an answer without any is a login page or an error of a proxy.
  if (entries.length === 0) throw new RangeFailed('not a range');
  return new Set(entries.filter(([, , count]) => Number(count) > 0).map(([, suffix = '']) => suffix.toUpperCase()));
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new RangeFailed('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/** Never the error itself: its message or cause may hold the address that was asked. */
function failureOf(error: unknown): { reason: Failure; status?: number | undefined } {
  if (error instanceof RangeFailed) return { reason: error.reason, status: error.status };
  return { reason: error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable' };
}
