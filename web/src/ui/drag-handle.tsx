import { IconGripVertical } from '@tabler/icons-react';
import classes from './drag-handle.module.css';
import type { HandleProps } from './use-reordering.ts';

interface DragHandleProps extends HandleProps {
  /** Of what it moves. */
  name: string;
  className?: string | undefined;
}

/** What a row is moved by. */
export function DragHandle({ name, className = '', ...handle }: DragHandleProps) {
  return (
    <button
      type="button"
      className={`${classes.handle} ${className}`}
      aria-label={`Move ${name}: arrow keys, or drag`}
      {...handle}
    >
      <IconGripVertical size={16} stroke={1.5} aria-hidden />
    </button>
  );
}
