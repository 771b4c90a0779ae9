// Log in with a password and a second factor, or with a passkey; add and remove both; confirm the identity before a change.
import { createLatchkeyClient, textOf, webStorage } from 'latchkey-client';

const client = createLatchkeyClient({
  baseUrl: location.origin,
  storage: webStorage(localStorage),
});
const element = (id) => document.getElementById(id);
const value = (form, name) => element(form).elements[name].value;
const setVisible = (id, isVisible) => {
  element(id).hidden = !isVisible;
};

function say(text) {
  element('message').textContent = text;
}

/** Runs an action. If it needs a second factor or a recent proof of identity, asks for that first. */
async function attempt(action) {
  say('');
  try {
    await action();
    await showPage();
  } catch (error) {
    const { secondFactor, stepUp } = error;
    if (secondFactor) {
      const { challenge, factors } = secondFactor;
      askForProof(factors, (proof) => client.completeLogin({ challenge, ...proof }));
    } else if (stepUp) {
      askForProof(stepUp.factors, async (proof) => {
        await client.stepUp(proof);
        await action();
      });
    } else {
      say(textOf(error));
    }
  }
}

const onClick = (id, action) => element(id).addEventListener('click', () => attempt(action));
const onSubmit = (id, action) =>
  element(id).addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(action);
  });

// Sign in.

const credentials = () => ({ email: value('log-in', 'email'), password: value('log-in', 'password') });
onSubmit('log-in', () => client.login(credentials()));
onClick('register', async () => {
  await client.register(credentials());
  await client.login(credentials());
});
onClick('log-in-with-passkey', () => client.logInWithPasskey());

let isOffering = false;
/** Offers passkeys in the autofill of the first field (`autocomplete="username webauthn"`), until the user has signed in. */
async function offerPasskeys() {
  if (isOffering) return;
  isOffering = true;
  try {
    setVisible('log-in-with-passkey', await client.passkeysAvailable());
    if (await client.passkeysAvailable({ conditional: true })) await client.logInWithPasskey({ conditional: true });
  } catch (error) {
    if (error.code !== 'passkey_cancelled') say(textOf(error));
  } finally {
    isOffering = false;
  }
}

// Confirm the identity, for a login or for a change.

let prove;
let typed;
function askForProof(factors, send) {
  prove = send;
  typed = factors.includes('password') ? 'password' : 'code';
  const isTyped = typed === 'password' || factors.some((each) => each !== 'passkey');
  const field = element('proof').elements.proof;
  field.value = '';
  field.type = typed === 'password' ? 'password' : 'text';
  element('proof-label').textContent = typed === 'password' ? 'Your password' : 'Code of the app, or recovery code';
  setVisible('typed-proof', isTyped);
  setVisible('use-passkey', factors.includes('passkey'));
  show('proof');
}

onSubmit('proof', () => {
  const text = value('proof', 'proof');
  if (typed === 'password') return prove({ current_password: text });
  // Apps show the six digits of a code in two groups. A recovery code is longer.
  const code = text.replaceAll(' ', '');
  return prove(/^\d{6}$/.test(code) ? { code } : { recovery_code: text });
});
onClick('use-passkey', () => prove({ passkey: true }));
onClick('cancel-proof', () => {});

// The account.

const password = () => value('changes', 'password') || undefined;
const factor = () => ({ current_password: password(), name: value('changes', 'name') });

onClick('log-out', () => client.logout());
onClick('add-passkey', () => client.addPasskey(factor()));
onClick('make-codes', async () => showCodes(await client.createRecoveryCodes(password())));

let enrolment;
onClick('add-app', async () => {
  enrolment = await client.addTotp(factor());
  element('qr-code').src = `data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg)}`;
  element('secret').textContent = enrolment.secret;
  setVisible('enrolment', true);
});
onSubmit('enrolment', async () => {
  await client.confirmTotp(enrolment.id, value('enrolment', 'code'));
  setVisible('enrolment', false);
});

function showCodes(codes) {
  element('codes').replaceChildren(...codes.map((code) => item(code)));
}

function item(text, ...more) {
  const entry = document.createElement('li');
  entry.append(text, ...more);
  return entry;
}

function factorItem({ id, type, name, backed_up: isBackedUp }) {
  const kind = type === 'passkey' ? `passkey, ${isBackedUp ? 'synchronized' : 'on one device'}` : 'authenticator app';
  const remove = document.createElement('button');
  remove.textContent = 'Remove';
  remove.addEventListener('click', () => attempt(() => client.removeFactor(id, password())));
  return item(`${name || 'Without a name'} (${kind}) `, remove);
}

// What the page shows.

/** The number of the latest view. A view whose data arrives late must not replace a newer one. */
let latestView = 0;
function show(part) {
  latestView += 1;
  for (const each of ['log-in', 'proof', 'account']) setVisible(each, each === part);
}

async function showPage() {
  latestView += 1;
  const view = latestView;
  const isSignedIn = await client.isSignedIn();
  if (view !== latestView) return;
  if (!isSignedIn) {
    show('log-in');
    void offerPasskeys();
    return;
  }
  const [{ email }, { factors, recovery_codes_left: left }] = [await client.me(), await client.factors()];
  const canAddPasskeys = await client.passkeysAvailable();
  if (view !== latestView) return;
  element('email').textContent = email;
  element('factors').replaceChildren(...factors.map(factorItem));
  element('codes-left').textContent = left;
  setVisible('add-passkey', canAddPasskeys);
  show('account');
}

// Here or in another tab.
client.onChange((change) => {
  if (change === 'refreshed') return;
  for (const form of ['log-in', 'changes', 'enrolment']) element(form).reset();
  element('codes').replaceChildren();
  setVisible('enrolment', false);
  attempt(() => {});
});
attempt(() => {});
