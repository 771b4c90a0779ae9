// SQL that takes from quotas, for the repositories that need it in statements of their own.
import { type SQL, sql } from 'drizzle-orm';
import { quotas } from '#drizzle/schema.js';
import { isKnownNetwork } from '#throttles/conditions.js';

/** What may be taken: `count` at once, and after that one each `seconds / count` seconds. */
export interface Quota {
  readonly count: number;
  readonly seconds: number;
  readonly key: Buffer;
  /** The quota that applies instead if the account has logged in from the network of the client. Undefined: the network is not known. */
  readonly ofNetwork: { readonly key: Buffer; readonly knownBy: readonly Buffer[] } | undefined;
}

/** Seconds by which rounding may make a full quota seem exceeded. */
const TOLERANCE = 0.001;
/** Seconds by which `now()`, the time at which a transaction began, may be before that of another one which it has waited for. */
const CONCURRENT = 60;

/** Whether the quota of the network applies. */
export function isOfNetwork({ ofNetwork }: Quota): SQL {
  return isKnownNetwork(ofNetwork?.knownBy);
}

/**
 * An INSERT that takes one from the quota, and returns a row if that was possible, with `is_used_up` if nothing is left now. Other
 * statements that take from it wait until the transaction ends. Takes nothing unless `condition` holds.
 */
export function takeFrom(quota: Quota, condition: SQL = sql`true`): SQL {
  const refilled = sql`greatest(${storedFullAt(quota)}, now()) + ${durationOfOne(quota)}`;
  return sql`
    insert into ${quotas} (key, full_at) select ${keyOf(quota)}, now() + ${durationOfOne(quota)} where ${condition}
    on conflict (key) do update set full_at = ${refilled} where ${refilled} <= now() + ${durationOfAll(quota)}
    returning ${quotas.fullAt} + ${durationOfOne(quota)} > now() + ${durationOfAll(quota)} as is_used_up`;
}

/** Whether one could be taken now. */
export function hasRoom(quota: Quota): SQL {
  return sql`not exists (
    select 1 from ${quotas} where key = ${keyOf(quota)}
      and ${storedFullAt(quota)} + ${durationOfOne(quota)} > now() + ${durationOfAll(quota)})`;
}

/**
 * When the quota is full again. That is never later than after `seconds`, except after the database's clock was ahead and has been set back: how
 * much was taken is unknown then, and the quota counts as full. Otherwise nothing could be taken until the clock is there again.
 */
function storedFullAt({ seconds }: Quota): SQL {
  const latest = sql`now() + make_interval(secs => ${seconds + CONCURRENT}::float8)`;
  return sql`case when ${quotas.fullAt} <= ${latest} then ${quotas.fullAt} else now() end`;
}

function keyOf(quota: Quota): SQL {
  const { key, ofNetwork } = quota;
  if (ofNetwork === undefined) return sql`${key}::bytea`;
  return sql`case when ${isOfNetwork(quota)} then ${ofNetwork.key}::bytea else ${key}::bytea end`;
}

function durationOfOne({ count, seconds }: Quota): SQL {
  return sql`make_interval(secs => ${seconds / count}::float8)`;
}

function durationOfAll({ seconds }: Quota): SQL {
  return sql`make_interval(secs => ${seconds + TOLERANCE}::float8)`;
}
