// Which passwords are refused as easy to guess.
import fc from 'fast-check';
import t from 'tap';
import { findWeakness } from '#passwords/guessing.js';

const CONTEXT = {
  email: 'alice.smith99@example.com',
  username: 'Alicia Müller',
  service: ['latchkey', 'auth.acme.example', 'web shop'],
};

const COMMON: Readonly<Record<string, readonly string[]>> = {
  'as they are': ['password', 'iloveyou', 'trustno1', 'administrator', 'passwort', 'sunshine'],
  'in another letter case': ['PASSWORD', 'PassWord', 'pAsSwOrD', 'ILoveYou'],
  'with digits and signs at the end': [
    'Password1!',
    'password123',
    'Password!2026',
    'hunter2!!',
    'football1!',
    'Admin123!',
    'welcome1',
    'password.1',
    'letmein!!',
    'monkey12345',
  ],
  'with digits and signs in front': ['!password!', '1!password', '123password!', '#1princess', '007dragon'],
  'with a year or a season': ['Summer2026!', 'Winter2025!', 'Spring2024', 'Welcome2026!', '2026Password'],
  'with digits and signs for letters': [
    'P@ssw0rd',
    'P@ssw0rd1!',
    'P455w0rd!!',
    'Passw0rd123!',
    '$ummer2025',
    'Ilov3you1',
    'L3tm31n!',
    '5un5h1n3',
  ],
  reversed: ['drowssap', 'drowssaP1!', 'uoyevoli'],
  repeated: [
    'passwordpassword',
    'abcabcabc',
    'aaaaaaaa',
    '11111111111111111111',
    'password'.repeat(30),
    'ab'.repeat(100),
  ],
  'with doubled or separated letters': [
    'ppaasssswwoorrdd',
    'p.a.s.s.w.o.r.d',
    'p a s s w o r d',
    'pass-word',
    'pass_word1',
  ],
  'with marks or in other forms of letters': [
    'pässword',
    'pásswôrd',
    '\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44',
  ],
  'with white space around': ['password ', ' password', 'password\t1'],
  'rows and columns of keyboards': [
    'qwertyuiop',
    'Qwertyuiop1!',
    'Qwerty!@#',
    'qwertz12345',
    'azertyuiop1',
    'asdfghjkl;',
    '1qaz2wsx',
    '1qaz@WSX',
    '!QAZ2wsx',
    'zxcvbnm,./',
    'poiuytrewq',
    '!@#$%^&*()',
    'йцукенгш',
    '1q2w3e4r5t',
  ],
  'sequences, dates and years': [
    '12345678',
    '87654321!',
    'abcdefgh',
    'Abcd1234!',
    'zyxwvuts',
    '01011990',
    '31.12.1999',
    '1990-12-31',
    '20262026',
    '19841984!',
  ],
};

const OF_CONTEXT = [
  'alice.smith99@example.com',
  'ALICE.SMITH99@EXAMPLE.COM',
  'alice.smith99@example.com1!',
  'alice.smith99',
  'alicesmith99',
  'AliceSmith2026',
  'Al1c3Sm1th!',
  'smith.alice',
  'htimsecila',
  'alice@example',
  'example.com',
  'Example123!',
  'AliciaMuller',
  'alicia müller',
  'MüllerAlicia1!',
  'Muller1990!',
  'latchkey1!',
  'L4tchk3y2026',
  'yekhctal!!',
  'auth.acme.example',
  'AcmeAcme1',
  'webshop2026!',
  'passwordlatchkey',
];

const GOOD = [
  'correct horse battery staple',
  'mauve tractor singing',
  'my dog eats blue cheese',
  'wait, what about tea?',
  "it's raining again",
  'Latchkey opens seven doors',
  'alice likes purple rain',
  'rotes-fahrrad-im-garten',
  'gruene-wiese-7-kuehe',
  'wombat-lemur',
  'Pässwörd-2931-xyz',
  'drowssap-tub-gnol',
  'Tr0ub4dor&3',
  'n3ver-g0nna-giv3',
  'пароль собака луна',
  '正しい馬電池ホチキス',
  'xK9#mQ2$vL',
  'pQ7!vb2x',
  '9hT2mLqz',
  'x7fj2kqp',
  'qzjxkvbw',
  'f3b8a01c',
  '9f86d081884c7d659a2feaa0c55ad015',
  '3b241101-e2bb-4255-8caf-4136c566a962',
  `${'a'.repeat(20)} but then jump`,
];

for (const [what, passwords] of Object.entries(COMMON)) {
  t.test(`common passwords are refused ${what}`, async (t) => {
    for (const password of passwords) t.equal(findWeakness(password, CONTEXT), 'common', password.slice(0, 40));
  });
}

t.test('what is known of the account and the service is refused', async (t) => {
  for (const password of OF_CONTEXT) t.equal(findWeakness(password, CONTEXT), 'context', password);
});

t.test('another account may have as a password what is only a name of this one', async (t) => {
  t.equal(findWeakness('zwetschkenmus', { email: 'zwetschkenmus@example.com' }), 'context');
  t.equal(findWeakness('zwetschkenmus', { email: 'other@example.com' }), undefined);
});

t.test('passphrases and random passwords are accepted', async (t) => {
  for (const password of GOOD) t.equal(findWeakness(password, CONTEXT), undefined, password);
});

t.test('hardly any random password is refused', async (t) => {
  const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
  const samples = fc.sample(fc.array(letters, { minLength: 9, maxLength: 9 }), 3000);
  const refused = samples.filter((password) => findWeakness(password.join(''), CONTEXT) !== undefined);
  t.ok(refused.length <= 3, `${refused.length} of 3,000`);
});

t.test('letter case, repetition and added characters never make a common password acceptable', async () => {
  const base = fc.constantFrom('password', 'iloveyou', 'football', 'qwertyuiop', 'alicesmith', 'latchkey');
  const decorated = fc
    .tuple(base, fc.constantFrom('', '!', '1', '12', '123', '2026', '!!'), fc.constantFrom('', '1', '!', '#'))
    .chain(([word, end, front]) =>
      fc.constantFrom(
        `${front}${word}${end}`,
        `${front}${word.toUpperCase()}${end}`,
        `${front}${word.charAt(0).toUpperCase()}${word.slice(1)}${end}`,
        `${front}${word.replaceAll('o', '0').replaceAll('i', '1')}${end}`,
        `${front}${[...word].reverse().join('')}${end}`,
        `${word}${word}${end}`,
      ),
    );
  fc.assert(
    fc.property(decorated, (password) => findWeakness(password, CONTEXT) !== undefined),
    { numRuns: 2000 },
  );
});

t.test('findWeakness throws for no text', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 1024 });
  fc.assert(
    fc.property(text, text, text, (password, email, username) => {
      findWeakness(password, { email, username });
    }),
    { numRuns: 300 },
  );
});
