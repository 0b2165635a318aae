import type { macros as en } from '../en/macros';
import type { Translation } from '../language';

/** Texts of stored macros. */
export const macros = {
  macros: {
    lead: 'Abfragen mit Namen, für Bedingungen, die Regeln allein nicht ausdrücken: Mitgliedschaften, Freigaben, Kontingente.',
    search: 'Makros durchsuchen',
    new: 'Neues Makro',
    newTitle: 'Neues Makro',
    emptyTitle: 'Noch keine Makros',
    empty:
      'Ein Makro ist ein SELECT, das eine Regel beim Namen ruft, etwa @is_member(project). Regeln kennen auch eingebaute: @owns_record(), @has_role("admin"), @has_group("editors").',
    createFirst: 'Makro anlegen',
    create: 'Makro anlegen',
    nameHint: 'Regeln rufen es bei diesem Namen, mit @ davor.',
    nameForm: 'Am Anfang ein Buchstabe oder Unterstrich, danach nur Buchstaben ohne Akzente, Ziffern und Unterstriche.',
    query: 'Abfrage',
    queryHint:
      'Ein SELECT über Sammlungen (col_…), Gruppen, Benutzer und Konten. Die erste Spalte der ersten Zeile ist die Antwort; eine Regel nimmt wahr, eine Zahl außer 0 oder einen Text an.',
    needsSelect: 'Die Abfrage muss mit SELECT beginnen.',
    parameters: 'Parameter',
    parametersHint: 'In der Reihenfolge der Argumente; die Abfrage nennt sie als :name.',
    addMissing: '{names} hinzufügen',
    saveToTry: 'Speichern Sie das Makro, um es zu probieren.',
    try: 'Probieren',
    tryLead: 'Führt die gespeicherte Abfrage einmal aus und macht sie rückgängig.',
    run: 'Ausführen',
    result: 'Ergebnis nach {ms} ms',
    nothing: 'Keine Zeile oder kein Wert',
    copyCall: 'Aufruf kopieren',
    gone: 'Dieses Makro gibt es nicht mehr',
    createdToast: 'Das Makro „{name}“ ist bereit.',
    savedToast: 'Das Makro „{name}“ ist gespeichert.',
    delete: 'Makro löschen',
    deleteTitle: '„{name}“ löschen?',
    deleteConsequence: 'Das Makro wird endgültig gelöscht. Eines, das eine Regel verwendet, lässt sich nicht löschen.',
    used: {
      one: 'Eine Regel verwendet es und muss zuerst geändert werden: {rules}.',
      other: '{count} Regeln verwenden es und müssen zuerst geändert werden: {rules}.',
    },
    deletedToast: 'Das Makro „{name}“ ist gelöscht.',
  },
} satisfies Translation<typeof en>;
