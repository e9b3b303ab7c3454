import { Tooltip, type TooltipProps } from '@mantine/core';
import { cloneElement, type PointerEvent, type ReactElement, useEffect, useRef, useState } from 'react';

interface Pointed {
  onPointerEnter?: (event: PointerEvent<HTMLElement>) => void;
  onPointerLeave?: () => void;
}

interface HintProps extends Pick<TooltipProps, 'label' | 'multiline' | 'maw'> {
  children: ReactElement<Pointed>;
  delayMs?: number;
}

/**
 * A tooltip that is made only when a pointer rests on what it explains: a list has a place for one in every line, and
 * at most one of them shows.
 */
export function Hint({ children, delayMs = 350, ...tooltip }: HintProps) {
  const [target, setTarget] = useState<HTMLElement>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const pointed: Pointed = {
    onPointerEnter: ({ currentTarget, pointerType }) => {
      if (pointerType === 'touch') return;
      timer.current = setTimeout(() => setTarget(currentTarget), delayMs);
    },
    onPointerLeave: () => {
      clearTimeout(timer.current);
      setTarget(undefined);
    },
  };
  return (
    <>
      {cloneElement(children, pointed)}
      {target && <Tooltip {...tooltip} target={target} defaultOpened />}
    </>
  );
}
