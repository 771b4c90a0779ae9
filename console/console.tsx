// The operator's console: its door. A reload begins anew, and logs out: tokens are kept in memory only.
import { render } from 'preact';
import { App } from './app.js';

render(<App />, document.body);
