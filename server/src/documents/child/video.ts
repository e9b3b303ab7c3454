import {
  ADTS,
  FilePathSource,
  FLAC,
  Input,
  type InputTrack,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  UnsupportedInputFormatError,
  WAVE,
  WEBM,
} from 'mediabunny';
import { FileRefused, type TaskHandler, type VideoFacts } from '../tasks.ts';

/** Without playlists, which name other files to open. */
const formats = [MP4, QTFF, WEBM, MATROSKA, MP3, WAVE, OGG, FLAC, ADTS, MPEG_TS];
/** What the library here can not open, and which may be in order all the same. */
const foreign = /avi|x-ms|wmv|asf|flv|mpeg$|mp2p|mp1s|mxf|realmedia|midi|amr|aiff|x-caf|3gpp|quicktime/;
const longestMs = 2 ** 31 - 1;

/** Facts of a video or a sound file, from its tables; the pictures in it are not decoded. */
export const readVideo: TaskHandler<'read-video'> = async ({ mediaType }, { inputPath }) => {
  const source = new FilePathSource(inputPath, { handleUnhandledError: () => undefined });
  const input = new Input({ source, formats });
  try {
    return await readFacts(input);
  } catch (error) {
    if (error instanceof FileRefused) throw error;
    if (error instanceof UnsupportedInputFormatError && foreign.test(mediaType)) return unknownFacts;
    throw new FileRefused('damaged', `The recording can not be read: ${messageOf(error)}`);
  } finally {
    input.dispose();
  }
};

const unknownFacts: VideoFacts = {
  durationMs: null,
  width: null,
  height: null,
  hasAudio: false,
  codecs: [],
  isPlayable: false,
};

async function readFacts(input: Input): Promise<VideoFacts> {
  const format = (await input.getFormat()).mimeType;
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  if (!video && !audio) throw new FileRefused('damaged', 'The recording holds neither pictures nor sound.');
  const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
  const videoCodec = video && (await video.getCodec());
  const audioCodec = audio && (await audio.getCodec());
  return {
    durationMs: bounded(seconds * 1000, longestMs),
    width: video && bounded(await video.getDisplayWidth(), 65_535),
    height: video && bounded(await video.getDisplayHeight(), 65_535),
    hasAudio: audio !== null,
    codecs: await Promise.all([video, audio].filter((track) => track !== null).map(nameCodec)),
    isPlayable:
      (!video || (isPlayed(videoCodec, playedVideo[format]) && (await isCommonProfile(video)))) &&
      (!audio || isPlayed(audioCodec, playedAudio[format])),
  };
}

/** What Chromium, Firefox and Safari all play, by the container. */
const playedVideo: Record<string, string[]> = {
  'video/mp4': ['avc', 'vp9', 'av1'],
  // With these codecs a QuickTime file is an MP4 file in all but name.
  'video/quicktime': ['avc'],
  'video/webm': ['vp8', 'vp9', 'av1'],
};
const playedAudio: Record<string, string[]> = {
  'video/mp4': ['aac', 'mp3', 'opus', 'flac'],
  'video/quicktime': ['aac', 'mp3'],
  'video/webm': ['opus', 'vorbis'],
  'audio/mpeg': ['mp3'],
  'audio/wav': ['pcm-s16', 'pcm-u8', 'pcm-s24', 'pcm-f32'],
  'application/ogg': ['opus', 'vorbis'],
  'audio/flac': ['flac'],
  'audio/aac': ['aac'],
};

function isPlayed(codec: string | null, played: string[] = []): boolean {
  return codec !== null && played.includes(codec);
}

/** Cameras and editors write H.264 in more colours than browsers decode. */
async function isCommonProfile(track: InputTrack): Promise<boolean> {
  const codec = await track.getCodecParameterString().catch(() => null);
  return !codec?.startsWith('avc') || /^avc[13]\.(42|4d|58|64)/i.test(codec);
}

async function nameCodec(track: InputTrack): Promise<string> {
  const codec = (await track.getCodec()) ?? (await track.getInternalCodecId());
  return (
    String(codec ?? 'unknown')
      .replace(/[^\w .-]/g, '')
      .slice(0, 40) || 'unknown'
  );
}

function bounded(value: number, largest: number): number | null {
  const rounded = Math.round(value);
  return rounded > 0 && rounded <= largest ? rounded : null;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
