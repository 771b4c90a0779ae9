// Loaded before tap: it finds the test of an uncaught error by async hooks, and test/worker.ts knows it without them.
import hooks from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

const inert: hooks.AsyncHook = { enable: () => inert, disable: () => inert };
hooks.createHook = () => inert;
syncBuiltinESMExports();
