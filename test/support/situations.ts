/** What a rep may be facing, in a rep's own words, and which assets would help. Written before any answer was seen. */
export interface Situation {
  said: string;
  /** An asset fits that has one of these tags, or one of these titles. */
  tags: string[];
  titles?: string[];
}

export const situations: Situation[] = [
  { said: "CFO at a bank, late stage, says we're too expensive", tags: ['Too expensive'] },
  {
    said: 'their ciso sent over a giant security questionaire and now the trial is stuck',
    tags: ['Is our code safe with you?'],
  },
  {
    said: 'platform team says they alredy run opengrok and its free, so why pay us',
    tags: ['We would build it ourselves'],
  },
  {
    said: 'prospect is on GitHub and thinks the search in there is good enough',
    tags: ['We already have search in our code host'],
  },
  {
    said: 'devs at my customer stopped using it, the champion left and the renewal is coming up',
    tags: ["Developers won't adopt it"],
    titles: ['Renewal, handoff and success plan processes'],
  },
  {
    said: 'they are afraid that Cody just makes stuff up, had bad experiences with hallucinating chatbots',
    tags: ["AI answers can't be trusted"],
  },
  {
    said: 'nobody on their side has time to install and maintain this, kubernetes scares them',
    tags: ['No time to roll it out'],
  },
  {
    said: 'first call with a VP Eng tomorrow who wants to know which companies like theirs use us',
    tags: ['Case study'],
    titles: ['Personas: who we sell to'],
  },
  {
    said: 'their lawyer sent the contract back full of redlines, who on our side has to look at it?',
    tags: ['Legal & licence risk'],
  },
  {
    said: `Hi Jamie,

thanks for walking us through the demo last Thursday. I shared your quote internally and the feedback was that it costs too much compared to what we pay for our code host today. Our risk team also wants to know who can see our code and whether the data can stay in the EU.

Could you help me with arguments before our meeting on Tuesday?

Kind regards,
Dana Whitfield
Head of Procurement, Northbank plc
+44 20 7946 0000`,
    tags: ['Too expensive', 'Is our code safe with you?'],
  },
];
