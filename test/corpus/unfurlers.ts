import { chromeWindows, safariPhone } from './agents.ts';
import { asks, machine, person, program, type Situation, stays } from './situation.ts';

const list = 'https://github.com/monperrus/crawler-user-agents';
const preview = (name: string, source: string, userAgent: string) =>
  asks(`${name} makes a preview`, source, program(userAgent), 'preview');

const slack = 'https://api.slack.com/robots';
const teams = 'https://opengraphplus.com/consumers/teams/crawling';
const meta = 'https://developers.facebook.com/docs/sharing/webmasters/web-crawlers';

/** What makes the card below a message. It asks once or twice, runs no script, and says who it is. */
export const unfurlers: Situation[] = [
  preview('Slack', slack, 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'),
  preview('Slack, for its search', slack, 'Slackbot 1.0 (+https://api.slack.com/robots)'),
  preview('Slack, for pictures', slack, 'Slack-ImgProxy (+https://api.slack.com/robots)'),
  preview('Teams', teams, 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5'),
  preview(
    'Microsoft 365',
    'https://www.bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview) Chrome/120.0.0.0 Safari/537.36',
  ),
  preview(
    'LinkedIn',
    'https://www.linkedin.com/robots.txt',
    'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  ),
  preview(
    'WhatsApp on a telephone',
    'https://webmasterid.com/user-agents/whatsapp-preview-user-agent',
    'WhatsApp/2.24.20.79 A',
  ),
  preview(
    'WhatsApp on the web',
    'https://webmasterid.com/user-agents/whatsapp-preview-user-agent',
    'WhatsApp/2.2450.6 W',
  ),
  preview(
    'iMessage',
    'https://peter.upfold.org.uk/blog/2019/02',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  ),
  preview('Facebook', meta, 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'),
  preview('Messenger', meta, 'facebookexternalhit/1.1;line-poker/1.0'),
  preview(
    'X',
    'https://developer.x.com/en/docs/x-for-websites/cards/guides/getting-started',
    'Twitterbot/1.0',
  ),
  preview(
    'Discord',
    'https://discord.com/developers/docs/reference',
    'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  ),
  preview('Telegram', 'https://core.telegram.org/bots/webhooks', 'TelegramBot (like TwitterBot)'),
  preview(
    'Pinterest',
    'https://help.pinterest.com/en/business/article/pinterest-crawler',
    'Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)',
  ),
  preview('Reddit', list, 'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)'),
  preview(
    'Iframely',
    'https://iframely.com/docs/about',
    'Iframely/1.3.1 (+https://iframely.com/docs/about) Atlassian',
  ),
  preview(
    'Embedly',
    'https://support.embed.ly/hc/en-us',
    'Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)',
  ),
  preview(
    'Mattermost',
    'https://docs.mattermost.com/configure/site-configuration-settings.html',
    'Mattermost-Bot/1.1',
  ),
  preview(
    'Snapchat',
    'https://developers.snap.com/robots',
    'Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots',
  ),
  preview('Viber', list, 'Viber/13.3.0.5 CFNetwork/1128.0.1 Darwin/19.6.0'),
  preview(
    'Mastodon',
    'https://docs.joinmastodon.org/admin/config/',
    'http.rb/5.2.0 (Mastodon/4.3.1; +https://mastodon.example/) Bot',
  ),
  preview(
    'Bluesky',
    'https://docs.bsky.app/docs/advanced-guides/posts',
    'Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)',
  ),
  preview('Notion', list, 'Notion/1.0 (https://notion.so; team@makenotion.com)'),
  preview(
    'Bing, for its result pages',
    'https://www.bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0',
    'Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b',
  ),
  {
    name: 'Slack asks for the page and for its picture, and then the colleague opens it',
    source: slack,
    actors: {
      unfurler: machine(program('Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'), 'preview'),
      colleague: person(chromeWindows),
    },
    steps: [
      { at: 0, who: 'unfurler', does: 'get', headers: { range: 'bytes=0-32768' } },
      { at: 1, who: 'unfurler', does: 'get' },
      ...stays('colleague', { at: 12 }),
    ],
  },
  {
    name: 'the telephone that sends the message makes the preview, and the same telephone opens it',
    source: 'https://peter.upfold.org.uk/blog/2019/02',
    actors: {
      preview: machine(
        program(
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
        ),
        'preview',
        { network: 'mobile' },
      ),
      reader: person(safariPhone, { network: 'mobile' }),
    },
    steps: [{ at: 0, who: 'preview', does: 'get' }, ...stays('reader', { at: 40 })],
  },
];
