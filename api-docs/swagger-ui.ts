// The parts of Swagger UI that this page uses. It comes with no types.

/** A React element or nothing. */
export type Node = unknown;
export type Component<P> = (props: P) => Node;

export interface React {
  createElement<P extends object>(type: string | Component<P> | symbol, props: P | null, ...children: Node[]): Node;
  readonly Fragment: symbol;
  useState<T>(initial: T): [T, (next: T) => void];
}

/** An Immutable.js map. */
export interface ImmutableMap {
  get(key: string): unknown;
  toJS(): object;
}

/** What plugins and components are given. */
export interface System {
  readonly React: React;
  readonly authActions: {
    authorize(payload: Readonly<Record<string, Authorization>>): void;
    logout(names: readonly string[]): void;
  };
  getStore(): { dispatch(action: { readonly type: string; readonly payload: object }): void };
  readonly specSelectors: { specJson(): ImmutableMap };
}

export interface Authorization {
  readonly name: string;
  readonly schema: object;
  readonly value: string;
}

/** A request that is about to be sent; the interceptor may change it. */
export interface OutgoingRequest {
  url: string;
  method?: string;
  headers: Record<string, string>;
  body?: unknown;
  /** Whether it loads the document. */
  loadSpec?: boolean;
}

export interface IncomingResponse {
  readonly url: string;
  readonly status: number;
  readonly text?: string;
}

export interface SwaggerUI {
  (config: object): { getSystem(): System };
  readonly presets: { readonly apis: unknown };
  readonly plugins: { readonly DownloadUrl: unknown };
}
