// A bad network between phone and server: requests that never arrive, answers that are lost, cut in half, late, or asked for twice.
import { Agent, createServer, request as ask } from 'node:http';
import { parseArgs } from 'node:util';

/** What can go wrong: `drop` before the server, `lost` after it, `half` an answer, `twice` at the server, `late` by `ms`. */
export const kinds = ['drop', 'lost', 'half', 'twice', 'late'];

/** `fault(method, path)` gives one of `kinds` or nothing, for each request. */
export async function badNetwork({ to, port = 0, fault = () => '', ms = 1500 }) {
  const control = { fault, happened: [] };
  const agent = new Agent({ keepAlive: false });
  const { hostname, port: target } = new URL(to);
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const each of request) parts.push(each);
    const body = Buffer.concat(parts);
    const kind = control.fault(request.method, request.url) || '';
    if (kind) control.happened.push(`${kind} ${request.method} ${request.url.replace(/\?.*/, '')}`);
    if (kind === 'drop') return request.socket.destroy();
    const forward = () => new Promise((resolve, reject) => {
      const headers = { ...request.headers, host: request.headers.host };
      const asked = ask({ hostname, port: target, path: request.url, method: request.method, headers, agent }, async (answer) => {
        const got = [];
        for await (const each of answer) got.push(each);
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(got) });
      });
      asked.on('error', reject);
      asked.end(body);
    });
    try {
      if (kind === 'twice') await forward();
      const answer = await forward();
      if (kind === 'late') await new Promise((resolve) => setTimeout(resolve, ms));
      if (kind === 'lost') return request.socket.destroy();
      const { 'transfer-encoding': _, ...headers } = answer.headers;
      response.writeHead(answer.status, { ...headers, 'content-length': answer.body.length });
      if (kind !== 'half') return response.end(answer.body);
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => setTimeout(() => request.socket.destroy(), 50));
    } catch {
      request.socket.destroy();
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  control.base = `http://127.0.0.1:${server.address().port}`;
  control.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return control;
}

/** The same faults for the same seed; `share` of the requests of the phone go wrong. */
export function seeded(seed, share) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return (_, path) => (path.startsWith('/api/v1/sync/') && next() < share ? kinds[Math.floor(next() * kinds.length)] : '');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({ options: { to: { type: 'string' }, port: { type: 'string', default: '8090' }, share: { type: 'string', default: '0.3' }, seed: { type: 'string', default: '1' } } });
  if (!values.to) throw new Error('node proxy.mjs --to http://127.0.0.1:8080 [--port 8090] [--share 0.3] [--seed 1]');
  const { base } = await badNetwork({ to: values.to, port: Number(values.port), fault: seeded(Number(values.seed), Number(values.share)) });
  console.log(base);
}
