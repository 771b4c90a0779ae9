// Imports and exports in the process of the test, on the database of a running application.
import { Readable } from 'node:stream';
import type { Test } from 'tap';
import { servicesOn } from '#cli/services.js';
import { connect } from '#platform/database/database.js';
import { readCsv } from '#transfer/csv.js';
import { readJsonLines } from '#transfer/json-lines.js';
import { readLines } from '#transfer/lines.js';
import type { Refusal } from '#transfer/refusals.js';
import { testApp, testConfiguration } from '../../support/app.js';
import { rowsOf } from '../../support/rows.js';

interface ImportTestOptions {
  readonly format?: 'jsonl' | 'csv';
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  /** The size of the chunks in which the input arrives. */
  readonly chunk?: number;
}

/** An application with an empty database, and what an operator does with it. */
export async function transferOf(t: Test, env: Readonly<Record<string, string>> = {}) {
  const service = await testApp(t, { env });
  const { databaseUrl } = service;
  const { db, close } = connect({ url: databaseUrl, poolSize: 1, transactionPooler: false, deadline: 60_000 });
  t.teardown(close);
  const { transfer, operator } = await servicesOn(db, testConfiguration(databaseUrl, env));
  const rows = rowsOf(t, databaseUrl);

  async function importFrom(source: AsyncIterable<Buffer>, options: ImportTestOptions = {}) {
    const { format = 'jsonl', dryRun = false, resume = false, signal = new AbortController().signal } = options;
    const refused: [line: number, refusal: Refusal][] = [];
    const lines = readLines(source);
    const result = await transfer.importAccounts(format === 'csv' ? readCsv(lines) : readJsonLines(lines), {
      dryRun,
      resume,
      act: operator.act,
      signal,
      onRefused: ({ line, refusal }) => void refused.push([line, refusal]),
      onProgress: () => {},
    });
    return { ...result, refused };
  }

  return {
    service,
    rows,
    /** Another connection, for use during a transaction of `rows`. */
    observer: rowsOf(t, databaseUrl),
    importFrom,
    importBytes: (bytes: Buffer | string, options: ImportTestOptions = {}) =>
      importFrom(Readable.from(chunksOf(Buffer.from(bytes), options.chunk)), options),
    importLines: (lines: readonly object[], options: ImportTestOptions = {}) =>
      importFrom(Readable.from([Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))]), options),
    exportText: async () => {
      let text = '';
      for await (const chunk of transfer.exportAccounts(operator.act, () => {})) text += chunk;
      return text;
    },
    events: async (event: string) =>
      (
        await rows`select event, actor_type, actor_name, target_id, details from audit_events where event = ${event} order by id`
      ).map((row) => ({ ...row })),
    status: async (email: string, password: string) =>
      (await service.post('/api/login/', { email, password })).statusCode,
  };
}

function* chunksOf(bytes: Buffer, size = bytes.length): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
