// Photos are made small in the browser before they go out over a country line.
import { element, first, matching } from './dom';
import { say } from './words';

const maxSide = 1600;
const quality = 0.82;

export function setUpPhotos(root: Element): void {
  for (const field of matching<HTMLElement>(root, '.js-photo')) {
    const input = field.querySelector<HTMLInputElement>('input[type=file]');
    if (input && first(field, 'photo')) input.addEventListener('change', () => void shrinkAll(field, input));
  }
}

async function shrinkAll(field: HTMLElement, input: HTMLInputElement): Promise<void> {
  const small = await Promise.all(Array.from(input.files ?? [], shrink));
  const carrier = new DataTransfer();
  for (const file of small) carrier.items.add(file);
  input.files = carrier.files;
  preview(field, small);
}

async function shrink(file: File): Promise<File> {
  if (!file.type.startsWith('image/')) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, maxSide / Math.max(picture.width, picture.height));
    const canvas = element('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (!blob || (scale === 1 && blob.size >= file.size)) return file;
    return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg', lastModified: file.lastModified });
  } catch {
    // A format the browser cannot read goes out as it is; the server decides.
    return file;
  }
}

function preview(field: HTMLElement, files: File[]): void {
  field.querySelector('.photo-list')?.remove();
  const list = element('ul', { class: 'photo-list' });
  for (const file of files) {
    const address = URL.createObjectURL(file);
    const picture = element('img', { src: address, alt: file.name });
    picture.addEventListener('load', () => URL.revokeObjectURL(address), { once: true });
    list.append(element('li', {}, picture, element('small', {}, say('photoSize', { size: Math.ceil(file.size / 1024) }))));
  }
  if (files.length > 0) field.append(list);
}
