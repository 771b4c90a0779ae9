// latchkey users export: writes all accounts with their password hashes, in the format that latchkey users import reads.
import { Command } from 'commander';
import { commandContext } from './command-context.js';
import { STANDARD_STREAM, writeToFile, writeToOutput } from './files.js';
import { withServices } from './services.js';

/** The command. It can run while the service is running. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write all accounts with their password hashes as JSON lines')
    .argument('[file]', 'the file to write; - for standard output', STANDARD_STREAM)
    .option('--json', 'print the number of accounts as JSON; the export is JSON lines in any case')
    .action(exportAccounts);
}

function exportAccounts(file: string, { json = false }: { json?: boolean }): Promise<void> {
  return withServices(async ({ transfer, operator }) => {
    let accounts = 0;
    const lines = transfer.exportAccounts(operator.act, (count) => {
      accounts = count;
    });
    const isStream = file === STANDARD_STREAM;
    await (isStream ? writeToOutput(lines, 'an export') : writeToFile(file, lines));
    // Standard output must contain nothing else if the export goes there.
    const { stdout, stderr } = commandContext();
    const out = isStream ? stderr : stdout;
    const text = `${accounts} accounts exported${isStream ? '' : ` to ${file}`}.`;
    out.write(`${json ? JSON.stringify({ accounts }) : text}\n`);
  });
}
