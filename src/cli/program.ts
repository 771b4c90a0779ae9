// Parses the arguments of the `latchkey` program and runs the command.
import { Command, CommanderError } from 'commander';
import { holdYoungGeneration } from '#platform/process/heap.js';
import { packageVersion } from '#platform/process/package-info.js';
import { type CommandContext, runInContext } from './command-context.js';
import { OutputFailed } from './output.js';

/**
 * Resolves to the exit code when the command has ended, or when the service listens. `printError` gets the line that says why the
 * command failed. An OutputFailed is not printed: whether all output was written is known only when the process ends.
 */
export async function runProgram(
  args: readonly string[],
  context: CommandContext,
  printError: (text: string) => void,
): Promise<number> {
  try {
    await runInContext(context, async () => (await programFor(args, context)).parseAsync(args, { from: 'user' }));
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    // WorkerNotStarted is printed by the worker itself.
    if (!(error instanceof OutputFailed || (error instanceof Error && error.name === 'WorkerNotStarted'))) {
      const { describeFailure, stackOf } = await import('./error-message.js');
      printError(describeFailure(error) ?? stackOf(error));
    }
    return 1;
  }
}

async function programFor(args: readonly string[], context: CommandContext): Promise<Command> {
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
      context.isService = true;
      holdYoungGeneration();
      await (await import('./serve.js')).serveCommand();
    });
  // The service loads none of the other commands.
  if (args[0] !== 'serve') (await import('./commands.js')).addCommands(program);
  useContext(program, context);
  return program;
}

/** Commander writes to the context, and throws instead of ending the process. Subcommands that were added do not inherit this. */
function useContext(command: Command, context: CommandContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
  });
  for (const subcommand of command.commands) useContext(subcommand, context);
}
