import { IconLock } from '@tabler/icons-react';
import { formatBytes, formatDay, formatFileType, initials, plural } from '../lib/format.ts';
import { isAtWork } from '../lib/live.ts';
import type { Shared, SharedAsset } from '../ui/sharing.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import classes from './prospect-view.module.css';
import { allRecipients, expiresAt, type ShareForm, startOfDay } from './share-form.ts';

interface ProspectViewProps {
  subject: Shared;
  senderName: string;
  values: ShareForm;
  isUndone: boolean;
}

/** The share page in small, as it will be for this recipient with this policy. */
export function ProspectView({ subject, senderName, values, isUndone }: ProspectViewProps) {
  const end = expiresAt(values, new Date());
  const firstName = senderName.split(' ')[0] ?? senderName;
  const [first, ...others] = allRecipients(values);
  const asset = 'roomId' in subject ? undefined : subject;
  return (
    <section className={classes.view} aria-label="What they will see">
      <h3 className={classes.heading}>What they will see</h3>
      <div className={classes.page} data-undone={isUndone || undefined}>
        {isUndone ? (
          <p className={classes.gate}>
            <strong>There is nothing at this address</strong>
            <span className="quiet">Whoever has it already asks you for a new one.</span>
          </p>
        ) : (
          <>
            {askedFirst(values).map((words) => (
              <p key={words} className={classes.lock}>
                <IconLock size={15} stroke={1.5} aria-hidden /> {words}
              </p>
            ))}
            <p className={classes.from}>
              <span className={classes.seal} aria-hidden="true">
                {initials(senderName)}
              </span>
              <span>
                <b>{senderName}</b> shared this with <b>{first?.name ?? 'your recipient'}</b>
              </span>
            </p>
            {values.message.trim() && <p className={classes.message}>{values.message.trim()}</p>}
            <p className={classes.title}>{subject.title}</p>
            <p className={classes.notice}>
              {senderName} can see when this page is opened,{' '}
              {!asset || hasPages(asset) ? 'which pages are read and for how long' : 'for how long'}, on what
              kind of device, and whether it is downloaded. <u>View it privately</u>
            </p>
            {values.gate === 'ask' && (
              <p className={classes.question}>
                Who is reading? <span>Your name</span> <u>Skip</u>
              </p>
            )}
            {asset ? (
              <Content
                asset={asset}
                values={values}
                askWhom={firstName}
                readBy={first?.email || first?.name}
              />
            ) : (
              'roomId' in subject && (
                <p className={classes.contentWords}>{plural(subject.itemCount, 'item')}, in your order</p>
              )
            )}
          </>
        )}
      </div>
      {!isUndone && (
        <p className={classes.foot}>
          {[
            ...(values.startDay
              ? [`Until ${formatDay(startOfDay(values.startDay))} it says when it opens.`]
              : []),
            ...(end ? [`After ${formatDay(end)} it says that it has expired.`] : []),
            ...(others.length > 0
              ? [
                  others.length === 1
                    ? 'The other one gets a page of their own.'
                    : `The other ${others.length.toString()} get a page of their own.`,
                ]
              : []),
          ].join(' ')}
        </p>
      )}
    </section>
  );
}

const shownInPage =
  /^(image\/(png|jpeg|webp|gif|avif)|video\/(mp4|webm)|audio\/(mpeg|mp4|ogg)|text\/(plain|markdown))$/;

interface ContentProps {
  asset: SharedAsset;
  values: ShareForm;
  askWhom: string;
  readBy: string | undefined;
}

function Content({ asset, values: { allowsDownload, hasWatermark }, askWhom, readBy }: ContentProps) {
  const isWebLink = asset.kind === 'web_link';
  const isShown = hasPages(asset) || shownInPage.test(asset.mediaType);
  const size = asset.sizeBytes === null ? '' : `, ${formatBytes(asset.sizeBytes)}`;
  const fileWords = `${formatFileType(asset.mediaType, asset.fileName)}${size}`;
  return (
    <div className={classes.content}>
      <div className={classes.cover}>
        <Thumbnail asset={asset} size="cover" />
        {hasWatermark && (
          <span className={classes.watermark} aria-hidden="true">
            {`${readBy ?? 'their address'}   `.repeat(12)}
          </span>
        )}
      </div>
      <div className={classes.contentFoot}>
        <span className={classes.contentWords}>
          {isWebLink ? 'A web page, opened in a tab of its own' : isShown ? shownWords(asset) : fileWords}
          {!isShown && !isWebLink && !allowsDownload && (
            <span className={classes.warning}>
              {isAtWork(asset)
                ? 'Its pages are being rendered. Until they are, and with downloads off, they will see nothing but this.'
                : `It cannot be shown in the page, and downloads are off: they will see nothing but this, and have to ask ${askWhom} for a copy.`}
            </span>
          )}
        </span>
        {!isWebLink && allowsDownload && <span className={classes.button}>Download</span>}
      </div>
    </div>
  );
}

/** What stands between the link and the content. */
function askedFirst({ passcode, gate, allowed }: ShareForm): string[] {
  const only = allowed.length > 0 ? ' Only those that you allow are let in.' : '';
  return [
    ...(passcode.trim() ? ['First they are asked for the passcode.'] : []),
    ...(gate === 'required' ? [`They type their e-mail address before they read.${only}`] : []),
    ...(gate === 'verified' ? [`They type their address and the code that is mailed to it.${only}`] : []),
  ];
}

/** Whether the share page shows it as pages to be read. */
function hasPages({ kind, mediaType, renditionState, hasThumbnail }: SharedAsset): boolean {
  return (
    kind === 'file' && renditionState === 'done' && hasThumbnail && !/^(image|video|audio)\//.test(mediaType)
  );
}

function shownWords({ pageCount, mediaType }: SharedAsset): string {
  if (pageCount > 1 && !/^(image|video|audio)\//.test(mediaType))
    return `${plural(pageCount, 'page')}, read in the page without downloading`;
  return 'Shown in the page';
}
