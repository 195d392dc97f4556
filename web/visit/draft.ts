// What is typed is kept at once, sealed; the newest state is written as soon as the one before it is on the disk.
import { changeDraft, holdings, type Draft } from './holdings';
import { keep } from './journal';

const dirty = new Set<string>();
let writing: Promise<void> | null = null;

export function draftOf(name: string): Draft {
  return holdings.drafts.get(name) ?? {};
}

export function drafted(name: string, field: string): string {
  return draftOf(name)[field] ?? '';
}

/** Held in memory at once, on the disk a moment later. */
export function draft(name: string, field: string, value: string): void {
  holdings.drafts.set(name, { ...draftOf(name), [field]: value });
  dirty.add(name);
  writing ??= writeDown().finally(() => (writing = null));
}

/** Waits until everything typed is on the disk. */
export async function draftsWritten(): Promise<void> {
  while (writing) await writing;
}

async function writeDown(): Promise<void> {
  while (dirty.size > 0) {
    const names = Array.from(dirty);
    dirty.clear();
    // A draft that was dropped meanwhile, because its visit ended, is not brought back.
    await keep(() => names.flatMap((name) => {
      const found = holdings.drafts.get(name);
      // What is in memory may be newer by the time this is written, and stays.
      return found ? [{ ...changeDraft(name, found), take: () => undefined }] : [];
    }));
  }
}
