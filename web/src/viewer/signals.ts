/**
 * What the page knows of its surroundings and of its use, by which visits are judged. Nothing in it tells one browser
 * from another of its kind, and the server has the same fields in its contract.
 */
export interface Signals {
  isWebdriver: boolean;
  hasGeometry: boolean;
  hasHadFocus: boolean;
  isActivated: boolean;
  hasTouch: boolean;
  inputKinds: number;
  msToFirstInput: number | null;
  hasMadeUpInput: boolean;
  hasScrolled: boolean;
  hasTouchedTrap: boolean;
}

/** Families of input of which a person uses some and a script at most one. */
const kinds = ['pointer', 'wheel', 'touch', 'key'];

export function watchSignals(): { read(): Signals } {
  const used = new Set<string>();
  let visibleAt = document.visibilityState === 'visible' ? performance.now() : null;
  let msToFirstInput: number | null = null;
  const seen = { hasHadFocus: false, hasMadeUpInput: false, hasScrolled: false, hasTouchedTrap: false };

  function note(event: Event): void {
    const kind = kinds.find((name) => event.type.startsWith(name));
    if (event.target instanceof Element && event.target.closest('[data-trap]')) seen.hasTouchedTrap = true;
    if (!event.isTrusted) seen.hasMadeUpInput = true;
    else if (kind) {
      used.add(kind);
      visibleAt ??= 0;
      msToFirstInput ??= Math.round(performance.now() - visibleAt);
    }
  }

  for (const name of ['pointerdown', 'pointermove', 'wheel', 'touchstart', 'keydown', 'click', 'focusin'])
    document.addEventListener(name, note, { passive: true, capture: true });
  document.addEventListener('scroll', () => (seen.hasScrolled = true), { passive: true, once: true });

  return {
    read() {
      if (document.visibilityState === 'visible') visibleAt ??= performance.now();
      seen.hasHadFocus ||= document.hasFocus();
      const { userActivation, webdriver, maxTouchPoints } = navigator;
      return {
        ...seen,
        isWebdriver: webdriver === true,
        hasGeometry:
          outerWidth > 0 && outerHeight > 0 && innerWidth <= outerWidth + 1 && innerWidth <= screen.width + 1,
        isActivated: userActivation?.hasBeenActive ?? used.size > 0,
        hasTouch: maxTouchPoints > 0,
        inputKinds: used.size,
        msToFirstInput,
      };
    },
  };
}
