// Checks passwords against known data breaches, by the range protocol of Have I Been Pwned: only the first five hexadecimal digits of a
// password's SHA-1 leave this process (k-anonymity). The check fails open: while the service does not respond, passwords are accepted.
import { createHash } from 'node:crypto';
import type { Log } from '#platform/log/log.js';
import { type SpanOptions, type Tracer, untraced } from '#platform/tracing/tracer.js';

/** For the complete response. */
const TIMEOUT_MILLISECONDS = 1000;
/** A padded response of Have I Been Pwned has about 40 KB. */
const MAX_BYTES = 256 * 1024;
const MAX_CONCURRENT_REQUESTS = 16;
/** After this many failures in a row no request is sent for a while, so that registrations do not wait for a service that is down. */
const FAILURES_BEFORE_PAUSE = 3;
const PAUSE_MILLISECONDS = 10_000;

const PREFIX_LENGTH = 5;
const LINE = /^([0-9A-F]{35}):(\d{1,15})$/i;

interface Dependencies {
  /** The prefix of the hash is appended to this URL, for example `https://api.pwnedpasswords.com/range/`. */
  readonly url: string;
  readonly log: Log;
  readonly tracer?: Tracer;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

/** The reasons for a failure, as they are logged. */
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

/** The check never rejects. Neither a password nor any part of its hash is logged. */
export function createBreaches({ url, log, tracer = untraced, now = () => performance.now() }: Dependencies) {
  const span: SpanOptions = {
    kind: 'client',
    // Never the path, which has a part of the hash.
    attributes: { 'http.request.method': 'GET', 'server.address': new URL(url).hostname },
  };
  let requests = 0;
  let failures = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  /** Whether the password is known from a breach. False if the service does not respond within a second. */
  async function isBreached(password: string, requestId?: string): Promise<boolean> {
    const requestFields = requestId === undefined ? {} : { request_id: requestId };
    const skipped =
      now() < pausedUntil ? 'paused' : requests >= MAX_CONCURRENT_REQUESTS ? 'too many at once' : undefined;
    if (skipped !== undefined) {
      log.warn({ reason: skipped, ...requestFields }, 'breach check skipped');
      return false;
    }
    const digest = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
    const start = now();
    requests += 1;
    try {
      const suffixes = await tracer.trace(
        'breach check',
        () => fetchRange(url, digest.slice(0, PREFIX_LENGTH), tracer.traceparent()),
        span,
      );
      failures = 0;
      const breached = suffixes.has(digest.slice(PREFIX_LENGTH));
      log.debug({ breached, milliseconds: Math.round(now() - start), ...requestFields }, 'breach check done');
      return breached;
    } catch (error) {
      failures += 1;
      if (failures >= FAILURES_BEFORE_PAUSE) pausedUntil = now() + PAUSE_MILLISECONDS;
      const { reason, status } = failureOf(error);
      log.warn(
        { reason, status, milliseconds: Math.round(now() - start), ...requestFields },
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

/** The suffixes in the range. Lines with a count of 0 are padding. */
async function fetchRange(url: string, prefix: string, traceparent: string | undefined): Promise<Set<string>> {
  const response = await fetch(url + prefix, {
    // Padding hides the requested range from observers who see the size of the response.
    headers: {
      'add-padding': 'true',
      accept: 'text/plain',
      'user-agent': 'latchkey',
      ...(traceparent && { traceparent }),
    },
    // A redirect could lead anywhere, even into the network of this service.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new RangeFailed('status', response.status);
  }
  const lines = (await readText(response)).split('\n').map((line) => LINE.exec(line.trim()));
  const entries = lines.filter((entry) => entry !== null);
  // Every range has hundreds of entries, so a response without any comes from something else, such as a login page or a proxy.
  if (entries.length === 0) throw new RangeFailed('not a range');
  return new Set(entries.filter(([, , count]) => Number(count) > 0).map(([, suffix = '']) => suffix.toUpperCase()));
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the response.
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new RangeFailed('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/** The error itself is never logged: its message or cause may contain the requested URL. */
function failureOf(error: unknown): { reason: Failure; status?: number | undefined } {
  if (error instanceof RangeFailed) return { reason: error.reason, status: error.status };
  return { reason: error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable' };
}
