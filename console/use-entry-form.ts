// The form of a page that is shown to visitors who are not logged in: it is all that the page has.
import { useEffect, useRef } from 'preact/hooks';

/** Sets the title of the document and moves the focus to the first field or button. The result is the form's `ref`. */
export function useEntryForm(title: string) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.title = `${title} · Latchkey console`;
    form.current?.querySelector<HTMLElement>('input, button')?.focus();
  }, []);
  return form;
}
