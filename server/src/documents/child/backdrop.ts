import type { Pixels } from './encode.ts';

const paper = 255;
/** Dark enough for a white logo, and far from black. */
const slate = 60;
const brightFrom = 225;

/** Puts what is transparent on white, as on paper, or on grey when the picture is white itself. */
export function layOnBackdrop({ data }: Pixels): void {
  const backdrop = isBright(data) ? slate : paper;
  for (let index = 0; index < data.length; index += 4) {
    const opacity = data[index + 3] ?? 255;
    if (opacity === 255) continue;
    for (let colour = index; colour < index + 3; colour += 1) {
      data[colour] = Math.round(((data[colour] ?? 0) * opacity + backdrop * (255 - opacity)) / 255);
    }
    data[index + 3] = 255;
  }
}

/** Whether there are holes, and nothing but brightness around them. */
function isBright(data: Buffer): boolean {
  let light = 0;
  let weight = 0;
  let all = 0;
  for (let index = 0; index < data.length; index += 4) {
    const opacity = data[index + 3] ?? 255;
    light += Math.min(data[index] ?? 0, data[index + 1] ?? 0, data[index + 2] ?? 0) * opacity;
    weight += opacity;
    all += 255;
  }
  return weight > 0 && weight < all * 0.98 && light / weight > brightFrom;
}
