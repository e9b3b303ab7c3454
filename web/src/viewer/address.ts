/**
 * A form that was refused is answered at the address it was posted to. What belongs to the page lies below the page's own
 * address, which is also what a reload should ask for.
 */
const { pathname, hash } = location;
const own = pathname.replace(/\/(guest|forward|questions)$/, '');
if (own !== pathname) {
  const isPrivate = document.querySelector('[name="private"]') !== null;
  history.replaceState(null, '', own + (isPrivate ? '?private=1' : '') + hash);
}
