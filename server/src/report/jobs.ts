export const reportJobs = { 'send-briefs': async () => undefined, 'send-brief': async () => undefined };
