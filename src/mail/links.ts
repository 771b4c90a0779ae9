// Links in mails: to the pages of this service, or to the operator's own. They are never built from a request.

/** A page that a link leads to. */
export type LinkPage = 'verify-email' | 'reset-password' | 'confirm-email' | 'undo-email-change' | 'sign-in';

interface Options {
  /** Where users reach this service, without a trailing slash. Called for each link: a free port is not known at first. */
  readonly baseUrl: () => string;
  /** URLs of the operator's own pages, each with `{token}`. */
  readonly linkUrls: Readonly<Record<LinkPage, string | undefined>>;
}

/** Builds the links of mails. */
export function createLinks({ baseUrl, linkUrls }: Options) {
  return {
    /** The link that uses `token` on a page. */
    to: (page: LinkPage, token: string): string =>
      linkUrls[page]?.replaceAll('{token}', token) ?? `${baseUrl()}/account/${page}/?token=${token}`,
  };
}

export type Links = ReturnType<typeof createLinks>;
