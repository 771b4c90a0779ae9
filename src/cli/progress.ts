// The progress of a long command, on standard error if that is a terminal.

import { commandContext } from './command-context.js';

/** The interval between two updates of the progress line. */
const PROGRESS_MILLISECONDS = 200;

/** Shows a progress line. `what` follows the count. */
export function showProgress(what: string) {
  let latest = 0;
  let shownAt = 0;
  let ended = false;
  const { stderr } = commandContext();
  const write = (text: string) => stderr.write(`\r\u001b[K${text}`);
  return {
    show(count: number): void {
      latest = count;
      if (!stderr.isTTY || performance.now() - shownAt < PROGRESS_MILLISECONDS) return;
      shownAt = performance.now();
      write(`${latest.toLocaleString('en')} ${what} …`);
    },
    count: () => latest,
    end(): void {
      if (!ended && shownAt > 0) write('');
      ended = true;
    },
  };
}
