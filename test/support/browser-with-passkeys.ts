// What the client uses of a browser with passkeys, for tests in Node: `navigator.credentials`, with a device in software behind it.

import type { Test } from 'tap';
import { createAuthenticator } from './authenticator.js';

interface Request {
  readonly mediation?: 'conditional';
  readonly signal?: AbortSignal;
  readonly publicKey: Readonly<Record<string, unknown>> & { readonly challenge: Uint8Array };
}

/** What the user does: answers, lets the request wait until `choose`, or causes an error of the browser. */
export type Behaviour = 'answer' | 'wait' | 'nothing' | Error;

/** Installs the browser until the test ends. `host`: of the page. */
export function browserWithPasskeys(t: Pick<Test, 'teardown'>, host = 'localhost') {
  const device = createAuthenticator();
  const requests: Request[] = [];
  let behaviour: Behaviour = 'answer';
  let choose = () => {};

  async function user({ signal, ...request }: Request): Promise<void> {
    requests.push({ ...request, ...(signal && { signal }) });
    const abort = () => new DOMException('aborted', 'AbortError');
    if (signal?.aborted) throw abort();
    if (behaviour instanceof Error) throw behaviour;
    if (behaviour !== 'wait') return;
    await new Promise<void>((resolve, reject) => {
      choose = resolve;
      signal?.addEventListener('abort', () => reject(abort()));
    });
  }

  const credentials = {
    async create(request: Request) {
      await user(request);
      return behaviour === 'nothing' ? null : inBytes(device.create(inJson(request.publicKey) as never));
    },
    async get(request: Request) {
      await user(request);
      return behaviour === 'nothing' ? null : inBytes(device.get(inJson(request.publicKey) as never));
    },
  };
  replaceGlobal(t, 'PublicKeyCredential', { isConditionalMediationAvailable: async () => true });
  replaceGlobal(t, 'navigator', { credentials });
  replaceGlobal(t, 'location', { hostname: host });
  return {
    /** What the client has requested of the browser. */
    requests,
    /** What the user does from now on. */
    behave: (next: Behaviour) => {
      behaviour = next;
    },
    /** The user chooses the passkey for the request that waits. */
    choose: () => choose(),
  };
}

/** Replaces a global until the test ends. Node has `navigator` since version 21. */
export function replaceGlobal(t: Pick<Test, 'teardown'>, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  t.teardown(() => {
    if (before === undefined) delete (globalThis as Record<string, unknown>)[name];
    else Object.defineProperty(globalThis, name, before);
  });
}

/** Browsers get and return bytes, the device JSON. */
function inJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  if (Array.isArray(value)) return value.map(inJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inJson(member)]));
}

interface Answer {
  readonly clientExtensionResults: object;
  readonly response: Readonly<Record<string, unknown>> & { readonly transports?: string[] };
}

function inBytes({ clientExtensionResults, response: { transports, ...response }, ...credential }: Answer) {
  const bytes = Object.entries(response).map(([name, text]) => [
    name,
    Uint8Array.from(Buffer.from(String(text), 'base64url')).buffer,
  ]);
  return {
    ...credential,
    response: { ...Object.fromEntries(bytes), ...(transports && { getTransports: () => transports }) },
    getClientExtensionResults: () => clientExtensionResults,
  };
}
