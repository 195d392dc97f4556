// Small helpers for making and finding elements.
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Elements of `root` that match, `root` itself included. */
export function matching<T extends Element>(root: Element, selector: string): T[] {
  const found = Array.from(root.querySelectorAll<T>(selector));
  return root.matches(selector) ? [root as T, ...found] : found;
}

/** True the first time it is asked about this element and this purpose. */
export function first(target: Element, purpose: string): boolean {
  const seen = marks.get(target) ?? new Set<string>();
  marks.set(target, seen);
  if (seen.has(purpose)) return false;
  seen.add(purpose);
  return true;
}

const marks = new WeakMap<Element, Set<string>>();

export function metaContent(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
}
