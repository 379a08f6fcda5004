// The page's elements, found by name and written as text only: nothing from a node is ever read as HTML.

/** The element of an id. @throws Error when index.html has none of that kind */
export function byId<T extends HTMLElement>(id: string, kind: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`element #${id} expected`);
  return found;
}

/** A new element with text or children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  content: string | readonly Node[],
  className = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...(typeof content === "string" ? [content] : content));
  return element;
}

/** Text of a form's field. */
export function fieldText(id: string): string {
  return byId(id, HTMLInputElement).value;
}

/** Shows the options of a list and keeps what is chosen. */
export function setOptions(id: string, options: readonly (readonly [value: string, text: string])[]): void {
  const list = byId(id, HTMLSelectElement);
  const wanted = options.map(([value]) => value).join();
  if ([...list.options].map(({ value }) => value).join() === wanted) return;
  list.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}

/** Runs `work` when a form is sent, with its button off meanwhile. */
export function onSubmit(id: string, work: () => Promise<void>): void {
  const form = byId(id, HTMLFormElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const buttons = [...form.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    void work().finally(() => {
      for (const button of buttons) button.disabled = false;
    });
  });
}
