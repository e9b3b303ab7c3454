import { nothingWatched, toSeconds, watch } from './watched.ts';

interface Kept {
  at: number;
  ranges: [number, number][];
}

/** Draws below a video or sound which parts this browser has played, and offers to go on where it was. */
export function showPlayed(media: HTMLMediaElement, isKept: boolean): void {
  const watched = nothingWatched();
  const key = `played:${location.pathname}`;
  const kept = isKept ? recall(key) : undefined;
  if (kept) watched.ranges = kept.ranges;

  const note = document.createElement('p');
  note.className = 'meta played';
  note.hidden = true;
  note.innerHTML = '<svg preserveAspectRatio="none" role="img"></svg><span></span>';
  (media.closest('.stage') ?? media).after(note);
  const [bar, words] = [note.querySelector('svg'), note.querySelector('span')];
  if (!bar || !words) return;

  if (kept && kept.at > 5) {
    const button = document.createElement('button');
    button.className = 'link';
    button.textContent = `Continue at ${clock(kept.at)}`;
    button.addEventListener('click', () => {
      media.currentTime = kept.at;
      void media.play();
      button.remove();
    });
    note.append(button);
    note.hidden = false;
  }

  function draw(): void {
    const { duration } = media;
    const ranges = toSeconds(watched).toSorted(([a], [b]) => a - b);
    if (!bar || !words || !(duration > 0) || ranges.length === 0) return;
    note.hidden = false;
    bar.setAttribute('viewBox', `0 0 ${duration} 1`);
    bar.innerHTML = ranges
      .map(([from, to]) => `<rect x="${from}" width="${to - from}" height="1"></rect>`)
      .join('');
    const names = ranges.slice(0, 4).map(([from, to]) => `${clock(from)} to ${clock(to)}`);
    words.textContent = `Played: ${names.join(', ')}${ranges.length > 4 ? ' and more' : ''}`;
    bar.ariaLabel = words.textContent;
  }

  function follow(): void {
    if (!watch(watched, media.currentTime, !media.paused && !media.seeking)) return;
    draw();
    try {
      const told: Kept = { at: media.ended ? 0 : media.currentTime, ranges: toSeconds(watched) };
      if (isKept) localStorage.setItem(key, JSON.stringify(told));
    } catch {
      // A browser that keeps nothing begins anew.
    }
  }

  for (const name of ['timeupdate', 'pause', 'seeking', 'ended']) media.addEventListener(name, follow);
  media.addEventListener('loadedmetadata', draw);
  bar.addEventListener('click', ({ offsetX }) => {
    media.currentTime = (offsetX / bar.clientWidth) * media.duration;
  });
  draw();
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function recall(key: string): Kept | undefined {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null) ?? undefined;
  } catch {
    return undefined;
  }
}
