// The only script of the pages that links in mails lead to. They work without it.
import { createHash } from 'node:crypto';

/**
 * JavaScript, inline. Ignores a second click on a button: the browser would drop the answer to the first one, with its cookies, and show
 * that the link has been used already.
 */
export const formScript = `let sentAt = -Infinity;
addEventListener('submit', (event) => {
  if (event.timeStamp - sentAt < 10000) event.preventDefault();
  else sentAt = event.timeStamp;
});
addEventListener('pageshow', () => { sentAt = -Infinity; });`;

/** The source of a Content-Security-Policy that allows this script and no other. */
export const formScriptSource = `'sha256-${createHash('sha256').update(formScript).digest('base64')}'`;
