import { createFlow } from './ooxml-flow.ts';
import { readXml } from './xml.ts';
import type { OfficePackage } from './zip.ts';

/** The words of a chart (titles, series, categories) or of SmartArt, each once. */
export async function readDrawingText(pack: OfficePackage, part: string): Promise<string[]> {
  const flow = createFlow();
  const labels: string[] = [];
  let cache = '';
  let value: string | undefined;
  await readXml(pack.read(part), {
    open(name, attributes) {
      if (name === 'strCache' || name === 'numCache') cache = name;
      // Numbers are what the axes measure; only words can be searched for.
      if (name === 'v' && cache === 'strCache') value = '';
      flow.open(name, attributes);
    },
    close(name) {
      if (name === cache) cache = '';
      if (name === 'v' && value !== undefined) {
        labels.push(value.trim());
        value = undefined;
      }
      flow.close(name);
    },
    text(text) {
      if (value !== undefined) value += text;
      flow.text(text);
    },
  });
  return [...new Set([...flow.takeLines(), ...labels])].filter((line) => line !== '');
}
