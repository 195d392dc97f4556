// The signature pad: strokes of mouse, finger or pen become a PNG in a hidden input.
import { first, matching } from './dom';

type Point = { x: number; y: number };

export function setUpSignatures(root: Element): void {
  for (const canvas of matching<HTMLCanvasElement>(root, 'canvas.js-sign')) if (first(canvas, 'sign')) setUpPad(canvas);
}

function setUpPad(canvas: HTMLCanvasElement): void {
  const input = document.getElementById(canvas.dataset.input ?? '') as HTMLInputElement | null;
  if (!input) return;
  // Strokes are kept as points in shares of the pad, so that turning the phone redraws them.
  let strokes: Point[][] = [];
  let current: Point[] | null = null;

  const draw = (): void => {
    const scale = Math.min(window.devicePixelRatio || 1, 2);
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.lineWidth = 2.6 * scale;
    pen.lineCap = pen.lineJoin = 'round';
    pen.strokeStyle = '#12241f';
    for (const stroke of strokes) trace(pen, stroke, canvas);
  };
  const keep = (): void => {
    input.value = strokes.length > 0 ? canvas.toDataURL('image/png') : '';
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const point = (event: PointerEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    current = [point(event)];
    strokes.push(current);
    draw();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!current) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) current.push(point(each));
    draw();
  });
  for (const end of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(end, () => {
      if (!current) return;
      current = null;
      keep();
    });
  }
  canvas.closest('.sign')?.querySelector('.js-sign-clear')?.addEventListener('click', () => {
    strokes = [];
    draw();
    keep();
  });
  new ResizeObserver(draw).observe(canvas);
}

function trace(pen: CanvasRenderingContext2D, stroke: Point[], canvas: HTMLCanvasElement): void {
  const at = (point: Point): [number, number] => [point.x * canvas.width, point.y * canvas.height];
  const [start, ...rest] = stroke;
  if (!start) return;
  pen.beginPath();
  pen.moveTo(...at(start));
  // A lone touch is a dot.
  if (rest.length === 0) pen.lineTo(at(start)[0] + 0.1, at(start)[1]);
  rest.forEach((point, index) => {
    const [x, y] = at(point);
    const [nextX, nextY] = at(rest[index + 1] ?? point);
    pen.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  pen.stroke();
}
