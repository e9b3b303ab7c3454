import type { MouseEvent } from 'react';

/** Does this in place of following the link; with a modifier it is a link like any other, to a tab of its own. */
export function onPlainClick(act: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    act();
  };
}
