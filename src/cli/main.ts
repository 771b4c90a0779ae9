#!/usr/bin/env node
// The `latchkey` program: parses the arguments and runs the command.
import { writeSync } from 'node:fs';
import { Command } from 'commander';
import { packageVersion } from '#platform/process/package-info.js';
import { auditCommand } from './audit.js';
import { backupCommand, restoreCommand } from './backup.js';
import { dbCommand } from './db.js';
import { doctorCommand } from './doctor.js';
import { describeFailure } from './error-message.js';
import { restoreFinishCommand } from './finish-restore.js';
import { keysCommand } from './keys.js';
import { mailCommand } from './mail.js';
import { migrateCommand } from './migrate.js';
import { keepOutputErrors, OutputFailed, outputFailure } from './output.js';
import { sessionsCommand } from './sessions.js';
import { settingsCommand } from './settings.js';
import { usersCommand } from './users.js';

// A failed write to standard output must not end the process in the middle of its work, but it must fail the command. This is checked
// at exit, because Commander ends the process itself after --help.
keepOutputErrors();
process.stderr.on('error', () => {});
process.once('exit', (code) => {
  const failure = outputFailure();
  if (failure === undefined || isServing) return;
  printError(failure.message);
  if (code === 0) process.exitCode = 1;
});
let isServing = false;

const program = new Command('latchkey')
  .description('Authentication and authorization microservice.')
  .version(packageVersion)
  .showHelpAfterError();

program
  .command('serve')
  .description('run the service')
  // Loaded on demand: the web framework is half of the code, and no other command needs it.
  .action(async () => {
    // The service keeps running without its log (src/platform/log/log.ts).
    isServing = true;
    await (await import('./serve.js')).serveCommand();
  });
program.addCommand(migrateCommand());
program.addCommand(usersCommand());
program.addCommand(sessionsCommand());
program.addCommand(settingsCommand());
program.addCommand(keysCommand());
program.addCommand(mailCommand());
program.addCommand(auditCommand());
program.addCommand(backupCommand());
program.addCommand(restoreCommand());
program.addCommand(restoreFinishCommand());
program.addCommand(dbCommand());
program.addCommand(doctorCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  // OutputFailed is printed at exit, WorkerNotStarted by the worker itself.
  if (!(error instanceof OutputFailed || (error instanceof Error && error.name === 'WorkerNotStarted')))
    printError(describeFailure(error) ?? (error instanceof Error ? String(error.stack) : String(error)));
}

function printError(text: string): void {
  try {
    writeSync(2, `latchkey: ${text}\n`);
  } catch {
    // Standard error is closed too.
  }
}
