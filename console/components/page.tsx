// A page: its title, which takes the focus when one arrives, and what it shows.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface PageProps {
  readonly title: string;
  /** The page above this one. */
  readonly up?: readonly [href: string, text: string];
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Page({ title, up, actions, children }: PageProps) {
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
      {up && (
        <p class="up">
          <a href={up[0]}>{up[1]}</a>
        </p>
      )}
      <header class="title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions}
      </header>
      {children}
    </>
  );
}
