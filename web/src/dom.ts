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

/** As `element`, of a drawing. What varies is an attribute, never a style, as the policy wants it. */
export function drawn<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number> = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Elements of `root` that match, `root` itself included. */
export function matching<T extends Element>(root: Element, selector: string): T[] {
  const found = Array.from(root.querySelectorAll<T>(selector));
  return root.matches(selector) ? [root as T, ...found] : found;
}

/** The description that a figure carries as its child, whether it came with the page or was swapped in later. */
export function described<T>(figure: Element): T | null {
  const carrier = figure.querySelector(':scope > script[type="application/json"], :scope > .json');
  return carrier ? (JSON.parse(carrier.textContent ?? '') as T) : null;
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
