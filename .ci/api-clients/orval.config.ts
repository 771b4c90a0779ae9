// What orval generates: a client for fetch, whose base URL is fixed when it is generated.
const { DOCUMENT = '', LATCHKEY_URL = '' } = process.env;

export default {
  latchkey: { input: DOCUMENT, output: { target: 'generated/orval/api.ts', client: 'fetch', baseUrl: LATCHKEY_URL } },
};
