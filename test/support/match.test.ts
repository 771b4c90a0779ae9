// matchAll compares whole lists and whole empty strings.
import t from 'tap';
import { matchAll } from './match.js';

t.test(
  'a list that is longer or shorter than its pattern, or text against an empty pattern, does not match, at any depth',
  async (t) => {
    const outcome = (found: unknown, pattern: unknown) => {
      const calls: string[] = [];
      const spy = (name: string) => () => calls.push(name) > 0;
      matchAll({ match: spy('match'), strictSame: spy('refused') } as never, found, pattern);
      return calls.join();
    };
    for (const [found, pattern] of [
      [[1], [1]],
      [[{ a: 1, b: 2 }], [{ a: 1 }]],
      [{ events: [{ a: 'x' }] }, { events: [{ a: /x/ }] }],
      ['text', /ex/],
      [{ a: '' }, { a: '' }],
    ]) {
      t.equal(outcome(found, pattern), 'match', JSON.stringify(found));
    }
    for (const [found, pattern] of [
      [[1, 2], [1]],
      [[], [1]],
      [[1], []],
      [undefined, [1]],
      [{ events: [1, 2] }, { events: [1] }],
      [[[1, 2]], [[1]]],
      [{ stderr: 'text' }, { stderr: '' }],
    ]) {
      t.equal(outcome(found, pattern), 'refused', JSON.stringify(found));
    }
  },
);
