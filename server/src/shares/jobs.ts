import { sendShareMail } from './mailing.ts';

export const sharesJobs = { 'send-share-mail': sendShareMail };
