// Which database connections cause a warning.
import t from 'tap';
import { unsafeConnection } from '#platform/database/connection-security.js';

const at = (place: string, parameters = '') => `postgres://user:hunter2@${place}/latchkey${parameters}`;

t.test('a database on this machine or in a private network needs no TLS', async (t) => {
  const places = [
    'localhost',
    '127.0.0.1:5432',
    '127.1.2.3',
    '[::1]:5432',
    '%2Fvar%2Frun%2Fpostgresql',
    'db.internal',
    'top1.nearest.of.db.internal:5432',
    'db.flycast',
    'pgbouncer.q49ypo4wz5zr17ln.flympg.net',
  ];
  for (const place of places) t.equal(unsafeConnection(at(place)), undefined, place);
});

t.test('any other database needs TLS with a verified certificate', async (t) => {
  for (const place of [
    'db.example.com',
    '10.0.0.5',
    '192.168.1.1:5432',
    '[2001:db8::1]',
    'internal',
    'db.internal.example.com',
    'db.flympg.net.example.com',
    'db.flympg-net',
    'localhost.example.com',
  ]) {
    for (const none of ['', '?sslmode=disable', '?ssl=false', '?application_name=x']) {
      t.equal(unsafeConnection(at(place, none)), 'is not encrypted', `${place} ${none}`);
    }
    for (const unchecked of ['require', 'prefer', 'allow']) {
      t.match(
        unsafeConnection(at(place, `?sslmode=${unchecked}`)),
        /certificate is not checked$/,
        `${place} ${unchecked}`,
      );
    }
    for (const good of ['?sslmode=verify-full', '?ssl=verify-full', '?ssl=true', '?sslrootcert=system']) {
      t.equal(unsafeConnection(at(place, good)), undefined, `${place} ${good}`);
    }
  }
});
