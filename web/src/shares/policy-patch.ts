import type { PolicyPatch, ShareLink } from './api.ts';
import { dayOf, type PolicyForm, toPolicy } from './share-form.ts';

/** A policy as it is, in the shape in which it is changed. */
export function toForm(link: ShareLink): PolicyForm {
  return {
    gate: link.gate,
    hasWatermark: link.hasWatermark,
    allowsDownload: link.allowsDownload,
    expiry: link.expiresAt ? 'day' : 'never',
    expiryDay: link.expiresAt ? dayOf(link.expiresAt) : '',
    startDay: link.startsAt ? dayOf(link.startsAt) : '',
    passcode: '',
    allowed: [...link.allowedDomains, ...link.allowedEmails],
    isPinned: link.pinnedVersion !== null,
    maxVisitors: link.maxVisitors?.toString() ?? '',
  };
}

/** Only what was changed, so that nothing is set back that somebody else has changed meanwhile. */
export function patchOf(before: PolicyForm, after: PolicyForm, now: Date): PolicyPatch {
  const policy = toPolicy(after, now);
  const isOther = (...keys: (keyof PolicyForm)[]) =>
    keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return {
    ...(isOther('gate') && { gate: policy.gate }),
    ...(isOther('hasWatermark') && { hasWatermark: policy.hasWatermark }),
    ...(isOther('allowsDownload') && { allowsDownload: policy.allowsDownload }),
    ...(isOther('isPinned') && { isPinned: policy.isPinned }),
    ...(isOther('maxVisitors') && { maxVisitors: policy.maxVisitors }),
    ...(isOther('startDay') && { startsAt: policy.startsAt }),
    ...(isOther('expiry', 'expiryDay') && { expiresAt: policy.expiresAt }),
    ...(isOther('allowed') && {
      allowedDomains: policy.allowedDomains,
      allowedEmails: policy.allowedEmails,
    }),
    ...(policy.passcode !== null && { passcode: policy.passcode }),
  };
}
