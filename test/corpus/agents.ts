import type { Agent } from './situation.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const chromium = (system: string, rest: string, more: Partial<Agent> = {}): Agent => ({
  userAgent: `Mozilla/5.0 (${system}) ${webkit} ${rest}`,
  family: 'chromium',
  ...more,
});
const safari = (system: string, rest: string, more: Partial<Agent> = {}): Agent => ({
  userAgent: `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`,
  family: 'safari',
  ...more,
});
const firefox = (system: string, version: string, more: Partial<Agent> = {}): Agent => ({
  userAgent: `Mozilla/5.0 (${system}; rv:${version}) Gecko/20100101 Firefox/${version}`,
  family: 'firefox',
  ...more,
});
const touch = { hasTouch: true };

export const windows = 'Windows NT 10.0; Win64; x64';
const mac = 'Macintosh; Intel Mac OS X 10_15_7';
const linux = 'X11; Linux x86_64';

export const desktops = {
  'Chrome on Windows': chromium(windows, 'Chrome/142.0.0.0 Safari/537.36'),
  'Chrome on a Mac': chromium(mac, 'Chrome/142.0.0.0 Safari/537.36'),
  'Chrome on Linux': chromium(linux, 'Chrome/141.0.0.0 Safari/537.36'),
  'Chrome on a Chromebook': chromium('X11; CrOS x86_64 14541.0.0', 'Chrome/141.0.0.0 Safari/537.36'),
  'an older Chrome on Windows': chromium(windows, 'Chrome/109.0.0.0 Safari/537.36'),
  'Edge on Windows': chromium(windows, 'Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0'),
  'Edge on a Mac': chromium(mac, 'Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0'),
  'Opera on Windows': chromium(windows, 'Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0'),
  'Vivaldi on Linux': chromium(linux, 'Chrome/140.0.0.0 Safari/537.36 Vivaldi/7.6.3797.63'),
  'Yandex Browser on Windows': chromium(windows, 'Chrome/140.0.0.0 YaBrowser/25.10.0.0 Safari/537.36'),
  'Firefox on Windows': firefox('Windows NT 10.0; Win64; x64', '145.0'),
  'Firefox on a Mac': firefox('Macintosh; Intel Mac OS X 10.15', '144.0'),
  'Firefox on Linux': firefox('X11; Linux x86_64', '140.0'),
  'the long-term Firefox of an authority': firefox('Windows NT 10.0; Win64; x64', '128.0'),
  'Safari on a Mac': safari(mac, 'Version/18.1 Safari/605.1.15'),
  'Safari 26 on a Mac': safari(mac, 'Version/26.0 Safari/605.1.15'),
  'Safari 15 on an old Mac': safari(mac, 'Version/15.6.1 Safari/605.1.15'),
  'the window of Teams': chromium(
    windows,
    'Teams/25290.205.3948.4821 Chrome/140.0.7339.133 Electron/38.2.0 Safari/537.36',
  ),
} satisfies Record<string, Agent>;

const iphone = 'iPhone; CPU iPhone OS 18_1 like Mac OS X';
const pixel = 'Linux; Android 10; K';

export const phones = {
  'Safari on an iPhone': safari(iphone, 'Version/18.1 Mobile/15E148 Safari/604.1', touch),
  'Safari 26 on an iPhone': safari(
    'iPhone; CPU iPhone OS 18_6 like Mac OS X',
    'Version/26.0 Mobile/15E148 Safari/604.1',
    touch,
  ),
  'Safari on an old iPhone': safari(
    'iPhone; CPU iPhone OS 15_8_3 like Mac OS X',
    'Version/15.6.6 Mobile/15E148 Safari/604.1',
    touch,
  ),
  'Safari on an iPad that asks for desktop pages': safari(mac, 'Version/18.1 Safari/605.1.15', touch),
  'Safari on an older iPad': safari(
    'iPad; CPU OS 16_7 like Mac OS X',
    'Version/16.6 Mobile/15E148 Safari/604.1',
    touch,
  ),
  'Chrome on an iPhone': safari(iphone, 'CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1', touch),
  'Firefox on an iPhone': safari(iphone, 'FxiOS/144.0 Mobile/15E148 Safari/605.1.15', touch),
  'Edge on an iPhone': safari(iphone, 'Version/18.0 EdgiOS/142.0.3595.66 Mobile/15E148 Safari/604.1', touch),
  'Chrome on Android': chromium(pixel, 'Chrome/142.0.0.0 Mobile Safari/537.36', touch),
  'Chrome on an Android tablet': chromium(pixel, 'Chrome/141.0.0.0 Safari/537.36', touch),
  'Samsung Internet': chromium(pixel, 'SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36', touch),
  'Edge on Android': chromium(pixel, 'Chrome/142.0.0.0 Mobile Safari/537.36 EdgA/142.0.0.0', touch),
  'Firefox on Android': { ...firefox('Android 14; Mobile', '145.0'), ...touch },
  'Opera on Android': chromium(pixel, 'Chrome/140.0.0.0 Mobile Safari/537.36 OPR/92.0.0.0', touch),
  'the MIUI browser': chromium(
    'Linux; U; Android 14; en-gb; 23127PN0CC Build/UKQ1.230804.001',
    'Version/4.0 Chrome/119.0.6045.193 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.20.0-gn',
    touch,
  ),
  'the Huawei browser': chromium(
    'Linux; Android 12; NOH-NX9; HMSCore 6.13.0.302',
    'Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36',
    touch,
  ),
  'the LinkedIn app on an iPhone': safari(iphone, 'Mobile/15E148 [LinkedInApp]/9.31.1418', touch),
  'the Gmail app on an iPhone': safari(iphone, 'GSA/390.1.822224498 Mobile/15E148 Safari/604.1', touch),
  'the Outlook app on Android': chromium(
    'Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv',
    'Version/4.0 Chrome/141.0.7390.122 Mobile Safari/537.36',
    touch,
  ),
  'the Facebook app on an iPhone': safari(
    iphone,
    'Mobile/22B83 [FBAN/FBIOS;FBAV/530.0.0.45.73;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/18.1;FBSS/3;FBLC/en_GB]',
    touch,
  ),
} satisfies Record<string, Agent>;

export const chromeWindows = desktops['Chrome on Windows'];
export const edgeWindows = desktops['Edge on Windows'];
export const safariPhone = phones['Safari on an iPhone'];
export const chromePhone = phones['Chrome on Android'];
export const safariMac = desktops['Safari on a Mac'];
export const firefoxWindows = desktops['Firefox on Windows'];
