// The few icons of the app, from the same set as the rest of the product; decorative, for words always stand beside them.
import alert from 'bootstrap-icons/icons/exclamation-triangle.svg';
import back from 'bootstrap-icons/icons/chevron-left.svg';
import camera from 'bootstrap-icons/icons/camera.svg';
import check from 'bootstrap-icons/icons/check-lg.svg';
import list from 'bootstrap-icons/icons/list.svg';
import map from 'bootstrap-icons/icons/map.svg';
import next from 'bootstrap-icons/icons/chevron-right.svg';
import pencil from 'bootstrap-icons/icons/pencil.svg';
import phone from 'bootstrap-icons/icons/telephone-fill.svg';
import pin from 'bootstrap-icons/icons/geo-alt-fill.svg';
import scan from 'bootstrap-icons/icons/qr-code-scan.svg';
import sync from 'bootstrap-icons/icons/arrow-repeat.svg';

const drawings = { alert, back, camera, check, list, map, next, pencil, phone, pin, scan, sync };
export type IconName = keyof typeof drawings;

export function icon(name: IconName): SVGElement {
  const drawn = new DOMParser().parseFromString(drawings[name], 'image/svg+xml').documentElement as unknown as SVGElement;
  drawn.setAttribute('class', 'icon');
  drawn.setAttribute('aria-hidden', 'true');
  return document.importNode(drawn, true);
}
