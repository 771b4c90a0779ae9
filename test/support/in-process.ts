// Commands and services within the process of the test, which take a fraction of the time of a process of their own.
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import type { Test } from 'tap';
import { newContext } from '#cli/command-context.js';
import { outputFailure } from '#cli/output.js';
import { runProgram } from '#cli/program.js';
import { testAppOn } from './app.js';
import { type Ending, httpClient } from './service.js';

/**
 * Runs a command with only `env` as its environment; `input` is its standard input, which is not a terminal. Signals, the end of the
 * process and errors of its output need `startCommand` or `runCommand` of service.ts.
 */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string | Buffer = '',
): Promise<Ending> {
  const stdout = new Text();
  const stderr = new Text();
  const stdin = Readable.from([Buffer.from(input)], { objectMode: false });
  const context = newContext({ environment: () => ({ ...env }), stdin, stdout, stderr });
  const code = await runProgram(args, context, (text) => stderr.write(`latchkey: ${text}\n`));
  const failure = outputFailure(context);
  if (failure !== undefined) throw failure;
  return { code, signal: null, stdout: stdout.text, stderr: stderr.text };
}

/** Starts the service on a free port; it is closed when the test ends. The same interface as `startService`. */
export async function serveHere(
  t: Pick<Test, 'teardown'>,
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
) {
  const { app, logLines } = await testAppOn(t, databaseUrl, { env });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { ...httpClient(port), port, logLines, stop: () => app.close() };
}

export type ServiceHere = Awaited<ReturnType<typeof serveHere>>;

class Text extends Writable {
  text = '';

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk;
    done();
  }
}
