// A photo of the camera made small enough for a country line: first a smaller picture, then a coarser one.
import { element } from './page';

const sides = [1600, 1280, 1024, 800, 640, 480, 320];
const qualities = [0.82, 0.7, 0.55];

export async function smallPhoto(file: Blob, mostBytes: number): Promise<ArrayBuffer> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  let least: Blob | null = null;
  for (const side of sides) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = element('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of qualities) {
      least = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
      if (least && least.size <= mostBytes) break;
    }
    // The memory of a large canvas is given back at once.
    canvas.width = canvas.height = 0;
    if (least && least.size <= mostBytes) break;
  }
  picture.close();
  if (!least) throw new Error('no picture');
  return least.arrayBuffer();
}
