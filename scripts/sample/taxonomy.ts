/** The taxonomy of the sample library, in the shape that the importer reads as `taxonomy.json`. */
type SampleTerm = { order: number; name: string; description: string; synonyms: string[] };
type SampleDimension = {
  key: string;
  name: string;
  column: string;
  multiple: boolean;
  description: string;
  terms: SampleTerm[];
};

type TermText = [name: string, description: string, synonyms: string];

function dimension(
  [key, name, column]: [string, string, string],
  multiple: boolean,
  description: string,
  terms: TermText[],
): SampleDimension {
  return {
    key,
    name,
    column,
    multiple,
    description,
    terms: terms.map(([termName, termDescription, synonyms], index) => ({
      order: index + 1,
      name: termName,
      description: termDescription,
      synonyms: synonyms.split(', ').filter((word) => word !== ''),
    })),
  };
}

export const sampleTaxonomy: { title: string; note: string; dimensions: SampleDimension[] } = {
  title: 'Taxonomy of the sample library',
  note: 'A cell of library.csv with several values separates term names by ";". Names are unique within a dimension.',
  dimensions: [
    dimension(['persona', 'Persona', 'personas'], true, 'Who the content is meant to convince or help.', [
      [
        'Service director',
        'Runs the service organisation and answers for response times, margin and people.',
        'head of service, operations director, service manager, COO, economic buyer',
      ],
      [
        'Dispatcher & planner',
        'Decides who goes where today and again at every change.',
        'dispatcher, planner, scheduler, control room, the person with the whiteboard',
      ],
      [
        'Field technician',
        'Does the work at the site and decides in the end whether a tool is used.',
        'engineer, mechanic, fitter, van, end user, service technician',
      ],
      [
        'Finance director',
        'Finds the budget and wants to see the saving in the ledger.',
        'CFO, finance, procurement, purchasing, controller',
      ],
      [
        'IT manager',
        'Answers for sign-in, interfaces and data, and can delay everything.',
        'IT, CIO, head of IT, ERP owner, data protection officer, infosec',
      ],
      [
        'Health, safety & quality lead',
        'Needs certificates, traceability and a quiet audit.',
        'quality manager, HSE, compliance, safety officer, auditor',
      ],
    ]),
    dimension(
      ['stage', 'Stage', 'stages'],
      true,
      'Where the account is in the buying journey. Deals use the same names.',
      [
        [
          'First contact',
          'The account hears of us, or we of them.',
          'prospecting, awareness, cold call, outbound, top of funnel',
        ],
        [
          'Discovery',
          'First conversations: how a job runs today, who decides, when the peak is.',
          'qualification, first meeting, intro call, needs',
        ],
        [
          'Evaluation',
          'Demonstrations, tests in the van, questions from IT.',
          'demo, trial, proof of concept, vendor review, tender',
        ],
        ['Proposal', 'The business case and the offer are on the table.', 'quote, offer, business case, ROI'],
        [
          'Negotiation',
          'Terms, price, security review, signature.',
          'procurement, contract, legal, closing, redlines',
        ],
        [
          'Rollout',
          'From signature to all teams live.',
          'onboarding, implementation, go-live, kick-off, training',
        ],
        ['Growth', 'More depots, more modules, renewal.', 'expansion, upsell, cross-sell, renewal'],
      ],
    ),
    dimension(
      ['objection', 'Objection', 'objections'],
      true,
      'What holds the buyer back, in the buyer’s words.',
      [
        [
          "Technicians won't use it",
          'The people in the vans will refuse or work around it.',
          'adoption, too complicated for the engineers, they are not computer people, works council, feel watched',
        ],
        [
          'Our ERP already does this',
          'A service module is already paid for.',
          'we have Corvane, SAP does that, one system, duplicate, IT wants one vendor',
        ],
        [
          'Too expensive',
          'More than the value they see or the budget they have.',
          'price, no budget, discount, cheaper app, what is the ROI, costs too much',
        ],
        [
          'Spreadsheets work fine',
          'The whiteboard or the spreadsheet is good enough.',
          'Excel, whiteboard, we manage, no need, status quo',
        ],
        [
          'No signal on site',
          'Basements, shafts and cold rooms have no reception.',
          'offline, no reception, basement, dead zone, connection',
        ],
        [
          'Where does our data live?',
          'Doubts about hosting, access and privacy.',
          'GDPR, security, hosting, data protection, location data, encryption',
        ],
        [
          'Too busy to switch now',
          'The peak season is on or near.',
          'not now, timing, peak season, no capacity, next year',
        ],
        [
          'The last system failed',
          'An earlier project went wrong and somebody paid for it.',
          'burnt before, failed project, bad experience, tried that',
        ],
        [
          'Locked in to a vendor',
          'Fear of long terms and of not getting the data back.',
          'exit, data export, contract term, vendor lock-in, cancel',
        ],
      ],
    ),
    dimension(
      ['content_type', 'Content type', 'content_type'],
      false,
      'What kind of content it is, whatever the file format.',
      [
        [
          'Battlecard',
          'Internal card for winning against one alternative.',
          'competitor card, versus, kill sheet',
        ],
        ['One-pager', 'One page to leave behind.', 'flyer, leaflet, summary, leave-behind'],
        [
          'Case study',
          'What one customer did and measured.',
          'customer story, reference, success story, proof',
        ],
        ['Calculator', 'A spreadsheet to fill in with the buyer.', 'ROI, business case, TCO'],
        ['Pricing guide', 'Prices, plans and rules for discounts.', 'price list, quote, discount'],
        [
          'Security document',
          'Evidence for IT, security and data protection.',
          'white paper, questionnaire, compliance',
        ],
        ['Presentation', 'Slides to show in a meeting.', 'deck, slides, pitch'],
        ['Playbook', 'How we sell in a situation.', 'guide, objection handling, enablement'],
        ['Demo guide', 'How to show the product.', 'demo script'],
        ['Call script', 'Questions and sentences for the phone.', 'talk track, cold call'],
        ['E-mail template', 'Messages to adapt and send.', 'sequence, outreach, mail'],
        ['Comparison page', 'Alternatives side by side.', 'versus, feature matrix, alternatives'],
        ['Data sheet', 'Technical facts in short.', 'spec sheet, specifications'],
        ['FAQ', 'Frequent questions with short answers.', 'questions, Q&A'],
        ['Implementation plan', 'Phases, dates and duties of a rollout.', 'project plan, rollout plan'],
        ['Onboarding guide', 'First steps for new users.', 'quick start, manual, how-to'],
        ['Training material', 'For new colleagues in sales.', 'enablement, learning'],
        ['Diagram', 'One picture that explains something.', 'architecture, image, chart'],
        ['Video', 'A moving picture, with or without sound.', 'clip, recording, animation'],
        ['Web page', 'Content that lives on a website.', 'link, URL, landing page'],
      ],
    ),
    dimension(['product', 'Product', 'products'], true, 'Product or service the content is about.', [
      ['Tarrowby platform', 'Everything together.', 'the platform, Tarrowby, whole suite'],
      ['Dispatch', 'The planning board.', 'scheduling, plan board, route planning'],
      ['Go', 'The technician app, also without a signal.', 'mobile app, technician app, offline app'],
      [
        'Equipment Records',
        'History, labels and certificates of each machine.',
        'asset register, service history, certificates',
      ],
      [
        'Job to Invoice',
        'From hours and parts to the invoice, by contract rules.',
        'billing, invoicing, contracts',
      ],
      ['Connect', 'Interfaces and the public API.', 'integration, API, ERP interface'],
      [
        'Rollout Services',
        'Project lead, training, data migration.',
        'implementation services, professional services, onboarding',
      ],
    ]),
    dimension(
      ['region', 'Region', 'region'],
      true,
      'Where the content may be used or which market it is about.',
      [
        ['Global', 'No regional limits.', 'worldwide, all regions'],
        ['UK & Ireland', 'United Kingdom and Ireland.', 'UK, GB, Ireland, England, Scotland'],
        ['DACH', 'Germany, Austria and Switzerland.', 'Germany, Austria, Switzerland, German-speaking'],
        [
          'France & Benelux',
          'France, Belgium, the Netherlands and Luxembourg.',
          'France, Belgium, Netherlands, Benelux',
        ],
        ['North America', 'United States and Canada.', 'US, USA, Canada'],
      ],
    ),
    dimension(['language', 'Language', 'language'], false, 'Language of the content.', [
      ['English', 'Written or spoken in English.', 'en, English version'],
      ['German', 'Written or spoken in German.', 'de, Deutsch, German version'],
      ['French', 'Written or spoken in French.', 'fr, français, French version'],
    ]),
  ],
};
