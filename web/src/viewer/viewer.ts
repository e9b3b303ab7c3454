import './address.ts';
import { closeContents, fadeWhileReading, giveWay, offerToResume } from './chrome.ts';
import { letSkip, nameVisit } from './forms.ts';
import { showPages } from './pages.ts';
import { showPlayed } from './playing.ts';
import { followPreparation } from './preparing.ts';
import { offerTools } from './tools.ts';
import { reportVisit } from './visit.ts';
import './viewer.css';
import './forms.css';
import './prose.css';
import './pages.css';

const { pageToken, page, kind } = document.body.dataset;
const asksForPrivacy = (navigator as Navigator & { globalPrivacyControl?: boolean }).globalPrivacyControl;
const visit =
  pageToken && !asksForPrivacy
    ? reportVisit(pageToken, {
        page: page ? Number(page) : null,
        isVideo: kind === 'video',
        onBegun: nameVisit,
        onRefused: giveWay,
      })
    : undefined;

if (kind === 'pages' || document.querySelector('[data-wait]')) {
  // In private view nothing stays behind, not even on this device.
  const place = pageToken ? offerToResume() : undefined;
  const pages = showPages((number) => {
    visit?.seePage(number);
    place?.keep(number);
  });
  followPreparation(() => {
    pages.refresh();
    if (document.querySelector('main.image, main.text')) visit?.seePage(1);
    visit?.renew();
  });
  fadeWhileReading();
  closeContents();
  if (kind === 'pages') offerTools();
}
const media = document.querySelector<HTMLMediaElement>('video, audio');
if (media) showPlayed(media, visit !== undefined);
letSkip();
