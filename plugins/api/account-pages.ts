// app.accountPage(): adds a page that a link in a mail leads to. GET and HEAD only look at the token, because programs follow the links of
// mails; the form of the page uses it.
import { isUtf8 } from 'node:buffer';
import { type Static, type TObject, Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { formCookie } from '#account-pages/form-cookie.js';
import { formScriptSource } from '#account-pages/form-script.js';
import { formPage, messagePage, type PageForm, type PageMessage } from '#account-pages/layout.js';
import { problemText } from '#account-pages/problem-texts.js';
import { style } from '#account-pages/style.js';
import { Problem } from '#platform/errors/problem.js';
import { createDocument } from '#platform/http/documents.js';
import { pagePolicy } from '#platform/http/page-policy.js';

/** A page: its title, the form that it shows, and what happens with the form. */
export interface AccountPage<Body extends TObject> {
  readonly title: string;
  /** The form for a token, or a message if there is nothing to send. Throws `invalid_email_token`. Must change nothing. */
  readonly form: (token: string) => Promise<PageForm | PageMessage>;
  /** The fields of the form besides `token`. */
  readonly fields: Body;
  /** Whether the form signs the browser in, and must come from a page that this browser has opened. */
  readonly signsIn?: boolean;
  /** Uses the token. A problem is shown on the page. */
  readonly submit: (
    body: Static<Body> & { readonly token: string },
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Promise<PageMessage | NextForm>;
}

/** A further form, which is sent to the same page with a token of its own. */
export interface NextForm {
  readonly next: PageForm;
  readonly token: string;
  /** Why the form is shown again. */
  readonly problem?: Problem;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds a page at `/` of this instance. */
    accountPage<Body extends TObject>(page: AccountPage<Body>): void;
  }
}

const FORM = 'application/x-www-form-urlencoded';
const PAGES = '/account';
const STYLE = `${PAGES}/style.css`;

const INVALID_LINK: PageMessage = {
  title: 'This link is not valid',
  text: [
    'It has expired, has been used already, or was replaced by a newer one.',
    'If you have just used it, it may have worked: try to sign in. Otherwise, request a new one where you sign in.',
  ],
  isError: true,
};

const NO_PAGE: PageMessage = {
  title: 'This page does not exist',
  text: ['The address may be incomplete. Open the link in the e-mail again, or copy all of it.'],
  isError: true,
};

const WRONG_PASSWORD = 'is not right. If you have forgotten it, request a link to set a new one where you sign in';

/** The console's policy, for pages that send forms, and run one script. */
const policy = {
  ...pagePolicy,
  'content-security-policy': pagePolicy['content-security-policy']
    .replace("script-src 'self'", `script-src ${formScriptSource}`)
    .replace("connect-src 'self'; ", '')
    .replace("form-action 'none'", "form-action 'self'"),
  'x-robots-tag': 'noindex, nofollow',
} as const;

export default fp(
  async (app) => {
    const showError = async (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const problem = app.reportError(error, request);
      reply.headers(problem.headers).code(problem.status);
      return sendHtml(reply, messagePage(messageOf(problem), contextOf(request)));
    };
    // Links of mails are cut off or misspelled by people and programs, and people read the answer. Other clients get it as from any path.
    app.register(
      async (scope) => {
        scope.setErrorHandler((error, request, reply) => {
          if (!isForPerson(request)) throw error;
          return showError(error, request, reply);
        });
        // Makes Fastify apply the error handler to unknown paths, which the hook of http.ts refuses before this runs.
        scope.setNotFoundHandler(() => {
          throw new Problem('not_found');
        });
      },
      { prefix: PAGES },
    );
    const styleSheet = createDocument('text/css; charset=utf-8', () => style);
    app.route({
      method: ['GET', 'HEAD'],
      url: STYLE,
      config: { access: 'public', anyRegion: true },
      schema: { hide: true },
      handler: async (_request, reply) => reply.header('cache-control', 'no-cache').document(styleSheet),
    });

    app.decorate('accountPage', function ({ title, form, fields, submit, signsIn = false }) {
      this.removeAllContentTypeParsers();
      this.addContentTypeParser(FORM, { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
        const parsed = parseForm(body);
        done(parsed === undefined ? new Problem('malformed_request') : null, parsed);
      });
      this.setErrorHandler(showError);

      this.get<{ Querystring: { token?: unknown } }>(
        '/',
        { config: { access: 'public' }, schema: { hide: true } },
        async (request, reply) => {
          const { token } = request.query;
          const known = await form(typeof token === 'string' ? token : '');
          const formKey = signsIn && 'buttons' in known ? formCookie.keyFor(request.headers.cookie) : undefined;
          if (formKey !== undefined) reply.header('set-cookie', formCookie.set(formKey));
          const state = { title, token: String(token), formKey };
          return sendHtml(reply, formOrMessage(known, state, contextOf(request)));
        },
      );

      this.post(
        '/',
        {
          // The same limit as for the operations of the API that sign in.
          config: { access: 'public', ...(signsIn && { limit: 'LOGIN_ATTEMPTS_PER_MINUTE' }) },
          schema: {
            hide: true,
            body: Type.Object({ ...fields.properties, token: Type.String(), form_key: Type.Optional(Type.String()) }),
          },
          attachValidation: true,
          // The token is what authorizes the request, so that another site cannot forge it. It could still send a token of its own.
          onRequest: async (request) => {
            const site = request.headers['sec-fetch-site'] ?? 'none';
            if (site !== 'same-origin' && site !== 'none') throw new Problem('forbidden');
          },
        },
        async (request, reply) => {
          const body = (request.body ?? {}) as never;
          const { token, form_key: formKey } = body as { token?: unknown; form_key?: unknown };
          if (signsIn && !isFromOwnPage(request, formKey)) {
            request.log.warn(
              { event: 'form_not_allowed', ip: request.ip },
              'a form to sign in that no page of ours has sent',
            );
            throw new Problem('forbidden');
          }
          const context = contextOf(request);
          const kept = signsIn && typeof formKey === 'string' ? formKey : undefined;
          try {
            if (request.validationError !== undefined) throw request.validationError;
            const answer = await submit(body, request, reply);
            const page =
              'next' in answer
                ? formPage(
                    answer.next,
                    {
                      title,
                      token: answer.token,
                      formKey: kept,
                      problem: answer.problem && problemText(answer.problem),
                    },
                    context,
                  )
                : messagePage(answer, context);
            return sendHtml(reply, page);
          } catch (error) {
            const problem = app.reportError(error, request);
            if (problem.code === 'invalid_email_token' || typeof token !== 'string') throw problem;
            const known = await form(token);
            const errors = fieldErrorsOf(problem, known);
            const state = {
              title,
              token,
              formKey: kept,
              errors,
              problem: errors.length > 0 ? undefined : problemText(problem),
            };
            reply.headers(problem.headers).code(problem.status);
            return sendHtml(reply, formOrMessage(known, state, context));
          }
        },
      );
    });
  },
  { name: 'account-pages', dependencies: ['access', 'documents', 'errors', 'http', 'rate-limits', 'json-body'] },
);

/** Whether a browser shows the answer. */
function isForPerson({ method, headers }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept?.includes('text/html') ?? false);
}

/** A browser that does not say which site sends a form must have the cookie of the page. */
function isFromOwnPage({ headers }: FastifyRequest, formKey: unknown): boolean {
  return headers['sec-fetch-site'] !== undefined || formCookie.matches(headers.cookie, formKey);
}

function formOrMessage(
  known: PageForm | PageMessage,
  state: Parameters<typeof formPage>[1],
  context: Parameters<typeof formPage>[2],
): string {
  return 'buttons' in known ? formPage(known, state, context) : messagePage(known, context);
}

function sendHtml(reply: FastifyReply, text: string): FastifyReply {
  return reply.headers(policy).type('text/html; charset=utf-8').send(text);
}

/** Undefined for a body that is not a form, or in which a field occurs twice. */
function parseForm(body: Buffer): Record<string, string> | undefined {
  if (!isUtf8(body)) return undefined;
  const entries = [...new URLSearchParams(body.toString('utf8'))];
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) {
    // The decoder replaces invalid bytes, so that different passwords could become equal.
    if (name in fields || value.includes('\uFFFD')) return undefined;
    fields[name] = value;
  }
  return { ...fields };
}

/** The errors of fields that the page shows next to them. */
function fieldErrorsOf({ code, errors = [] }: Problem, known: PageForm | PageMessage) {
  if (code === 'current_password_wrong') return [{ path: '/current_password', message: WRONG_PASSWORD }];
  const fields = ('buttons' in known && known.fields) || [];
  return errors.filter(({ path }) => fields.some(({ name }) => path === `/${name}`));
}

function messageOf(problem: Problem): PageMessage {
  if (problem.code === 'invalid_email_token') return INVALID_LINK;
  if (problem.code === 'not_found') return NO_PAGE;
  return { title: 'Something went wrong', text: [problemText(problem)], isError: true };
}

/** Relative, because a proxy may add a path prefix. The URL of the page may lack its slash at the end. */
function contextOf({ url }: FastifyRequest) {
  const [path = ''] = url.split('?');
  const levels = path.split('/').length - STYLE.split('/').length;
  return { styleUrl: levels < 0 ? `.${STYLE}` : `${'../'.repeat(levels)}style.css` };
}
