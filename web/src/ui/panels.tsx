import { ActionIcon, Drawer, Tooltip } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconPin, IconPinnedOff, IconX } from '@tabler/icons-react';
import { createContext, type ReactNode, useContext, useEffect, useId } from 'react';
import { createPortal } from 'react-dom';
import { useShortcut } from '../lib/shortcuts.ts';
import classes from './panels.module.css';

interface PanelProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Stays in sight below the scrolling part; the one thing to do goes here. */
  footer?: ReactNode;
}

/** A form or a step that takes over for a moment: from the side, on a phone from the bottom. */
export function Sheet({
  isOpen,
  onClose,
  title,
  children,
  footer,
  size = 480,
}: PanelProps & { size?: number }) {
  const isPhone = useMediaQuery('(width < 640px)', false, { getInitialValueInEffect: false });
  useFocusReturn(isOpen);
  return (
    <Drawer
      returnFocus={false}
      opened={isOpen}
      onClose={onClose}
      title={title}
      position={isPhone ? 'bottom' : 'right'}
      size={isPhone ? 'auto' : size}
      padding={0}
      classNames={{ content: classes.sheet, header: classes.sheetHeader, body: classes.sheetBody }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
      <div className={classes.scroll} tabIndex={0}>
        {children}
      </div>
      {footer && <div className={classes.footer}>{footer}</div>}
    </Drawer>
  );
}

/** Whoever closes a sheet goes on where they were, also from one that was open as soon as it was there. */
function useFocusReturn(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    const before = document.activeElement;
    return () => {
      requestAnimationFrame(() => {
        const active = document.activeElement;
        const hasMovedOn = active !== null && active !== document.body && !active.closest('[role="dialog"]');
        if (before instanceof HTMLElement && !hasMovedOn) before.focus({ preventScroll: true });
      });
    };
  }, [isOpen]);
}

/** Where the frame lets a detail panel stand beside the page; null where there is no room for it. */
export const PanelSlot = createContext<HTMLElement | null>(null);

/**
 * Detail of something in the page, beside it: pinned it takes a column of its own, unpinned it floats
 * above the right edge, and where the window is narrow it is a sheet.
 */
export function DetailPanel({ isOpen, onClose, title, children, footer }: PanelProps) {
  const slot = useContext(PanelSlot);
  const isWide = useMediaQuery('(width >= 1180px)', true, { getInitialValueInEffect: false });
  const [isPinned, setIsPinned] = useLocalStorage({
    key: 'offshelf-panel-is-pinned',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const headingId = useId();
  useShortcut('Escape', 'Close the panel', onClose, { isOn: isOpen && isWide });
  useEffect(() => {
    if (!slot) return;
    slot.dataset.state = isOpen && isWide ? (isPinned ? 'pinned' : 'floating') : 'closed';
    return () => {
      slot.dataset.state = 'closed';
    };
  }, [slot, isOpen, isWide, isPinned]);

  if (!isWide || !slot)
    return (
      <Sheet isOpen={isOpen} onClose={onClose} title={title} footer={footer} size={520}>
        {children}
      </Sheet>
    );
  if (!isOpen) return null;
  const pinLabel = isPinned ? 'Let it float' : 'Pin beside the page';
  return createPortal(
    <aside className={classes.panel} aria-labelledby={headingId}>
      <header className={classes.panelHeader}>
        <h2 id={headingId} className={classes.panelTitle}>
          {title}
        </h2>
        <Tooltip label={pinLabel}>
          <ActionIcon
            aria-label={pinLabel}
            aria-pressed={isPinned}
            onClick={() => setIsPinned((was) => !was)}
          >
            {isPinned ? <IconPinnedOff size={18} stroke={1.5} /> : <IconPin size={18} stroke={1.5} />}
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Close (Esc)">
          <ActionIcon aria-label="Close" onClick={onClose}>
            <IconX size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
      <div className={classes.scroll} tabIndex={0}>
        {children}
      </div>
      {footer && <div className={classes.footer}>{footer}</div>}
    </aside>,
    slot,
  );
}
