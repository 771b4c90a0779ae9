// Entry point of the operator console.
import { render } from 'preact';
import { App } from './app.js';

render(<App />, document.body);
