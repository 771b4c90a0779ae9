// The script of the page /docs/: starts Swagger UI.
import { createAuthorization } from './authorization.js';
import { authorize, createPlugin } from './plugin.js';
import type { IncomingResponse, OutgoingRequest, SwaggerUI } from './swagger-ui.js';

declare const SwaggerUIBundle: SwaggerUI;

// The page is at /docs/ or /docs, below the URL of the service.
const page = location.href.replace(/[?#].*$/, '').replace(/\/*$/, '/');
const serviceUrl = new URL('..', page).href;
const keeps = document.querySelector<HTMLElement>('#swagger-ui')?.dataset.keepAuthorization === 'true';

// Dark where the device is, as the console and the pages for e-mails are.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followDevice = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followDevice);
followDevice();

const authorization = createAuthorization({
  serviceUrl,
  storage: keeps ? sessionStorage : undefined,
  onChange: (accessToken) => authorize(ui.getSystem(), accessToken),
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
});

const ui = SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: new URL('json', page).href,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [SwaggerUIBundle.plugins.DownloadUrl, createPlugin(authorization, serviceUrl.replace(/\/$/, ''))],
  // Without the bar that loads other documents.
  layout: 'BaseLayout',
  deepLinking: true,
  displayOperationId: true,
  displayRequestDuration: true,
  tryItOutEnabled: false,
  // Generated code is shown for every operation, also before it is tried.
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  requestInterceptor: (request: OutgoingRequest) => authorization.prepare(request),
  responseInterceptor: (response: IncomingResponse) => {
    authorization.observe(response);
    return response;
  },
  onComplete: () => {
    const kept = authorization.current();
    if (kept !== null) authorize(ui.getSystem(), kept);
  },
});
