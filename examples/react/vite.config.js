// Serves the page, Latchkey and the notes API on one origin, as a reverse proxy does in production: no CORS is needed.
import { defineConfig } from 'vite';

const proxy = {
  '/api': process.env.LATCHKEY_URL ?? 'http://localhost:3000',
  '/notes': process.env.NOTES_URL ?? 'http://localhost:3001',
};

export default defineConfig({
  esbuild: { jsx: 'automatic' },
  server: { proxy },
  preview: { proxy },
});
