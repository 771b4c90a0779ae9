// Converts large documents to YAML in a worker thread. In the main thread it would block all requests for half a second.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** The worker is not a file of its own because bundling moves files. The package is resolved from this file. */
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
