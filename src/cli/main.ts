#!/usr/bin/env node
// The `latchkey` program.
import { writeSync } from 'node:fs';
import { processContext } from './command-context.js';
import { outputFailure } from './output.js';
import { runProgram } from './program.js';

const context = processContext();

// A failed write to standard output must fail the command. The last one fails after the command has ended.
process.once('exit', (code) => {
  const failure = outputFailure(context);
  if (failure === undefined || context.isService) return;
  printError(failure.message);
  if (code === 0) process.exitCode = 1;
});

const code = await runProgram(process.argv.slice(2), context, printError);
if (code !== 0) process.exitCode = code;

function printError(text: string): void {
  try {
    writeSync(2, `latchkey: ${text}\n`);
  } catch {
    // Standard error is closed too.
  }
}
