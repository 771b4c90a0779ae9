// An API of your own: it keeps notes in memory, and verifies access tokens with the keys that Latchkey publishes.
import { createServer } from 'node:http';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const latchkey = process.env.LATCHKEY_URL ?? 'http://localhost:3000';
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', latchkey));
const notesOf = new Map();

async function verify(authorization = '') {
  const { payload } = await jwtVerify(authorization.replace(/^Bearer /i, ''), keys, {
    algorithms: ['ES256'],
    typ: 'at+jwt',
    issuer: process.env.ISSUER ?? 'latchkey',
    audience: process.env.AUDIENCE ?? 'latchkey',
    requiredClaims: ['exp', 'user_id'],
    clockTolerance: 5,
  });
  return payload;
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 1000) throw new RangeError('the note is too long');
  }
  return text;
}

const server = createServer(async (request, response) => {
  try {
    const { user_id } = await verify(request.headers.authorization);
    const notes = notesOf.get(user_id) ?? [];
    if (request.method === 'POST')
      notesOf.set(user_id, [...notes, { id: notes.length + 1, text: await bodyOf(request) }]);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(notesOf.get(user_id) ?? []));
  } catch (error) {
    if (error instanceof RangeError) response.statusCode = 413;
    // That the keys cannot be fetched does not mean that the token is invalid.
    else if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) response.statusCode = 503;
    else {
      response.statusCode = 401;
      response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    }
    response.end();
  }
});
server.listen(Number(process.env.NOTES_PORT ?? 3001), '127.0.0.1');
