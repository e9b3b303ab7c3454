import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { expect, test } from 'vitest';
import { readVideo } from './video.ts';

async function readBytes(bytes: Uint8Array, mediaType = 'video/mp4') {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-video-'));
  try {
    const inputPath = join(folder, 'input');
    await writeFile(inputPath, bytes);
    return await readVideo({ mediaType }, { inputPath, folder, emit: async () => {} });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What an encoder says of itself, for H.264 at 320 × 240. */
const descriptions: Record<string, string> = {
  'avc1.42c00d': '0142c00dffe100186742c00dd90141fb011000000300100000030320f142a48001000568cb83cb20',
  'avc1.64000d':
    '0164000dffe100196764000dacd94141fb011000000300100000030320f142996001000668ebe3cb22c0fdf8f800',
  'avc1.7a000d':
    '017a000dffe10019677a000dbcd94141fb011000000300100000030320f142996001000668ebe3cb22c0fef8f800',
};

/** Two seconds of frames that hold nothing; only tables are read. */
async function makeVideo(
  format: Mp4OutputFormat | MovOutputFormat | WebMOutputFormat,
  codec: 'avc' | 'vp8',
  codecString: string,
): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source);
  await output.start();
  const description = Buffer.from(descriptions[codecString] ?? '', 'hex');
  const decoderConfig = {
    codec: codecString,
    codedWidth: 320,
    codedHeight: 240,
    ...(codec === 'avc' ? { description } : {}),
  };
  for (let frame = 0; frame < 20; frame += 1)
    await source.add(new EncodedPacket(new Uint8Array(50), frame === 0 ? 'key' : 'delta', frame / 10, 0.1), {
      decoderConfig,
    });
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}

const facts = { durationMs: 2000, width: 320, height: 240, hasAudio: false };

test.each([
  ['MP4', new Mp4OutputFormat(), 'avc', 'avc1.42c00d', true],
  ['MP4 in colours of cameras', new Mp4OutputFormat(), 'avc', 'avc1.7a000d', false],
  ['QuickTime', new MovOutputFormat(), 'avc', 'avc1.64000d', true],
  ['WebM', new WebMOutputFormat(), 'vp8', 'vp8', true],
] as const)('%s is measured without being decoded', async (_name, format, codec, string, isPlayable) => {
  const found = await readBytes(await makeVideo(format, codec, string));
  expect(found).toEqual({ ...facts, codecs: [codec], isPlayable });
});

test('a sound file has a length and no size', async () => {
  const wav = Buffer.alloc(44 + 16_000);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8000, 24);
  wav.writeUInt32LE(16_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(16_000, 40);
  expect(await readBytes(wav, 'audio/wav')).toEqual({
    durationMs: 1000,
    width: null,
    height: null,
    hasAudio: true,
    codecs: ['pcm-s16'],
    isPlayable: true,
  });
});

test('what is cut off or is no recording is refused', async () => {
  const video = await makeVideo(new Mp4OutputFormat(), 'avc', 'avc1.42c00d');
  for (const bytes of [video.subarray(0, 40), Buffer.alloc(5000, 'x'), Buffer.from('ftyp')])
    await expect(readBytes(bytes)).rejects.toMatchObject({ reason: 'damaged' });
});

test('a playlist opens nothing', async () => {
  const playlist = Buffer.from('#EXTM3U\n#EXTINF:2,\n/etc/passwd\n');
  await expect(readBytes(playlist)).rejects.toMatchObject({ reason: 'damaged' });
});

test('a kind of video that is not read here is no fault of the file', async () => {
  expect(await readBytes(Buffer.from('RIFF\0\0\0\0AVI LIST'), 'video/vnd.avi')).toMatchObject({
    durationMs: null,
    isPlayable: false,
  });
});
