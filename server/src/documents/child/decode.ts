/** Bytes of a text file as text, whatever program wrote them: UTF-8, UTF-16, or the old Western code page. */
export function decodeText(bytes: Uint8Array): string {
  return tidy(decode(bytes));
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(guessWide(bytes) ?? 'windows-1252').decode(bytes);
  }
}

/** UTF-16 without a mark: in Western text every other byte is zero. */
function guessWide(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 2000);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length * 0.2 && even < sample.length * 0.02) return 'utf-16le';
  if (even > sample.length * 0.2 && odd < sample.length * 0.02) return 'utf-16be';
  return undefined;
}

/** The database holds no zero characters, and line ends are told apart by nobody. */
function tidy(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '').toWellFormed();
}
