// YAML of large documents, made in a thread: half a second, in which the one that answers would do nothing else.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** Without a file of its own, since bundling moves files; the package is found from here. */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { stringify } = require(workerData.yaml);
  parentPort.postMessage(stringify(workerData.document, { strict: false }));
`;

/** The same text as `app.swagger({ yaml: true })`; `document` is copied. */
export async function toYaml(document: object): Promise<string> {
  const yaml = createRequire(import.meta.url).resolve('yaml');
  const worker = new Worker(PROGRAM, { eval: true, workerData: { yaml, document } });
  const [text] = (await once(worker, 'message')) as [string];
  return text;
}
