import { Button, type ButtonProps } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { notifyProblem } from './notify.tsx';

interface CopyButtonProps extends ButtonProps {
  /** The text, or what fetches it at the moment of the click. */
  value: string | (() => Promise<string>);
  label: string;
  onCopied?: () => void;
}

/** Copies and says so on itself. */
export function CopyButton({ value, onCopied, ...props }: CopyButtonProps) {
  const copy = async () => {
    await copyText(value);
    onCopied?.();
  };
  return <CopyingButton icon={<IconCopy size={16} stroke={1.5} />} copy={copy} {...props} />;
}

interface CopyingButtonProps extends ButtonProps {
  label: string;
  icon: ReactNode;
  copy: () => Promise<void>;
}

/** The same for what is more than a text. */
export function CopyingButton({ label, icon, copy, ...props }: CopyingButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const run = async () => {
    try {
      await copy();
      setIsCopied(true);
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={isCopied ? <IconCheck size={16} stroke={1.5} /> : icon}
      {...props}
      onClick={() => void run()}
    >
      <span aria-live="polite">{isCopied ? 'Copied' : label}</span>
    </Button>
  );
}

/** Safari allows a copy after a wait only when the promise itself is handed over; plain http has no clipboard at all. */
export async function copyText(value: string | (() => Promise<string>)): Promise<void> {
  const text = typeof value === 'string' ? Promise.resolve(value) : value();
  if (navigator.clipboard && 'ClipboardItem' in window) {
    const blob = text.then((content) => new Blob([content], { type: 'text/plain' }));
    return navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
  }
  const area = document.createElement('textarea');
  area.value = await text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('The browser did not copy.');
}
