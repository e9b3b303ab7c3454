import { closeContents, fadeWhileReading, offerToResume } from './chrome.ts';
import { showPages } from './pages.ts';
import { followPreparation } from './preparing.ts';
import { reportVisit } from './visit.ts';
import './viewer.css';
import './pages.css';

const { pageToken, page, kind } = document.body.dataset;
const asksForPrivacy = (navigator as Navigator & { globalPrivacyControl?: boolean }).globalPrivacyControl;
const visit =
  pageToken && !asksForPrivacy
    ? reportVisit(pageToken, { page: page ? Number(page) : null, isVideo: kind === 'video' })
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
}
