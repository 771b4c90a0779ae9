#!/usr/bin/env node
// The `latchkey` command: reads the arguments and hands over to the command's own file.
import { Command } from 'commander';
import { packageVersion } from '../root.js';
import { auditCommand } from './audit.js';
import { backupCommand, restoreCommand } from './backup.js';
import { dbCommand } from './db.js';
import { doctorCommand } from './doctor.js';
import { describeFailure } from './failure.js';
import { restoreFinishCommand } from './finish-restore.js';
import { keysCommand } from './keys.js';
import { migrate } from './migrate.js';
import { sessionsCommand } from './sessions.js';
import { settingsCommand } from './settings.js';
import { usersCommand } from './users.js';

const program = new Command('latchkey')
  .description('Authentication and authorization microservice.')
  .version(packageVersion)
  .showHelpAfterError();

program
  .command('serve')
  .description('run the service')
  // The web framework is half of what there is to load, and no other command needs it.
  .action(async () => (await import('./serve.js')).serveCommand());
program
  .command('migrate')
  .description('bring the database up to date; safe to run at any time, from many places')
  .action(migrate);
program.addCommand(usersCommand());
program.addCommand(sessionsCommand());
program.addCommand(settingsCommand());
program.addCommand(keysCommand());
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
  const line = describeFailure(error);
  process.stderr.write(`latchkey: ${line ?? (error instanceof Error ? error.stack : String(error))}\n`);
}
