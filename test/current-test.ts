// `tap` for the test files that share a process (test/worker.ts): test/bundle.ts replaces their import of tap by this one. Each file sees a
// root test of its own, whose teardowns run before the next file starts.
import root, { type Test } from 'tap';

let current: Test = root;

/** From now on, the default export is this test. */
export function setCurrentTest(test: Test): void {
  current = test;
}

export default new Proxy(root, {
  get: (_root, key) => {
    const value = Reflect.get(current, key, current);
    return typeof value === 'function' ? value.bind(current) : value;
  },
  set: (_root, key, value) => Reflect.set(current, key, value, current),
});
