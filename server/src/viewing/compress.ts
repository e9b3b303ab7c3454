import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

export async function compress(text: string, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') return brotliAsync(text, brotliOptions);
  if (encoding === 'gzip') return gzipAsync(text);
  return Buffer.from(text);
}

const remembered = new Map<string, Encoding>();
const mostRemembered = 200;

/** The smallest of ours that the header `Accept-Encoding` takes. */
export function acceptedEncoding(header: string | string[] | undefined): Encoding {
  const text = String(header ?? '');
  const known = remembered.get(text);
  if (known) return known;
  const found = chooseEncoding(text);
  if (remembered.size >= mostRemembered) remembered.clear();
  if (text.length < 200) remembered.set(text, found);
  return found;
}

function chooseEncoding(header: string): Encoding {
  const weights = new Map(
    header
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
        const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
        return [name, Number(weight)];
      }),
  );
  const takes = (name: string) => (weights.get(name) ?? weights.get('*') ?? 0) > 0;
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : 'identity';
}
