import { t } from '@/shared/i18n';

/** The three parts of a mail as the editor holds them. */
export interface MailParts {
  subject: string;
  html: string;
  text: string;
}

export const templateTypes = ['email_verification', 'password_reset', 'invitation'] as const;
export type TemplateType = (typeof templateTypes)[number];

const TOKEN = 'q7Xd0c1Yx8mVb3Lr5TnK2wZs9PfGh4JaEuRiOqWeYtU';
const ofEveryMail = { app_name: 'SnackBase', app_url: 'https://app.example.com', support_email: 'help@example.com' };

const ofType: Record<TemplateType, Record<string, string>> = {
  email_verification: {
    verification_url: `https://app.example.com/verify-email?token=${TOKEN}`,
    token: TOKEN,
    email: 'mia@example.com',
  },
  password_reset: {
    reset_url: `https://app.example.com/reset-password?token=${TOKEN}`,
    token: TOKEN,
    email: 'mia@example.com',
    ip_address: '192.0.2.7',
  },
  invitation: {
    invitation_url: `https://app.example.com/accept-invitation?token=${TOKEN}`,
    token: TOKEN,
    email: 'mia@example.com',
    account_name: 'Riverside Bakery',
    invited_by: 'ann@example.com',
    expires_at: '2026-03-03 10:00:00 UTC',
  },
};

/** The variables that a mail of the type is filled with, with values to show. */
export function sampleVariables(type: string): Record<string, string> {
  const known = templateTypes.find((candidate) => candidate === type);
  return { ...(known && ofType[known]), ...ofEveryMail };
}

/** The name of a type, of one this page does not know as well. */
export function typeName(type: string): string {
  const known = templateTypes.find((candidate) => candidate === type);
  return known ? t(`mail.types.${known}`) : type;
}

/** `text` with the variable in the place of what is selected, and where the cursor stands after it. */
export function withVariable(text: string, variable: string, start: number, end: number) {
  const inserted = `{{ ${variable} }}`;
  return { text: text.slice(0, start) + inserted + text.slice(end), cursor: start + inserted.length };
}
