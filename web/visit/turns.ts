// Deeds that must not overlap take turns.
let last: Promise<unknown> = Promise.resolve();

export function inTurn<T>(deed: () => Promise<T>): Promise<T> {
  const mine = last.then(deed, deed);
  last = mine.catch(() => undefined);
  return mine;
}
