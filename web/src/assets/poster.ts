import { uploadPoster } from '@offshelf/server/contract/rendering';
import { uploadWithProgress } from '../lib/api.ts';

const giveUpAfterMs = 20_000;
const widest = 1600;

/**
 * A frame of a video as this browser shows it, for where the server can't look into videos: a tenth in, where titles
 * are over. Undefined when the browser can't decode it.
 */
export async function capturePoster(file: File): Promise<File | undefined> {
  if (!file.type.startsWith('video/')) return undefined;
  const url = URL.createObjectURL(file);
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.preload = 'auto';
    video.src = url;
    await happens(video, 'loadeddata');
    const { duration } = video;
    const at = Number.isFinite(duration) ? Math.min(Math.max(1, duration / 10), duration / 2) : 0;
    if (at > 0) {
      const seeked = happens(video, 'seeked');
      video.currentTime = at;
      await seeked;
    }
    return await pictureOf(video);
  } catch {
    return undefined;
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}

function happens(video: HTMLVideoElement, event: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The video does not load.')), giveUpAfterMs);
    const settle = (end: () => void) => () => {
      clearTimeout(timer);
      end();
    };
    video.addEventListener(event, settle(resolve), { once: true });
    video.addEventListener(
      'error',
      settle(() => reject(new Error('The video cannot be decoded.'))),
      { once: true },
    );
  });
}

async function pictureOf(video: HTMLVideoElement): Promise<File | undefined> {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return undefined;
  const scale = Math.min(1, widest / videoWidth);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.86));
  return blob ? new File([blob], 'poster.jpg', { type: 'image/jpeg' }) : undefined;
}

/** Sends the frame after its video; a video without a picture is still a video, so a fault is not told. */
export async function sendPoster(poster: Promise<File | undefined>, uploadTicket: string): Promise<void> {
  const file = await poster;
  if (file) await uploadWithProgress(uploadPoster, { file, query: { uploadTicket } }).catch(() => undefined);
}
