// A device with passkeys in Chromium: DevTools' virtual authenticator, which needs no user.
import type { Page } from 'playwright-core';

const REPORT_OFFERS = `if (navigator.credentials) {
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = (options) => {
    const asked = get(options);
    if (options.mediation === 'conditional') void reportOffer();
    return asked;
  };
}`;

/** Adds a device that verifies its user and keeps passkeys. Chromium forgets it with the page's window. */
export async function addVirtualAuthenticator(page: Page) {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  let reportOffer = () => {};
  await page.exposeFunction('reportOffer', () => reportOffer());
  await page.addInitScript(REPORT_OFFERS);
  // For the page that is open already.
  await page.evaluate(REPORT_OFFERS);
  return {
    /** Resolves when the page next offers passkeys in the autofill. */
    nextOffer: () =>
      new Promise<void>((resolve) => {
        reportOffer = resolve;
      }),
    /** Whether the user answers at once. Otherwise a request waits; one that a page sent while it did not is not answered later. */
    setPresent: (enabled: boolean) =>
      devTools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    /** Whether the device recognises its user: otherwise requests fail, as if the user had cancelled them. */
    setUserVerified: (isUserVerified: boolean) =>
      devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    /** How many passkeys the device has. */
    count: async () => (await devTools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
  };
}
