// The code at the door, read by the camera where the browser can; else it is typed.
import { say } from '../language';
import { button, element, notice } from '../page';

type Detector = { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> };
type Maker = new (options: { formats: string[] }) => Detector;
const lookEveryMs = 250;

export function canScan(): boolean {
  return 'BarcodeDetector' in window && 'mediaDevices' in navigator;
}

/** Shows the camera in a dialog until a code was read or the person gives up. */
export async function scan(take: (code: string) => void): Promise<void> {
  const video = element('video', { playsinline: '', muted: '' });
  const dialog = element('dialog', { 'aria-label': say('scan') }, element('p', {}, say('scanning')), video);
  let stream: MediaStream | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    clearInterval(timer);
    stream?.getTracks().forEach((each) => each.stop());
    dialog.remove();
  };
  dialog.append(button(say('cancel'), 'wide', stop));
  dialog.addEventListener('cancel', stop);
  document.body.append(dialog);
  dialog.showModal();
  try {
    const detector = new (window as unknown as { BarcodeDetector: Maker }).BarcodeDetector({ formats: ['qr_code'] });
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    video.srcObject = stream;
    await video.play();
    timer = setInterval(() => void detector.detect(video).then(([found]) => {
      if (!found) return;
      take(found.rawValue);
      stop();
    }).catch(() => undefined), lookEveryMs);
  } catch {
    stop();
    notice(say('scanFailed'), 'bad');
  }
}
