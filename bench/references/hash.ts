// The reference `hash`: argon2 verifies a password repeatedly on all cores. Login and registration cannot be faster.
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { measured, repeat, type Timing } from '../protocol.js';

/** The defaults of the service: 19 MiB, two passes, one lane. */
interface Task extends Timing {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

const PASSWORD = 'password';

measured<Task>(({ memoryCost, timeCost, parallelism }) => {
  const stored = hash(PASSWORD, { memoryCost, timeCost, parallelism });
  return (seconds) =>
    repeat(seconds, availableParallelism(), async () => {
      if (!(await verify(await stored, PASSWORD))) throw new Error('the password is not verified');
    });
});
