// latchkey completion: prints a script with which a shell completes commands, options and names. The script is static: completing runs nothing.
import { Argument, Command } from 'commander';
import { auditEvents } from '#audit/events.js';
import { settingNames } from '#settings/registry.js';
import { printText } from './output.js';

/** Words that follow an option or a command, beyond the choices that commander knows. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--event': auditEvents,
  ...Object.fromEntries(
    ['get', 'set', 'reset', 'history', 'rollback'].map((command) => [`settings ${command}`, settingNames]),
  ),
};

/** The command. `program` has all commands when it runs. */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('print a script that makes the shell complete commands: source <(latchkey completion bash)')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh']))
    .action((shell: 'bash' | 'zsh') => printText(script(shell, wordsOf(program), choicesOf(program))));
}

/** What may follow each command, by its path: subcommands, values and options. */
function wordsOf(program: Command): Record<string, readonly string[]> {
  const words: Record<string, readonly string[]> = {};
  visit(program, '', (command, path) => {
    words[path] = [
      ...command.commands.map((each) => each.name()),
      ...(VALUES[path] ?? []),
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      ...command.options.flatMap(({ long }) => long ?? []),
      '--help',
    ];
  });
  return words;
}

/** What may follow an option. */
function choicesOf(program: Command): Record<string, readonly string[]> {
  const choices: Record<string, readonly string[]> = {};
  visit(program, '', ({ options }) => {
    for (const { long, argChoices } of options) {
      const known = long && (VALUES[long] ?? argChoices);
      if (long && known) choices[long] = known;
    }
  });
  return choices;
}

function visit(command: Command, path: string, see: (command: Command, path: string) => void): void {
  see(command, path);
  for (const each of command.commands) visit(each, `${path} ${each.name()}`.trim(), see);
}

/**
 * zsh runs the script of bash, with a function that it brings along; its variables `path` and `words` mean something else there. Where no word
 * fits, shells complete the names of files.
 */
function script(
  shell: 'bash' | 'zsh',
  words: Readonly<Record<string, readonly string[]>>,
  choices: Readonly<Record<string, readonly string[]>>,
): string {
  const cases = (entries: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(entries).map(([key, known]) => `    '${key}') known='${known.join(' ')}' ;;`);
  const commands = Object.keys(words).filter((each) => each !== '');
  return [
    ...(shell === 'zsh' ? ['autoload -U +X compinit && compinit', 'autoload -U +X bashcompinit && bashcompinit'] : []),
    '_latchkey() {',
    '  local command= known= next i',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    `    next="\${command:+$command }\${COMP_WORDS[i]}"`,
    `    case "$next" in ${commands.map((each) => `'${each}'`).join('|')}) command=$next ;; esac`,
    '  done',
    '  case "$command" in',
    ...cases(words),
    '  esac',
    `  case "\${COMP_WORDS[COMP_CWORD-1]}" in`,
    ...cases(choices),
    '  esac',
    `  COMPREPLY=($(compgen -W "$known" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    '}',
    'complete -o default -F _latchkey latchkey',
    '',
  ].join('\n');
}
