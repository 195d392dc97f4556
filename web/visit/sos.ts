// A call for help: kept before anything else happens, an event within two seconds, sent before everything that waits.
import { helpWaitingSince, standIn } from './help';
import { change, holdings, type Call } from './holdings';
import { keep, unsent, write } from './journal';
import { position } from './position';
import { syncNow } from './sync';

const positionWithinMs = 2_000;
const positionAtMostOldMs = 60_000;

/** When help was called and not all of it has been received; empty where nothing waits. */
export function waitingSince(): string {
  return helpWaitingSince() || (holdings.calls[0]?.at ?? unsent().find(({ kind }) => kind === 'sos')?.at ?? '');
}

export async function call(visit: string): Promise<void> {
  const made: Call = { at: new Date().toISOString(), visit };
  await keep(() => [change('calls', [...holdings.calls, made])]);
  await become(made);
}

/** Calls that the app was closed upon. */
export async function settleCalls(): Promise<void> {
  for (const made of Array.from(holdings.calls)) await become(made);
}

async function become({ at, visit }: Call): Promise<void> {
  const { fix } = await position(positionWithinMs, positionAtMostOldMs);
  const [event] = await write([{ kind: 'sos', visit, at, body: { fix, note: '', follows: '' } }], () => [change('calls', holdings.calls.filter((each) => each.at !== at))]);
  if (event) await standIn(event.id, event.at, fix);
  void syncNow();
  if (fix) return;
  // The call is on its way; where it came from follows as soon as the phone knows.
  const later = await position();
  if (later.fix) await write([{ kind: 'sos', visit, body: { fix: later.fix, note: '补报位置', follows: event?.id ?? '' } }]);
}
