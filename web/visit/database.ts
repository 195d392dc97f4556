// The phone's database: its stores, and transactions that have happened wholly or not at all.
const name = 'visit';
const version = 1;

/** `plain` holds what must be read before the PIN; the content of all others is sealed. */
export type StoreName = 'plain' | 'records' | 'events' | 'photos';
export const stores: StoreName[] = ['plain', 'records', 'events', 'photos'];

/** One step of a transaction. `add` fails, and everything with it, where the key is taken. */
export type Step =
  | { store: StoreName; put: object }
  | { store: StoreName; add: object }
  | { store: StoreName; remove: IDBValidKey };

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  return (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('plain', { keyPath: 'key' });
      request.result.createObjectStore('records', { keyPath: 'key' });
      // Each mark is a field that only some records have, so that its index is as short as what it marks.
      for (const [store, keyPath] of [['events', 'number'], ['photos', 'key']] as const) {
        const made = request.result.createObjectStore(store, { keyPath });
        for (const mark of ['waiting', 'received', 'aside']) made.createIndex(mark, mark);
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  }));
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function reading(store: StoreName): Promise<IDBObjectStore> {
  return database().then((open) => open.transaction(store, 'readonly').objectStore(store));
}

export async function read<T>(store: StoreName, key: IDBValidKey): Promise<T | undefined> {
  return answerOf<T | undefined>((await reading(store)).get(key));
}

export async function readAll<T>(store: StoreName): Promise<T[]> {
  return answerOf<T[]>((await reading(store)).getAll());
}

/** `waiting` and `aside` are 1 where they are; `received` is when it was, in milliseconds. */
export type Mark = 'waiting' | 'received' | 'aside';

/** The marked records in the order of their keys. */
export async function readMarked<T>(store: 'events', mark: Mark): Promise<T[]> {
  return answerOf<T[]>((await reading(store)).index(mark).getAll(1));
}

/** Keys alone, for photos are large; `below` takes marks under a number instead of those that are 1. */
export async function keysMarked<T extends IDBValidKey>(store: 'events' | 'photos', mark: Mark, below?: number): Promise<T[]> {
  const range = below === undefined ? IDBKeyRange.only(1) : IDBKeyRange.upperBound(below, true);
  return answerOf((await reading(store)).index(mark).getAllKeys(range)) as Promise<T[]>;
}

export async function readFrom<T>(store: 'events', number: number): Promise<T[]> {
  return answerOf<T[]>((await reading(store)).getAll(IDBKeyRange.lowerBound(number)));
}

/**
 * Takes all steps in one transaction and answers once they are on the disk. `onlyIf` looks at one record first, within the same transaction;
 * where it says no, nothing is written and the answer is false.
 */
export async function commit(steps: Step[], onlyIf?: { store: StoreName; key: IDBValidKey; holds: (value: unknown) => boolean }): Promise<boolean> {
  const open = await database();
  return new Promise((resolve, reject) => {
    const transaction = open.transaction(stores, 'readwrite', { durability: 'strict' } as IDBTransactionOptions);
    let refused = false;
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => (refused ? resolve(false) : reject(transaction.error));
    const take = (): void => {
      for (const step of steps) {
        const store = transaction.objectStore(step.store);
        if ('put' in step) store.put(step.put);
        else if ('add' in step) store.add(step.add);
        else store.delete(step.remove);
      }
    };
    if (!onlyIf) return take();
    const first = transaction.objectStore(onlyIf.store).get(onlyIf.key);
    first.onsuccess = () => {
      if (onlyIf.holds(first.result)) return take();
      refused = true;
      transaction.abort();
    };
  });
}

/**
 * Removes everything this phone holds, but calls for help that have not arrived, with their key. The stores are emptied first: deleting a
 * database waits for every window that has it open.
 */
export async function wipe(): Promise<void> {
  const open = await database();
  let isCalling = false;
  await new Promise<void>((resolve, reject) => {
    const transaction = open.transaction(stores, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    for (const store of stores.filter((each) => each !== 'plain')) transaction.objectStore(store).clear();
    const plain = transaction.objectStore('plain');
    const calls = plain.get('help-calls');
    calls.onsuccess = () => {
      isCalling = ((calls.result as { calls: unknown[] } | undefined)?.calls.length ?? 0) > 0;
      const keys = plain.getAllKeys();
      keys.onsuccess = () => keys.result.filter((key) => !isCalling || !String(key).startsWith('help-')).forEach((key) => plain.delete(key));
    };
  });
  if (isCalling) return;
  open.close();
  opened = null;
  await new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}
