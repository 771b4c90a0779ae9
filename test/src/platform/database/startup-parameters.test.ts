// Which parameters of a URL reach the server.
import t from 'tap';
import { parametersWithoutEffect, startupParameters } from '#platform/database/startup-parameters.js';

t.test("options that name a provider's database reach its pooler, and others do not", async (t) => {
  for (const [options, isPassed] of [
    ['endpoint=ep-cool-darkness-123456', true],
    ['project=ep-cool-darkness-123456', true],
    ['reference=abcdefghijklmnopqrst', true],
    ['-c search_path=auth', false],
    ['endpoint=x -c search_path=auth', false],
  ] as const) {
    const given = { options, work_mem: '8MB' };
    t.equal(startupParameters(given, {}, true).options, isPassed ? options : undefined, options);
    t.strictSame(parametersWithoutEffect(given, true), isPassed ? ['work_mem'] : ['options', 'work_mem']);
    t.equal(startupParameters(given, {}, false).options, options, 'without a pooler, the server gets all of them');
    t.strictSame(parametersWithoutEffect(given, false), []);
  }
});
