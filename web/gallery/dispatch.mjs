// A made-up day of home visits for the gallery, its page, and what the server would answer to a try and a move.
const surnames = [...'王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡'];
const given = ['敏', '秀英', '桂芳', '德全', '志强', '玉珍', '国栋', '淑珍', '长顺', '桂兰', '建华', '晓燕', '福生', '春梅', '明辉', '丽', '海涛', '素芬', '永贵', '凤霞'];
const titles = ['血压随访', '家庭病床巡诊', '换药、导尿管护理', '助浴', '血糖复查', '鼻饲管更换', '康复训练', '压疮护理', '能力评估', '用药指导'];
const reasons = ['当天没有人有这项资质', '约定时间内人都排满了', '需要两人，当天只有一人有空', '最近的人也赶不及'];
const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** The same day for the same numbers, each time. */
export function dayOf(staff, visits) {
  let state = staff * 7919 + visits;
  const chance = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const one = (list) => list[Math.floor(chance() * list.length)];
  const person = () => one(surnames) + one(given);
  const each = Math.floor(visits / staff);
  const depots = Array.from({ length: Math.max(1, Math.round(staff / 6)) }, () => [30.06 + chance() * 0.36, 108.08 + chance() * 0.62]);
  let next = 10;
  const lanes = Array.from({ length: staff }, (_, row) => {
    const home = depots[row % depots.length];
    const short = row % 9 === 5;
    const until = short ? 720 : 1020;
    const stops = [];
    const ways = [];
    const places = [];
    let at = 480;
    const turn = chance() * 6.3;
    for (let n = 0; n < each + (row < visits % staff ? 1 : 0); n++) {
      const way = 6 + Math.floor(chance() * 12);
      const length = one([15, 20, 30, 30, 30, 40, 45]);
      if (at + way < 750 && at + way + length > 720) at = 780;
      if (at + way + length > until + 15) break;
      ways.push([at, at + way]);
      const from = at + way;
      const late = chance() < 0.06 ? 5 + Math.floor(chance() * 20) : 0;
      const open = Math.floor((from - chance() * 80) / 30) * 30;
      const end = late ? from - late : Math.ceil((from + length + chance() * 90) / 30) * 30;
      const done = row % 3 < 2 && from + length < 540;
      const underWay = row % 3 < 2 && !done && from < 560;
      stops.push({
        visit: String(next++), part: 0, name: person(), title: `${one(titles)} · ${clock(from)}–${clock(from + length)}`, from, until: from + length, window: [open, Math.max(end, open + 30)],
        late, fixed: chance() < 0.06, state: done ? 'done' : underWay ? 'under_way' : 'planned', second: '', changed: chance() < 0.05, href: `/gallery-elder.html#visit-${next - 1}`,
      });
      const spread = 0.01 + chance() * 0.07;
      places.push([home[0] + Math.sin(turn + n * 0.8) * spread, home[1] + Math.cos(turn + n * 0.8) * spread]);
      at = from + length;
    }
    const name = person();
    return { id: String(41 + row), name, note: `${one(['护士', '医生', '护理员'])} · ${one(['电动车', '步行', '汽车'])} · ${stops.length} 户`, href: '#', shift: short ? [[480, 720]] : [[480, 720], [780, 1020]], pauses: short ? [] : [[720, 750]], stops, ways, home, places };
  });
  pairs(lanes);
  const left = Array.from({ length: Math.max(1, Math.round(visits / 40)) }, () => ({ visit: String(next++), name: person(), minutes: one([20, 30, 40]), why: one(reasons), href: '/gallery-elder.html' }));
  return { from: 480, until: 1080, now: 552, lanes, left, may_move: true };
}

/** Some visits take two: the colleague of a lane near by comes along at the same time. */
function pairs(lanes) {
  lanes.forEach((lane, row) => {
    const stop = lane.stops.find(({ state, from }) => state === 'planned' && from > 600);
    const other = lanes[row + 1 + (row % 3)];
    if (row % 4 !== 1 || !stop || !other) return;
    const clear = other.stops.findIndex(({ from, until }) => from < stop.until + 10 && until > stop.from - 10);
    if (clear >= 0 && other.stops[clear].state !== 'planned') return;
    const copy = { ...stop, part: 1, second: lane.id };
    stop.second = other.id;
    if (clear >= 0) other.stops.splice(clear, 1, copy);
    other.stops = other.stops.filter((each) => each === copy || each.from >= copy.until || each.until <= copy.from);
  });
}

export const days = { big: () => dayOf(40, 300), small: () => dayOf(4, 26) };

/** The part of the page that a move swaps. */
export function planOf(key) {
  return page(days[key]?.() ?? days.small(), key);
}

function page(day, key) {
  const shown = { ...day, lanes: day.lanes.map(({ home, places, ...lane }) => lane) };
  const count = day.lanes.reduce((sum, { stops }) => sum + stops.length, 0);
  const late = day.lanes.flatMap(({ stops }) => stops).filter((stop) => stop.late > 0).length;
  const lines = day.lanes.map((lane) => ({
    name: lane.name, group: lane.id, points: [lane.home, ...lane.places.flatMap((place, at) => bent(lane.places[at - 1] ?? lane.home, place)), ...bent(lane.places[lane.places.length - 1] ?? lane.home, lane.home)],
    stops: lane.stops.slice(0, lane.places.length).map((stop, at) => ({ lat: lane.places[at][0], lon: lane.places[at][1], n: at + 1, name: stop.name, text: `${clock(stop.from)}–${clock(stop.until)}`, href: stop.href })),
  }));
  const rows = day.lanes.flatMap((lane) => lane.stops.map((stop) => `<tr><td>${lane.name}</td><td>${clock(stop.from)}–${clock(stop.until)}</td><td><a href="${stop.href}">${stop.name}</a></td><td>${stop.title.split(' · ')[0]}</td><td>${stop.late ? `晚到 ${stop.late} 分钟` : ''}</td></tr>`));
  return `<div id="plan" class="flow">
<div class="stats"><div class="stat"><span class="stat-label">已排上门</span><span class="stat-value">${count}<small>次</small></span></div><div class="stat stat-warn"><span class="stat-label">没有排进</span><span class="stat-value">${day.left.length}<small>次</small></span></div><div class="stat"><span class="stat-label">晚到</span><span class="stat-value">${late}<small>次</small></span></div></div>
<section class="card"><header class="card-head"><h2>时间表</h2></header><div class="card-body">
<div class="board js-board" id="board" data-try="/dispatch/${key}/try" data-move="/dispatch/${key}/move"><script type="application/json">${JSON.stringify(shown).replaceAll('<', '\\u003c')}</script>
<details open><summary>按文字看</summary><div class="tablewrap"><table class="plain"><thead><tr><th scope="col">人员</th><th scope="col">时间</th><th scope="col">老人</th><th scope="col">服务</th><th scope="col">注意</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details></div>
</div></section>
<section class="card"><header class="card-head"><h2>路线</h2></header><div class="card-body"><div class="map-pair"><div class="map js-map" role="region" aria-label="当天路线图" data-borders="/assets/gallery-borders.geojson" data-title="当天路线" data-values="[]" data-lines='${JSON.stringify(lines)}'></div></div></div></section>
</div>`;
}

/** Roads are never straight. */
function bent([lat, lon], to) {
  return [[lat + (to[0] - lat) * 0.3, lon + (to[1] - lon) * 0.55], [lat + (to[0] - lat) * 0.75, lon + (to[1] - lon) * 0.7], to];
}

export function progressOf(step) {
  return `<p><b>正在排班</b>：第 ${step} 步，已排 ${Math.min(300, 120 + step * 36)} 次，共 300 次 <a href="/gallery-dispatch.html">刷新</a></p><div class="progress"><progress max="100" value="${Math.min(100, step * 20)}" aria-label="排班进度">${Math.min(100, step * 20)} %</progress><span>${Math.min(100, step * 20)} %</span></div>`;
}

/** As a server would, in the plainest way: the first visit after the new one is pushed back, and people with names of two letters lack the licence for each fifth visit. */
export function tried(key, { visit, part, staff, before }) {
  const day = days[key]();
  const lane = day.lanes.find(({ id }) => id === staff);
  if (!lane) return { fine: true, lines: ['这次上门不再排在当天', '路程 −9 分'], faults: [], shift: [] };
  const later = lane.stops.filter((stop) => stop.visit !== visit).find((stop) => stop.visit === before);
  const faults = lane.name.length === 2 && part === '0' && Number(visit) % 5 === 0 ? ['缺少护士执业证'] : [];
  return { fine: faults.length === 0, lines: ['路程 +6 分', ...(later ? [`${later.name}晚到 12 分`] : [])], faults, shift: later ? [{ visit: later.visit, part: later.part, from: later.from + 25 }] : [] };
}

/** The page after a move, or null when it is refused. */
export function moved(key, { visit, part, staff, before }) {
  const day = days[key]();
  if (tried(key, { visit, part, staff, before }).faults.length > 0) return null;
  const from = day.lanes.find(({ stops }) => stops.some((each) => each.visit === visit && String(each.part) === part));
  const left = day.left.find((each) => each.visit === visit);
  const stop = from?.stops.find((each) => each.visit === visit && String(each.part) === part)
    ?? { visit, part: 0, name: left.name, title: titles[0], from: 480, until: 480 + left.minutes, window: [480, 1020], late: 0, fixed: false, state: 'planned', second: '', href: left.href };
  if (from) from.stops = from.stops.filter((each) => each !== stop);
  day.left = day.left.filter((each) => each !== left);
  const lane = day.lanes.find(({ id }) => id === staff);
  if (!lane) day.left.push({ visit, part: Number(part), name: stop.name, minutes: stop.until - stop.from, why: '由调度员移出', href: stop.href });
  else {
    const found = lane.stops.findIndex((each) => each.visit === before);
    const at = found < 0 ? lane.stops.length : found;
    const length = stop.until - stop.from;
    const start = (lane.stops[at - 1]?.until ?? 480) + 8;
    lane.stops.splice(at, 0, { ...stop, from: start, until: start + length, changed: true });
    for (let later = at + 1; later < lane.stops.length; later++) {
      const push = Math.max(0, lane.stops[later - 1].until + 8 - lane.stops[later].from);
      lane.stops[later].from += push;
      lane.stops[later].until += push;
    }
    lane.ways = [];
  }
  return page(day, key);
}
