import type { newCollection as en } from '../en/new-collection';
import type { Translation } from '../language';

/** Texts of what a new collection begins with. */
export const newCollection = {
  newCollection: {
    begin: 'Beginnen mit',
    empty: 'Eine leere Sammlung',
    emptyHint: 'Geben Sie ihr einen Namen, und fügen Sie Felder einzeln hinzu.',
    file: 'Eine Datei mit Datensätzen',
    fileHint: 'Felder werden aus CSV oder JSON gelesen, danach die Datensätze importiert.',
    fileKinds: 'CSV mit einer Zeile von Namen, JSON oder NDJSON',
    read: {
      one: 'Die Felder stammen aus einem Datensatz von {file}.',
      other: 'Die Felder stammen aus {count} Datensätzen von {file}.',
    },
    importNext: 'Prüfen Sie ihre Typen; die Datensätze werden im nächsten Schritt importiert.',
    rules: 'Regeln zu Beginn',
    rulesLead: 'Wer was mit einem Datensatz des eigenen Kontos tun darf. Alles lässt sich später ändern.',
    rulesOf: {
      template: 'Wie in der Vorlage',
      locked: 'Gesperrt',
      owner: 'Alle nur ihre eigenen',
      everybody: 'Alle sehen, Urheber ändern',
    },
    signedIn: 'Alle Angemeldeten',
    signedInIf: 'Angemeldete, wenn {condition}',
  },
  collectionTemplates: {
    posts: { title: 'Blogbeiträge', text: 'Eigene Entwürfe, veröffentlichte für alle.' },
    tasks: { title: 'Aufgaben', text: 'Mit Status, Fälligkeit und Zuständigen.' },
    contacts: { title: 'Kontakte', text: 'Personen, mit maskierten personenbezogenen Daten.' },
    products: { title: 'Produkte', text: 'Mit Preis und Bestand, von Admins gepflegt.' },
    events: { title: 'Veranstaltungen', text: 'Mit Beginn, Ende und Ort.' },
    feedback: { title: 'Rückmeldungen', text: 'Von allen gesendet, von Admins gelesen.' },
    notes: { title: 'Private Notizen', text: 'Alle Benutzer sehen nur ihre eigenen.' },
  },
} satisfies Translation<typeof en>;
