import type { Notification as Told } from './api.ts';
import { sayNews, sayTime, storyPath } from './notification-words.ts';

const key = 'offshelf-desktop-notifications';

type Permission = 'on' | 'off' | 'denied' | 'impossible';

/** Whether this browser shows notifications outside its window: a choice for this computer alone. */
export function desktopState(): Permission {
  if (!('Notification' in window) || !window.isSecureContext) return 'impossible';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && localStorage.getItem(key) === 'on' ? 'on' : 'off';
}

/** Asks the browser for leave; only ever called by a click. */
export async function turnOnDesktop(): Promise<Permission> {
  if ((await Notification.requestPermission()) === 'granted') localStorage.setItem(key, 'on');
  return desktopState();
}

export function turnOffDesktop(): Permission {
  localStorage.removeItem(key);
  return desktopState();
}

/** Whoever looks at Offshelf sees the bell. */
export function showOnDesktop(told: Told): void {
  if (desktopState() !== 'on' || document.hasFocus()) return;
  const { who, did } = sayNews(told);
  const shown = new Notification(`${who} ${did} ${told.title}`, {
    body: told.question?.text ?? [sayTime(told), told.device].filter(Boolean).join(' · '),
    tag: told.id,
  });
  shown.onclick = () => {
    window.focus();
    window.location.assign(storyPath(told));
    shown.close();
  };
}
