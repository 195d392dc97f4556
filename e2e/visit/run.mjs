// Tries the built visiting app (web/dist/visit) against a fake server behind a bad network: node e2e/visit/run.mjs [--only WORDS]
import { once } from 'node:events';
import { access, mkdir } from 'node:fs/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
await mkdir(new URL('../out', import.meta.url), { recursive: true });
try {
  await access(new URL('../../web/dist/visit/service-worker.js', import.meta.url));
} catch {
  console.error('There is no web/dist/visit. Build it first: (cd web && npm ci && npm run build)');
  process.exit(2);
}

let failed = false;
const files = ['visit-app', 'at-the-home', 'both-sides'].map((name) => new URL(`${name}.test.mjs`, import.meta.url).pathname);
const results = run({ files, concurrency: 1, ...(values.only ? { testNamePatterns: [values.only] } : {}) }).on('test:fail', () => (failed = true));
results.compose(new spec()).pipe(process.stdout);
await once(results, 'end');
process.exitCode = failed ? 1 : 0;
