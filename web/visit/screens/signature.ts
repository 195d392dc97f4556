// A pad to sign on: strokes as the text of an SVG path in a box of 600 × 200.
import { draft, drafted } from '../draft';
import { say } from '../language';
import { button, element } from '../page';

const svgName = 'http://www.w3.org/2000/svg';
const width = 600;
const height = 200;
const field = 'sign-lines';

export function signaturePad(visit: string): HTMLElement {
  const svg = document.createElementNS(svgName, 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('class', 'pad');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', say('signHere'));
  const path = document.createElementNS(svgName, 'path');
  path.setAttribute('d', drafted(visit, field));
  svg.append(path);
  let lines = drafted(visit, field);
  let isDown = false;
  const point = (event: PointerEvent): string => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    return `${Math.round(Math.min(width, Math.max(0, x)))} ${Math.round(Math.min(height, Math.max(0, y)))}`;
  };
  const add = (letter: 'M' | 'L', event: PointerEvent): void => {
    lines += `${lines ? ' ' : ''}${letter} ${point(event)}`;
    path.setAttribute('d', lines);
  };
  svg.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    isDown = true;
    add('M', event);
    add('L', event);
  });
  svg.addEventListener('pointermove', (event) => isDown && add('L', event));
  for (const end of ['pointerup', 'pointercancel'] as const) {
    svg.addEventListener(end, () => {
      isDown = false;
      draft(visit, field, lines);
    });
  }
  const clear = button(say('clear'), 'small', () => {
    lines = '';
    path.setAttribute('d', '');
    draft(visit, field, '');
  });
  return element('div', { class: 'signing' }, element('p', { class: 'help' }, say('signHere')), svg, clear);
}
