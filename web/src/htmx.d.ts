declare module 'htmx.org/dist/htmx.esm.js' {
  const htmx: { config: Record<string, unknown>; process(root: Element): void; trigger(target: Element, name: string): void };
  export default htmx;
}
