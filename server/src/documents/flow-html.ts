/**
 * Whether HTML is no more than what our own renderers of text write. It goes into pages as it is, so a child that was
 * taken over must not be able to put anything else there: a form, a picture from elsewhere, a script, a way to leave.
 */
export function isPlainHtml(html: string): boolean {
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', tag.lastIndex)) {
    tag.lastIndex = at;
    const [, name = '', attributes = ''] = tag.exec(html) ?? [];
    if (!names.has(name)) return false;
    for (const [, key = '', value = ''] of attributes.matchAll(attribute))
      if (!allowed[key]?.test(value)) return false;
  }
  return true;
}

const tag = /<\/?([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>/y;
const attribute = / ([a-z]+)="([^"]*)"/g;

const names = new Set([
  ...['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'hr', 'br'],
  ...['em', 'strong', 's', 'a', 'span', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
]);

const allowed: Record<string, RegExp> = {
  href: /^(https?:\/\/|mailto:|tel:|#)/i,
  target: /^_blank$/,
  rel: /^noopener noreferrer nofollow$/,
  // So that no part of it poses as a part of the page around it.
  id: /^section-/,
  class: /^(picture|plain-text|language-\S*)$/,
  start: /^\d{1,9}$/,
  style: /^text-align:(left|center|right)$/,
};
