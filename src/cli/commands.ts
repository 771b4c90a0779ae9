// The commands of the `latchkey` program except `serve`, in the order of the help.
import type { Command } from 'commander';
import { auditCommand } from './audit.js';
import { backupCommand, restoreCommand } from './backup.js';
import { completionCommand } from './completion.js';
import { dbCommand } from './db.js';
import { doctorCommand } from './doctor.js';
import { restoreFinishCommand } from './finish-restore.js';
import { keysCommand } from './keys.js';
import { mailCommand } from './mail.js';
import { migrateCommand } from './migrate.js';
import { sessionsCommand } from './sessions.js';
import { settingsCommand } from './settings.js';
import { usersCommand } from './users.js';

const COMMANDS = [
  migrateCommand,
  usersCommand,
  sessionsCommand,
  settingsCommand,
  keysCommand,
  mailCommand,
  auditCommand,
  backupCommand,
  restoreCommand,
  restoreFinishCommand,
  dbCommand,
  doctorCommand,
];

/** Adds all of them to the program. */
export function addCommands(program: Command): void {
  for (const command of COMMANDS) program.addCommand(command());
  program.addCommand(completionCommand(program));
}
