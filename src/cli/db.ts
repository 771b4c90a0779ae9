// latchkey db: gives other programs access to the database.

import { resolve } from 'node:path';
import { Command } from 'commander';
import { readConfiguration } from '#platform/config/config.js';
import { runningEmbeddedUrl } from '#platform/database/embedded/embedded-postgres.js';
import { commandContext } from './command-context.js';
import { CommandRefused } from './error-message.js';
import { printJson, printText } from './output.js';

/** The command and its subcommand. */
export function dbCommand(): Command {
  const command = new Command('db').description('connect to the database with other programs');
  command
    .command('url')
    .description('print the URL of the database, including the password; example: psql "$(latchkey db url)"')
    .option('--json', 'print JSON')
    .action(printUrl);
  return command;
}

async function printUrl({ json = false }: { json?: boolean }): Promise<void> {
  const { database, dataDir } = readConfiguration(commandContext().environment());
  const url = database.directUrl ?? (await runningEmbeddedUrl(dataDir));
  if (url === undefined) {
    throw new CommandRefused(
      `the embedded database in ${resolve(dataDir)} runs only while its service runs; start the service first: latchkey serve`,
    );
  }
  if (json) printJson({ url });
  else printText(`${url}\n`);
}
