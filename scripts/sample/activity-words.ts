/** Words of the planned activity: what reps type, whom they write to, what opens a share link. */

/** Searches by objection, as reps type them: short, in their own words, sometimes misspelt. */
export const objectionQueries: Record<string, string[]> = {
  "Technicians won't use it": [
    'technicians wont use it',
    'adoption',
    'engineers hate apps',
    'works council location',
  ],
  'Our ERP already does this': ['erp', 'corvane', 'already have a service module', 'sap instead of us'],
  'Too expensive': ['roi', 'too expensive', 'business case finance', 'discount', 'cheaper app jobpigeon'],
  'Spreadsheets work fine': ['whiteboard', 'excel works for us', 'one pager'],
  'No signal on site': ['offline', 'no signal basement', 'flight mode'],
  'Where does our data live?': [
    'gdpr',
    'security white paper',
    'data hosting frankfurt',
    'questionaire answers',
  ],
  'Too busy to switch now': ['peak season', 'timeline rollout', 'how long does it take'],
  'The last system failed': ['failed project', 'burnt before', 'case study second attempt'],
  'Locked in to a vendor': ['exit', 'data export when leaving', 'contract terms'],
};

/** Things that reps ask for and the library does not have. */
export const missingQueries = [
  'italian one pager',
  'hospital case study',
  'medical equipment calibration',
  'tender template public sector',
  'carbon reporting refrigerant',
  'dutch brochure',
];

/** Searches about other things, by persona or product. */
export const otherQueries = [
  'demo script',
  'price list',
  'case study',
  'onboarding',
  'battlecard',
  'data sheet',
  'faq it',
  'kick off slides',
];

export const messages = [
  'As promised, the page I mentioned. The table in the middle is the part for you.',
  'Short and to the point, for your meeting on Thursday. Tell me what is missing.',
  'This answers what your IT colleague asked. I am happy to go through it with both of you.',
  'Here is how a company of your size did it. Please read the part on what was hard.',
  '',
  'You asked what it costs and what it brings. Both are in here, with every assumption.',
  'For your planner. Eight minutes, I have timed it.',
  'Three questions came up in our call, and this covers two of them. The third is on its way.',
];

/** What reps write down once they have answered somebody. */
export const followUpNotes = [
  'Has shown it to the planner. Call again next week.',
  'Asked for the reference of a company of their size.',
  'Wants to see it working without a signal.',
  'Budget is decided in the second quarter.',
];

export const firstNames = [
  'Alison',
  'Derek',
  'Priyanka',
  'Owen',
  'Fatima',
  'Jürgen',
  'Beate',
  'Stefan',
  'Anneliese',
  'Camille',
  'Thierry',
  'Amandine',
  'Joost',
  'Femke',
  'Darnell',
  'Rosa',
  'Curtis',
  'Mei',
  'Graham',
  'Lorna',
];
export const lastNames = [
  'Holroyd',
  'Pettigrew',
  'Sandhu',
  'Llewellyn',
  'Rahman',
  'Kessler',
  'Brandauer',
  'Vogt',
  'Pichler',
  'Garnier',
  'Lemoine',
  'Vasseur',
  'Verhoeven',
  'Jansma',
  'Whitaker',
  'Delgado',
  'Novak',
  'Huang',
  'Ainsworth',
  'Duffy',
];

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

/** Browsers of people, the most frequent first. */
export const humanAgents = [
  chrome,
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  `${chrome} Edg/141.0.0.0`,
];

/** Chat tools and mail clients that fetch a picture of the page as soon as it is pasted. */
export const previewAgents = [
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  'WhatsApp/2.24.20.89 A',
];

/** Mail filters: they look like a browser, come at once, and often run scripts. */
export const scannerAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0.0.0 Safari/537.36',
];

export const botAgents = [
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; GoogleOther)',
];
