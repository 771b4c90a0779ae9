// The frame of a page: its heading, which takes the focus when the page opens, a link to its parent, and its content.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface PageProps {
  readonly title: string;
  readonly parent?: readonly [href: string, text: string];
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Page({ title, parent, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Latchkey console`;
  }, [title]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  return (
    <>
      {parent && (
        <p class="back-link">
          <a href={parent[0]}>{parent[1]}</a>
        </p>
      )}
      <header class="page-header">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions}
      </header>
      {children}
    </>
  );
}
