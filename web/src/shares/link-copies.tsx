import { Button } from '@mantine/core';
import { IconDownload, IconPhoto, IconQrcode } from '@tabler/icons-react';
import { plural } from '../lib/format.ts';
import { pageImagePath } from '../lib/paths.ts';
import { CopyingButton, copyText } from '../ui/copy-button.tsx';
import { PopoverButton } from '../ui/popover-button.tsx';
import type { Shared } from '../ui/sharing.tsx';
import classes from './link-copies.module.css';
import { copyRichLink, qrPath, qrSvg } from './rich-link.ts';

/** Copies title and picture for a mail or a document; where the browser can't, the URL alone. */
export function CopyRichButton({ subject, url }: { subject: Shared; url: string }) {
  const picturePath =
    'roomId' in subject || !subject.hasThumbnail ? null : pageImagePath(subject.versionId, 1, 'thumbnail');
  const copy = () =>
    copyRichLink({ title: subject.title, url, facts: factsOf(subject) }, picturePath).catch(() =>
      copyText(url),
    );
  return (
    <CopyingButton
      icon={<IconPhoto size={16} stroke={1.5} />}
      label={picturePath ? 'Copy with picture' : 'Copy with title'}
      copy={copy}
    />
  );
}

function factsOf(subject: Shared): string {
  if ('roomId' in subject) return plural(subject.itemCount, 'item');
  return subject.kind === 'file' && subject.pageCount > 1 ? plural(subject.pageCount, 'page') : '';
}

/** For a slide or a printed page. */
export function QrButton({ url, name }: { url: string; name: string }) {
  return (
    <PopoverButton
      label="QR code"
      leftSection={<IconQrcode size={16} stroke={1.5} aria-hidden />}
      position="bottom-start"
      width={240}
    >
      {() => <QrCode url={url} name={name} />}
    </PopoverButton>
  );
}

function QrCode({ url, name }: { url: string; name: string }) {
  const { path, size } = qrPath(url);
  const download = () => {
    const address = URL.createObjectURL(new Blob([qrSvg(url)], { type: 'image/svg+xml' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `Share link for ${name}.svg`.replace(/[/\\:*?"<>|]/g, ' ');
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  return (
    <div className={classes.qr}>
      <svg
        viewBox={`0 0 ${size.toString()} ${size.toString()}`}
        role="img"
        aria-label={`QR code of the share link for ${name}`}
        shapeRendering="crispEdges"
      >
        <path d={path} />
      </svg>
      <Button
        size="xs"
        variant="default"
        data-autofocus
        // Escape closes the popover and not the sheet below it.
        data-mantine-stop-propagation="true"
        leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
        onClick={download}
      >
        Download as SVG
      </Button>
    </div>
  );
}
