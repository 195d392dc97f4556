// Walks the journeys against a server that is already running.
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:8080' },
    logins: { type: 'string', default: '' },
    folder: { type: 'string', default: 'journeys' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(`node run.mjs --base http://127.0.0.1:8080 --logins ../data/demo/logins.json [--only WORD] [--folder journeys|gallery]

The server runs already. --only takes the files whose name contains WORD. Pictures go to out/. CHROMIUM names another browser.`);
  process.exit(0);
}

process.env.E2E_BASE = values.base;
if (values.logins) process.env.E2E_LOGINS = resolve(values.logins);

try {
  await fetch(values.base, { redirect: 'manual', signal: AbortSignal.timeout(5000) });
} catch {
  console.error(`No server answers at ${values.base}. Start one first (make demo), or say --base.`);
  process.exit(2);
}

const folder = join(new URL('.', import.meta.url).pathname, values.folder);
const files = (await readdir(folder)).filter((name) => name.endsWith('.test.mjs') && name.includes(values.only)).sort().map((name) => join(folder, name));
if (files.length === 0) {
  console.error(`No journey in ${values.folder}/ has “${values.only}” in its name.`);
  process.exit(2);
}

let failed = false;
const results = run({ files, concurrency: 2 }).on('test:fail', () => (failed = true));
results.compose(new spec()).pipe(process.stdout);
await once(results, 'end');
process.exitCode = failed ? 1 : 0;
