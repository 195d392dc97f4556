// Shows the gallery under the policy of the product, with made-up answers where a page asks its server.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { moved, progressOf, tried } from './gallery/dispatch.mjs';

const port = Number(process.argv[2] ?? 4173);
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.geojson': 'application/json' };
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
let imported = 41_200;

const answers = {
  '/search/suggest': (url) => ({ body: url.searchParams.get('q') === '无' ? '<p class="suggest-none">没有找到“无”</p>'
    : '<p class="suggest-group">老人</p><a class="suggest-item" href="/gallery-elder.html"><span>王桂芳</span><small>女 82 岁 · 城关镇</small></a><a class="suggest-item" href="/gallery-elder.html"><span>王桂兰</span><small>女 77 岁 · 柳河镇</small></a><p class="suggest-group">功能</p><a class="suggest-item" href="/gallery-assess.html"><span>能力评估</span></a><a class="suggest-all" href="/search">查看全部 23 条</a>' }),
  '/jobs/42': () => {
    imported = Math.min(100_000, imported + 9_800);
    const share = Math.floor(imported / 1000);
    if (imported === 100_000) return { body: '<div class="alert alert-ok" role="status"><div><p class="alert-title">导入完成</p><p>收下 99,214 行，退回 786 行。</p></div></div>' };
    return { body: `<div class="js-poll" id="job" hx-get="/jobs/42" hx-trigger="every 1s" hx-swap="outerHTML" aria-live="polite"><p class="strong">正在导入：第 ${imported.toLocaleString()} 行，共 100,000 行</p><div class="progress"><progress max="100000" value="${imported}" aria-label="导入进度">${share} %</progress><span>${share} %</span></div></div>` };
  },
  '/toast': () => ({ body: '', headers: { 'HX-Trigger': '{"toast":{"kind":"ok","text":"\\u5df2\\u4fdd\\u5b58"}}' } }),
  '/fail': () => ({ status: 409, body: '<p data-error-text>这份评估已由别人改过，请刷新后再试。</p>' }),
  '/visits.json': () => ({ type: 'application/json', body: JSON.stringify({ type: 'bar', horizontal: true, unit: '次', x: ['张医生团队', '李医生团队', '陈医生团队'], series: [{ name: '上门', data: [182, 143, 97] }] }) }),
};

createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const send = (status, type, body, headers = {}) => response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'Content-Security-Policy': policy, ...headers }).end(body);
  const dispatch = /^\/dispatch\/(big|small)\/(try|move|progress)$/.exec(url.pathname);
  if (dispatch) return dispatched(dispatch[1], dispatch[2], request, response, send);
  const made = answers[url.pathname]?.(url);
  if (made) return send(made.status ?? 200, made.type ?? 'text/html', made.body, made.headers);
  const path = url.pathname === '/' ? '/gallery.html' : url.pathname.replace(/^\/assets\//, '/');
  try {
    let body = await readFile(join('dist', normalize(path)));
    if (extname(path) === '.html' && url.searchParams.get('size') === 'large') body = body.toString().replace('<html ', '<html data-size="large" ');
    return send(200, types[extname(path)] ?? 'application/octet-stream', body);
  } catch {
    return send(404, 'text/plain', 'not found');
  }
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/gallery.html`));

async function dispatched(key, what, request, response, send) {
  if (what === 'progress') return progress(response);
  let body = '';
  for await (const piece of request) body += piece;
  const sent = Object.fromEntries(new URLSearchParams(body));
  if (what === 'try') return send(200, 'application/json', JSON.stringify(tried(key, sent)));
  const page = moved(key, sent);
  return page ? send(200, 'text/html', page) : send(422, 'text/html', '<p data-error-text>缺少护士执业证，不能改派。</p>');
}

/** Five steps and the end, as the solver tells them. */
function progress(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
  let step = 0;
  const ticking = setInterval(() => {
    step++;
    response.write(step > 5 ? 'event: done\ndata: \n\n' : `data: ${progressOf(step)}\n\n`);
    if (step > 5) {
      clearInterval(ticking);
      response.end();
    }
  }, 700);
  response.on('close', () => clearInterval(ticking));
}
