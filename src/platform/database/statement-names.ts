// Names of statements for traces: the name that a repository has prepared it under, or what it does to which tables. Never its values.

/** Statements with lists of different lengths differ in their text. */
const MAX_STATEMENTS = 1000;

const PARTS = /\b(insert into|update|delete from|from|join)\s+"?(?:\w+"?\."?)?(\w+)"?/gi;
const VERBS: Readonly<Record<string, string>> = {
  'insert into': 'INSERT',
  update: 'UPDATE',
  'delete from': 'DELETE',
  from: 'SELECT',
  join: 'SELECT',
};

/** Names by the text of statements. */
export function createStatementNames() {
  const names = new Map<string, string>();

  return {
    /** The statement with this text has a name. */
    learn: (text: string, name: string): void => {
      names.set(text, name);
    },
    nameOf: (text: string): string => {
      const known = names.get(text);
      if (known !== undefined) return known;
      const name = summaryOf(text);
      if (names.size < MAX_STATEMENTS) names.set(text, name);
      return name;
    },
  };
}

/** As OpenTelemetry's `db.query.summary`: the operations with their tables, in the order of the text. */
export function summaryOf(text: string): string {
  const parts = new Set<string>();
  for (const [, clause = '', table = ''] of text.matchAll(PARTS)) {
    // `for update of table`, `on conflict do update set`
    if (/^(of|set|skip|nowait)$/i.test(table)) continue;
    const verb = VERBS[clause.toLowerCase()] ?? '';
    parts.add(`${verb} ${table}`);
  }
  const [first] = /^\s*\w+/.exec(text) ?? ['SQL'];
  return parts.size === 0 ? first.trim().toUpperCase() : [...parts].slice(0, 4).join(', ');
}
