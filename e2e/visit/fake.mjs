// A server of docs/sync.md in memory: checks every hash, signature and link of the chain, and can be restored to an older state.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

export function day(after = 0) {
  const moment = new Date(Date.now() + 8 * 3600_000 + after * 24 * 3600_000);
  return moment.toISOString().slice(0, 10);
}

function elder(number, name, more = {}) {
  return {
    id: `990101-${number}`, name, sex: 'female', age: 83, place: '东街社区', address: `东街 ${number} 号`, phone: '13900000001', latitude: 29.5 + number / 1000, longitude: 106.5 + number / 2000,
    door: true, contacts: [{ name: '王敏', relation: '女儿', phone: '13900000002' }], risks: ['跌倒', '压疮'], diseases: ['高血压'],
    last: [{ title: '血压', title_en: 'Blood pressure', text: '152/88 mmHg', day: day(-20) }], plan: ['每周一次随访'], remark: '', ...more,
  };
}

function visit(number, who, more = {}) {
  return {
    id: `990101-${number}`, version: '1', elder: `990101-${who}`, day: day(), from: '09:00', until: '10:00', minutes: 40, people: 1, second: '', state: 'planned', order: number, note: '',
    purposes: [{ programme: 'chronic', title: '慢性病随访', title_en: 'Follow-up', service: 'follow_up', payer: 'public' }],
    tasks: [{ service: 'follow_up', title: '血压随访', title_en: 'Blood pressure', form: 'pressure', photos: [] }], signature: true, ...more,
  };
}

const number = (id, title, title_en, least, most) => ({ id, title, title_en, kind: 'number', unit: 'mmHg', least, most, decimals: 0, required: true, help: '', help_en: '', options: [] });

export async function fakeServer(folder) {
  const state = {
    folder, codes: new Map([['CODE-1', 'new']]), phones: new Map(), photos: new Map(), faults: [], batches: [], clockAheadMs: 0, aside: () => '', cursor: 1, pin: { least: 6, tries: 5 }, catalogue: 'one', changes: [], calls: new Map(), refusesHelp: false, asked: [],
    visits: [visit(51, 11), visit(52, 12), visit(53, 13, { day: day(1) })],
    elders: [elder(11, '王桂芳'), elder(12, '李秀英', { latitude: null, longitude: null }), elder(13, '张德明', { sex: 'male' })],
    forms: [{ id: 'pressure', title: '血压', title_en: 'Blood pressure', items: [number('systolic', '收缩压', 'Systolic', 60, 260), number('diastolic', '舒张压', 'Diastolic', 30, 160)] }],
    photoKinds: [['scene', '现场', 'the scene'], ['before', '服务前', 'before'], ['after', '服务后', 'after']].map(([id, title, title_en]) => ({ id, title, title_en })),
    services: [{ id: 'bath', title: '助浴', title_en: 'Bath', form: '', photos: [] }, { id: 'pressure', title: '量血压', title_en: 'Blood pressure', form: 'pressure', photos: [] }],
  };
  const mark = () => ({ id: 'fake', now: new Date(Date.now() + state.clockAheadMs).toISOString() });

  const answers = {
    'GET /terms': () => ({ pin: state.termsPin ?? state.pin }),
    'POST /phones': (_, { code, name, public_key, help_key }) => {
      if (state.codes.get(code) !== 'new') return problem(409, state.codes.has(code) ? 'code_used' : 'code_expired');
      if (!name || [public_key, help_key].some((each) => Buffer.from(each, 'base64url').length !== 65)) return problem(422, 'invalid');
      state.codes.set(code, 'used');
      const token = `token-${state.phones.size + 1}`;
      state.phones.set(token, { key: publicKey(public_key), help: publicKey(help_key), events: new Map(), lost: [], revoked: false });
      return { phone: `990101-${state.phones.size}`, token, name: '王丽', server: 'fake', pin: state.pin };
    },
    'GET /snapshot': (phone) => ({
      cursor: `c${state.cursor}`, server: mark(), knows: knows(phone), last: last(phone), catalogue: state.catalogue, photos: state.photoKinds, me: { staff: '990101-3', name: '王丽', organisation: '城关镇卫生院', team: '一队', lead: '李强', emergency: '120' },
      settings: { pin_least: state.pin.least, pin_tries: state.pin.tries, keep_days: 30, photo_most_bytes: 120_000 }, visits: state.visits, elders: state.elders, forms: state.forms, services: state.services,
    }),
    'GET /changes': (phone, _, url) => {
      const { visits = [], gone = [], elders = [], from = state.cursor } = state.changes.shift() ?? {};
      if (url.searchParams.get('after') !== `c${from}`) return problem(409, 'cursor_unknown');
      return { cursor: `c${state.cursor}`, server: mark(), knows: knows(phone), last: last(phone), catalogue: state.catalogue, visits, gone, elders };
    },
    'POST /events': (phone, { events, received, unsent }) => {
      state.batches.push({ numbers: events.map((each) => each.number), kinds: events.map((each) => each.kind), received, unsent });
      if (events.length > 200) return problem(422, 'too_many');
      let taken = Infinity;
      const receipts = events.map((event) => {
        const receipt = takeIn(phone, event, taken);
        if (receipt.state === 'taken') taken = Math.min(taken, event.number);
        return receipt;
      });
      return { server: mark(), knows: knows(phone), last: last(phone), receipts };
    },
    'POST /help': (_, { phone, calls }) => {
      const known = [...state.phones.values()][Number(phone.split('-')[1]) - 1];
      const isRight = ({ id, at, body, signature }) => verify('sha256', Buffer.from(['help', phone, id, at, body].join('\n')), { key: known.help, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
      if (state.refusesHelp || !known || !calls.every(isRight)) return problem(409, 'not_signed');
      const receipts = calls.map((call) => {
        const isNew = !state.calls.has(call.id);
        state.calls.set(call.id, call);
        return { id: call.id, state: isNew ? 'received' : 'again', reason: '', reason_en: '' };
      });
      return { server: mark(), receipts };
    },
  };

  function takeIn(phone, event, taken) {
    const { id, number, at, kind, visit: of, previous, body, hash, signature } = event;
    const lines = Buffer.from([id, number, at, kind, of, previous, body].join('\n'));
    const key = { key: phone.key, dsaEncoding: 'ieee-p1363' };
    if (createHash('sha256').update(lines).digest('hex') !== hash) state.faults.push(`${number}: hash`);
    if (!verify('sha256', lines, key, Buffer.from(signature, 'base64url'))) state.faults.push(`${number}: signature`);
    const before = phone.events.get(number);
    if ((before && before.id !== id) || (!before && taken < number)) return { id, state: 'taken', reason: '这个序号已经有另一条记录', reason_en: '' };
    if (before && JSON.stringify(before) !== JSON.stringify(event)) state.faults.push(`${number}: two events`);
    phone.events.set(number, event);
    if (kind === 'lost') phone.lost.push(JSON.parse(body));
    const reason = state.aside(event);
    return { id, state: reason ? 'aside' : before ? 'again' : 'received', reason, reason_en: reason && 'set aside' };
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const body = await bytesOf(request);
    const send = (status, type, content) => response.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' }).end(content);
    if (!url.pathname.startsWith('/api/v1/sync')) {
      const name = url.pathname === '/visit/' ? 'index.html' : url.pathname.replace(/^\/visit\//, '');
      const file = /^[\w.-]+$/.test(name) ? await readFile(join(state.folder, name)).catch(() => null) : null;
      return file ? send(200, types[extname(name)] ?? 'text/plain', file) : send(404, 'text/plain', 'not found');
    }
    const path = url.pathname.slice('/api/v1/sync'.length);
    const phone = state.phones.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    let answer;
    state.asked.push(`${request.method} ${path}`);
    if (!['/phones', '/terms', '/help'].includes(path) && (!phone || phone.revoked)) answer = problem(401, phone ? 'phone_revoked' : 'token');
    else if (request.method === 'PUT') {
      if (createHash('sha256').update(body).digest('hex') !== path.split('/').pop()) state.faults.push('photo: hash');
      state.photos.set(path.split('/').pop(), body);
      answer = {};
    } else answer = answers[`${request.method} ${path}`]?.(phone, body.length > 0 ? JSON.parse(body) : {}, url) ?? problem(404, 'none');
    return send(answer.status ?? 200, answer.status ? 'application/problem+json' : 'application/json', JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    state, port: server.address().port,
    /** The one phone of a test. */
    phone: () => [...state.phones.values()].at(-1),
    events: () => [...([...state.phones.values()].at(-1)?.events.values() ?? [])].sort((one, other) => one.number - other.number),
    restoreTo(number) {
      const { events } = [...state.phones.values()].at(-1);
      for (const each of [...events.keys()]) if (each > number) events.delete(each);
      state.photos.clear();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function knows(phone) {
  let known = 0;
  while (phone.events.has(known + 1) || phone.lost.some(({ from, until }) => from <= known + 1 && known + 1 <= until)) known++;
  return known;
}

function last(phone) {
  const number = Math.max(0, ...phone.events.keys());
  return { number, hash: phone.events.get(number)?.hash ?? '' };
}

function problem(status, code) {
  return { status, code, title: code, detail: code };
}

function publicKey(text) {
  const point = Buffer.from(text, 'base64url');
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') } });
}

async function bytesOf(request) {
  const parts = [];
  for await (const each of request) parts.push(each);
  return Buffer.concat(parts);
}
