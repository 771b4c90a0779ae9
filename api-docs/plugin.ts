// The plugin of Swagger UI: closed groups for operators, folded errors, code in three languages, and the token of the session.
import type { createAuthorization } from './authorization.js';
import { type Language, languages, type OpenApi, snippet } from './snippets.js';
import type { Authorization, Component, ImmutableMap, Node, System } from './swagger-ui.js';

/** As in the document. */
const SCHEME = { name: 'bearerAuth', schema: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } };

interface ResponseProps {
  readonly code: string;
  readonly response: ImmutableMap;
}

interface OperationProps {
  readonly path: string;
  readonly method: string;
}

/** Shows the token of the session as the one with which the page is authorized. */
export function authorize({ authActions }: System, accessToken: string | null): void {
  if (accessToken === null) authActions.logout([SCHEME.name]);
  else authActions.authorize({ [SCHEME.name]: { ...SCHEME, value: accessToken } });
}

/** `serviceUrl` has no slash at its end. */
export function createPlugin(authorization: ReturnType<typeof createAuthorization>, serviceUrl: string) {
  return (system: System) => ({
    statePlugins: {
      spec: {
        wrapActions: {
          updateJsonSpec: (run: (document: OpenApi) => unknown) => (document: OpenApi) => {
            closeOperatorsGroups(system, document);
            return run(document);
          },
        },
      },
      auth: {
        wrapActions: {
          authorize:
            (run: (payload: Record<string, Authorization>) => unknown) => (payload: Record<string, Authorization>) => {
              authorization.set(payload[SCHEME.name]?.value ?? null);
              return run(payload);
            },
          logout: (run: (names: readonly string[]) => unknown) => (names: readonly string[]) => {
            authorization.set(null);
            return run(names);
          },
        },
      },
    },
    wrapComponents: {
      response: (Original: Component<ResponseProps>) => foldErrors(system, Original),
      responses: (Original: Component<OperationProps>) => addSnippets(system, Original, serviceUrl),
    },
  });
}

/** The groups of operators are closed, except the one that a link leads to. */
function closeOperatorsGroups({ getStore }: System, { tags = [] }: OpenApi): void {
  const linked = decodeURIComponent(location.hash);
  for (const { name } of tags) {
    const isLinked = linked === `#/${name}` || linked.startsWith(`#/${name}/`);
    // Not by the action of Swagger UI, which would write the group into the address of the page.
    if (name.startsWith('Admin: ') && !isLinked) {
      getStore().dispatch({ type: 'layout_show', payload: { thing: ['operations-tag', name], shown: false } });
    }
  }
}

/** An error is one line, which opens. */
function foldErrors({ React }: System, Original: Component<ResponseProps>): Component<ResponseProps> {
  const { createElement: h } = React;
  return (props) => {
    const [isOpen, setOpen] = React.useState(false);
    const { code, response } = props;
    if (!(Number(code) >= 400 || code === 'default')) return h(Original, props);
    const name = code === 'default' ? 'Other errors' : code;
    const text = code === 'default' ? '' : String(response.get('description') ?? '').replaceAll('`', '');
    return h(
      'tr',
      { className: 'folded-response' },
      h(
        'td',
        { colSpan: 3 },
        h(
          'details',
          { onToggle: (event: { currentTarget: { open: boolean } }) => setOpen(event.currentTarget.open) },
          h('summary', null, h('strong', null, name), ' ', text),
          isOpen ? h('table', { className: 'responses-table' }, h('tbody', null, h(Original, props))) : null,
        ),
      ),
    );
  };
}

/** The language that was chosen last. */
let chosen: Language = languages[0];

function addSnippets(
  { React, specSelectors }: System,
  Original: Component<OperationProps>,
  serviceUrl: string,
): Component<OperationProps> {
  const { createElement: h } = React;
  const Snippets: Component<OperationProps> = ({ path, method }) => {
    const [language, setLanguage] = React.useState(chosen);
    const [copied, setCopied] = React.useState(false);
    const code = snippet(language, specSelectors.specJson().toJS() as OpenApi, path, method, serviceUrl);
    const select = (each: Language) => () => {
      chosen = each;
      setLanguage(each);
      setCopied(false);
    };
    const copy = () => void navigator.clipboard.writeText(code).then(() => setCopied(true));
    return h(
      'section',
      { className: 'snippets', 'aria-label': 'Code' },
      h(
        'div',
        { className: 'snippets-languages' },
        ...languages.map((each) =>
          h('button', { key: each, type: 'button', 'aria-pressed': each === language, onClick: select(each) }, each),
        ),
        // Pages without https have no clipboard.
        navigator.clipboard === undefined
          ? null
          : h('button', { type: 'button', className: 'snippets-copy', onClick: copy }, copied ? 'Copied' : 'Copy'),
      ),
      h('pre', { tabIndex: 0 }, h('code', null, code)),
    ) as Node;
  };
  return (props) =>
    h(React.Fragment, null, h(Snippets, { path: props.path, method: props.method }), h(Original, props));
}
