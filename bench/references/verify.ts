// The reference `verify`: one thread verifies the signature of one access token repeatedly with node:crypto.
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { measured, outcomeOf, type Timing } from '../protocol.js';
import { createRecorder } from '../statistics.js';

interface Task extends Timing {
  readonly token: string;
  readonly jwk: JsonWebKey;
}

measured<Task>(({ token, jwk }) => {
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  const [header, payload, signature = ''] = token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  return (seconds) => {
    const recorder = createRecorder();
    const begun = performance.now();
    for (let at = begun; at < begun + seconds * 1000; ) {
      if (!verify('sha256', signed, key, bytes)) throw new Error('the signature is not verified');
      const now = performance.now();
      recorder.record(now - at);
      at = now;
    }
    return outcomeOf(recorder, begun);
  };
});
