// The context of a command.
import { AsyncLocalStorage } from 'node:async_hooks';
import { PassThrough } from 'node:stream';
import t from 'tap';
import { commandContext, newContext, processContext, runInContext } from '#cli/command-context.js';

t.test('the command of a process does not use AsyncLocalStorage, which would slow down every request', async (t) => {
  const { run } = AsyncLocalStorage.prototype;
  t.teardown(() => {
    AsyncLocalStorage.prototype.run = run;
  });
  let runs = 0;
  AsyncLocalStorage.prototype.run = function <R>(this: unknown, ...values: unknown[]): R {
    runs += 1;
    return Reflect.apply(run, this, values);
  };
  const context = processContext();
  const found = await runInContext(context, async () => {
    await Promise.resolve();
    return commandContext();
  });
  t.equal(found, context);
  t.equal(runs, 0);
});

t.test('commands that run at once in one process each find their own context', async (t) => {
  const contexts = Array.from({ length: 2 }, () =>
    newContext({
      environment: () => ({}),
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    }),
  );
  const found = await Promise.all(
    contexts.map((context) =>
      runInContext(context, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return commandContext();
      }),
    ),
  );
  t.ok(found.every((context, i) => context === contexts[i]));
});
