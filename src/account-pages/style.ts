// The style sheet of the pages that links in mails lead to.
import { palette } from './palette.js';

/** CSS. */
export const style = `${palette}
*, ::before, ::after { box-sizing: border-box; }

body {
  margin: 0;
  padding: 1rem;
  background: var(--background);
  color: var(--text);
  overflow-wrap: break-word;
}

main {
  max-width: 28rem;
  margin: 8vh auto 0;
  padding: 1.5rem;
  background: var(--surface);
  border: 1px solid var(--border);
  border-radius: var(--radius);
}

h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
label { display: block; font-weight: 600; }
.field { margin-bottom: 1rem; }
.hint, .error { margin: 0 0 0.25rem; font-size: 0.9375rem; }
.hint { color: var(--muted); }
.error { color: var(--bad); }

input:not([type="hidden"]) {
  width: 100%;
  padding: 0.5rem 0.75rem;
  font: inherit;
  color: inherit;
  background: var(--surface);
  border: 1px solid var(--input-border);
  border-radius: var(--radius);
}

/* Not display: none, because some password managers ignore such a field. */
input.username { position: absolute; width: 1px; height: 1px; padding: 0; border: 0; clip-path: inset(50%); }

input[aria-invalid="true"] { border-color: var(--bad); }
.buttons { display: flex; flex-wrap: wrap; gap: 0.75rem; }

button {
  min-height: 2.75rem;
  padding: 0.5rem 1rem;
  font: inherit;
  color: inherit;
  background: transparent;
  border: 1px solid var(--input-border);
  border-radius: var(--radius);
  cursor: pointer;
}

button.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
