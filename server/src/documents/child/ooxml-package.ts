import { posix } from 'node:path';
import { attribute, readXml } from './xml.ts';
import type { OfficePackage } from './zip.ts';

export interface Relation {
  id: string;
  /** The last word of its address, such as `slide` or `notesSlide`; the rest differs between editions of the format. */
  type: string;
  /** Name of the part it leads to. */
  part: string;
}

/** Where the parts of a package lead to within it. What leads out of it is left out, because nothing follows it. */
export async function readRelations(pack: OfficePackage, part: string): Promise<Relation[]> {
  const { dir, base } = posix.parse(part);
  const relations: Relation[] = [];
  await readXml(pack.read(posix.join(dir, '_rels', `${base}.rels`)), {
    open(name, attributes) {
      if (name !== 'Relationship' || attribute(attributes, 'TargetMode') === 'External') return;
      const target = attribute(attributes, 'Target') ?? '';
      relations.push({
        id: attribute(attributes, 'Id') ?? '',
        type: posix.basename(attribute(attributes, 'Type') ?? ''),
        part: target.startsWith('/') ? target.slice(1) : posix.join(dir, target),
      });
    },
  });
  return relations;
}

/** The part that the package is about; undefined when it is no package of Office. */
export async function findMainPart(pack: OfficePackage): Promise<string | undefined> {
  const relations = await readRelations(pack, '');
  return relations.find((relation) => relation.type === 'officeDocument' && pack.has(relation.part))?.part;
}
