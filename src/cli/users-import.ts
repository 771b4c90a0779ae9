// latchkey users import: creates accounts from a file, with the password hashes of another system.
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { InvalidHeader, readCsv } from '#transfer/csv.js';
import { NotJsonLines, readJsonLines } from '#transfer/json-lines.js';
import { readLines } from '#transfer/lines.js';
import { type RefusedLine, refusals } from '#transfer/refusals.js';
import type { ImportCounts, ImportResult } from '#transfer/service.js';
import { commandContext, ENDING_SIGNALS } from './command-context.js';
import { CommandRefused } from './error-message.js';
import { fileError, openForReading, STANDARD_STREAM } from './files.js';
import { escapeControlCharacters, printJson, printText } from './output.js';
import { showProgress } from './progress.js';
import { withServices } from './services.js';

interface ImportCommandOptions {
  readonly format?: 'jsonl' | 'csv';
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/** How many refused lines are shown if there is no report. */
const SHOWN_LINES = 10;

/** The command. It can run while the service is running. */
export function importCommand(): Command {
  return new Command('import')
    .description('create accounts from a file, with the password hashes of another system')
    .argument('<file>', 'JSON lines or CSV; - for standard input')
    .addOption(
      new Option('--format <format>', 'the default is csv for *.csv, otherwise jsonl').choices(['jsonl', 'csv']),
    )
    .option('--dry-run', 'check the file; change nothing')
    .option('--resume', 'skip lines that an earlier import of this file has imported')
    .option('--report <file>', 'write each refused line as a JSON line: its number, a code and a message')
    .option('--json', 'print JSON')
    .action(importAccounts);
}

async function importAccounts(file: string, options: ImportCommandOptions): Promise<void> {
  const { format = file.endsWith('.csv') ? 'csv' : 'jsonl', dryRun = false, resume = false } = options;
  const source = file === STANDARD_STREAM ? commandContext().stdin : await openForReading(file);
  const report = await openReport(options.report, file);
  const progress = showProgress(dryRun ? 'lines checked' : 'lines read');
  const interrupt = new AbortController();
  const onSignal = () => {
    interrupt.abort();
    source.destroy();
  };
  // The first one ends the import after the current batch, the second one the process.
  for (const signal of ENDING_SIGNALS) process.once(signal, onSignal);
  let latest: ImportCounts = { created: 0, present: 0, refused: 0 };
  try {
    await withServices(async ({ transfer, operator }) => {
      const lines = readLines(interruptible(source, interrupt.signal));
      const result = await transfer.importAccounts(format === 'csv' ? readCsv(lines) : readJsonLines(lines), {
        dryRun,
        resume,
        act: operator.act,
        signal: interrupt.signal,
        onRefused: report.write,
        onProgress: (counts) => {
          latest = counts;
          progress.show(counts.created + counts.present + counts.refused);
        },
      });
      progress.end();
      print(result, dryRun, options.json);
      finish(result, dryRun, report.shown, options.report);
    });
  } catch (error) {
    progress.end();
    // Batches that were committed before the error stay.
    if (!dryRun && latest.created > 0 && !(error instanceof LinesRefused)) {
      warn(`${latest.created} accounts were created before this error; import the file again with --resume`);
    }
    if (error instanceof InvalidHeader) throw new CommandRefused(`${file} cannot be imported as CSV: ${error.message}`);
    if (error instanceof NotJsonLines)
      throw new CommandRefused(`${file} cannot be imported as JSON lines: ${error.message}`);
    throw fileError(file, error);
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
    source.destroy();
    await report.close();
  }
}

/** The chunks until `signal` is aborted. Then the source has been destroyed, which is no error. */
async function* interruptible(source: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* source;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The import ended, and its result has been printed. */
class LinesRefused extends CommandRefused {}

function print({ created, present, refused }: ImportResult, dryRun: boolean, asJson = false): void {
  const lines = refused === 1 ? 'line' : 'lines';
  if (asJson) printJson({ created, present, refused, dry_run: dryRun });
  else if (dryRun) printText(`${created} would be created, ${present} exist already, ${refused} ${lines} refused.\n`);
  else printText(`${created} created, ${present} existed already, ${refused} ${lines} refused.\n`);
}

function finish(
  { created, refused, interrupted, ignoredFields }: ImportResult,
  dryRun: boolean,
  shown: readonly RefusedLine[],
  report: string | undefined,
): void {
  if (ignoredFields.length > 0) {
    const names = ignoredFields.map((name) => escapeControlCharacters(name.slice(0, 50))).join(', ');
    warn(`these fields are unknown and were ignored: ${names}`);
  }
  if (report === undefined)
    for (const { line, refusal } of shown) warn(`line ${line}: ${refusal}: ${refusals[refusal]}`);
  if (interrupted) {
    throw new LinesRefused(
      `interrupted; ${dryRun || created === 0 ? 'nothing was changed' : 'import the file again with --resume'}`,
    );
  }
  if (refused === 0) return;
  const where =
    report === undefined
      ? refused > shown.length
        ? '; --report <file> lists all of them'
        : ''
      : `; ${report} lists them`;
  throw new LinesRefused(`${refused} ${refused === 1 ? 'line was' : 'lines were'} refused${where}`);
}

function warn(text: string): void {
  commandContext().stderr.write(`latchkey: ${text}\n`);
}

/** Writes refused lines to the report, if there is one, and keeps the first ones. */
async function openReport(report: string | undefined, input: string) {
  const shown: RefusedLine[] = [];
  let handle: FileHandle | undefined;
  if (report !== undefined) {
    if (input !== STANDARD_STREAM && (await isSameFile(report, input))) {
      throw new CommandRefused('--report names the file to import, which would be overwritten');
    }
    handle = await open(report, 'w', 0o600).catch((error: unknown) => {
      throw fileError(report, error);
    });
  }
  return {
    shown,
    write: async (refused: RefusedLine): Promise<void> => {
      if (shown.length < SHOWN_LINES) shown.push(refused);
      const { line, refusal: code } = refused;
      await handle?.write(`${JSON.stringify({ line, code, message: refusals[code] })}\n`);
    },
    close: async () => handle?.close(),
  };
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)));
  return first !== undefined && second !== undefined && first.dev === second.dev && first.ino === second.ino;
}
