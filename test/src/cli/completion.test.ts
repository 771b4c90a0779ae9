// latchkey completion, and the option that every command has.
import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import t from 'tap';
import { addCommands } from '#cli/commands.js';
import { runHere } from '../../support/in-process.js';

/** What bash offers for the last of the words. */
function offered(script: string, ...words: string[]): string[] {
  const run = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _latchkey; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', run, 'bash', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}

t.test('bash completes commands, options, their values, and the names of settings', async (t) => {
  const { code, stdout, stderr } = await runHere(['completion', 'bash'], {});
  t.strictSame([code, stderr], [0, '']);
  for (const [words, expected] of [
    [['ser'], ['serve']],
    [['mig'], ['migrate']],
    [['us'], ['users']],
    [['users', 'un'], ['unblock']],
    [['users', 'create', 'you@example.com', '--r'], ['--role']],
    [['settings', 'set', 'ACCESS'], ['ACCESS_TOKEN_LIFETIME']],
    [['settings', 'set', 'ACCESS_TOKEN_LIFETIME', '--j'], ['--json']],
    [['settings', 'list', 'ACCESS'], []],
    [['audit', 'list', '--event', 'login.f'], ['login.failed']],
    [
      ['audit', 'list', '--event', 'login.failed', '--u'],
      ['--user', '--until'],
    ],
    [['mail', 'list', '--state', 'd'], ['dead']],
    [['completion', 'z'], ['zsh']],
    [['no-such-command', 'x'], []],
  ] as const) {
    t.strictSame(offered(stdout, 'latchkey', ...words), expected, words.join(' '));
  }
  t.match((await runHere(['completion', 'csh'], {})).stderr, /Allowed choices are bash, zsh/);
});

t.test('every command takes --json, except those of which docs/cli.md says otherwise', async (t) => {
  const without: string[] = [];
  const visit = (command: Command, path: string) => {
    for (const each of command.commands) visit(each, `${path} ${each.name()}`.trim());
    if (command.commands.length === 0 && !command.options.some(({ long }) => long === '--json')) without.push(path);
  };
  const program = new Command('latchkey');
  addCommands(program);
  visit(program, '');
  t.strictSame(without, ['completion']);
});
