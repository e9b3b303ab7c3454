import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** The font that comes along: without any, drawings of a host without fonts would show boxes for letters. */
export function fontFolders(extraFontFolders: string[]): string[] {
  const ours = createRequire(import.meta.url).resolve(
    '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  );
  return [dirname(ours), ...extraFontFolders];
}

/** For `FONTCONFIG_FILE`. The fonts of the system are left out of our own drawings, which look the same everywhere. */
export function fontConfig(folders: string[], cacheFolder: string, withSystem: boolean): string {
  const lines = [
    ...(withSystem ? ['<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'] : []),
    ...folders.map((folder) => `<dir>${escapeXml(folder)}</dir>`),
    `<cachedir>${escapeXml(cacheFolder)}</cachedir>`,
    ...(withSystem ? [] : ['<config><rescan><int>0</int></rescan></config>']),
  ];
  return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${lines.join('\n')}\n</fontconfig>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
