import './address.ts';
import { giveWay } from './chrome.ts';
import { letSkip, nameVisit, offerCopy } from './forms.ts';
import { reportVisit } from './visit.ts';
import './viewer.css';
import './forms.css';
import './room.css';

interface Progress {
  sum: string;
  states: Record<string, string>;
  fresh: string[];
}

const { pageToken } = document.body.dataset;
const asksForPrivacy = (navigator as Navigator & { globalPrivacyControl?: boolean }).globalPrivacyControl;
let visit: string | undefined;

for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-when]'))
  time.textContent = new Date(time.dateTime).toLocaleString(undefined, {
    dateStyle: 'full',
    timeStyle: 'short',
  });

if (pageToken && !asksForPrivacy)
  reportVisit(pageToken, {
    page: null,
    isVideo: false,
    onRefused: giveWay,
    onBegun(visitToken) {
      visit = visitToken;
      nameVisit(visitToken);
      void showProgress();
    },
  });

letSkip();
offerCopy();

// Whoever comes back from an item sees what they have read there.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) void showProgress();
});

async function showProgress(): Promise<void> {
  if (visit === undefined) return;
  const answer = await fetch(`${location.pathname}/progress`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ visitToken: visit }),
  }).catch(() => undefined);
  if (answer?.status !== 200) return;
  const { sum, states, fresh } = (await answer.json()) as Progress;
  const line = document.querySelector('[data-sum]');
  if (line && sum) line.textContent = sum;
  for (const row of document.querySelectorAll<HTMLElement>('[data-item]')) {
    const id = row.dataset.item ?? '';
    const state = row.querySelector('[data-state]');
    if (state) state.textContent = states[id] ? `· ${states[id]}` : '';
    const badge = row.querySelector<HTMLElement>('[data-fresh]');
    if (!badge || !fresh.includes(id)) continue;
    badge.hidden = false;
    badge.textContent = 'New since your last visit';
  }
}
